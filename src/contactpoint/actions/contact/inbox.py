"""The inbox: who asks the viewer's service to get in touch, and what became of what the viewer asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from contactpoint.actions.contact.ask import key_of, shown_services
from contactpoint.actions.contribute.own_child import known, named, named_in
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.brokering import REPLIES, went_out_at
from contactpoint.domain.contacting import (
    AnsweredContact,
    AskedContact,
    ContactStepDone,
    ContactToAnswer,
    Inbox,
    RequestOutcome,
    RequestStep,
    ThreadLine,
    after,
)
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import AccessRequest, RequestInQuestion
from contactpoint.domain.involvement import SERVICES
from contactpoint.storage.queries import contacting as stored
from contactpoint.storage.queries.children import shielded_record
from contactpoint.storage.queries.contacting import AnsweredRow, AskedRow, Asking, InboxRow
from contactpoint.storage.queries.handovers import colleagues_of

_SEE, _ANSWER = Permission.SEE_INBOX, Permission.ANSWER_CONTACT
NO_NAME = "Name not known"
ANSWERED_SHOWN_FOR = timedelta(days=14)
OF_A_DESK = REPLIES | {RequestOutcome.NO_REPLY}
NOTHING_WAITS = Refusal(
    sentence="That does not wait for you to answer.",
    rules=("R44",),
    way_on="A colleague may have answered already, or it was taken back. Go back to your inbox.",
)


@transaction.atomic
def inbox(*, by: Viewer, at: datetime) -> Inbox | Refusal:
    """Return what the viewer's services are asked, and what the viewer asked; audited.

    A request about a shielded child is in nobody's inbox: the national desk has it (R32).
    """
    decision = authorise(AccessRequest(viewer=by, permission=_SEE, at=at))
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NOTHING_WAITS, _SEE, by=by, at=at)
    waiting: tuple[InboxRow, ...] = ()
    answered: tuple[AnsweredRow, ...] = ()
    if _ANSWER in PERMISSIONS[by.role]:
        theirs = (by.organisation_code, by.services, by.account_id)
        waiting = stored.to_answer(*theirs, at)
        answered = stored.answered_by(*theirs, at - ANSWERED_SHOWN_FOR)
    asked = stored.asked_by(by.account_id, by.organisation_code)
    replies = stored.replies_to(by.account_id, by.organisation_code, given_before=went_out_at(at))
    asking = Asking(account=by.account_id, organisation=by.organisation_code, at=at)
    services = by.services if _ANSWER in PERMISSIONS[by.role] else ()
    threads = stored.threads(asking, services, since=at - ANSWERED_SHOWN_FOR)
    record(
        Action.LISTED_INBOX,
        by=by,
        at=at,
        subjects=[
            *(row.child for row in waiting),
            *(row.child for row in answered),
            *(row.child for row in asked),
        ],
        details={"to_answer": [row.request for row in waiting], "asked": [row.request for row in asked]},
    )
    colleagues = {
        one.account: (one.account, one.name, one.job_title)
        for service in dict.fromkeys(row.service for row in waiting)
        for one in colleagues_of(by.account_id, by.organisation_code, service)
    }
    return Inbox(
        to_answer=tuple(_to_answer(row, threads.get(row.request, ()), at) for row in waiting),
        asked=tuple(
            _asked(row, replies.get(row.request, []), threads.get(row.request, ()), at) for row in asked
        ),
        answered=tuple(_answered(row, threads.get(row.request, ()), at) for row in answered),
        colleagues=tuple(sorted(colleagues.values(), key=lambda one: (one[1], one[0]))),
    )


@transaction.atomic
def take_request(*, request: int, by: Viewer, at: datetime) -> ContactStepDone | Refusal:
    """Say that the viewer gets in touch; whoever asked sees who has it."""
    return _step(request, RequestStep.TAKE, Action.TOOK_CONTACT, by=by, at=at)


@transaction.atomic
def answer_request(
    *, request: int, outcome: RequestOutcome, by: Viewer, at: datetime
) -> ContactStepDone | Refusal:
    """Say how it ended. Whoever was reached through a desk may decide not to answer, which nobody is told."""
    return _step(request, RequestStep.ANSWER, Action.ANSWERED_CONTACT, outcome=outcome, by=by, at=at)


@transaction.atomic
def hand_on_request(*, request: int, to: UUID, by: Viewer, at: datetime) -> ContactStepDone | Refusal:
    """Hand a request on to a colleague of the same organisation who provides the same service."""
    return _step(request, RequestStep.HAND_ON, Action.HANDED_ON_CONTACT, to=to, by=by, at=at)


def _step(
    request: int,
    step: RequestStep,
    action: Action,
    *,
    outcome: RequestOutcome | None = None,
    to: UUID | None = None,
    by: Viewer,
    at: datetime,
) -> ContactStepDone | Refusal:
    account, organisation = by.account_id, by.organisation_code
    found = account and stored.lock_to_answer(request, organisation, by.services, account, at)
    asked = RequestInQuestion(organisation=organisation, service=found[1]) if found else None
    decision = authorise(AccessRequest(viewer=by, permission=_ANSWER, at=at, contact=asked))
    following = after(found[2], step) if found else None
    details: dict[str, Json] = {"request": request, **({"to": str(to)} if to else {})}
    if decision.refusal or not found or account is None or following is None:
        refusal = decision.refusal or NOTHING_WAITS
        return record_refusal(refusal, _ANSWER, by=by, at=at, details=details)
    child, service, state, through_desk = found
    if outcome in OF_A_DESK and not through_desk:
        return record_refusal(NOTHING_WAITS, _ANSWER, by=by, at=at, subjects=[child], details=details)
    if to is not None and to not in {one.account for one in colleagues_of(account, organisation, service)}:
        return record_refusal(NOTHING_WAITS, _ANSWER, by=by, at=at, subjects=[child], details=details)
    asking = Asking(account=account, organisation=organisation, at=at)
    if not stored.move(request, (state, following), services=by.services, by=asking, outcome=outcome, to=to):
        return record_refusal(NOTHING_WAITS, _ANSWER, by=by, at=at, subjects=[child], details=details)
    if outcome:
        details["outcome"] = outcome.value
    record(action, by=by, at=at, subjects=[child], details=details)
    return ContactStepDone(request=request)


def _to_answer(row: InboxRow, thread: tuple[ThreadLine, ...], at: datetime) -> ContactToAnswer:
    name, born = named(row.child, at)
    return ContactToAnswer(
        request=row.request,
        child_name=name,
        date_of_birth=born,
        service=SERVICES[row.service].name,
        about=row.about,
        urgency=row.urgency,
        asked_by=row.asked_by,
        asked_by_title=row.asked_by_title,
        asked_for=row.asked_for,
        phone=row.phone,
        asked_at=row.asked_at,
        answer_by=row.answer_by,
        state=row.state,
        taken_by=row.taken_by,
        mine=row.mine,
        through_desk=row.through_desk,
        thread=thread,
    )


def _answered(row: AnsweredRow, thread: tuple[ThreadLine, ...], at: datetime) -> AnsweredContact:
    return AnsweredContact(
        request=row.request,
        child_name=named(row.child, at)[0],
        service=SERVICES[row.service].name,
        asked_by=row.asked_by,
        outcome=row.outcome,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        through_desk=row.through_desk,
        thread=thread,
    )


def _asked(
    row: AskedRow, replies: Sequence[RequestOutcome], thread: tuple[ThreadLine, ...], at: datetime
) -> AskedContact:
    """One's own request; of a service that is not shown any more, as little as of a desk (R39, R41)."""
    if row.shielded:
        hidden = shielded_record(row.child)
        name, found = hidden.name if hidden else NO_NAME, None
    else:
        held = known(row.child)
        name = named_in(held, at)[0]
        found = shown_services(held, at).get(key_of(row.organisation or "", row.service or ""))
    shown = found is not None
    return AskedContact(
        request=row.request,
        child_name=name,
        protected=row.shielded,
        organisation=row.organisation_name if shown else None,
        service=SERVICES[row.service].name if shown and row.service else None,
        about=row.about,
        urgency=row.urgency,
        asked_at=row.asked_at,
        answer_by=row.answer_by,
        state=row.state if shown else None,
        outcome=row.outcome if shown else None,
        taken_by=row.taken_by if shown else None,
        changed_at=row.changed_at if shown else None,
        reached=found.contact.service if found else None,
        replies=() if row.shielded else tuple(replies),
        by_desk=shown and row.by_desk,
        thread=thread if shown else (),
    )
