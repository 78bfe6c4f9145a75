"""Moves between authorities as pages come by them, through functions alone (storage/sql/moves.sql)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from contactpoint.domain.moves import DeskMove, MoveReason, MoveStep, ProtectedMove
from contactpoint.domain.people import AddressKind
from contactpoint.domain.retention import Leaving
from contactpoint.storage.asking import fetch


class MoveRow(NamedTuple):
    """A move as one side sees it."""

    move: int
    child: str
    side: str
    was: str
    becomes: str
    state: str
    reason: str
    given: str
    opened_at: datetime
    answer_by: date
    escalated: bool
    closed_at: datetime | None


def old_authorities_of(numbers: Sequence[str]) -> dict[str, str]:
    """Return the authority that each of these children stays with, of whom a move is not accepted (R59)."""
    return (
        dict(fetch("SELECT child, authority FROM old_authorities_of(%s)", list(numbers))) if numbers else {}
    )


def given_authorities_of(numbers: Sequence[str]) -> dict[str, str]:
    """Return the authority that each of these accepted from the national team, where that was last (R58)."""
    if not numbers:
        return {}
    return dict(fetch("SELECT child, authority FROM given_authorities_of(%s)", list(numbers)))


def noted_as_left(numbers: Sequence[str]) -> dict[str, Leaving]:
    """Return what the national team wrote down of those of these who left England (R50)."""
    if not numbers:
        return {}
    rows = fetch("SELECT child, kind, left_on FROM noted_as_left(%s)", list(numbers))
    return {child: Leaving(kind=AddressKind(kind), since=since) for child, kind, since in rows}


def moves_seen(seeing: UUID) -> list[MoveRow]:
    """Return what the team that looks has to answer, and what became of it lately, the oldest first."""
    return [MoveRow._make(row) for row in fetch("SELECT * FROM moves_seen(%s)", seeing)]


def answer(seeing: UUID, move: int, step: MoveStep, reason: MoveReason | None) -> str | None:
    """Note what is said of a move; return whose it is, None where it is not theirs to say now."""
    said = reason.value if reason else ""
    found: str | None = fetch("SELECT answer_move(%s, %s, %s, %s)", seeing, move, step.value, said)[0][0]
    return found


def protected_moves(seeing: UUID) -> tuple[ProtectedMove, ...]:
    """Return the moves of protected children, for the national shield desk, the oldest first."""
    rows = fetch("SELECT move, shield, was, becomes, opened_at FROM protected_moves(%s)", seeing)
    return tuple(
        ProtectedMove(move=move, shield=shield, was=was, becomes=becomes, opened_at=opened_at)
        for move, shield, was, becomes, opened_at in rows
    )


def answer_protected(seeing: UUID, move: int, step: MoveStep) -> str | None:
    """Decide one of them; return whose it is, None where it does not wait there."""
    found: str | None = fetch("SELECT answer_protected_move(%s, %s, %s)", seeing, move, step.value)[0][0]
    return found


def moves_of_desk(seeing: UUID) -> tuple[DeskMove, ...]:
    """Return which protections went from the desk that looks, or came to it, newest first."""
    rows = fetch("SELECT child, shield, went, on_day FROM moves_of_desk(%s)", seeing)
    return tuple(DeskMove(child=child, shield=shield, went=went, on=on) for child, shield, went, on in rows)
