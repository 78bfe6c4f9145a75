"""Review how the directory was used: the list, one access with its evidence, a verdict, a month signed off.

Every look at it is itself an event, written first: the database shows nothing to a reviewer who was not
written down, and finds out for itself what is theirs to review (R52).
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, AuditEvent, Json, Outcome
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, UseInQuestion
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.domain.review.deciding import (
    CLOSED,
    OPEN,
    TRANSITIONS,
    SignedOff,
    UseChanged,
    UseDecided,
    UseEvidence,
    UseInFull,
    UseLine,
    UseMonth,
    UseSignedOff,
    UseState,
    Verdict,
    what_may_be_said,
)
from contactpoint.storage.queries import review as stored

_ASKED = Permission.REVIEW_USE
NOT_YOURS = Refusal(
    sentence="Nothing of that kind waits for you to review.",
    rules=("R52",),
    way_on="Go back to “Use to review”. Another reviewer may have it, or have closed it.",
)


@transaction.atomic
def use_to_review(
    *, by: Viewer, at: datetime, passed_over: int = 0, closed: bool = False, stands: UseState | None = None
) -> tuple[int, tuple[UseLine, ...]] | Refusal:
    """Return how many accesses wait for the reviewer and a page of them, riskiest first (R52, R53).

    With `closed` those that were closed; with `stands` those alone that stand so.
    """
    seeing = _begin(
        Action.LISTED_USE, {"closed": closed, "stands": stands.value if stands else ""}, by=by, at=at
    )
    if isinstance(seeing, Refusal):
        return seeing
    states = (stands,) if stands else CLOSED if closed else OPEN
    return stored.use_to_review(seeing, states, passed_over=passed_over)


@transaction.atomic
def open_use(*, item: int, by: Viewer, at: datetime) -> UseInFull | Refusal:
    """Return an access with its evidence. What was disclosed is named and not shown again (R52).

    Whatever the reviewer may not know of is as absent as what never was (R34).
    """
    seeing = _begin(Action.OPENED_USE, {"item": item}, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    return _in_full(item, seeing, by=by, at=at)


@transaction.atomic
def decide_use(
    *, item: int, seen: str, verdict: Verdict, because: str, by: Viewer, at: datetime
) -> UseDecided | UseChanged | Refusal:
    """Write down what a reviewer says of an access, and do it; a suspension holds at once (R52).

    Args:
        item: the access.
        seen: the state that the reviewer's page showed.
        verdict: what they say.
        because: why, for whoever looks at it later.
        by: the reviewer.
        at: now.

    Raises:
        InvalidInput: a verdict that cannot be given as it stands.
    """
    seeing = _begin(Action.OPENED_USE, {"item": item}, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    found = _in_full(item, seeing, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    line = found.line
    if line.state.value != seen:
        return UseChanged(now=found)
    if verdict not in found.may_be_said:
        raise InvalidInput("That cannot be said of it as it stands. Choose from the list.")
    becomes = TRANSITIONS[line.state][verdict]
    stored.decide_use(item, seeing, was=line.state, becomes=becomes, verdict=verdict, because=because, at=at)
    _record_decision(line, verdict, because, by=by, at=at)
    return UseDecided(verdict=verdict.value)


@transaction.atomic
def month_of_use(
    *, month: date, by: Viewer, at: datetime
) -> tuple[UseMonth, tuple[UseSignedOff, ...]] | Refusal:
    """Return what a month came to for the reviewer's authority, and the months signed off (R54)."""
    seeing = _begin(Action.LISTED_USE, {"month": month.isoformat()}, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    return stored.use_month(seeing, month.replace(day=1)), stored.signed_off(seeing)


@transaction.atomic
def sign_off_month(*, month: date, because: str, by: Viewer, at: datetime) -> SignedOff | Refusal:
    """Sign a month off, with its figures as they are, once it is over and nothing of it waits (R54).

    Raises:
        Conflict: the month is not over, something of it waits, or it was signed off before.
    """
    seeing = _begin(Action.LISTED_USE, {"month": month.isoformat()}, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    first = month.replace(day=1)
    came = stored.use_month(seeing, first)
    if (at.year, at.month) <= (first.year, first.month):
        raise Conflict("This month is not over. It can be signed off from the first day of the next.")
    if came.still_open:
        raise Conflict("Some of this month still waits. Decide about all of it, then sign it off.")
    if not stored.sign_off(seeing, first, because=because, at=at):
        raise Conflict("This month was signed off before.")
    figures: dict[str, Json] = {
        "month": first.isoformat(),
        "accesses": came.accesses,
        "explained": came.explained,
        "queued": came.queued,
    }
    record(Action.SIGNED_OFF_USE, by=by, at=at, details=figures)
    return SignedOff(month=first.isoformat())


def _begin(action: Action, details: Mapping[str, Json], *, by: Viewer, at: datetime) -> UUID | Refusal:
    """Ask the rules, and write down first that the reviewer looks."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details)
    return record(action, by=by, at=at, details={**details, "rules": list(decision.rules)})


def _in_full(item: int, seeing: UUID, *, by: Viewer, at: datetime) -> UseInFull | Refusal:
    line = stored.use_opened(item, seeing)
    use = _in_question(line) if line else None
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, use=use))
    if decision.refusal or line is None:
        return record_refusal(decision.refusal or NOT_YOURS, _ASKED, by=by, at=at, details={"item": item})
    manager, suspended_by_viewer = stored.manager_of(item, seeing)
    return UseInFull(
        line=line,
        evidence=tuple(_evidence(event) for event in stored.events_of(item, seeing)),
        steps=stored.steps_of(item, seeing),
        manager=manager,
        may_be_said=what_may_be_said(
            line.state, suspended_by_viewer=suspended_by_viewer, has_manager=bool(manager)
        ),
    )


def _in_question(line: UseLine) -> UseInQuestion:
    return UseInQuestion(
        account=line.account,
        organisation=line.organisation,
        team_size=line.team_size,
        protected=line.protected,
        reviewed_by=line.reviewed_by,
    )


def _record_decision(line: UseLine, verdict: Verdict, because: str, *, by: Viewer, at: datetime) -> None:
    details: dict[str, Json] = {
        "item": line.item,
        "account": str(line.account),
        "verdict": verdict.value,
        "codes": list(line.codes),
        "because": because,
    }
    subjects = [line.child] if line.child else []
    record(Action.REVIEWED_AUDIT, by=by, at=at, subjects=subjects, details=details)
    if verdict is Verdict.SUSPEND:
        record(Action.SUSPENDED, by=by, at=at, details={"account": str(line.account), "item": line.item})
    if line.state is UseState.SUSPENDED and verdict is Verdict.JUSTIFIED:
        record(Action.REINSTATED, by=by, at=at, details={"account": str(line.account), "item": line.item})


def _evidence(event: AuditEvent | None) -> UseEvidence:
    """What an event tells a reviewer: names of what was typed and disclosed, and none of their values."""
    if event is None:
        return UseEvidence(at=None)
    terms, disclosed = event.details.get("terms"), event.details.get("disclosed")
    shown = disclosed if isinstance(disclosed, Mapping) else {}
    requester = event.actor.mediated_for
    return UseEvidence(
        at=event.occurred_at,
        action=event.action.value,
        allowed=event.outcome is Outcome.ALLOWED,
        purpose=(event.purpose.text or event.purpose.code) if event.purpose else "",
        typed=tuple(sorted(terms)) if isinstance(terms, Mapping) else (),
        shown=len(event.subjects),
        protected=shown.get("protected") is True,
        fields=(*_texts(shown.get("fields")), *_texts(shown.get("identifiers"))),
        services=len(_listed(shown.get("involvements"))),
        mediated_for=requester.name if requester else "",
        how=str(event.details.get("how_text") or event.details.get("how") or ""),
    )


def _listed(value: Json) -> tuple[Json, ...]:
    return tuple(value) if isinstance(value, list | tuple) else ()


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(one for one in _listed(value) if isinstance(one, str))
