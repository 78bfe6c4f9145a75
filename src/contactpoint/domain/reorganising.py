"""An authority is split, or becomes part of another: what two people plan, and what it comes to (R58)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from contactpoint.domain.errors import InvalidInput

LONGEST_REASON: Final = 300
_CODE: Final = 3


class ChangeState(StrEnum):
    """Where a planned change stands."""

    ASKED = "asked"
    DONE = "done"
    UNDO_ASKED = "undo_asked"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What becomes of an authority: its successor, and what goes elsewhere.

    `authority` and `rest` are three-digit codes; `rest` takes whatever is not named, and is `authority`
    itself where only a part leaves. `organisations` and `sources` go to the authority named for them;
    `people`, by account, to the organisation named for them.
    """

    authority: str
    rest: str
    organisations: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A plan that changes nothing, or names no authority, is none.

        Raises:
            InvalidInput: it is none.
        """
        named = (self.authority, self.rest, *self.organisations.values(), *self.sources.values())
        if any(len(code) != _CODE or not code.isdigit() for code in named):
            raise InvalidInput("An authority has a code of three digits.")
        if self.rest == self.authority and not (self.organisations or self.sources):
            raise InvalidInput("Say what becomes of the authority.")

    @property
    def successors(self) -> frozenset[str]:
        """The authorities that anything of it goes to."""
        return frozenset({self.rest, *self.organisations.values(), *self.sources.values()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a plan would change, counted; None where a count is small (R34).

    What protections it takes along is counted nowhere: no number comes of a shield.
    """

    children: int | None
    people: int | None
    organisations: int | None
    feeds: int | None


def may_they_agree_to_the_change(asked_by: object, agrees: object) -> bool:
    """One person of the national team plans a change, another agrees; so it is undone as well (R58)."""
    return asked_by != agrees
