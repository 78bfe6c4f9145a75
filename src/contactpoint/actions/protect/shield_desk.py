"""The shield desk: what waits, one shield opened under a stated reason, and the steps that people take."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import ProtectedRecord, Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.held import ShieldedRecord
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import (
    AccessRequest,
    do_two_people_lift_it,
    does_somebody_else_decide_about_it,
    is_it_their_shield_desk,
)
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.disclosure.shield_desk import ShieldInFull, ShieldMoved, ShieldToDo
from contactpoint.domain.disclosure.shield_life import (
    OF_THEMSELVES,
    REVIEWED_AFTER,
    SafeContact,
    ShieldInQuestion,
    ShieldStep,
    Weighing,
    what_becomes_of_it,
)
from contactpoint.domain.disclosure.shielding import what_does_a_shielded_record_show
from contactpoint.domain.moves import DeskMove
from contactpoint.storage.queries import shields as stored
from contactpoint.storage.queries.children import outline_of, shielded_record
from contactpoint.storage.queries.moves import moves_of_desk
from contactpoint.storage.queries.shields import ShieldRow
from contactpoint.storage.settings import settings_at

_SEE, _DECIDE = Permission.SEE_SHIELDS, Permission.DECIDE_SHIELD
_ACTIONS: Final[Mapping[ShieldStep, Action]] = {
    ShieldStep.CONFIRMED: Action.CONFIRMED_SHIELD,
    ShieldStep.EXTENDED: Action.EXTENDED_SHIELD,
    ShieldStep.LIFT_ASKED: Action.ASKED_LIFTING,
    ShieldStep.LIFT_AGREED: Action.AGREED_LIFTING,
    ShieldStep.LIFT_STOPPED: Action.STOPPED_LIFTING,
}
NOT_HERE = Refusal(
    sentence="No protection of that number waits at your desk.",
    rules=("R26",),
    way_on="A colleague may have dealt with it. Go back to the shield desk.",
)


@transaction.atomic
def what_to_do(*, by: Viewer, at: datetime) -> tuple[ShieldToDo, ...] | Refusal:
    """Return what waits at the viewer's desk, kind by kind, without saying of whom; audited (R26, R31)."""
    decision = authorise(AccessRequest(viewer=by, permission=_SEE, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _SEE, by=by, at=at)
    seeing = record(Action.LISTED_SHIELDS, by=by, at=at, details={"rules": list(decision.rules)})
    return stored.shields_to_do(seeing, at.date())


@transaction.atomic
def what_moved(*, by: Viewer, at: datetime) -> tuple[DeskMove, ...] | Refusal:
    """Return which protections went from the viewer's desk or came to it; of one that went, no more (R27)."""
    decision = authorise(AccessRequest(viewer=by, permission=_SEE, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _SEE, by=by, at=at)
    found = moves_of_desk(record(Action.LISTED_SHIELDS, by=by, at=at, details={"moved": True}))
    if found:
        subjects = [one.child for one in found]
        record(Action.LISTED_SHIELDS, by=by, at=at, subjects=subjects, details={"moved": True})
    return found


@transaction.atomic
def open_shield(*, shield: int, purpose: Purpose | None, by: Viewer, at: datetime) -> ShieldInFull | Refusal:
    """Return one shield with its steps, under a stated reason; audited with whose it is (R8, R26, R51)."""
    decision = authorise(AccessRequest(viewer=by, permission=_DECIDE, at=at, purpose=purpose))
    tried: dict[str, Json] = {"shield": shield}
    if decision.refusal:
        return record_refusal(decision.refusal, _DECIDE, by=by, at=at, purpose=purpose, details=tried)
    seeing = record(Action.OPENED_SHIELD, by=by, at=at, purpose=purpose, details=tried)
    row = stored.shield_at_desk(seeing, shield)
    who = _whose(row) if row else None
    if row is None or who is None:
        return record_refusal(NOT_HERE, _DECIDE, by=by, at=at, purpose=purpose, details=tried)
    record(
        Action.OPENED_SHIELD,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[row.child],
        details={**tried, "rules": list(decision.rules), "state": row.state.value},
    )
    return _in_full(row, who, seeing, by=by, at=at)


@transaction.atomic
def take_step(
    *,
    shield: int,
    step: ShieldStep,
    purpose: Purpose | None,
    by: Viewer,
    at: datetime,
    weighing: Weighing | None = None,
    safe_contact: SafeContact | None = None,
) -> ShieldMoved | Refusal:
    """Confirm, extend, ask for or agree to a lifting, or stop one; by whoever may (R26, R28-R31).

    An agreed lifting waits for the days that are configured; until then anybody of the desk can stop it.
    """
    asked = AccessRequest(viewer=by, permission=_DECIDE, at=at, purpose=purpose)
    tried: dict[str, Json] = {"shield": shield, "step": step.value}
    decision = authorise(asked)
    if decision.refusal:
        return record_refusal(decision.refusal, _DECIDE, by=by, at=at, purpose=purpose, details=tried)
    seeing = record(Action.OPENED_SHIELD, by=by, at=at, purpose=purpose, details=tried)
    row = stored.shield_at_desk(seeing, shield)
    if row is None:
        return record_refusal(NOT_HERE, _DECIDE, by=by, at=at, purpose=purpose, details=tried)
    question = _question(row, step, by, weighing=weighing, safe_contact=safe_contact)
    decision = authorise(
        AccessRequest(viewer=by, permission=_DECIDE, at=at, purpose=purpose, shield=question)
    )
    if decision.refusal:
        return record_refusal(
            decision.refusal, _DECIDE, by=by, at=at, purpose=purpose, subjects=[row.child], details=tried
        )
    return _move(row, step, question, purpose, decision.rules, by=by, at=at)


def _move(
    row: ShieldRow,
    step: ShieldStep,
    question: ShieldInQuestion,
    purpose: Purpose | None,
    rules: tuple[str, ...],
    *,
    by: Viewer,
    at: datetime,
) -> ShieldMoved | Refusal:
    said = question.weighing or question.safe_contact
    answers = said.answers if said else {}
    decided = step in {ShieldStep.CONFIRMED, ShieldStep.EXTENDED}
    review_by = (at + REVIEWED_AFTER).date() if decided else None
    waits = timedelta(days=settings_at(at)["shield_lift_waits_days"])
    lift_at = at + waits if step is ShieldStep.LIFT_AGREED else None
    event = record(
        _ACTIONS[step],
        by=by,
        at=at,
        purpose=purpose,
        subjects=[row.child],
        details={
            "shield": row.id,
            "was": row.state.value,
            "answers": dict(answers),
            "rules": list(rules),
            "review_by": review_by.isoformat() if review_by else None,
            "lift_at": lift_at.isoformat() if lift_at else None,
        },
    )
    state = stored.take_step(event, row.id, step, answers, review_by=review_by, lift_at=lift_at)
    return ShieldMoved(state=state.value) if state else NOT_HERE


def _in_full(row: ShieldRow, who: ShieldedRecord, seeing: UUID, *, by: Viewer, at: datetime) -> ShieldInFull:
    shown: ProtectedRecord = what_does_a_shielded_record_show(who)
    return ShieldInFull(
        record=shown,
        ground=row.ground,
        state=row.state,
        placed_at=row.placed_at,
        confirm_by=row.confirm_by,
        review_by=row.review_by,
        lift_at=row.lift_at,
        steps=stored.steps_of(seeing, row.id),
        may=_may(row, by, at),
        kept_from=row.kept_from,
    )


def _whose(row: ShieldRow) -> ShieldedRecord | None:
    return outline_of(row.child) if row.kept_from else shielded_record(row.child)


def _may(row: ShieldRow, by: Viewer, at: datetime) -> tuple[ShieldStep, ...]:
    """The steps that come next and that the viewer is not the wrong person for (R31)."""

    def is_theirs(step: ShieldStep) -> bool:
        asked = AccessRequest(viewer=by, permission=_DECIDE, at=at, shield=_question(row, step, by))
        wrong = (does_somebody_else_decide_about_it, do_two_people_lift_it, is_it_their_shield_desk)
        return all(rule(asked) is None for rule in wrong)

    return tuple(
        step
        for step in ShieldStep
        if step not in OF_THEMSELVES and what_becomes_of_it(row.state, step) and is_theirs(step)
    )


def _question(
    row: ShieldRow,
    step: ShieldStep,
    by: Viewer,
    *,
    weighing: Weighing | None = None,
    safe_contact: SafeContact | None = None,
) -> ShieldInQuestion:
    return ShieldInQuestion(
        state=row.state,
        step=step,
        authority=row.authority,
        placed_by_viewer=row.placed_by == str(by.account_id),
        lift_asked_by_viewer=row.lift_asked_by is not None and row.lift_asked_by == by.account_id,
        weighing=weighing,
        safe_contact=safe_contact,
        paired=row.paired,
    )
