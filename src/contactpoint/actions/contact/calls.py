"""I rang them: how it went. A wrong number, or a service that has ended, becomes a correction (R25).

The number that a service gives of itself is no source's: where it is wrong, the service is asked again.
"""

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
from contactpoint.domain.involvement import Involvement
from contactpoint.storage.queries.points import doubt_point

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
    rung: str,
    outcome: CallOutcome,
    purpose: Purpose | None,
    by: Viewer,
    at: datetime,
) -> CallNoted | Refusal:
    """Note how ringing a contact of a record's page went, and have its source correct what turned out wrong.

    `row` is the place in the page's list, `service` the name that stood there and `rung` the number: where
    that has changed meanwhile, nothing is noted.
    """
    held = record_in_question(_ASKED, number=number, purpose=purpose, by=by, at=at)
    if isinstance(held, Refusal) or by.account_id is None:
        return held if isinstance(held, Refusal) else NO_SUCH_RECORD
    rows = () if isinstance(held, ShieldedRecord) else shown_rows(held, at)
    found = rows[row] if 0 <= row < len(rows) else None
    given, own = _numbers(found, at) if found else ("", "")
    if found is None or found.service.name != service or rung not in {given, own} - {""}:
        return record_refusal(NOT_SHOWN, _ASKED, by=by, at=at, purpose=purpose, subjects=[held.number])
    seeing = record(
        Action.NOTED_CALL,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[held.number],
        details={
            "involvement": found.id,
            "service": found.service.code,
            "outcome": outcome.value,
            "number": "source" if rung == given else "service",
        },
    )
    wrong = outcome is CallOutcome.WRONG_NUMBER
    again = wrong and rung == own and doubt_point(seeing, found.contact.organisation_code, found.service.code)
    if outcome not in CORRECTIONS or (wrong and rung != given):
        return CallNoted(asked=None, asked_again=again)
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
    if not isinstance(sent, CorrectionSent):
        return CallNoted(asked=None, asked_again=again)
    return CallNoted(asked="Whoever said so" if sent.of_person else sent.source_name, asked_again=again)


def _numbers(found: Involvement, at: datetime) -> tuple[str, str]:
    """The number that its source gives, and the one that the service gives of itself; '' for none."""
    contact = found.contact.as_reached(at.date())
    return contact.phone or "", contact.service.phone if contact.service else ""
