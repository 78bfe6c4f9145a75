"""Families who ask what is held: recorded, listed, opened and moved by the desk that answers (R60)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.contribute.own_child import known, named_in
from contactpoint.actions.find.open_record import NO_SUCH_RECORD, record_in_question
from contactpoint.actions.find.responsible import responsible_for
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.held import KnownRecord, ShieldedRecord
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.family.asking import (
    TRANSITIONS,
    Because,
    FamilyAsking,
    FamilyInQuestion,
    FamilyLine,
    FamilyState,
    FamilyStep,
    due_on,
    was_it_shown_who_asks,
    what_becomes_of_it,
)
from contactpoint.domain.family.telling import RECENT, Choosable, what_can_be_chosen
from contactpoint.storage.queries import family as stored
from contactpoint.storage.queries.children import shielded_record
from contactpoint.storage.queries.family import FamilyRow, FamilyWaiting

_ASKED: Final = Permission.ANSWER_FAMILY
# A request that was recorded is the reason for whatever is looked at to answer it.
WHY: Final = Purpose(code=PurposeCode.FAMILY_ASKS)
_MOMENT: Final = timedelta(microseconds=1)
NOT_HERE = Refusal(
    sentence="No request of that number waits at your desk.",
    rules=("R60",),
    way_on="A colleague or the national desk may answer it by now. Go back to the families who ask.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRecorded:
    """The answer to recording a request: by when it is answered, and whether the national desk does it."""

    request: int
    due_on: str
    elsewhere: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyMoved:
    """The answer to a step: where the request stands, and whether the national desk has it now."""

    state: str
    elsewhere: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRequestInFull:
    """One request as its desk reads it.

    `may` are the steps that come next; `homes` and `carers` those of whom the person asking may be one, none
    where the national desk answers.
    """

    request: int
    child_name: str
    number: str
    protected: bool
    asking: FamilyAsking
    shown: bool
    due_on: date
    state: FamilyState
    because: Because | None
    may: tuple[FamilyStep, ...]
    homes: tuple[Choosable, ...]
    carers: tuple[Choosable, ...]


def answers_families(by: Viewer) -> bool:
    """Say whether the viewer's role answers families (R60)."""
    return _ASKED in PERMISSIONS[by.role]


@transaction.atomic
def may_be_recorded(*, number: str, purpose: Purpose | None, by: Viewer, at: datetime) -> Refusal | None:
    """Say why the viewer may not record a family's request about this child, None where they may."""
    found = _in_question(number, purpose, by=by, at=at)
    return found if isinstance(found, Refusal) else None


@transaction.atomic
def record_family_request(
    *, number: str, asking: FamilyAsking, purpose: Purpose | None, by: Viewer, at: datetime
) -> FamilyRecorded | Refusal:
    """Record that somebody asks what is held about a child, and how they showed that they may (R60).

    Of a protected child it goes to the national shield desk, which answers; the same whatever is held.
    """
    held = _in_question(number, purpose, by=by, at=at)
    if isinstance(held, Refusal):
        return held
    due = due_on(asking.received_on)
    details: dict[str, Json] = {
        "asker": asking.asker.value,
        "identity": asking.identity.value,
        "entitlement": asking.entitlement.value,
        "received_on": asking.received_on.isoformat(),
    }
    seeing = record(
        Action.RECORDED_FAMILY_REQUEST, by=by, at=at, purpose=purpose, subjects=[held.number], details=details
    )
    request = stored.record_request(seeing, held.number, asking, due_on=due)
    return FamilyRecorded(request=request, due_on=due.isoformat(), elsewhere=isinstance(held, ShieldedRecord))


@transaction.atomic
def families_waiting(*, by: Viewer, at: datetime) -> tuple[FamilyWaiting, ...]:
    """Return who waits for an answer anywhere, the soonest due first, naming nobody; as the owner (R57)."""
    waiting = stored.waiting_everywhere()
    record(Action.LISTED_FAMILY_REQUESTS, by=by, at=at, details={"waiting": len(waiting)})
    return waiting


