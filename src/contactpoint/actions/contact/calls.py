"""I rang them: how it went. A wrong number, or a service that has ended, becomes a correction (R25)."""

from datetime import datetime

from django.db import transaction

from contactpoint.actions.contact.ask import NOT_SHOWN, shown_rows
from contactpoint.actions.contribute.corrections import ask_correction
from contactpoint.actions.find.open_record import NO_SUCH_RECORD, record_in_question
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.contacting import CallNoted, CallOutcome
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import CorrectionSent, Refusal
from contactpoint.domain.disclosure.contesting import Basis, Field
from contactpoint.domain.disclosure.held import ShieldedRecord
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.purpose import Purpose

_ASKED = Permission.ASK_CONTACT
# What the source is told is right, where a call says that it is not.
CORRECTIONS = {
    CallOutcome.WRONG_NUMBER: "This telephone number is not theirs: I rang it",
    CallOutcome.NOT_INVOLVED: "They are no longer in contact: they told me so",
}


@transaction.atomic
def note_call(
    *,
    number: str,
    row: int,
    service: str,
    outcome: CallOutcome,
    purpose: Purpose | None,
    by: Viewer,
    at: datetime,
) -> CallNoted | Refusal:
    """Note how ringing a contact of a record's page went, and have its source correct what turned out wrong.

    `row` is the place in the page's list and `service` the name that stood there: where the list has changed
    meanwhile, nothing is noted.
    """
    held = record_in_question(_ASKED, number=number, purpose=purpose, by=by, at=at)
    if isinstance(held, Refusal) or by.account_id is None:
        return held if isinstance(held, Refusal) else NO_SUCH_RECORD
    rows = () if isinstance(held, ShieldedRecord) else shown_rows(held, at)
    found = rows[row] if 0 <= row < len(rows) else None
    if found is None or found.service.name != service:
        return record_refusal(NOT_SHOWN, _ASKED, by=by, at=at, purpose=purpose, subjects=[held.number])
    record(
        Action.NOTED_CALL,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[held.number],
        details={"involvement": found.id, "service": found.service.code, "outcome": outcome.value},
    )
    if outcome not in CORRECTIONS:
        return CallNoted(asked=None)
    sent = ask_correction(
        number=held.number,
        record_id=found.record,
        field=Field.SERVICE,
        right=CORRECTIONS[outcome],
        basis=Basis.OWN_WORK,
        purpose=purpose,
        by=by,
        at=at,
    )
    return CallNoted(asked=sent.source_name if isinstance(sent, CorrectionSent) else None)
