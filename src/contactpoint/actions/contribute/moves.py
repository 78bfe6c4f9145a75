"""Children who move between authorities: who answers for them, and what is said (R58, R59)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import AccessRequest, MoveInQuestion
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.redact import NO_NAME
from contactpoint.domain.moves import (
    MoveAnswered,
    MoveReason,
    MovesAccepted,
    MoveState,
    MoveStep,
    MovingChild,
    ProtectedMove,
    Side,
    does_it_wait_for,
    is_it_open,
    what_becomes_of_the_move,
)
from contactpoint.domain.today import Queue, Waiting
from contactpoint.domain.unplaced import GivenBecause
from contactpoint.storage.queries import moves as stored
from contactpoint.storage.queries.moves import MoveRow
from contactpoint.storage.queries.organisations import authorities
from contactpoint.storage.search_index import Row, main_rows

SHOWN: Final = 100
"""Children of each kind on the page, those first who waited longest."""
_ASKED: Final = Permission.ANSWER_MOVE
_MOMENT: Final = timedelta(microseconds=1)
WHY: Final = Purpose(code=PurposeCode.TRANSFER)
NOT_LISTED = Refusal(
    sentence="This child's move does not wait for you, or somebody answered for them already.",
    rules=("R58",),
    way_on="Go back to the list.",
)


def answers_moves(by: Viewer) -> bool:
    """Whether somebody's team answers for children who move, but for protected ones."""
    return _ASKED in PERMISSIONS[by.role] and by.role is not Role.SHIELD_TEAM


def moves_waiting(seeing: UUID) -> Waiting:
    """Count the moves that wait for the team that looks, and those that it should have answered."""
    mine = [row for row in stored.moves_seen(seeing) if _waits(row)]
    return Waiting(queue=Queue.MOVES, count=len(mine), late=sum(row.escalated for row in mine))


@transaction.atomic
def children_who_move(*, by: Viewer, at: datetime) -> tuple[MovingChild, ...] | Refusal:
    """Return the moves of the viewer's team, by name; audited with whom they name (R51, R58).

    Never of a shielded child, whose going nobody may be led to see (R27, R34).
    """
    rows = _seen({}, by=by, at=at)
    return rows if isinstance(rows, Refusal) else _named(list(_first_of_each(rows)), by=by, at=at)


@transaction.atomic
def open_move(*, move: int, by: Viewer, at: datetime) -> MovingChild | Refusal:
    """Return one of them; audited with whose it is."""
    found = _find(move, by=by, at=at)
    return found if isinstance(found, Refusal) else _named([found], by=by, at=at)[0]


@transaction.atomic
def answer_move(
    *, move: int, step: MoveStep, reason: MoveReason | None, by: Viewer, at: datetime
) -> MoveAnswered | Refusal:
    """Accept or decline a child who comes, object to one who goes, or decide between the two (R58, R59).

    Until it is accepted the old authority stays responsible.
    """
    found = _find(move, by=by, at=at)
    return found if isinstance(found, Refusal) else _say(found, step, reason, by=by, at=at + _MOMENT)


@transaction.atomic
def accept_moves(*, moves: Sequence[int], by: Viewer, at: datetime) -> MovesAccepted | Refusal:
    """Accept children who come, each an event of its own; those that wait no more are passed over (R59)."""
    rows = _seen({"moves": list(moves)}, by=by, at=at)
    if isinstance(rows, Refusal):
        return rows
    asked = set(moves)
    mine = [row for row in rows if row.move in asked and Side(row.side) is Side.COMING]
    said = [
        _say(row, MoveStep.ACCEPT, None, by=by, at=at + _MOMENT * place)
        for place, row in enumerate(mine, start=1)
    ]
    accepted = sum(isinstance(one, MoveAnswered) for one in said)
    return MovesAccepted(accepted=accepted, over=len(asked) - accepted)


def _say(
    found: MoveRow, step: MoveStep, reason: MoveReason | None, *, by: Viewer, at: datetime
) -> MoveAnswered | Refusal:
    side, state, move = Side(found.side), MoveState(found.state), found.move
    question = MoveInQuestion(protected=False, side=side, state=state, step=step, reason=reason)
    details: dict[str, Json] = {"move": move, "step": step.value, "reason": reason.value if reason else ""}
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, move=question))
    becomes = what_becomes_of_the_move(side, state, step)
    if decision.refusal or becomes is None:
        refusal, whose = decision.refusal or NOT_LISTED, [found.child]
        return record_refusal(refusal, _ASKED, by=by, at=at, purpose=WHY, subjects=whose, details=details)
    details |= {"was": found.was, "becomes": found.becomes, "rules": list(decision.rules)}
    with transaction.atomic():
        event = record(
            Action.ANSWERED_MOVE, by=by, at=at, purpose=WHY, subjects=[found.child], details=details
        )
        too_late = stored.answer(event, move, step, reason) is None
        transaction.set_rollback(too_late)  # what was not done is not written down as done
    if too_late:
        return record_refusal(NOT_LISTED, _ASKED, by=by, at=at, purpose=WHY, details=details)
    return MoveAnswered(state=becomes.value, given=bool(found.given))


