"""Ask them to contact me: a service that is shown, or the desk, which answers everybody in the same words."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from contactpoint.actions.contribute.own_child import named_in
from contactpoint.actions.find.open_record import NO_SUCH_RECORD, record_in_question
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.contacting import (
    Askable,
    Askables,
    ContactQuestion,
    ContactSent,
    ContactStepDone,
    answer_by,
)
from contactpoint.domain.directory import Reached
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.consent import may_this_involvement_be_shown
from contactpoint.domain.disclosure.held import KnownRecord, ShieldedRecord
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.disclosure.redact import in_order_of_use, which_authority_is_responsible
from contactpoint.domain.discreet import NOT_SHOWN as NOT_SHOWN_CODE
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.involvement import Involvement
from contactpoint.storage.queries import contacting as stored
from contactpoint.storage.queries.contacting import NATIONAL, Asking
from contactpoint.storage.settings import settings_at

_ASKED = Permission.ASK_CONTACT
NOT_SHOWN = Refusal(
    sentence="That service is not listed on this record now.",
    rules=("R39",),
    way_on="Open the record again and look, or leave a message with the desk.",
)
NOTHING_ASKED = Refusal(
    sentence="You have not asked that.",
    rules=("R44",),
    way_on="Go back to your inbox and look.",
)


@transaction.atomic
def whom_to_ask(*, number: str, purpose: Purpose | None, by: Viewer, at: datetime) -> Askables | Refusal:
    """Return whom the viewer may ask about a child: the services they are shown, and nobody else; audited."""
    held = record_in_question(_ASKED, number=number, purpose=purpose, by=by, at=at)
    if isinstance(held, Refusal):
        return held
    if isinstance(held, ShieldedRecord):
        shown = Askables(child_name=held.name, protected=True, services=(), rows=())
    else:
        rows = shown_rows(held, at)
        shown = Askables(
            child_name=named_in(held, at)[0],
            protected=False,
            services=tuple(_askable(one) for one in _askable_services(held, at).values()),
            rows=tuple(_key(one) for one in rows),
        )
    details: dict[str, Json] = {"services": [one.key for one in shown.services]}
    record(Action.LISTED_ASKABLE, by=by, at=at, purpose=purpose, subjects=[held.number], details=details)
    return shown


@transaction.atomic
def ask_to_be_contacted(
    *, number: str, key: str, question: ContactQuestion, purpose: Purpose | None, by: Viewer, at: datetime
) -> ContactSent | Refusal:
    """Ask a service that is shown to contact the viewer. The same asked twice is asked once.

    Where nobody of it signs in here, or nobody takes it on in time, the desk of the responsible authority
    sees it as well. Raises InvalidInput if there is no telephone number.
    """
    held = record_in_question(_ASKED, number=number, purpose=purpose, by=by, at=at)
    if isinstance(held, Refusal) or by.account_id is None:
        return held if isinstance(held, Refusal) else NO_SUCH_RECORD
    said = _checked(question)
    found = None if isinstance(held, ShieldedRecord) else _askable_services(held, at).get(key)
    if found is None or isinstance(held, ShieldedRecord):
        return record_refusal(NOT_SHOWN, _ASKED, by=by, at=at, purpose=purpose, subjects=[held.number])
    service = (found.contact.organisation_code, found.service.code)
    reachable = stored.has_an_inbox(*service)
    latest = answer_by(said.urgency, at, reachable=reachable, held=settings_at(at))
    request = stored.ask_service(
        held.number, said, of=service, desk=_desk(held, at), by=_asking(by.account_id, by, at), latest=latest
    )
    if request is None:
        return record_refusal(NOT_SHOWN, _ASKED, by=by, at=at, purpose=purpose, subjects=[held.number])
    details: dict[str, Json] = {
        "request": request,
        "organisation": service[0],
        "service": service[1],
        "about": said.about.value,
        "urgency": said.urgency.value,
    }
    record(Action.ASKED_CONTACT, by=by, at=at, purpose=purpose, subjects=[held.number], details=details)
    return ContactSent(
        request=request,
        asked=found.contact.organisation_name,
        reachable=reachable,
        reached=_lines(found.contact.service),
    )


@transaction.atomic
def leave_message(
    *, number: str, question: ContactQuestion, purpose: Purpose | None, by: Viewer, at: datetime
) -> ContactSent | Refusal:
    """Leave a message with the desk, which passes it on to whoever may be involved.

    The answer is the same whether anybody is, and whether the child is protected (R27, R32, replaced R40).
    Raises InvalidInput if there is no telephone number.
    """
    held = record_in_question(_ASKED, number=number, purpose=purpose, by=by, at=at)
    if isinstance(held, Refusal) or by.account_id is None:
        return held if isinstance(held, Refusal) else NO_SUCH_RECORD
    said = _checked(question)
    desk = NATIONAL if isinstance(held, ShieldedRecord) else _desk(held, at)
    request = stored.ask_desk(
        held.number,
        said,
        desk=desk,
        by=_asking(by.account_id, by, at),
        latest=answer_by(said.urgency, at, reachable=True, held=settings_at(at)),
    )
    details: dict[str, Json] = {
        "request": request,
        "desk": True,
        "about": said.about.value,
        "urgency": said.urgency.value,
    }
    record(Action.ASKED_CONTACT, by=by, at=at, purpose=purpose, subjects=[held.number], details=details)
    return ContactSent(request=request, asked=None)


@transaction.atomic
def withdraw_request(*, request: int, by: Viewer, at: datetime) -> ContactStepDone | Refusal:
    """Take back what the viewer asked; the answer is the same whether a desk had dealt with it."""
    decision = authorise(AccessRequest(viewer=by, permission=Permission.SEE_INBOX, at=at))
    child = None
    if decision.refusal is None and by.account_id is not None:
        child = stored.withdraw(request, _asking(by.account_id, by, at))
    if child is None:
        refusal = decision.refusal or NOTHING_ASKED
        return record_refusal(refusal, Permission.SEE_INBOX, by=by, at=at, details={"request": request})
    record(Action.WITHDREW_CONTACT, by=by, at=at, subjects=[child], details={"request": request})
    return ContactStepDone(request=request)


def key_of(organisation: str, service: str) -> str:
    """Return what names a service in a form: one of ours, and nothing that runs on."""
    return f"{organisation}:{service}"


def shown_rows(held: KnownRecord, at: datetime) -> tuple[Involvement, ...]:
    """Who is shown to be in contact, in the order of the record's page."""
    on = at.date()
    current = {
        one.id: one
        for one in held.involvements
        if one.is_current(on) and may_this_involvement_be_shown(one, on)
    }
    return tuple(current[shown.id] for shown in in_order_of_use(tuple(current.values()), on))


