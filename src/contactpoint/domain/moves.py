"""A child moves between authorities: who answers, what may be said, and what becomes of it (R58, R59)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from contactpoint.domain.unplaced import GivenBecause
from contactpoint.domain.working_days import after_working_days

ANSWERED_WITHIN: Final = 10
"""Working days after which a move that nobody answered goes on to the national team."""


class Side(StrEnum):
    """Where somebody stands: with the new authority, the old one, or above both."""

    COMING = "coming"
    LEAVING = "leaving"
    NATIONAL = "national"


class MoveState(StrEnum):
    """Where a move stands. The old authority is responsible until it is accepted (R59)."""

    ASKED = "asked"
    DECLINED = "declined"
    OBJECTED = "objected"
    KEPT = "kept"
    ACCEPTED = "accepted"
    OVERTAKEN = "overtaken"


class MoveStep(StrEnum):
    """What somebody says of a move."""

    ACCEPT = "accept"
    DECLINE = "decline"
    OBJECT = "object"
    KEEP = "keep"
    GIVE = "give"


class MoveReason(StrEnum):
    """Why somebody says no; coded, so that nothing about the case is kept (R17)."""

    NOT_HERE = "not_here"
    PLACED = "placed"
    FOR_A_WHILE = "for_a_while"
    WRONG_DATA = "wrong_data"


_OPEN: Final = frozenset({MoveState.ASKED, MoveState.DECLINED, MoveState.OBJECTED})
NEEDS_REASON: Final = frozenset({MoveStep.DECLINE, MoveStep.OBJECT})
BECOMES: Final[Mapping[tuple[Side, MoveState, MoveStep], MoveState]] = MappingProxyType(
    {
        (Side.COMING, MoveState.ASKED, MoveStep.ACCEPT): MoveState.ACCEPTED,
        (Side.COMING, MoveState.ASKED, MoveStep.DECLINE): MoveState.DECLINED,
        (Side.LEAVING, MoveState.ASKED, MoveStep.OBJECT): MoveState.OBJECTED,
        (Side.LEAVING, MoveState.DECLINED, MoveStep.KEEP): MoveState.KEPT,
        (Side.NATIONAL, MoveState.ASKED, MoveStep.GIVE): MoveState.ACCEPTED,
        (Side.NATIONAL, MoveState.ASKED, MoveStep.KEEP): MoveState.KEPT,
        (Side.NATIONAL, MoveState.DECLINED, MoveStep.GIVE): MoveState.ACCEPTED,
        (Side.NATIONAL, MoveState.DECLINED, MoveStep.KEEP): MoveState.KEPT,
        (Side.NATIONAL, MoveState.OBJECTED, MoveStep.GIVE): MoveState.ACCEPTED,
        (Side.NATIONAL, MoveState.OBJECTED, MoveStep.KEEP): MoveState.KEPT,
    }
)
"""The table of moves; storage/sql/moves.sql repeats it, and a test compares them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingChild:
    """A move as one of the sides sees it; `answer_by` is the day on which it goes on to the national team.

    With `given`, nobody is responsible now, and `was` is empty.
    """

    move: int
    child: str
    name: str
    date_of_birth: str | None
    side: Side
    was: str
    becomes: str
    state: MoveState
    reason: MoveReason | None
    given: GivenBecause | None = None
    opened_at: datetime
    answer_by: date
    escalated: bool
    closed_at: datetime | None

    @property
    def steps(self) -> tuple[MoveStep, ...]:
        """What this side may say of it now."""
        return what_may_be_said(self.side, self.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedMove:
    """A move of a protected child as the national shield desk sees it: of which protection, and not whose."""

    move: int
    shield: int
    was: str
    becomes: str
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskMove:
    """What a shield desk learns of a protection that went: whose, that it moved and on which day (R27).

    Of one that came it learns no more; it opens it like any of its own.
    """

    child: str
    shield: int
    went: bool
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAnswered:
    """The answer to what somebody said of a move; `given` where nobody was responsible before it."""

    state: str
    given: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MovesAccepted:
    """The answer to accepting several at once: how many were, and how many did not wait any more."""

    accepted: int
    over: int


def what_becomes_of_the_move(side: Side, state: MoveState, step: MoveStep) -> MoveState | None:
    """What a move comes to by what somebody says; None where that is not theirs to say now.

    Whoever was responsible still is for as long as nobody has accepted (R58, R59).
    """
    return BECOMES.get((side, state, step))


def what_may_be_said(side: Side, state: MoveState) -> tuple[MoveStep, ...]:
    """The steps that somebody of a side may take."""
    return tuple(step for step in MoveStep if (side, state, step) in BECOMES)


def is_it_open(state: MoveState) -> bool:
    """Whether somebody still has to answer."""
    return state in _OPEN


def does_it_wait_for(side: Side, state: MoveState) -> bool:
    """Whether somebody of this side has to say something now: an old authority may, but need not, object."""
    asked = {Side.COMING: {MoveState.ASKED}, Side.LEAVING: {MoveState.DECLINED}, Side.NATIONAL: _OPEN}
    return state in asked[side]


def answered_by(opened: date) -> date:
    """The last day on which the new authority can answer before it goes on to the national team (R59)."""
    return after_working_days(opened, ANSWERED_WITHIN)
