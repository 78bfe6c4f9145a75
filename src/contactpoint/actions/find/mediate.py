"""Look for somebody who has no account: both are named, one record is opened (R5, R6)."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction

from contactpoint.actions.find.open_record import open_and_tell
from contactpoint.actions.find.reasons import retired
from contactpoint.actions.find.search import search
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import OnBehalfOf, Viewer
from contactpoint.domain.disclosure.answers import Record, Refusal, SearchAnswer
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.mediation import (
    LASTS,
    Mediation,
    MediationBegun,
    RecordAskedFor,
    RequesterInQuestion,
    RequesterSaid,
)
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.errors import InvalidIdentifier
from contactpoint.domain.identifiers import parse_child_number
from contactpoint.storage.queries import mediation as stored
from contactpoint.storage.queries.children import find_child
from contactpoint.storage.settings import settings_at

_ASKED: Final = Permission.MEDIATE
_LONGEST_NUMBER: Final = 40
NOBODY_ASKS = Refusal(
    sentence="Nobody asks through you now.",
    rules=("R6",),
    way_on="A request lasts for one hour. Write down anew who asks.",
)


@transaction.atomic
def begin_mediation(
    *, said: RequesterSaid, purpose: Purpose | None, by: Viewer, at: datetime
) -> MediationBegun | Refusal:
    """Write down who asks, how that was checked, and why they need to look (R6, R8).

    Somebody who has an account is not looked for, whatever keeps them out of it.
    """
    accredited, has_account, waits = stored.requester_known(said.email, said.organisation, at.date())
    question = RequesterInQuestion(
        accredited=accredited,
        has_account=has_account,
        waits=waits,
        checked=said.checked,
        vouched=said.vouched,
    )
    decision = authorise(
        AccessRequest(viewer=by, permission=_ASKED, at=at, purpose=purpose, requester=question)
    )
    # What kind of organisation asks decides nothing before a record is opened.
    asks = OnBehalfOf(name=said.name, title=said.title, organisation=said.organisation, organisation_kind="")
    both = replace(by, mediates_for=asks)
    details: dict[str, Json] = {"checked": said.checked.value, "vouched": said.vouched}
    refusal = decision.refusal or retired(purpose, settings_at(at))
    if refusal or purpose is None or by.account_id is None:
        refusal = refusal or NOBODY_ASKS
        return record_refusal(refusal, _ASKED, by=both, at=at, purpose=purpose, details=details)
    event = record(Action.BEGAN_MEDIATION, by=both, at=at, purpose=purpose, details=details)
    return MediationBegun(mediation=stored.begin_mediation(event, said, purpose, at=at))


@transaction.atomic
def mediation(*, which: int, by: Viewer, at: datetime) -> Mediation | Refusal:
    """Return who asks through the viewer now; nothing about a child."""
    found = None
    if by.account_id is not None:
        found = stored.mediation_of(which, by.account_id, by.organisation_code, not_before=at - LASTS)
    purpose = found.purpose if found else None
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, purpose=purpose))
    if found is None or decision.refusal:
        refusal = NOBODY_ASKS if found is None or decision.refusal is None else decision.refusal
        return record_refusal(refusal, _ASKED, by=by, at=at, details={"mediation": which})
    return found


def search_for(*, asks: Mediation, criteria: Criteria, by: Viewer, at: datetime) -> SearchAnswer | Refusal:
    """Search as the viewer may, under both names and for the reason that was given (R6, R51).

    Raises what a search raises.
    """
    return search(criteria=criteria, purpose=asks.purpose, by=_both(by, asks), at=at)


@transaction.atomic
def open_for(
    *, which: int, number: str, by: Viewer, at: datetime, said_again: str | None = None
) -> tuple[Mediation, Record | Refusal] | Refusal:
    """Open the one record that is asked for, as the viewer could, under both names (R6, R8, R51).

    It may be looked at again until the request runs out; another one may not.
    """
    asks = mediation(which=which, by=by, at=at)
    if isinstance(asks, Refusal):
        return asks
    both = _both(by, asks)
    asked = RecordAskedFor(opened_before=asks.opened, now=_living(number, by))
    decision = authorise(
        AccessRequest(viewer=both, permission=_ASKED, at=at, purpose=asks.purpose, record_asked_for=asked)
    )
    if decision.refusal:
        details: dict[str, Json] = {"mediation": which, "number": number[:_LONGEST_NUMBER]}
        refused = record_refusal(
            decision.refusal, _ASKED, by=both, at=at, purpose=asks.purpose, details=details
        )
        return asks, refused
    shown, event = open_and_tell(number=number, purpose=asks.purpose, by=both, at=at, said_again=said_again)
    if event is not None and not stored.open_for_requester(event, which):
        transaction.set_rollback(True)
        return NOBODY_ASKS
    return asks, shown


def _both(by: Viewer, asks: Mediation) -> Viewer:
    who = OnBehalfOf(
        name=asks.name,
        title=asks.title,
        organisation=asks.organisation,
        organisation_kind=asks.organisation_kind,
    )
    return replace(by, mediates_for=who)


def _living(number: str, by: Viewer) -> str:
    """The number a record goes by now, or what was typed, which opens nothing."""
    try:
        child = find_child(parse_child_number(number), for_whom=by.account_id)
    except InvalidIdentifier:
        return number
    return child.number if child else number