def shown_services(held: KnownRecord, at: datetime) -> dict[str, Involvement]:
    """The first row of each service that is named, by its key."""
    found: dict[str, Involvement] = {}
    for one in shown_rows(held, at):
        if one.contact.organisation_code == NOT_SHOWN_CODE:
            continue  # the desk passes a message on
        found.setdefault(_key(one), one)
    return found


def _askable_services(held: KnownRecord, at: datetime) -> dict[str, Involvement]:
    """The same without those that are closed: whoever asked there would wait for nobody."""
    shown = shown_services(held, at)
    return {key: one for key, one in shown.items() if one.contact.as_reached(at.date()).closed is None}


def _key(one: Involvement) -> str:
    return key_of(one.contact.organisation_code, one.service.code)


def _askable(one: Involvement) -> Askable:
    return Askable(
        key=_key(one),
        service=one.service.name,
        organisation=one.contact.organisation_name,
        practitioner=one.contact.practitioner or "",
        phone=one.contact.phone or "",
        inbox=stored.has_an_inbox(one.contact.organisation_code, one.service.code),
    )


def _lines(reached: Reached | None) -> list[str]:
    """Number, hours, night and holidays, each perhaps empty; nothing where the service has not said."""
    return [reached.phone, reached.hours, reached.night, reached.holidays] if reached else []


def _desk(held: KnownRecord, at: datetime) -> str:
    """The desk that brokers for a child that is not shielded: its authority's, or the national one."""
    return which_authority_is_responsible(held, at.date()) or NATIONAL


def _checked(question: ContactQuestion) -> ContactQuestion:
    phone = question.phone.strip()
    if not phone:
        raise InvalidInput("Enter a telephone number on which they can reach you.")
    return ContactQuestion(about=question.about, urgency=question.urgency, phone=phone)


def _asking(account: UUID, by: Viewer, at: datetime) -> Asking:
    return Asking(account=account, organisation=by.organisation_code, at=at)
