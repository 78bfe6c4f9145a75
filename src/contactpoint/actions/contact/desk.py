"""The desk passes messages on to whoever is involved, and tells whoever left them nothing (R32, for R40)."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from contactpoint.actions.contact.ask import key_of, shown_services
from contactpoint.actions.contribute.own_child import known, named
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.contacting import (
    ContactStepDone,
    DeskContact,
    DeskLine,
    DeskMessage,
    DeskOutcome,
)
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, DeskMessageInQuestion
from contactpoint.domain.involvement import Involvement
from contactpoint.storage.queries import contacting as stored
from contactpoint.storage.queries.children import shielded_record
from contactpoint.storage.queries.contacting import DeskRow

_ASKED = Permission.RUN_DESK
NOTHING_WAITS = Refusal(
    sentence="That message does not wait at your desk.",
    rules=("R32",),
    way_on="A colleague may have dealt with it already, or it was taken back. Go back to the desk.",
)
NOT_PASSED_ON = Refusal(
    sentence="It could not be passed on to every service you chose.",
    rules=("R32",),
    way_on="Open the message again: who is in contact has changed meanwhile.",
)


@transaction.atomic
def desk_messages(*, by: Viewer, at: datetime) -> tuple[DeskLine, ...] | Refusal:
    """Return what waits at the desk of the viewer, most urgent first; nothing about a child."""
    seeing = _looking(Action.LISTED_DESK, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    return tuple(_line(row, at) for row in stored.at_desk(seeing, at))


@transaction.atomic
def open_desk_message(*, request: int, by: Viewer, at: datetime) -> DeskMessage | Refusal:
    """Open a message: about and from whom, and who is in contact, hidden or not; audited first."""
    found = _find(request, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    seeing, row = found
    contacts = _contacts(row, stored.desk_contacts(request, seeing), at)
    hidden = shielded_record(row.child) if row.shielded else None
    record(
        Action.OPENED_DESK_MESSAGE,
        by=by,
        at=at,
        subjects=[row.child],
        details={"request": request, "services": [one.key for one in contacts]},
    )
    return DeskMessage(
        line=_line(row, at),
        child_name=hidden.name if hidden else named(row.child, at)[0],
        number=row.child,
        protected=row.shielded,
        asked_by=row.asked_by,
        asked_by_title=row.asked_by_title,
        phone=row.phone,
        ring_back=row.asked_for_phone,
        meant_for=row.meant_for,
        contacts=contacts,
    )


@transaction.atomic
def deal_with_message(
    *, request: int, outcome: DeskOutcome, pass_on_to: Collection[str] = (), by: Viewer, at: datetime
) -> ContactStepDone | Refusal:
    """Note what was done with a message, and pass it on to the inboxes chosen of services in contact.

    Whoever left it learns nothing of it; whoever gets it decides whether to answer. About a protected child
    nothing is passed on in writing: the desk rings (R32).
    """
    found = _find(request, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    seeing, row = found
    with transaction.atomic():
        passed = [_pass_on(request, seeing, key, at) for key in sorted(pass_on_to)]
        if not all(passed):
            transaction.set_rollback(True)
    details = {"request": request, "outcome": outcome.value, "passed_on_to": sorted(pass_on_to)}
    if not all(passed):
        return record_refusal(NOT_PASSED_ON, _ASKED, by=by, at=at, subjects=[row.child], details=details)
    stored.close_at_desk(request, seeing, outcome, at=at)
    record(Action.DEALT_WITH_DESK_MESSAGE, by=by, at=at, subjects=[row.child], details=details)
    return ContactStepDone(request=request)


def _looking(action: Action, *, by: Viewer, at: datetime, request: int | None = None) -> UUID | Refusal:
    """Write down first who looks: the database shows a desk to nobody else."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    details = {"request": request} if request is not None else {}
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NOTHING_WAITS, _ASKED, by=by, at=at, details=details)
    return record(action, by=by, at=at, details=details)


def _find(request: int, *, by: Viewer, at: datetime) -> tuple[UUID, DeskRow] | Refusal:
    seeing = _looking(Action.OPENED_DESK_MESSAGE, by=by, at=at, request=request)
    if isinstance(seeing, Refusal):
        return seeing
    row = next((one for one in stored.at_desk(seeing, at) if one.request == request), None)
    asked = DeskMessageInQuestion(protected=row.shielded) if row else None
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, desk_message=asked))
    if decision.refusal or row is None:
        refusal = decision.refusal or NOTHING_WAITS
        return record_refusal(refusal, _ASKED, by=by, at=at, details={"request": request})
    return seeing, row


def _pass_on(request: int, seeing: UUID, key: str, at: datetime) -> bool:
    organisation, _, service = key.rpartition(":")
    return stored.pass_on(request, seeing, to=(organisation, service), at=at)


def _line(row: DeskRow, at: datetime) -> DeskLine:
    return DeskLine(
        request=row.request,
        about=row.about,
        urgency=row.urgency,
        asked_for=row.asked_for,
        asked_at=row.asked_at,
        answer_by=row.answer_by,
        unanswered=bool(row.meant_for) or row.answer_by <= at,
    )


def _contacts(row: DeskRow, found: tuple[Involvement, ...], at: datetime) -> tuple[DeskContact, ...]:
    """Services in contact now, one of each; which of them others are not shown."""
    shown = frozenset(() if row.shielded else shown_services(known(row.child), at))
    contacts: dict[str, DeskContact] = {}
    for one in found:
        contact = one.contact.as_reached(at.date())
        organisation, service = contact.organisation_code, one.service.code
        key = key_of(organisation, service)
        if not one.is_current(at.date()) or key in contacts:
            continue
        contacts[key] = DeskContact(
            key=key,
            service=one.service.name,
            organisation=contact.organisation_name,
            practitioner=contact.practitioner or "",
            phone=contact.phone or "",
            hidden=key not in shown,
            inbox=not row.shielded and stored.has_an_inbox(organisation, service),
            reached=contact.service,
            closed=contact.closed,
        )
    return tuple(contacts.values())
