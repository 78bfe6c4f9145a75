"""I am working with this child: recorded at once, shown to others once a second person confirms it."""

from datetime import date, datetime

from django.db import transaction

from contactpoint.actions.consent.details import consent_details
from contactpoint.actions.contribute.already_said import tell_own_words
from contactpoint.actions.find.held import held_record, state_asked
from contactpoint.actions.find.open_record import NO_SUCH_RECORD
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import AlreadySaid, RecordedInvolvement, Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.consent_life import ConsentSaid
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, NewInvolvement
from contactpoint.domain.errors import InvalidIdentifier, InvalidInput
from contactpoint.domain.identifiers import parse_child_number
from contactpoint.storage.queries.children import find_child
from contactpoint.storage.queries.own_word import OwnWord, insert_own_word

_ASKED = Permission.RECORD_INVOLVEMENT


@transaction.atomic
def record_involvement(
    *,
    number: str,
    service: str,
    role: str,
    phone: str,
    start: date | None,
    lead_practitioner: bool,
    assessment_held: bool,
    consent: ConsentSaid | None = None,
    by: Viewer,
    at: datetime,
) -> RecordedInvolvement | AlreadySaid | Refusal:
    """Record that the viewer works with a child, and say who is asked to confirm it (R44).

    The answer about a shielded child is the same as about any other. `service` is one of the viewer's own.
    A sensitive service needs its consent or its reason (R37), of whoever decides (R38). Where the viewer said
    so before and has not ended it, nothing is recorded and the answer is what stands, whatever windows they
    say it from at once.

    Raises:
        InvalidInput: no telephone number or role, or it starts in the future.
    """
    _check(role=role, phone=phone, start=start, on=at.date())
    try:
        child = find_child(parse_child_number(number), for_whom=by.account_id)
    except InvalidIdentifier:
        child = None
    held = held_record(child, at) if child else None
    decision = authorise(
        AccessRequest(
            viewer=by,
            permission=_ASKED,
            at=at,
            record=state_asked(child, held, at),
            new_involvement=NewInvolvement(service=service, consent=consent.basis if consent else None),
            agreed=consent,
        )
    )
    subjects = [child.number] if child else []
    if decision.refusal or child is None or held is None or by.account_id is None:
        return record_refusal(decision.refusal or NO_SUCH_RECORD, _ASKED, by=by, at=at, subjects=subjects)
    word = OwnWord(
        child=child.number,
        service=service,
        organisation=by.organisation_code,
        practitioner=by.name,
        practitioner_role=role.strip(),
        phone=phone.strip(),
        start=start,
        lead_practitioner=lead_practitioner,
        assessment_held=assessment_held,
        consent=consent,
        said_by=by.account_id,
    )
    involvement_id = insert_own_word(word, at)
    if involvement_id is None:
        stands = tell_own_words(child.number, by=by, at=at)
        told = next((one for one in stands if one.service_code == service), None)
        # Of a shielded child only somebody who is signed in is told.
        return told or record_refusal(NO_SUCH_RECORD, _ASKED, by=by, at=at, subjects=subjects)
    record(
        Action.RECORDED_INVOLVEMENT,
        by=by,
        at=at,
        subjects=subjects,
        details={
            "involvement": involvement_id,
            "service": service,
            "rules": list(decision.rules),
            **({"consent": consent_details(consent)} if consent else {}),
        },
    )
    return RecordedInvolvement(involvement_id=involvement_id, confirming=by.organisation_name)


def _check(*, role: str, phone: str, start: date | None, on: date) -> None:
    if not role.strip():
        raise InvalidInput("Enter your role, like school nurse.")
    if not phone.strip():
        raise InvalidInput("Enter a telephone number on which others can reach you.")
    if start is not None and start > on:
        raise InvalidInput("Enter a start date that is today or earlier.")
