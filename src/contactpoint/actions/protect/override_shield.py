"""Override a shield for one look: by a right two others gave, with a second reason and the second factor."""

from datetime import datetime
from typing import Final

from django.db import transaction

from contactpoint.actions.find.held import known_of, state_of
from contactpoint.actions.find.open_record import NO_SUCH_RECORD, disclosed
from contactpoint.actions.recording import event_of, record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import OpenRecord, Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.override import OverrideInQuestion, OverrideReason
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.disclosure.redact import redact
from contactpoint.domain.errors import Conflict
from contactpoint.domain.identifiers import parse_child_number
from contactpoint.storage.queries import overrides as stored
from contactpoint.storage.queries.children import find_child, shielded_record

_ASKED: Final = Permission.OVERRIDE_SHIELD


def may_override(*, by: Viewer) -> bool:
    """Say whether to tell this viewer, on a protected record, what an override would do (R33)."""
    return by.account_id is not None and _ASKED in PERMISSIONS[by.role] and stored.may_override(by.account_id)


@transaction.atomic
def override_shield(
    *,
    number: str,
    purpose: Purpose | None,
    reason: OverrideReason | None,
    proved: bool,
    by: Viewer,
    at: datetime,
) -> OpenRecord | Refusal:
    """Return what a shield hides, once; the desk is told and an investigation opened in the same step (R33).

    The shield stays as it is for everybody, the viewer's next look included. Consent holds as ever.

    Args:
        number: the child's.
        purpose: the reason for looking.
        reason: the second reason, why it must be now.
        proved: whether the viewer's second factor was entered just now, for this.
        by: who asks.
        at: now.

    Raises:
        Conflict: the record is not protected (any more).
    """
    right = OverrideInQuestion(holds_right=may_override(by=by), reason=reason, proved=proved)
    child = find_child(parse_child_number(number), for_whom=by.account_id)
    who = shielded_record(child.number) if child and child.shielded else None
    asked = AccessRequest(
        viewer=by,
        permission=_ASKED,
        at=at,
        purpose=purpose,
        record=state_of(who, at) if who else None,
        override=right,
    )
    decision = authorise(asked)
    if decision.refusal or purpose is None or reason is None or child is None:
        refusal = decision.refusal or NO_SUCH_RECORD
        subjects = [child.number] if child else []
        return record_refusal(refusal, _ASKED, by=by, at=at, purpose=purpose, subjects=subjects)
    if who is None:
        raise Conflict("This record is not protected. Open it as any other.")
    details: dict[str, Json] = {"reason": reason.value, "rules": list(decision.rules)}
    event = event_of(
        Action.OVERRODE_SHIELD, by=by, at=at, purpose=purpose, subjects=[child.number], details=details
    )
    statements, involvements = stored.read_overridden(event, reason)
    shown = redact(known_of(child.number, statements, involvements, at), by, purpose, at)
    if not isinstance(shown, OpenRecord):
        raise TypeError("What is known of a child is shown as an open record.")
    record(
        Action.OPENED_RECORD,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[child.number],
        details={"override": str(event.event_id), "disclosed": disclosed(shown)},
    )
    return shown
