"""What the viewer has said of their work with a child: told after recording, and when they say it again."""

from datetime import datetime

from django.db import transaction

from contactpoint.actions.find.held import held_record, state_asked
from contactpoint.actions.find.open_record import NO_SUCH_RECORD
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import AlreadySaid, Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.keeping import to_whom_is_it_shown
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import InvalidIdentifier
from contactpoint.domain.identifiers import parse_child_number
from contactpoint.storage.queries.children import find_child
from contactpoint.storage.queries.own_word import OwnWordRow, own_words_about

_ASKED = Permission.KEEP_INVOLVEMENT


@transaction.atomic
def already_said(*, number: str, by: Viewer, at: datetime) -> tuple[AlreadySaid, ...] | Refusal:
    """Return what the viewer has said of this child and not ended, service by service; audited (R44, R51).

    Of a shielded child only for which services (R27). Empty where they have said nothing.
    """
    try:
        child = find_child(parse_child_number(number), for_whom=by.account_id)
    except InvalidIdentifier:
        child = None
    held = held_record(child, at) if child else None
    state = state_asked(child, held, at)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, record=state))
    if decision.refusal or child is None or held is None or by.account_id is None:
        subjects = [child.number] if child else []
        refusal = decision.refusal or NO_SUCH_RECORD
        return record_refusal(refusal, _ASKED, by=by, at=at, subjects=subjects)
    return tell_own_words(child.number, by=by, at=at)


def tell_own_words(child: str, *, by: Viewer, at: datetime) -> tuple[AlreadySaid, ...]:
    """Read it and write that it was read; needs a transaction, and somebody who may."""
    rows = own_words_about(child, by.account_id, by.organisation_code, at.date()) if by.account_id else ()
    if rows:
        read = [row.involvement_id for row in rows]
        record(
            Action.READ_OWN_WORD,
            by=by,
            at=at,
            subjects=[child],
            details={"involvements": read, "rules": ["R1"]},
        )
    return tuple(_told(row, by, at) for row in rows)


def _told(row: OwnWordRow, by: Viewer, at: datetime) -> AlreadySaid:
    waits = not (row.confirmed or row.protected)
    return AlreadySaid(
        involvement_id=row.involvement_id,
        service=row.service.name,
        service_code=row.service.code,
        shown_to=to_whom_is_it_shown(row.service, row.consent, protected=row.protected, on=at.date()),
        shown_until=row.consent.until if row.consent else None,
        confirming=by.organisation_name if waits else None,
        role=row.practitioner_role,
        phone=row.phone,
        start=row.start,
        assessment_held=row.assessment_held,
    )
