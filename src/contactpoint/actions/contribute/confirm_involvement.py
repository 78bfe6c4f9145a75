"""A second person of the same organisation confirms what one practitioner said; then others see it."""

from datetime import datetime

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import RecordedInvolvement, Refusal, WaitingInvolvement
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.consent import which_statements_may_speak
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import AccessRequest, UnconfirmedInvolvement
from contactpoint.domain.disclosure.redact import NO_NAME
from contactpoint.domain.meanwhile import ChangedMeanwhile, InvolvementVersion
from contactpoint.domain.survivorship import derive
from contactpoint.storage.queries.involvements import (
    Unconfirmed,
    involvements_of,
    unconfirmed_by_id,
    unconfirmed_of,
)
from contactpoint.storage.queries.own_word import confirm_own_word
from contactpoint.storage.queries.statements import statements_of
from contactpoint.storage.queries.versions import version_of_involvement

_ASKED = Permission.CONFIRM_INVOLVEMENT
NOTHING_WAITS = Refusal(
    sentence="Nothing is waiting here for you to confirm.",
    rules=("R45",),
    way_on="Somebody may have confirmed it already. Go back to the list.",
)


@transaction.atomic
def waiting(*, by: Viewer, at: datetime) -> tuple[WaitingInvolvement, ...] | Refusal:
    """Return what colleagues recorded and the viewer may confirm, oldest first; it is audited."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    waits = unconfirmed_of(by.organisation_code, by.services, by.account_id)
    found = [one for one in waits if one.recorded_by != by.account_id]
    record(
        Action.LISTED_WAITING,
        by=by,
        at=at,
        subjects=[one.child for one in found],
        details={"rules": list(decision.rules)},
    )
    return tuple(_shown(one, at) for one in found)


@transaction.atomic
def confirm_involvement(
    *, involvement_id: int, seen: InvolvementVersion | None = None, by: Viewer, at: datetime
) -> RecordedInvolvement | ChangedMeanwhile | Refusal:
    """Confirm a colleague's involvement with a child; from now on whoever may see it does (R45).

    The answer about a shielded child is the same, and so is that about anything that does not wait for the
    viewer: another organisation's, a sensitive service that is not the viewer's, or nothing at all.

    Where it is no longer what the viewer had `seen`, nothing is confirmed and both versions come back.
    """
    changed = _changed(involvement_id, seen, by) if seen else None
    if changed:
        record_refusal(NOTHING_WAITS, _ASKED, by=by, at=at, details={"involvement": involvement_id})
        return changed
    found = unconfirmed_by_id(
        involvement_id, organisation=by.organisation_code, services=by.services, whose=by.account_id
    )
    unconfirmed = None
    if found:
        unconfirmed = UnconfirmedInvolvement(
            organisation_code=by.organisation_code, recorded_by_viewer=found.recorded_by == by.account_id
        )
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, unconfirmed=unconfirmed))
    details = {"involvement": involvement_id}
    if decision.refusal or found is None or by.account_id is None:
        refusal = decision.refusal or NOTHING_WAITS
        return record_refusal(refusal, _ASKED, by=by, at=at, details=details)
    if not confirm_own_word(involvement_id, by=by.account_id, organisation=by.organisation_code, at=at):
        return record_refusal(NOTHING_WAITS, _ASKED, by=by, at=at, details=details)
    record(
        Action.CONFIRMED_INVOLVEMENT,
        by=by,
        at=at,
        # Whom a sealed one is about stands in the event of its recording, under the same involvement.
        subjects=[found.child] if found.child else [],
        details={**details, "rules": list(decision.rules)},
    )
    return RecordedInvolvement(involvement_id=involvement_id, confirming=by.organisation_name)


def _changed(involvement_id: int, seen: InvolvementVersion, by: Viewer) -> ChangedMeanwhile | None:
    """What a colleague changed since, told to those who may confirm for the organisation and see it."""
    if Permission.CONFIRM_INVOLVEMENT not in PERMISSIONS[by.role]:
        return None
    now = version_of_involvement(
        involvement_id, organisation=by.organisation_code, services=by.services, whose=by.account_id
    )
    return ChangedMeanwhile(seen=seen, now=now) if now and now != seen else None


def _shown(one: Unconfirmed, at: datetime) -> WaitingInvolvement:
    speaking = which_statements_may_speak(statements_of(one.child), involvements_of(one.child), at.date())
    name = derive(speaking).name
    return WaitingInvolvement(
        involvement_id=one.id,
        child_name=name.value if name else NO_NAME,
        service=one.service,
        practitioner=one.practitioner,
        practitioner_role=one.practitioner_role,
        start=one.involvement.start,
        recorded_at=one.recorded_at,
    )
