"""Split or merge an authority from the pages: preview, plan, agree as a second person, take back (ADR 30).

What is agreed here the worker carries out, by the same action as the command line (reorganise.py).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.actions.run.reorganise import check_waves
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import InvalidInput, NotFound
from contactpoint.domain.reorganising import (
    ChangeAnswer,
    ChangeStep,
    Plan,
    PlannedChange,
    Preview,
    read_listed,
)
from contactpoint.domain.two_people import check_reason
from contactpoint.storage import authority_changes as stored
from contactpoint.storage import reorganising

_ASKED: Final = Permission.KEEP_REFERENCE
NO_CHANGE: Final = "There is no such change. Go back to splits and mergers."
NOT_NOW: Final = Refusal(
    sentence="That cannot be done with this authority now.",
    rules=("R58",),
    way_on="Another change of it waits, a colleague was first, or you asked for it yourself. Look again.",
)


@transaction.atomic
def authority_changes(*, by: Viewer, at: datetime) -> tuple[PlannedChange, ...] | Refusal:
    """Every split and merger that was planned, newest first; audited."""
    seeing = _begin(Action.LISTED_REFERENCE, {"authorities": True}, by=by, at=at)
    return seeing if isinstance(seeing, Refusal) else stored.changes(seeing)


@transaction.atomic
def authority_change(*, number: int, by: Viewer, at: datetime) -> PlannedChange | Refusal:
    """One of them; audited.

    Raises:
        NotFound: there is none of that number.
    """
    seeing = _begin(Action.LISTED_REFERENCE, {"authority_change": number}, by=by, at=at)
    return seeing if isinstance(seeing, Refusal) else _find(seeing, number)


def plan_of(*, authority: str, into: str, listed: str) -> Plan:
    """Read a plan as it is typed; people by their e-mail address.

    Raises:
        InvalidInput: a line is none, nobody has an address, or it plans nothing.
    """
    named = read_listed(listed)
    accounts = stored.accounts_of(list(named["person"]))
    for email, (line, _) in named["person"].items():
        if email not in accounts:
            raise InvalidInput(f"Line {line}: nobody here has the e-mail address {email}.")
    return Plan(
        authority=authority,
        rest=into,
        organisations={code: to for code, (_, to) in named["organisation"].items()},
        sources={code: to for code, (_, to) in named["source"].items()},
        people={accounts[email]: to for email, (_, to) in named["person"].items()},
    )


@transaction.atomic
def preview_change(*, plan: Plan, by: Viewer, at: datetime) -> Preview | Refusal:
    """Count what a plan concerns; small numbers of children, and protections, are not told (R34).

    Raises:
        InvalidInput: it names what nobody told us of, or what is not the authority's.
    """
    seeing = _begin(Action.LISTED_REFERENCE, {"previewed": plan.authority}, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    _check_plan(plan)
    return stored.authority_has(seeing, plan.authority)


@transaction.atomic
def ask_for_change(*, plan: Plan, because: str, by: Viewer, at: datetime) -> ChangeAnswer | Refusal:
    """Write a plan down for a second person. Nothing changes yet.

    Raises:
        InvalidInput: no reason is given; or as `preview_change`.
    """
    why = check_reason(because)
    details: dict[str, Json] = {
        "authority": plan.authority,
        "rest": plan.rest,
        "organisations": dict(plan.organisations),
        "sources": dict(plan.sources),
        "people": dict(plan.people),
        "because": why,
    }
    seeing = _begin(Action.ASKED_AUTHORITY_CHANGE, details, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    _check_plan(plan)
    made = stored.plan(seeing, plan, why)
    if made is None:
        return record_refusal(NOT_NOW, _ASKED, by=by, at=at, details=details)
    return ChangeAnswer(number=made, step="ask")


@transaction.atomic
def step_authority_change(
    *, number: int, step: ChangeStep, by: Viewer, at: datetime
) -> ChangeAnswer | Refusal:
    """Agree as a second person, drop one's own plan, ask to take a change back, or agree to that.

    Raises:
        NotFound: there is none of that number.
    """
    details: dict[str, Json] = {"authority_change": number, "step": step.value}
    seeing = _begin(Action.LISTED_REFERENCE, details, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    if step not in _find(seeing, number).steps:
        return record_refusal(NOT_NOW, _ASKED, by=by, at=at, details=details)
    event = record(Action.STEPPED_AUTHORITY_CHANGE, by=by, at=at, details=details)
    if not stored.step(event, number, step):
        return record_refusal(NOT_NOW, _ASKED, by=by, at=at, details=details)
    return ChangeAnswer(number=number, step=step.value)


def changes_to_agree(seeing: UUID) -> int:
    """How many changes wait for a second person, who is not the one that asked."""
    agreeing = {ChangeStep.AGREE, ChangeStep.AGREE_UNDO}
    return sum(bool(agreeing & {*one.steps}) for one in stored.changes(seeing))


def _begin(action: Action, details: Mapping[str, Json], *, by: Viewer, at: datetime) -> UUID | Refusal:
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details)
    return record(action, by=by, at=at, details={**details, "rules": list(decision.rules)})


def _check_plan(plan: Plan) -> None:
    unknown = reorganising.unknown_codes(plan)
    if unknown:
        raise InvalidInput(f"There is no {unknown[0]} here. A new authority comes with its list first.")
    # A place that is named on no record is no authority's as far as a page tells; the command line moves it.
    hidden = stored.kept_back([*plan.organisations, *plan.people.values()])
    foreign = sorted({*reorganising.not_of_it(plan), *hidden})
    if foreign:
        raise InvalidInput(
            f"{foreign[0]} is not of authority {plan.authority}: only what is its own goes elsewhere."
        )
    check_waves(plan)


def _find(seeing: UUID, number: int) -> PlannedChange:
    found = next((one for one in stored.changes(seeing) if one.number == number), None)
    if found is None:
        raise NotFound(NO_CHANGE)
    return found
