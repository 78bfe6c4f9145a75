"""How many records somebody may open in a day before they are asked again, and when they are stopped (R53).

Nobody is slowed down by waiting: somebody who is worried about a child does not wait. They are asked to say
once more why, and whoever goes on far beyond what work needs is suspended until a reviewer has looked.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.purpose import PurposeCode
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.setting_table import searches_for
from contactpoint.domain.settings import AS_SHIPPED, Values

SHORTEST_NEED: Final = 10
LONGEST_NEED: Final = 200
# How many more records saying why again allows.
_ALLOWS, _TEAM_ALLOWS, _OTHER_ALLOWS = 10, 40, 5


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


_TEAMS: Final = frozenset({Role.AUTHORITY_TEAM, Role.NATIONAL_TEAM, Role.SHIELD_TEAM, Role.CONSENT_TEAM})


_TIMES_FOR_A_TEAM: Final = 3


def most_searches(role: Role, purpose: PurposeCode, held: Values = AS_SHIPPED) -> int:
    """How many searches a day one reason explains; a team that answers for others has more (R53).

    Danger to a child is never a rare reason, but one for hundreds a day is none; a family's request, or
    "something else", is one for a few (R9).
    """
    times = _TIMES_FOR_A_TEAM if role in _TEAMS and purpose is not PurposeCode.OTHER else 1
    return held[searches_for(purpose)] * times


def limits_of(role: Role, held: Values = AS_SHIPPED) -> Limits:
    """A team that answers for others opens more records than a practitioner does (R53)."""
    if role in _TEAMS:
        return _limits("team_records", _TEAM_ALLOWS, held)
    return _limits("records", _ALLOWS, held)


def limits_of_purpose(purpose: PurposeCode, held: Values = AS_SHIPPED) -> Limits | None:
    """Of the reasons, "something else" is one for a few records a day, not for many (R9, R53)."""
    return _limits("other_records", _OTHER_ALLOWS, held) if purpose is PurposeCode.OTHER else None


def _limits(of: str, allows: int, held: Values) -> Limits:
    return Limits(asked_from=held[f"{of}_asked_from"], allows=allows, stopped_at=held[f"{of}_stopped_at"])


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
