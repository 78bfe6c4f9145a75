"""This child must be protected now: hidden at once by whoever meets danger, confirmed by a shield desk."""

from datetime import datetime, timedelta

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.disclosure.shield_desk import ProtectedNow
from contactpoint.domain.disclosure.shield_life import REVIEWED_AFTER, Ground, ProtectingInQuestion
from contactpoint.domain.errors import Conflict
from contactpoint.domain.identifiers import parse_child_number
from contactpoint.storage.queries import shields as stored
from contactpoint.storage.settings import settings_at

_ASKED = Permission.PROTECT_NOW


@transaction.atomic
def protect_now(
    *, number: str, ground: Ground, purpose: Purpose | None, by: Viewer, at: datetime
) -> ProtectedNow | Refusal:
    """Hide a child's whereabouts from everybody at once, until a shield desk decides (R26, R28).

    It holds from this transaction on, and never lapses by itself: unconfirmed, it goes to the national desk.

    Raises:
        InvalidInput: the number is no child's number.
        Conflict: the child is shielded already, or there is none of that number.
    """
    asks = how_many_lately(by, at)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, purpose=purpose, protecting=asks))
    child = parse_child_number(number)
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, purpose=purpose, subjects=[child])
    confirm_by = at + timedelta(hours=settings_at(at)["shield_confirmed_within_hours"])
    review_by = (at + REVIEWED_AFTER).date()
    event = record(
        Action.SHIELDED,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[child],
        details={
            "ground": ground.value,
            "confirm_by": confirm_by.isoformat(),
            "review_by": review_by.isoformat(),
            "rules": list(decision.rules),
        },
    )
    if not stored.protect_now(event, child, ground, confirm_by=confirm_by, review_by=review_by):
        raise Conflict("This record is protected already.")
    return ProtectedNow(confirm_by=confirm_by.isoformat())


def how_many_lately(by: Viewer, at: datetime) -> ProtectingInQuestion:
    """How many children the viewer has had protected in a week, for the rule on how many may be (R26)."""
    lately = stored.protected_lately(by.account_id, at)
    return ProtectingInQuestion(lately=lately, at_a_desk=by.role is Role.SHIELD_TEAM)
