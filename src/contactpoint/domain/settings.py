"""What the national team may set without a new release: limits, times and one policy, each within bounds.

The table is frozen. A value outside the bounds of a setting is never kept, and one that an earlier release
allowed counts as the nearest bound: nobody passes them. What loosens a protection takes two people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from contactpoint.domain.disclosure.purpose import PURPOSE_WORDS, PurposeCode
from contactpoint.domain.errors import InvalidInput


class Looser(StrEnum):
    """In which direction a setting protects less."""

    MORE = "more"
    LESS = "less"


class Area(StrEnum):
    """What a setting is about, as the page groups them."""

    SEARCHING = "searching"
    OPENING = "opening"
    REVIEW = "review"
    KEEPING = "keeping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing that may be set: what it means, by which rule, and how far it goes.

    `most` and `least` are the bounds; a setting from 0 to 1 is a yes or a no.

    Raises:
        InvalidInput: its own default is out of bounds.
    """

    key: str
    area: Area
    name: str
    means: str
    unit: tuple[str, str]
    rule: str
    default: int
    least: int
    most: int
    looser: Looser = Looser.MORE

    def __post_init__(self) -> None:
        """Refuse a setting that starts where it may not be."""
        if not self.least <= self.default <= self.most or self.least >= self.most:
            raise InvalidInput(f"{self.key} starts out of its bounds.")

    @property
    def is_yes_or_no(self) -> bool:
        """Whether it is a policy that holds or does not."""
        return (self.least, self.most) == (0, 1)


_SEARCHES_A_DAY: Final[Mapping[PurposeCode, tuple[int, int, int]]] = MappingProxyType(
    {
        PurposeCode.SAFEGUARDING: (300, 100, 600),
        PurposeCode.COORDINATING: (300, 100, 600),
        PurposeCode.MISSING_EDUCATION: (300, 100, 600),
        PurposeCode.TRANSFER: (200, 50, 400),
        PurposeCode.CORRECTING: (200, 50, 400),
        PurposeCode.SHIELD_DECISION: (100, 30, 200),
        PurposeCode.FAMILY_ASKS: (60, 20, 120),
        PurposeCode.OTHER: (60, 10, 60),
    }
)
_SEARCHES, _RECORDS = ("search", "searches"), ("record", "records")


def searches_for(code: PurposeCode) -> str:
    """The key of how many searches a day one reason explains."""
    return f"searches_a_day.{code.value}"


_TEAM: Final = "somebody of a team that answers for others"
_OTHER: Final = "somebody who says “something else”"
_EVERYBODY: Final = "all people of one organisation together"
# Key, name, who opens, as shipped, least, most: one is asked again before one is stopped, whatever is set.
_OPENED_A_DAY: Final = (
    ("records_asked_from", "Records in a day: asked again", "a practitioner", 40, 10, 60),
    ("records_stopped_at", "Records in a day: stopped", "a practitioner", 120, 61, 200),
    ("team_records_asked_from", "Records in a day, a team: asked again", _TEAM, 120, 30, 200),
    ("team_records_stopped_at", "Records in a day, a team: stopped", _TEAM, 400, 201, 600),
    ("other_records_asked_from", "Records in a day, something else: asked again", _OTHER, 15, 5, 20),
    ("other_records_stopped_at", "Records in a day, something else: stopped", _OTHER, 60, 21, 80),
    ("organisation_records_asked_from", "Records in a day, an organisation", _EVERYBODY, 3000, 300, 6000),
)


def _opening(key: str, name: str, who: str, default: int, least: int, most: int) -> Setting:
    """A limit on records opened in a day."""
    asks = key.endswith("asked_from")
    then = "they say once more why" if asks else "their account is suspended until a reviewer has looked"
    return Setting(
        key=key,
        area=Area.OPENING,
        name=name,
        means=f"How many records {who} may open in a day before {then}.",
        unit=_RECORDS,
        rule="R53",
        default=default,
        least=least,
        most=most,
    )


_ALL: Final = (
    Setting(
        key="searches_a_minute",
        area=Area.SEARCHING,
        name="Searches in a minute",
        means="How many searches one person may make in a minute: nobody copies a directory by searching it.",
        unit=_SEARCHES,
        rule="R53",
        default=60,
        least=10,
        most=120,
    ),
    *(
        Setting(
            key=searches_for(code),
            area=Area.SEARCHING,
            name=f"Searches in a day: {PURPOSE_WORDS[code][:1].lower()}{PURPOSE_WORDS[code][1:]}",
            means="How many searches in a day one practitioner can have this reason for. A team that answers "
            "for others has three times as many, except for something else.",
            unit=_SEARCHES,
            rule="R9" if code is PurposeCode.OTHER else "R53",
            default=default,
            least=least,
            most=most,
        )
        for code, (default, least, most) in _SEARCHES_A_DAY.items()
    ),
    *(_opening(*row) for row in _OPENED_A_DAY),
    Setting(
        key="review_sampled_one_in",
        area=Area.REVIEW,
        name="Explained looks that are reviewed all the same",
        means="Of looks that work explains, one in so many goes to a reviewer; nobody can tell which.",
        unit=("look", "looks"),
        rule="R54",
        default=100,
        least=5,
        most=200,
    ),
    Setting(
        key="involvement_asked_every_days",
        area=Area.KEEPING,
        name="Time until “still involved?” is asked",
        means="How long after somebody last said so a practitioner is asked whether they still work with a "
        "child.",
        unit=("day", "days"),
        rule="R45",
        default=90,
        least=30,
        most=120,
    ),
    Setting(
        key="shield_confirmed_within_hours",
        area=Area.KEEPING,
        name="Time to confirm a temporary protection",
        means="How long a temporary protection waits at the shield desk of its authority before the national "
        "desk has it as well. The record stays protected meanwhile.",
        unit=("hour", "hours"),
        rule="R26",
        default=24,
        least=1,
        most=48,
    ),
    Setting(
        key="shield_lift_waits_days",
        area=Area.KEEPING,
        name="Time in which a lifting can be stopped",
        means="How long a protection stays after two people agreed to lift it; until then it can be stopped.",
        unit=("day", "days"),
        rule="R31",
        default=7,
        least=3,
        most=28,
        looser=Looser.LESS,
    ),
    Setting(
        key="urgent_contact_minutes",
        area=Area.KEEPING,
        name="Time to answer “as soon as you can”",
        means="How long a service has to take on a request that is urgent before the desk sees it as well.",
        unit=("minute", "minutes"),
        rule="R44",
        default=30,
        least=10,
        most=60,
    ),
)
SETTINGS: Final[Mapping[str, Setting]] = MappingProxyType({one.key: one for one in _ALL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What holds at a moment: the number of the newest version then, 0 as shipped, and what was set."""

    version: int = 0
    held: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, key: str) -> int:
        """The value of a setting, never beyond its bounds."""
        setting = SETTINGS[key]
        return min(max(self.held.get(key, setting.default), setting.least), setting.most)


AS_SHIPPED: Final = Values()


def is_it_within_bounds(setting: Setting, value: int) -> bool:
    """A limit is made stricter or looser only as far as its rule allows (R9, R26, R31, R44, R45, R53)."""
    return setting.least <= value <= setting.most


def does_it_loosen(setting: Setting, now: int, becomes: int) -> bool:
    """Whether a change protects less than what holds now (R53)."""
    return becomes > now if setting.looser is Looser.MORE else becomes < now


def setting_named(key: str) -> Setting | None:
    """The setting of a key; None where there is none."""
    return SETTINGS.get(key)
