"""A row that waits in quarantine is about a child after all: give it to that child."""

from datetime import datetime

from django.db import transaction

from contactpoint.actions.link.changing import Doing, join, match_of, name_of, share_shield
from contactpoint.actions.recording import record as write_down
from contactpoint.actions.recording import record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import Conflict
from contactpoint.domain.matching import IdentityChanged
from contactpoint.storage import identity_changes as stored

_ASKED = Permission.JOIN_OR_PART
NO_LONGER = (
    "This row does not wait in quarantine any more, or the child it was compared with has no number now."
)


@transaction.atomic
def adopt_record(
    *, record: int, number: str | None, because: str, by: Viewer, at: datetime
) -> IdentityChanged | Refusal:
    """Take a row out of quarantine and give it to a child (R21): shield staff alone may.

    It gets a number of its own first, shielded as the child is, which then retires into the child's: so it is
    undone like any joining, and is then a protected record by itself.

    Raises:
        Conflict: the row waits no longer, or the child has no living number.
    """
    match = match_of((), restricted=True, asked=True)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, match=match))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    child = stored.lock_numbers([number] if number else []).get(number or "")
    if child is None or child.retired_into is not None or not stored.waits_in_quarantine(record):
        raise Conflict(NO_LONGER)
    fresh = stored.fresh_number(at)
    change = stored.begin_change(
        "merge", kept=child.number, other=fresh, because=because, by=name_of(by), at=at
    )
    doing = Doing(change=change, by=by, at=at)
    share_shield(from_=child.number, to=fresh, doing=doing)
    stored.place(record, fresh, decision="placed", by=doing.name, at=at)
    join(child.number, fresh, decision="merged", doing=doing)
    write_down(
        Action.JOINED_RECORDS,
        by=by,
        at=at,
        subjects=[child.number, fresh],
        details={"change": change, "record": record, "because": because, "rules": list(decision.rules)},
    )
    return IdentityChanged(change=change, kept=child.number, other=fresh)
