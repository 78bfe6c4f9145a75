"""How much somebody may open and search in a day before they are asked again, and stopped (R53).

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
_SEARCHES_ALLOWED, _TEAM_SEARCHES_ALLOWED = 30, 100
# Whoever was told that a reason explains no more today, and goes on as often again with it, is stopped.
_TIMES_THE_REASON: Final = 2


class Pace(StrEnum):
    """What happens at the next record."""

    FREE = "free"
    SAY_AGAIN = "say_again"
    STOP = "stop"


class SearchPace(StrEnum):
    """What happens at the next search, the mildest first."""

    FREE = "free"
    SAY_AGAIN = "say_again"
    OTHER_REASON = "other_reason"
    WAIT = "wait"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchesMade:
    """How many searches there were, with this one.

    Of a person in this minute, and today for this reason and for all; of all people of their organisation
    today; and how often the person said again today why.
    """

    of_minute: int
    of_reason: int
    of_day: int
    of_organisation: int
    said_again: int


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


def limits_of_searches(role: Role, held: Values = AS_SHIPPED) -> Limits:
    """How many searches a day, for whatever reasons; a team that answers for others makes more (R53)."""
    if role in _TEAMS:
        return _limits("team_searches", _TEAM_SEARCHES_ALLOWED, held)
    return _limits("searches", _SEARCHES_ALLOWED, held)


def what_happens_to_a_search(
    made: SearchesMade, *, role: Role, purpose: PurposeCode, held: Values = AS_SHIPPED
) -> SearchPace:
    """Whether one more search is answered, or what its searcher does first, or that they are stopped (R53).

    By the strictest of the limits of a person, of the reason and of the organisation. Where an organisation
    has searched for very many, each of its people says once more why before they go on.
    """
    limits, explained = limits_of_searches(role, held), most_searches(role, purpose, held)
    pace = what_happens_next(made.of_day, made.said_again, limits)
    if pace is Pace.STOP or made.of_reason > explained * _TIMES_THE_REASON:
        return SearchPace.STOP
    if made.of_minute > held["searches_a_minute"]:
        return SearchPace.WAIT
    if made.of_reason > explained:
        return SearchPace.OTHER_REASON
    many = made.of_organisation > held["organisation_searches_asked_from"] and not made.said_again
    return SearchPace.SAY_AGAIN if many or pace is Pace.SAY_AGAIN else SearchPace.FREE


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


def check_need(text: str, what: str = "record") -> str:
    """What somebody says of why they need one more record, or search.

    Raises:
        InvalidInput: too short to say anything, or too long.
    """
    said = " ".join(text.split())
    if not SHORTEST_NEED <= len(said) <= LONGEST_NEED:
        raise InvalidInput(f"Say why you need this {what}, in {SHORTEST_NEED} to {LONGEST_NEED} characters.")
    return said
