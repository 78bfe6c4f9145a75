"""Hand a child over to a colleague of the same organisation: one offers, the other accepts and takes over."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from contactpoint.actions.contribute.keep_involvement import own_row
from contactpoint.actions.contribute.own_child import is_archived
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import KeptInvolvement, Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, NewInvolvement
from contactpoint.storage.queries.handovers import (
    OfferedRow,
    answer_offer,
    colleagues_of,
    offer,
    offer_by_id,
)
from contactpoint.storage.queries.own_children import correct_own, take_lead
from contactpoint.storage.queries.own_word import (
    OwnWord,
    confirm_own_word,
    insert_own_word,
    own_words_about,
)

_ASKED = Permission.HAND_OVER
NO_COLLEAGUE = Refusal(
    sentence="You cannot hand this over to that person because they do not provide this service here.",
    rules=("R44",),
    way_on="Choose a colleague who is listed.",
)
NOTHING_OFFERED = Refusal(
    sentence="Nobody asks you to take this over now.",
    rules=("R44",),
    way_on="It may have been withdrawn, or answered already. Go back to “My children”.",
)


@transaction.atomic
def offer_handover(*, involvement_id: int, to: UUID, by: Viewer, at: datetime) -> KeptInvolvement | Refusal:
    """Ask a colleague to take the viewer's involvement over; until they accept, nothing changes (R44)."""
    row = own_row(involvement_id, _ASKED, by=by, at=at)
    if isinstance(row, Refusal) or by.account_id is None:
        return row if isinstance(row, Refusal) else NO_COLLEAGUE
    service = row.involvement.service.code
    colleagues = colleagues_of(by.account_id, by.organisation_code, service)
    details: dict[str, Json] = {"involvement": involvement_id, "to": str(to)}
    if to not in {one.account for one in colleagues}:
        return record_refusal(NO_COLLEAGUE, _ASKED, by=by, at=at, subjects=[row.child], details=details)
    handover = offer(involvement_id, by.account_id, to=to, at=at)
    record(
        Action.OFFERED_HANDOVER, by=by, at=at, subjects=[row.child], details={**details, "offer": handover}
    )
    return KeptInvolvement(involvement_id=involvement_id)


@transaction.atomic
def accept_handover(*, handover_id: int, phone: str, by: Viewer, at: datetime) -> KeptInvolvement | Refusal:
    """Take a child over: a new involvement begins, confirmed by whoever handed it over, and theirs ends.

    The lead and the assessment go along (R42, R43), and so does the consent to a sensitive service (R37).
    Whoever works with the child for that service already keeps the one they have, and it is confirmed.
    `phone` is the number on which others reach the viewer; empty means that of the one before.
    """
    row = _offered(handover_id, by=by, at=at)
    if isinstance(row, Refusal) or by.account_id is None:
        return row if isinstance(row, Refusal) else NOTHING_OFFERED
    old = row.involvement
    giver = answer_offer(handover_id, by.account_id, "accepted", on=at.date(), at=at)
    if giver is None:
        return record_refusal(NOTHING_OFFERED, _ASKED, by=by, at=at, details={"offer": handover_id})
    new = insert_own_word(_word(row, by.account_id, phone, by=by, at=at), at)
    if new is None:
        new = _join_to_own(row, by.account_id, by=by, at=at)
    confirm_own_word(new, by=giver, organisation=by.organisation_code, at=at)
    if old.lead_practitioner:
        take_lead(new, by.account_id, on=at.date(), at=at)
    record(
        Action.ACCEPTED_HANDOVER,
        by=by,
        at=at,
        subjects=[row.child],
        details={"offer": handover_id, "ended": old.id, "involvement": new},
    )
    return KeptInvolvement(involvement_id=new)


@transaction.atomic
def decline_handover(*, handover_id: int, by: Viewer, at: datetime) -> KeptInvolvement | Refusal:
    """Say no to taking a child over; it stays with whoever offered it."""
    row = _offered(handover_id, by=by, at=at)
    if isinstance(row, Refusal) or by.account_id is None:
        return row if isinstance(row, Refusal) else NOTHING_OFFERED
    answer_offer(handover_id, by.account_id, "declined", on=at.date(), at=at)
    record(Action.DECLINED_HANDOVER, by=by, at=at, subjects=[row.child], details={"offer": handover_id})
    return KeptInvolvement(involvement_id=row.involvement.id)


def _offered(handover_id: int, *, by: Viewer, at: datetime) -> OfferedRow | Refusal:
    row = None
    if by.account_id is not None:
        row = offer_by_id(handover_id, by.account_id, by.organisation_code, at.date())
    if row is not None and is_archived(row.child, at):
        row = None
    new = None
    if row is not None:
        consent = row.involvement.consent
        new = NewInvolvement(service=row.involvement.service.code, consent=consent.basis if consent else None)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, new_involvement=new))
    if decision.refusal or row is None:
        refusal = decision.refusal or NOTHING_OFFERED
        return record_refusal(refusal, _ASKED, by=by, at=at, details={"offer": handover_id})
    return row


def _join_to_own(row: OfferedRow, account: UUID, *, by: Viewer, at: datetime) -> int:
    """Let what was handed over go into what the viewer has said themselves; return that involvement's id."""
    said = own_words_about(row.child, account, by.organisation_code, at.date())
    own = next(one for one in said if one.service.code == row.involvement.service.code)
    if row.involvement.assessment_held and not own.assessment_held:
        correct_own(
            own.involvement_id,
            account,
            role=own.practitioner_role,
            phone=own.phone,
            start=own.start,
            assessment_held=True,
            at=at,
        )
    return own.involvement_id


def _word(row: OfferedRow, account: UUID, phone: str, *, by: Viewer, at: datetime) -> OwnWord:
    old = row.involvement
    return OwnWord(
        child=row.child,
        service=old.service.code,
        organisation=by.organisation_code,
        practitioner=by.name,
        practitioner_role=by.job_title or row.role,
        phone=phone.strip() or by.phone or row.phone,
        start=at.date(),
        lead_practitioner=old.lead_practitioner,
        assessment_held=old.assessment_held,
        consent=None,
        said_by=account,
        carried=old.id,
    )
