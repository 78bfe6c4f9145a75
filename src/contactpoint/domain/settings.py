"""What the national team may set without a new release: limits, times and one policy, each within bounds.

The table is frozen. A value outside the bounds of a setting is never kept, and one that an earlier release
allowed counts as the nearest bound: nobody passes them. What loosens a protection takes two people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from contactpoint.domain.setting_table import LONGEST_WORDS, SETTINGS, SHORTEST_WORDS, Looser, Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What holds at a moment: the number of the newest version then, 0 as shipped, and what was set."""

    version: int = 0
    held: Mapping[str, int | str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> int:
        """The value of a setting, never beyond its bounds."""
        setting = SETTINGS[key]
        value = self.held.get(key, setting.default)
        return min(max(value if isinstance(value, int) else setting.default, setting.least), setting.most)

    def words(self, key: str) -> str:
        """The words of a setting that has some."""
        value = self.held.get(key)
        return value if isinstance(value, str) else SETTINGS[key].words

    def of(self, setting: Setting) -> int | str:
        """What holds of a setting, whichever it is."""
        return self.words(setting.key) if setting.words else self[setting.key]


AS_SHIPPED: Final = Values()


def is_it_within_bounds(setting: Setting, value: int | str) -> bool:
    """A limit is made stricter or looser only as far as its rule allows (R9, R26, R31, R44, R45, R53)."""
    if isinstance(value, str):
        return bool(setting.words) and SHORTEST_WORDS <= len(value.strip()) == len(value) <= LONGEST_WORDS
    return not setting.words and setting.least <= value <= setting.most


def does_it_loosen(setting: Setting, now: int | str, becomes: int | str) -> bool:
    """Whether a change protects less than what holds now; other words may always mislead (R9, R53)."""
    if isinstance(now, str) or isinstance(becomes, str):
        return now != becomes
    return becomes > now if setting.looser is Looser.MORE else becomes < now


def setting_named(key: str) -> Setting | None:
    """The setting of a key; None where there is none."""
    return SETTINGS.get(key)
