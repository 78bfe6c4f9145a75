"""Still involved, no longer, correct what I said, lead practitioner: one's own involvement, and no other."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from contactpoint.actions.contribute.own_child import is_archived, known, own_child
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import (
    Colleague,
    KeptInvolvement,
    OwnChild,
    OwnChildInFull,
    Refusal,
    ShownInvolvement,
)
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.consent import may_this_involvement_be_shown
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, OwnInvolvement
from contactpoint.domain.disclosure.redact import in_order_of_use
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.meanwhile import ChangedMeanwhile, LeadVersion, OwnVersion
from contactpoint.storage.queries.handovers import colleagues_of
from contactpoint.storage.queries.own_children import (
    OwnRow,
    correct_own,
    current_by_id,
    end_own,
    hold_lead,
    still_own,
    take_lead,
)
from contactpoint.storage.settings import settings_at

# The same words whether there is none, it is somebody else's, it has ended, or nothing of it may be read.
NOT_YOURS = Refusal(
    sentence="That is not among the children you work with now.",
    rules=("R44",),
    way_on="Open “My children” and choose one that is listed there.",
)
CHANGED = Refusal(
    sentence="That was changed since you opened the page.",
    rules=("R43", "R44"),
    way_on="Look at what stands now, then decide anew.",
)


@transaction.atomic
def open_own_child(*, involvement_id: int, by: Viewer, at: datetime) -> OwnChildInFull | Refusal:
    """Return one of the viewer's children, who is the lead now, and the colleagues who could take over."""
    row = own_row(involvement_id, Permission.KEEP_INVOLVEMENT, by=by, at=at)
    if isinstance(row, Refusal) or by.account_id is None:
        return row if isinstance(row, Refusal) else NOT_YOURS
    own = row.involvement
    colleagues: tuple[Colleague, ...] = ()
    if own.confirmed:
        colleagues = colleagues_of(by.account_id, by.organisation_code, own.service.code)
    _record(Action.OPENED_OWN_CHILD, row, by=by, at=at)
    return OwnChildInFull(
        child=own_child(row, known(row.child), looked_at=at, limits=settings_at(at), at=at),
        lead_now=_lead(row, at) if own.confirmed else None,
        colleagues=colleagues,
    )


@transaction.atomic
def say_still_involved(*, involvement_id: int, by: Viewer, at: datetime) -> KeptInvolvement | Refusal:
    """Note that the viewer still works with the child: asked once a term (R45)."""
    row = own_row(involvement_id, Permission.KEEP_INVOLVEMENT, by=by, at=at)
    if isinstance(row, Refusal) or by.account_id is None:
        return row if isinstance(row, Refusal) else NOT_YOURS
    still_own(involvement_id, by.account_id, on=at.date())
    return _record(Action.SAID_STILL_INVOLVED, row, by=by, at=at)


@transaction.atomic
def end_involvement(*, involvement_id: int, by: Viewer, at: datetime) -> KeptInvolvement | Refusal:
    """End the viewer's own involvement: from now on it stands under "In the past" (R46).

    It is over at once, not at the end of the day. Working with the child again is a new involvement.
    """
    row = own_row(involvement_id, Permission.KEEP_INVOLVEMENT, by=by, at=at)
    if isinstance(row, Refusal) or by.account_id is None:
        return row if isinstance(row, Refusal) else NOT_YOURS
    end_own(involvement_id, by.account_id, on=at.date(), at=at)
    return _record(Action.ENDED_INVOLVEMENT, row, by=by, at=at)


@transaction.atomic
def correct_involvement(
    *,
    involvement_id: int,
    role: str,
    phone: str,
    start: date,
    assessment_held: bool,
    seen: OwnVersion | None = None,
    by: Viewer,
    at: datetime,
) -> KeptInvolvement | ChangedMeanwhile | Refusal:
    """Correct what the viewer said of their own work: role, telephone, start, assessment held (R42, R44).

    Where it is no longer what they had `seen`, for example because they corrected it in another window,
    nothing is corrected and both versions come back with what they sent.

    Raises:
        InvalidInput: no role or telephone number, or it starts in the future.
    """
    if not role.strip() or not phone.strip() or start > at.date():
        raise InvalidInput("Enter your role, a telephone number, and a start date that is not in the future.")
    row = own_row(involvement_id, Permission.KEEP_INVOLVEMENT, by=by, at=at)
    if isinstance(row, Refusal) or by.account_id is None:
        return row if isinstance(row, Refusal) else NOT_YOURS
    sent = OwnVersion(role=role.strip(), phone=phone.strip(), start=start, assessment_held=assessment_held)
    now = _own_version(row)
    if seen and seen != now:
        return _changed(ChangedMeanwhile(seen=seen, now=now, sent=sent), row, by=by, at=at)
    before = {
        "role": row.role,
        "phone": row.phone,
        "start": row.involvement.start.isoformat() if row.involvement.start else None,
        "assessment": row.involvement.assessment_held,
    }
    correct_own(
        involvement_id,
        by.account_id,
        role=role.strip(),
        phone=phone.strip(),
        start=start,
        assessment_held=assessment_held,
        at=at,
    )
    return _record(Action.CORRECTED_INVOLVEMENT, row, by=by, at=at, details={"before": before})


