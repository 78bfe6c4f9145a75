"""Correct a record that was made by hand: handed in anew under its number, with a reason (R23, R25, R61).

It goes the way of whatever a source sends: the earlier version stays, what is found and matched follows, and
whoever works with the child has it as news.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from contactpoint.actions.contribute.corrections import NOTHING_ASKED, does_it_wait, with_items
from contactpoint.actions.contribute.make_record import NOWHERE, hand_in
from contactpoint.actions.contribute.own_child import known
from contactpoint.actions.find.open_record import record_in_question
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import OpenRecord, Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.contesting import Answer
from contactpoint.domain.disclosure.held import ShieldedRecord
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import AccessRequest, AskedCorrection
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.making import (
    SAID_BY_HAND,
    ByHandCorrected,
    ByHandRecord,
    CorrectReason,
    HandMade,
    hand_source,
    what_is_corrected,
    what_was_said_by_hand,
)
from contactpoint.domain.meanwhile import ByHandVersion, ChangedMeanwhile
from contactpoint.domain.people import Statement
from contactpoint.storage.queries import corrections as stored
from contactpoint.storage.queries.corrections import CorrectionRow
from contactpoint.storage.queries.history import versions_of

_ASKED: Final = Permission.CORRECT_BY_HAND
NOTHING_BY_HAND: Final = Refusal(
    sentence="Your team has said nothing of this child by hand.",
    rules=("R25",),
    way_on="On the record, choose “Something here is wrong”: the source that said it is asked.",
)
CHANGED: Final = Refusal(
    sentence="That was corrected since you opened the page.",
    rules=("R25",),
    way_on="Look at what stands now, then decide anew.",
)
NOTHING_CHANGED: Final = "Nothing is other than it was. Change what is wrong, or go back."


@transaction.atomic
def said_by_hand(
    *, number: str, purpose: Purpose | None, by: Viewer, at: datetime
) -> tuple[ByHandRecord, ...] | Refusal:
    """Return what the viewer's own authority said by hand of a child whose record is open; audited (R25).

    Of a shielded child the answer is that of one of whom nothing was said (R27).
    """
    found = _of_record(number, purpose, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    child, records = found
    record(Action.OPENED_BY_HAND, by=by, at=at, purpose=purpose, subjects=[child])
    return tuple(_shown(child, one) for one in records)


@transaction.atomic
def asked_about_by_hand(*, correction_id: int, by: Viewer, at: datetime) -> ByHandRecord | Refusal:
    """Return the record made by hand that the viewer's team is asked to correct; audited (R25)."""
    found = _of_correction(correction_id, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    row, statement = found
    record(Action.OPENED_BY_HAND, by=by, at=at, subjects=[row.child], details={"correction": correction_id})
    return _shown(row.child, statement)


@transaction.atomic
def correct_by_hand(
    *,
    number: str,
    record_id: int,
    right: HandMade,
    reason: CorrectReason,
    seen: ByHandVersion,
    inbox: Path | None,
    purpose: Purpose | None,
    by: Viewer,
    at: datetime,
) -> ByHandCorrected | ChangedMeanwhile | Refusal:
    """Correct what one's own authority said by hand of a child whose record is open (R25).

    Raises:
        InvalidInput: nothing is other than it was.
    """
    found = _of_record(number, purpose, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    child, records = found
    statement = next((one for one in records if one.record == record_id), None)
    if statement is None:
        return record_refusal(NOTHING_BY_HAND, _ASKED, by=by, at=at, purpose=purpose, subjects=[child])
    return _correct(child, statement, right, reason, seen, inbox, purpose=purpose, by=by, at=at)


@transaction.atomic
def correct_as_asked(
    *,
    correction_id: int,
    right: HandMade,
    reason: CorrectReason,
    seen: ByHandVersion,
    inbox: Path | None,
    by: Viewer,
    at: datetime,
) -> ByHandCorrected | ChangedMeanwhile | Refusal:
    """Correct what was said by hand because somebody asked, and answer them with it (R25, R61).

    Until the file of it is loaded the record stays marked.

    Raises:
        InvalidInput: nothing is other than it was.
    """
    found = _of_correction(correction_id, by=by, at=at)
    if isinstance(found, Refusal) or by.account_id is None:
        return found if isinstance(found, Refusal) else NOTHING_ASKED
    row, statement = found
    here, whose = by.organisation_code, by.account_id
    with transaction.atomic():
        done = _correct(
            row.child, statement, right, reason, seen, inbox, correction=correction_id, by=by, at=at
        )
        handed_in = isinstance(done, ByHandCorrected)
        taken = handed_in and not stored.answer(
            correction_id, Answer.AGREED, organisation=here, by=whose, at=at
        )
        transaction.set_rollback(taken)  # a colleague answered meanwhile: nothing is handed in
    if taken:
        return record_refusal(NOTHING_ASKED, _ASKED, by=by, at=at, details={"correction": correction_id})
    return done


def was_said_by_hand(shown: OpenRecord, by: Viewer) -> bool:
    """Say whether any team said something by hand of a record that was just opened."""
    if _ASKED not in PERMISSIONS[by.role]:
        return False
    return any(one.source_name.startswith(SAID_BY_HAND) for one in shown.sources)


def is_by_hand(row: CorrectionRow, by: Viewer) -> bool:
    """Say whether a correction is about what the viewer's own authority said by hand."""
    return row.source == hand_source(by.authority)


def version_of(said: HandMade) -> ByHandVersion:
    """What was said, as a page says it."""
    return ByHandVersion(
        name=_line(said.forename, said.surname),
        known_as=said.known_as,
        born=said.date_of_birth.isoformat(),
        sex=said.sex.value if said.sex else "",
        home=_line(said.address, said.postcode),
        carer=_line(said.carer_forename, said.carer_surname, said.carer_relationship, said.carer_phone),
    )


def _correct(
    child: str,
    statement: Statement,
    right: HandMade,
    reason: CorrectReason,
    seen: ByHandVersion,
    inbox: Path | None,
    *,
    purpose: Purpose | None = None,
    correction: int | None = None,
    by: Viewer,
    at: datetime,
) -> ByHandCorrected | ChangedMeanwhile | Refusal:
    said = what_was_said_by_hand(statement)
    if said is None or inbox is None:
        return record_refusal(NOWHERE, _ASKED, by=by, at=at, purpose=purpose, subjects=[child])
    now = version_of(said)
    if seen != now:
        record_refusal(CHANGED, _ASKED, by=by, at=at, purpose=purpose, subjects=[child])
        return ChangedMeanwhile(seen=seen, now=now, sent=version_of(right))
    changed = what_is_corrected(said, right)
    if not changed:
        raise InvalidInput(NOTHING_CHANGED)
    details = {"record": statement.record, "reason": reason.value, "fields": list(changed)}
    record(
        Action.CORRECTED_BY_HAND,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[child],
        details={**details, **({"correction": correction} if correction else {})},
    )
    hand_in(inbox, statement.source, right.as_row(statement.local_id), by=by, at=at)
    return ByHandCorrected(record_id=statement.record, fields=len(changed))


def _of_record(
    number: str, purpose: Purpose | None, *, by: Viewer, at: datetime
) -> tuple[str, list[Statement]] | Refusal:
    held = record_in_question(_ASKED, number=number, purpose=purpose, by=by, at=at)
    if isinstance(held, Refusal):
        return held
    said = [] if isinstance(held, ShieldedRecord) else _said_here(held.statements, by)
    if not said:
        return record_refusal(NOTHING_BY_HAND, _ASKED, by=by, at=at, purpose=purpose, subjects=[held.number])
    return held.number, said


def _of_correction(
    correction_id: int, *, by: Viewer, at: datetime
) -> tuple[CorrectionRow, Statement] | Refusal:
    waiting = stored.waiting_of(by.organisation_code, by.account_id)
    row = next((one for one in waiting if one.contest.id == correction_id and is_by_hand(one, by)), None)
    asked = AskedCorrection(source_organisation=row.source_organisation) if row else None
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, correction=asked))
    waits = row is not None and any(does_it_wait(*one) for one in with_items((row,), at))
    said = _said_here(known(row.child).statements, by) if row and waits and not decision.refusal else []
    statement = next((one for one in said if row and one.record == row.contest.record), None)
    if decision.refusal or row is None or statement is None:
        refusal = decision.refusal or NOTHING_ASKED
        return record_refusal(refusal, _ASKED, by=by, at=at, details={"correction": correction_id})
    return row, statement


def _said_here(statements: tuple[Statement, ...], by: Viewer) -> list[Statement]:
    said = [
        one for one in statements if one.source == hand_source(by.authority) and what_was_said_by_hand(one)
    ]
    return sorted(said, key=lambda one: -one.record)


def _shown(child: str, statement: Statement) -> ByHandRecord:
    said = what_was_said_by_hand(statement)
    past = [one for one in versions_of(child) if one.statement.record == statement.record and one.held_until]
    last = max(past, key=lambda one: one.held_from, default=None)
    assert said is not None  # noqa: S101 - _said_here left out whatever is not whole
    return ByHandRecord(
        record_id=statement.record,
        said=said,
        before=what_was_said_by_hand(last.statement) if last else None,
        until=last.held_until if last else None,
    )


def _line(*parts: str) -> str:
    return " ".join(part for part in parts if part)