@transaction.atomic
def protected_moves(*, by: Viewer, at: datetime) -> tuple[ProtectedMove, ...] | Refusal:
    """Return the moves of protected children to the national shield desk, not whose; audited (R32, R58)."""
    question = MoveInQuestion(protected=True)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, move=question))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    seeing = record(Action.LISTED_MOVES, by=by, at=at, purpose=WHY, details={"rules": list(decision.rules)})
    names = _names()
    return tuple(
        replace(one, was=names.get(one.was, one.was), becomes=names.get(one.becomes, one.becomes))
        for one in stored.protected_moves(seeing)
    )


@transaction.atomic
def answer_protected_move(*, move: int, step: MoveStep, by: Viewer, at: datetime) -> MoveAnswered | Refusal:
    """Give a protected child's record to the new authority's desk, or leave it where it is (R32, R58).

    The old desk then learns that it moved, and no more.
    """
    question = MoveInQuestion(protected=True, side=Side.NATIONAL, state=MoveState.ASKED, step=step)
    details: dict[str, Json] = {"move": move, "step": step.value}
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, move=question))
    becomes = what_becomes_of_the_move(Side.NATIONAL, MoveState.ASKED, step)
    if decision.refusal or becomes is None:
        refusal = decision.refusal or NOT_LISTED
        return record_refusal(refusal, _ASKED, by=by, at=at, purpose=WHY, details=details)
    with transaction.atomic():
        seeing = record(Action.ANSWERED_MOVE, by=by, at=at, purpose=WHY, details=details)
        child = stored.answer_protected(seeing, move, step)
        transaction.set_rollback(child is None)
    if child is None:
        return record_refusal(NOT_LISTED, _ASKED, by=by, at=at, purpose=WHY, details=details)
    record(Action.ANSWERED_MOVE, by=by, at=at + _MOMENT, purpose=WHY, subjects=[child], details=details)
    return MoveAnswered(state=becomes.value)


def _seen(details: dict[str, Json], *, by: Viewer, at: datetime) -> list[MoveRow] | Refusal:
    question = MoveInQuestion(protected=False)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, move=question))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details)
    details = {**details, "rules": list(decision.rules)}
    return stored.moves_seen(record(Action.LISTED_MOVES, by=by, at=at, purpose=WHY, details=details))


def _find(move: int, *, by: Viewer, at: datetime) -> MoveRow | Refusal:
    """Read a move that the viewer's team may see; of what is not theirs nobody learns."""
    rows = _seen({"move": move}, by=by, at=at)
    if isinstance(rows, Refusal):
        return rows
    found = next((row for row in rows if row.move == move), None)
    return found or record_refusal(NOT_LISTED, _ASKED, by=by, at=at, purpose=WHY, details={"move": move})


def _first_of_each(rows: Sequence[MoveRow]) -> Iterator[MoveRow]:
    """The first of every kind of line that the page has, and one more, so that it can say that there are."""
    met: Counter[tuple[str, bool, bool]] = Counter()
    for row in rows:
        kind = (row.side, is_it_open(MoveState(row.state)), _waits(row))
        met[kind] += 1
        if met[kind] <= SHOWN + 1:
            yield row


def _waits(row: MoveRow) -> bool:
    return does_it_wait_for(Side(row.side), MoveState(row.state))


def _named(rows: Sequence[MoveRow], *, by: Viewer, at: datetime) -> tuple[MovingChild, ...]:
    children = [row.child for row in rows]
    shown, names = main_rows(children), _names()
    if children:
        # A moment later, so that what somebody did stands in the order in which they did it.
        record(Action.LISTED_MOVES, by=by, at=at + _MOMENT, purpose=WHY, subjects=children)
    return tuple(_moving(row, shown.get(row.child), names) for row in rows)


def _moving(row: MoveRow, shown: Row | None, names: dict[str, str]) -> MovingChild:
    name = " ".join(part for part in (shown.forename, shown.surname) if part) if shown else ""
    return MovingChild(
        move=row.move,
        child=row.child,
        name=name or NO_NAME,
        date_of_birth=(shown.dob_text if shown else "") or None,
        side=Side(row.side),
        was=names.get(row.was, row.was),
        becomes=names.get(row.becomes, row.becomes),
        state=MoveState(row.state),
        reason=MoveReason(row.reason) if row.reason else None,
        given=GivenBecause(row.given) if row.given else None,
        opened_at=row.opened_at,
        answer_by=row.answer_by,
        escalated=row.escalated,
        closed_at=row.closed_at,
    )


def _names() -> dict[str, str]:
    return {one.code: one.name for one in authorities()}