@transaction.atomic
def family_requests(*, by: Viewer, at: datetime) -> tuple[FamilyLine, ...] | Refusal:
    """Return what waits at the viewer's desk, the soonest due first, without saying of whom; audited."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    seeing = record(Action.LISTED_FAMILY_REQUESTS, by=by, at=at, details={"rules": list(decision.rules)})
    return requests_seen(seeing, at)


def requests_seen(seeing: UUID, at: datetime) -> tuple[FamilyLine, ...]:
    """Read what waits at the desk that was written down as looking."""
    return stored.requests(seeing, since=at - RECENT)


@transaction.atomic
def open_family_request(*, request: int, by: Viewer, at: datetime) -> FamilyRequestInFull | Refusal:
    """Open one: about whom, from whom, what may be done; audited with whose it is."""
    found = at_their_desk(request, Action.OPENED_FAMILY_REQUEST, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    row, held = found.row, found.held
    name = held.name if isinstance(held, ShieldedRecord) else named_in(held, at)[0]
    homes, carers = what_can_be_chosen(held, at.date()) if isinstance(held, KnownRecord) else ((), ())
    asking = row.asking
    return FamilyRequestInFull(
        request=request,
        child_name=name,
        number=row.child,
        protected=row.shielded or row.passed_on,
        asking=asking,
        shown=was_it_shown_who_asks(asking.identity, asking.entitlement),
        due_on=row.due_on,
        state=row.state,
        because=row.because,
        may=tuple(
            step
            for step in FamilyStep
            if (row.state, step) in TRANSITIONS and not (step is FamilyStep.PASS_ON and found.elsewhere)
        ),
        homes=() if found.elsewhere else homes,
        carers=() if found.elsewhere else carers,
    )


@transaction.atomic
def move_family_request(
    *, request: int, step: FamilyStep, because: Because | None, by: Viewer, at: datetime
) -> FamilyMoved | Refusal:
    """Extend one with a reason, refuse it with one, say that it was answered, or pass it on (R60)."""
    found = at_their_desk(request, Action.MOVED_FAMILY_REQUEST, by=by, at=at, step=step, because=because)
    if isinstance(found, Refusal):
        return found
    row = found.row
    becomes = what_becomes_of_it(row.state, step, because)
    extended = FamilyState.EXTENDED in {row.state, becomes}
    due = due_on(row.asking.received_on, extended=extended)
    passed = step is FamilyStep.PASS_ON
    if becomes is None or not stored.move_request(
        found.seeing, row, becomes, because=because, due_on=due, pass_on=passed
    ):
        return record_refusal(NOT_HERE, _ASKED, by=by, at=at, details={"request": request})
    return FamilyMoved(state=becomes.value, elsewhere=passed)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDesk:
    """A request that the viewer's desk answers, and what is held of its child; `elsewhere`: protected."""

    seeing: UUID
    row: FamilyRow
    held: KnownRecord | ShieldedRecord
    elsewhere: bool


def at_their_desk(
    request: int,
    action: Action,
    *,
    by: Viewer,
    at: datetime,
    step: FamilyStep | None = None,
    because: Because | None = None,
    tells: bool = False,
) -> AtDesk | Refusal:
    """Write down who looks, read a request of their desk, and ask the rules; then write down of whom."""
    details: dict[str, Json] = {"request": request}
    if step is not None:
        details |= {"step": step.value, "because": because.value if because else ""}
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details)
    seeing = record(action, by=by, at=at, purpose=WHY, details=details)
    row = stored.request_at(seeing, request)
    held = _held(row) if row else None
    if row is None or held is None:
        return record_refusal(NOT_HERE, _ASKED, by=by, at=at, purpose=WHY, details=details)
    protected = row.shielded or row.passed_on
    asking = row.asking
    tells = tells or step is FamilyStep.ANSWER
    question = FamilyInQuestion(
        protected=protected,
        authority=None,  # it was theirs when it was recorded
        shown=was_it_shown_who_asks(asking.identity, asking.entitlement) if tells else None,
        state=row.state,
        step=step,
        because=because,
    )
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, family=question))
    if decision.refusal:
        return record_refusal(
            decision.refusal, _ASKED, by=by, at=at, purpose=WHY, subjects=[row.child], details=details
        )
    # A moment later, so that what somebody did stands in the order in which they did it.
    record(action, by=by, at=at + _MOMENT, purpose=WHY, subjects=[row.child], details=details)
    return AtDesk(seeing=seeing, row=row, held=held, elsewhere=protected)


def _held(row: FamilyRow) -> KnownRecord | ShieldedRecord | None:
    return shielded_record(row.child) if row.shielded else known(row.child)


def _in_question(
    number: str, purpose: Purpose | None, *, by: Viewer, at: datetime
) -> KnownRecord | ShieldedRecord | Refusal:
    held = record_in_question(_ASKED, number=number, purpose=purpose, by=by, at=at)
    if isinstance(held, (Refusal, ShieldedRecord)):
        return held if by.account_id is not None else NO_SUCH_RECORD
    authority = responsible_for(held, at.date())
    decision = authorise(
        AccessRequest(
            viewer=by,
            permission=_ASKED,
            at=at,
            purpose=purpose,
            family=FamilyInQuestion(protected=False, authority=authority),
        )
    )
    if decision.refusal or by.account_id is None:
        refusal = decision.refusal or NO_SUCH_RECORD
        return record_refusal(refusal, _ASKED, by=by, at=at, purpose=purpose, subjects=[held.number])
    return held
