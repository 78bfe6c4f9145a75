"""What a shield hides, for somebody of its desk who says what it is needed for (R32)."""

from datetime import datetime
from typing import Final

from django.db import transaction

from contactpoint.actions.find.held import known_of
from contactpoint.actions.find.open_record import disclosed
from contactpoint.actions.protect.around_shield import opened
from contactpoint.actions.protect.shield_desk import NOT_HERE
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import OpenRecord, Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.disclosure.redact import redact
from contactpoint.domain.disclosure.shield_life import HiddenInQuestion, HiddenReason
from contactpoint.storage.queries import overrides as stored

_ASKED: Final = Permission.READ_HIDDEN


@transaction.atomic
def read_hidden(
    *, shield: int, reason: HiddenReason | None, purpose: Purpose | None, by: Viewer, at: datetime
) -> OpenRecord | Refusal:
    """Return what a shield of the viewer's desk hides, once; audited with what was shown (R32, R51).

    The shield stays as it is for everybody, the viewer's next look included. Consent holds as ever.
    """
    tried: dict[str, Json] = {"shield": shield, "for": reason.value if reason else ""}
    asked = AccessRequest(
        viewer=by, permission=_ASKED, at=at, purpose=purpose, hidden=HiddenInQuestion(reason=reason)
    )
    decision = authorise(asked)
    if decision.refusal or purpose is None:
        refusal = decision.refusal or NOT_HERE
        return record_refusal(refusal, _ASKED, by=by, at=at, purpose=purpose, details=tried)
    found = opened(shield, purpose, Action.OPENED_SHIELD, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    row, _ = found
    if row.kept_from is not None:  # it hides nothing from this desk: the record opens as any other
        return record_refusal(NOT_HERE, _ASKED, by=by, at=at, purpose=purpose, details=tried)
    event = record(
        Action.READ_HIDDEN,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[row.child],
        details={**tried, "rules": list(decision.rules)},
    )
    shown = redact(known_of(row.child, *stored.read_hidden(event, shield), at), by, purpose, at)
    if not isinstance(shown, OpenRecord):
        raise TypeError("What is known of a child is shown as an open record.")
    record(
        Action.READ_HIDDEN,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[row.child],
        details={**tried, "disclosed": disclosed(shown)},
    )
    return shown
