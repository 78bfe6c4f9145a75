"""Something here is wrong: asked of the source that said it, answered by who runs the source (R25, R61)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from contactpoint.actions.contribute.own_child import known, named
from contactpoint.actions.find.open_record import NO_SUCH_RECORD, record_in_question
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import (
    ContestedItem,
    CorrectableItem,
    Corrections,
    CorrectionSent,
    CorrectionToAnswer,
    OpenRecord,
    OwnCorrection,
    ProtectedRecord,
    Refusal,
)
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.contesting import (
    Answer,
    Basis,
    Contest,
    Fate,
    Field,
    by_when_is_it_answered,
    what_became_of_it,
    what_may_be_contested,
    which_items_are_contested,
)
from contactpoint.domain.disclosure.held import ShieldedRecord
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import AccessRequest, AskedCorrection
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.disclosure.shielding import what_does_a_shielded_record_show
from contactpoint.domain.here import HERE
from contactpoint.domain.making import hand_source
from contactpoint.storage.queries import corrections as stored
from contactpoint.storage.queries.corrections import CorrectionRow

_ASK, _ANSWER = Permission.ASK_CORRECTION, Permission.ANSWER_CORRECTION
NOT_SAID = Refusal(
    sentence="No source of this record says that now.",
    rules=("R25",),
    way_on="It may have been corrected meanwhile. Open the record again and look.",
)
NOTHING_ASKED = Refusal(
    sentence="Nobody asks you to answer this now.",
    rules=("R25",),
    way_on="A colleague may have answered it already. Go back to “Corrections”.",
)


@transaction.atomic
def correctable(
    *, number: str, purpose: Purpose | None, by: Viewer, at: datetime
) -> tuple[CorrectableItem, ...] | ProtectedRecord | Refusal:
    """Return what sources say of a child that the viewer may say is wrong; audited.

    Of a shielded child the four facts and constants, whatever is held (R27).
    """
    held = record_in_question(_ASK, number=number, purpose=purpose, by=by, at=at)
    if isinstance(held, Refusal):
        return held
    if isinstance(held, ShieldedRecord):
        record(Action.LISTED_CORRECTABLE, by=by, at=at, purpose=purpose, subjects=[held.number])
        return what_does_a_shielded_record_show(held)
    items = what_may_be_contested(held, at.date())
    details = {"items": [f"{item.record}:{item.field}" for item in items]}
    record(Action.LISTED_CORRECTABLE, by=by, at=at, purpose=purpose, subjects=[held.number], details=details)
    return items


@transaction.atomic
def ask_correction(
    *,
    number: str,
    record_id: int,
    field: Field,
    right: str,
    basis: Basis,
    purpose: Purpose | None,
    by: Viewer,
    at: datetime,
) -> CorrectionSent | ProtectedRecord | Refusal:
    """Ask the source of a field to correct it, and say what is right and how one knows (R25, R61).

    The same asked twice is asked once. Of a shielded child nothing is asked and the answer is constant (R27).

    Raises:
        InvalidInput: what is right is missing or longer than 200 characters.
    """
    held = record_in_question(_ASK, number=number, purpose=purpose, by=by, at=at)
    if isinstance(held, Refusal) or by.account_id is None:
        return held if isinstance(held, Refusal) else NO_SUCH_RECORD
    if isinstance(held, ShieldedRecord):
        return what_does_a_shielded_record_show(held)
    items = what_may_be_contested(held, at.date())
    item = next((one for one in items if (one.record, one.field) == (record_id, field.value)), None)
    if item is None:
        return record_refusal(NOT_SAID, _ASK, by=by, at=at, purpose=purpose, subjects=[held.number])
    contest = Contest(
        id=0, record=record_id, field=field, said=item.says, right=right.strip(), basis=basis, asked_at=at
    )
    correction = stored.ask(contest, by=by.account_id, organisation=by.organisation_code)
    if correction is None:
        return record_refusal(NOT_SAID, _ASK, by=by, at=at, purpose=purpose, subjects=[held.number])
    record(
        Action.ASKED_CORRECTION,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[held.number],
        details={"correction": correction, "record": record_id, "field": field.value, "basis": basis.value},
    )
    of_person = item.contact is not None
    return CorrectionSent(correction_id=correction, source_name=item.source_name, of_person=of_person)


@transaction.atomic
def corrections(*, by: Viewer, at: datetime) -> Corrections | Refusal:
    """Return what the viewer asked for and its fate, and what their own sources are asked (R25, R61).

    A line stands only while its source may speak for the child (R39) and the child is not shielded (R27).
    """
    decision = authorise(AccessRequest(viewer=by, permission=Permission.LIST_CORRECTIONS, at=at))
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NO_SUCH_RECORD, _ASK, by=by, at=at)
    asked = with_items(stored.asked_by(by.account_id, by.organisation_code), at)
    to_answer = corrections_to_answer(by, at) if answers_for(by) else []
    record(
        Action.LISTED_CORRECTIONS,
        by=by,
        at=at,
        subjects=[row.child for row, _ in (*asked, *to_answer)],
        details={"rules": list(decision.rules)},
    )
    return Corrections(
        asked=tuple(_asked(row, item, at) for row, item in asked),
        to_answer=tuple(_to_answer(row, item, by, at) for row, item in to_answer),
    )


@transaction.atomic
def answer_correction(
    *, correction_id: int, answer: Answer, by: Viewer, at: datetime
) -> CorrectionSent | Refusal:
    """Say for a source of one's own organisation that it is right, or that it will be corrected (R25)."""
    waiting = stored.waiting_of(by.organisation_code, by.account_id)
    row = next((one for one in waiting if one.contest.id == correction_id), None)
    correction = AskedCorrection(source_organisation=row.source_organisation) if row else None
    decision = authorise(AccessRequest(viewer=by, permission=_ANSWER, at=at, correction=correction))
    if decision.refusal or row is None or by.account_id is None or not with_items((row,), at):
        refusal = decision.refusal or NOTHING_ASKED
        return record_refusal(refusal, _ANSWER, by=by, at=at, details={"correction": correction_id})
    organisation = by.organisation_code
    if not stored.answer(correction_id, answer, organisation=organisation, by=by.account_id, at=at):
        return record_refusal(NOTHING_ASKED, _ANSWER, by=by, at=at, details={"correction": correction_id})
    record(
        Action.ANSWERED_CORRECTION,
        by=by,
        at=at,
        subjects=[row.child],
        details={"correction": correction_id, "answer": answer.value, "rules": list(decision.rules)},
    )
    return CorrectionSent(correction_id=correction_id, source_name=row.source_name)


