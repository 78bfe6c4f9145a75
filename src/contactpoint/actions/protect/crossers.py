"""Who may cross between sealed identities: two people, each named by two of the national team (R35)."""

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
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.sealed_identity import (
    CROSSERS,
    Crosser,
    CrosserChanged,
    CrosserInQuestion,
)
from contactpoint.storage.queries import sealed_identities as stored
from contactpoint.storage.queries.staff import person

_ASKED: Final = Permission.NAME_CROSSERS
CANNOT = Refusal(
    sentence="Nobody of that e-mail address can be named here.",
    rules=("R35",),
    way_on=(
        "It has to be somebody other than you, of the national shield desk, whose account is open and who is "
        "not named already. There are two places: end one first if both are taken."
    ),
)
NOT_HERE = Refusal(
    sentence="Nobody is named so any more.",
    rules=("R35",),
    way_on="A colleague may have dealt with it. Go back to the list.",
)


@transaction.atomic
def crossers(*, by: Viewer, at: datetime) -> tuple[Crosser, ...] | Refusal:
    """Return who is named, and who could be once a second person agrees; audited."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    seeing = record(Action.LISTED_CROSSERS, by=by, at=at, details={"rules": list(decision.rules)})
    return stored.crossers_named(seeing)


@transaction.atomic
def name_crosser(*, email: str, until: date, by: Viewer, at: datetime) -> CrosserChanged | Refusal:
    """Name somebody until a day; it counts once a second person agrees."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    event = record(Action.NAMED_CROSSER, by=by, at=at, details={"until": until.isoformat()})
    named = stored.name_crosser(event, email.strip(), until)
    if named is None:
        return record_refusal(CANNOT, _ASKED, by=by, at=at)
    record(Action.NAMED_CROSSER, by=by, at=at, details={"to": str(named), "until": until.isoformat()})
    return CrosserChanged(what="named")


@transaction.atomic
def agree_crosser(*, crosser: int, by: Viewer, at: datetime) -> CrosserChanged | Refusal:
    """Agree as the second person; never the first, nor whoever is named."""

    def question(one: Crosser) -> CrosserInQuestion:
        mine = one.account == by.account_id
        return CrosserInQuestion(for_viewer=mine, first_named_by_viewer=one.first_account == by.account_id)

    return _change(crosser, question, Action.AGREED_CROSSER, "agreed", by=by, at=at)


@transaction.atomic
def end_crosser(*, crosser: int, by: Viewer, at: datetime) -> CrosserChanged | Refusal:
    """Take a name off at once."""
    return _change(crosser, lambda _: None, Action.ENDED_CROSSER, "ended", by=by, at=at)


def crossers_lacking(seeing: UUID, at: datetime) -> int:
    """How many of the two are missing today; whoever has lapsed or is suspended is."""
    good = sum(may_they_cross_today(one, at) for one in stored.crossers_named(seeing))
    return CROSSERS - min(good, CROSSERS)


def may_they_cross_today(one: Crosser, at: datetime) -> bool:
    """Whether somebody who is named could cross now: named by two, working there, in good standing."""
    if one.second is None or not one.works_there:
        return False
    found = person(one.account)
    return found is not None and not found.lapses(at.date())


def _change(
    crosser: int,
    question: Callable[[Crosser], CrosserInQuestion | None],
    action: Action,
    what: str,
    *,
    by: Viewer,
    at: datetime,
) -> CrosserChanged | Refusal:
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    seeing = record(action, by=by, at=at, details={"crosser": crosser})
    one = next((found for found in stored.crossers_named(seeing) if found.id == crosser), None)
    if one is None:
        return record_refusal(NOT_HERE, _ASKED, by=by, at=at, details={"crosser": crosser})
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, crosser=question(one)))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details={"crosser": crosser})
    act = stored.agree_crosser if action is Action.AGREED_CROSSER else stored.end_crosser
    return CrosserChanged(what=what) if act(seeing, crosser) else NOT_HERE
