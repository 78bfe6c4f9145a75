"""How many records somebody may open in a day before they are asked again, and when they are stopped (R53).

Nobody is slowed down by waiting: somebody who is worried about a child does not wait. They are asked to say
once more why, and whoever goes on far beyond what work needs is suspended until a reviewer has looked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.purpose import PurposeCode
from contactpoint.domain.errors import InvalidInput

SHORTEST_NEED: Final = 10
LONGEST_NEED: Final = 200
ORGANISATION_ASKED_FROM: Final = 3_000


class Pace(StrEnum):
    """What happens at the next record."""

    FREE = "free"
    SAY_AGAIN = "say_again"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From how many records a day one says why again, how many more that allows, and where it ends."""

    asked_from: int
    allows: int
    stopped_at: int


_PRACTITIONER: Final = Limits(asked_from=40, allows=10, stopped_at=120)
_TEAM: Final = Limits(asked_from=120, allows=40, stopped_at=400)
_SOMETHING_ELSE: Final = Limits(asked_from=15, allows=5, stopped_at=60)
_TEAMS: Final = frozenset({Role.AUTHORITY_TEAM, Role.NATIONAL_TEAM, Role.SHIELD_TEAM, Role.CONSENT_TEAM})


# So many searches a day a practitioner can have one reason for. Danger to a child is never a rare reason, but
# one for hundreds a day is none; a family's request, or "something else", is one for a few (R9, R53).
_SEARCHES_A_DAY: Final[Mapping[PurposeCode, int]] = MappingProxyType(
    {
        PurposeCode.SAFEGUARDING: 300,
        PurposeCode.COORDINATING: 300,
        PurposeCode.MISSING_EDUCATION: 300,
        PurposeCode.TRANSFER: 200,
        PurposeCode.CORRECTING: 200,
        PurposeCode.SHIELD_DECISION: 100,
        PurposeCode.FAMILY_ASKS: 60,
        PurposeCode.OTHER: 60,
    }
)
_TIMES_FOR_A_TEAM: Final = 3


def most_searches(role: Role, purpose: PurposeCode) -> int:
    """How many searches a day one reason explains; a team that answers for others has more (R53)."""
    times = _TIMES_FOR_A_TEAM if role in _TEAMS and purpose is not PurposeCode.OTHER else 1
    return _SEARCHES_A_DAY[purpose] * times


def limits_of(role: Role) -> Limits:
    """A team that answers for others opens more records than a practitioner does (R53)."""
    return _TEAM if role in _TEAMS else _PRACTITIONER


def limits_of_purpose(purpose: PurposeCode) -> Limits | None:
    """Of the reasons, "something else" is one for a few records a day, not for many (R9, R53)."""
    return _SOMETHING_ELSE if purpose is PurposeCode.OTHER else None


def what_happens_next(opened: int, said_again: int, limits: Limits) -> Pace:
    """Whether one goes on, says why once more, or is stopped, at record number `opened` of the day (R53)."""
    if opened > limits.stopped_at:
        return Pace.STOP
    return Pace.SAY_AGAIN if opened > limits.asked_from + said_again * limits.allows else Pace.FREE


def strictest(paces: tuple[Pace, ...]) -> Pace:
    """Of several limits the strictest holds (R53)."""
    return max(paces, key=list(Pace).index, default=Pace.FREE)


def check_need(text: str) -> str:
    """What somebody says of why they need one more record.

    Raises:
        InvalidInput: too short to say anything, or too long.
    """
    said = " ".join(text.split())
    if not SHORTEST_NEED <= len(said) <= LONGEST_NEED:
        raise InvalidInput(f"Say why you need this record, in {SHORTEST_NEED} to {LONGEST_NEED} characters.")
    return said