def answers_for(by: Viewer) -> bool:
    """Say whether the viewer's role answers for the sources of their organisation (R25)."""
    return _ANSWER in PERMISSIONS[by.role]


def corrections_to_answer(by: Viewer, at: datetime) -> list[tuple[CorrectionRow, CorrectableItem]]:
    """Read what the viewer's sources are asked and have neither answered nor corrected, as they agreed to."""
    waiting = with_items(stored.waiting_of(by.organisation_code, by.account_id), at)
    return [(row, item) for row, item in waiting if does_it_wait(row, item)]


def contested(shown: OpenRecord, *, at: datetime) -> tuple[ContestedItem, ...]:
    """Return which items of a record that was just opened are marked as contested (R61)."""
    contests = stored.about(shown.number)
    if not contests:
        return ()
    return which_items_are_contested(contests, what_may_be_contested(known(shown.number), at.date()), shown)


def with_items(rows: Sequence[CorrectionRow], at: datetime) -> list[tuple[CorrectionRow, CorrectableItem]]:
    """Corrections with what their source says now, where it may still speak."""
    found, of_child = [], {}
    for row in rows:
        if row.child not in of_child:
            of_child[row.child] = what_may_be_contested(known(row.child), at.date())
        here = [item for item in of_child[row.child] if item.record == row.contest.record]
        for item in here[:1]:
            says = next((one.says for one in here if one.field == row.contest.field.value), "")
            now = CorrectableItem(
                record=item.record,
                field=row.contest.field.value,
                source_name=item.source_name,
                says=says,
                contact=item.contact,
            )
            found.append((row, now))
    return found


def does_it_wait(row: CorrectionRow, item: CorrectableItem) -> bool:
    """Say whether the source has neither answered nor corrected it, as it agreed to (R25)."""
    return fate_of(row, item) in {Fate.SENT, Fate.STILL_SAID}


def fate_of(row: CorrectionRow, item: CorrectableItem) -> Fate:
    """Say what became of it, by what the source says now."""
    return what_became_of_it(row.contest, item.says)


def _asked(row: CorrectionRow, item: CorrectableItem, at: datetime) -> OwnCorrection:
    due = by_when_is_it_answered(row.contest)
    return OwnCorrection(
        child_name=named(row.child, at)[0],
        field=item.field,
        source_name=item.source_name,
        right=row.contest.right,
        asked_at=row.contest.asked_at,
        fate=fate_of(row, item).value,
        of_person=item.contact is not None,
        because=row.because.value if row.because else "",
        late=item.contact is not None and does_it_wait(row, item) and due < at.astimezone(HERE).date(),
    )


def _to_answer(row: CorrectionRow, item: CorrectableItem, by: Viewer, at: datetime) -> CorrectionToAnswer:
    return CorrectionToAnswer(
        correction_id=row.contest.id,
        child_name=named(row.child, at)[0],
        local_id=row.local_id,
        source_name=item.source_name,
        field=item.field,
        says=item.says,
        right=row.contest.right,
        basis=row.contest.basis.value,
        asked_at=row.contest.asked_at,
        delivered_at=row.contest.delivered_at,
        by_hand=row.source == hand_source(by.authority),
    )
