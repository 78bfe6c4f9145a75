"""Who may override shields: given by one person of a shield desk, agreed to by a second, ended by any."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.override import OverrideRight, RightChanged, RightInQuestion
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.storage.queries import overrides as stored

_ASKED: Final = Permission.GIVE_OVERRIDE
CANNOT = Refusal(
    sentence="Nobody of that e-mail address can be given the right to override here.",
    rules=("R33",),
    way_on=(
        "It has to be somebody other than you, who works with children in the area of your desk, whose "
        "account is open, and who does not have the right already."
    ),
)
NOT_HERE = Refusal(
    sentence="No such right waits at your desk.",
    rules=("R33",),
    way_on="A colleague may have dealt with it. Go back to the list.",
)


@transaction.atomic
def override_rights(*, by: Viewer, at: datetime) -> tuple[OverrideRight, ...] | Refusal:
    """Return who may override, and who could once a second person agrees; audited (R33)."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    seeing = record(Action.LISTED_OVERRIDES, by=by, at=at, details={"rules": list(decision.rules)})
    return stored.override_rights(seeing)


@transaction.atomic
def give_override(*, email: str, until: date, by: Viewer, at: datetime) -> RightChanged | Refusal:
    """Give somebody the right until a day; it counts once a second person agrees (R33)."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    event = record(Action.GAVE_OVERRIDE, by=by, at=at, details={"until": until.isoformat()})
    taker = stored.give_override(event, email.strip(), until)
    if taker is None:
        return record_refusal(CANNOT, _ASKED, by=by, at=at)
    record(Action.GAVE_OVERRIDE, by=by, at=at, details={"to": str(taker), "until": until.isoformat()})
    return RightChanged(what="given")


@transaction.atomic
def agree_override(*, right: int, by: Viewer, at: datetime) -> RightChanged | Refusal:
    """Agree as the second person; never the first, nor whoever gets it (R33)."""

    def question(one: OverrideRight) -> RightInQuestion:
        mine = one.account == by.account_id
        return RightInQuestion(for_viewer=mine, first_given_by_viewer=one.first_account == by.account_id)

    return _change(right, question, Action.AGREED_OVERRIDE, "agreed", by=by, at=at)


@transaction.atomic
def end_override(*, right: int, by: Viewer, at: datetime) -> RightChanged | Refusal:
    """End a right at once (R33)."""
    return _change(right, lambda _: None, Action.ENDED_OVERRIDE, "ended", by=by, at=at)


def _change(
    right: int,
    question: Callable[[OverrideRight], RightInQuestion | None],
    action: Action,
    what: str,
    *,
    by: Viewer,
    at: datetime,
) -> RightChanged | Refusal:
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    seeing = record(action, by=by, at=at, details={"right": right})
    one = next((found for found in stored.override_rights(seeing) if found.id == right), None)
    if one is None:
        return record_refusal(NOT_HERE, _ASKED, by=by, at=at, details={"right": right})
    asked = AccessRequest(viewer=by, permission=_ASKED, at=at, override_right=question(one))
    decision = authorise(asked)
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details={"right": right})
    return RightChanged(what=what) if _carried_out(action, seeing, right) else NOT_HERE


def _carried_out(action: Action, seeing: UUID, right: int) -> bool:
    if action is Action.AGREED_OVERRIDE:
        return stored.agree_override(seeing, right)
    return stored.end_override(seeing, right)