@transaction.atomic
def become_lead(
    *, involvement_id: int, seen: LeadVersion | None = None, by: Viewer, at: datetime
) -> KeptInvolvement | ChangedMeanwhile | Refusal:
    """Make the viewer the child's one lead practitioner; whoever was it is so no longer (R43).

    Where somebody else leads than whom they had `seen`, nothing is changed and they are told who.
    """
    if by.account_id is None:
        return NOT_YOURS
    # Before one's own alone is held: two who take the lead at once would each wait for the other.
    hold_lead(involvement_id, by.account_id)
    row = own_row(involvement_id, Permission.TAKE_LEAD, by=by, at=at)
    if isinstance(row, Refusal):
        return row
    now = lead_version(_lead(row, at))
    if seen and seen != now:
        return _changed(ChangedMeanwhile(seen=seen, now=now), row, by=by, at=at)
    closed = take_lead(involvement_id, by.account_id, on=at.date(), at=at)
    return _record(Action.TOOK_LEAD, row, by=by, at=at, details={"closed": closed})


def lead_version(lead: ShownInvolvement | None) -> LeadVersion:
    """Who leads, as a page says it."""
    if lead is None:
        return LeadVersion(involvement_id=None, who=None)
    who = (lead.practitioner, lead.practitioner_role, lead.service)
    return LeadVersion(involvement_id=lead.id, who=", ".join(part for part in who if part))


def own_version(child: OwnChild) -> OwnVersion:
    """What of the viewer's own work they may correct, as a page says it."""
    return OwnVersion(
        role=child.role, phone=child.phone, start=child.start, assessment_held=child.assessment_held
    )


def own_row(involvement_id: int, asked: Permission, *, by: Viewer, at: datetime) -> OwnRow | Refusal:
    """Return the viewer's own current involvement, locked, or the refusal, audited. Needs a transaction.

    Whatever is not theirs is as if there were none, so that no refusal tells what there is.
    """
    row = None
    if by.account_id is not None:
        row = current_by_id(involvement_id, by.account_id, by.organisation_code, at.date())
    if row is not None and is_archived(row.child, at):
        row = None
    own = OwnInvolvement(recorded_by_viewer=True, confirmed=row.involvement.confirmed) if row else None
    decision = authorise(AccessRequest(viewer=by, permission=asked, at=at, own=own))
    if decision.refusal or row is None:
        refusal = decision.refusal or NOT_YOURS
        return record_refusal(refusal, asked, by=by, at=at, details={"involvement": involvement_id})
    return row


def _own_version(row: OwnRow) -> OwnVersion:
    own = row.involvement
    return OwnVersion(role=row.role, phone=row.phone, start=own.start, assessment_held=own.assessment_held)


def _changed(changed: ChangedMeanwhile, row: OwnRow, *, by: Viewer, at: datetime) -> ChangedMeanwhile:
    details = {"involvement": row.involvement.id}
    record_refusal(CHANGED, Permission.KEEP_INVOLVEMENT, by=by, at=at, subjects=[row.child], details=details)
    return changed


def _lead(row: OwnRow, at: datetime) -> ShownInvolvement | None:
    on = at.date()
    shown = tuple(
        one
        for one in known(row.child).involvements
        if may_this_involvement_be_shown(one, on) and one.is_current(on)
    )
    return next((one for one in in_order_of_use(shown, on) if one.lead_practitioner), None)


def _record(
    action: Action, row: OwnRow, *, by: Viewer, at: datetime, details: Mapping[str, Json] | None = None
) -> KeptInvolvement:
    involvement_id = row.involvement.id
    record(
        action,
        by=by,
        at=at,
        subjects=[row.child],
        details={"involvement": involvement_id, "rules": ["R1"], **(details or {})},
    )
    return KeptInvolvement(involvement_id=involvement_id)
