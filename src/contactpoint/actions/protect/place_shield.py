"""Hide a child's whereabouts from everybody, at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from contactpoint.actions.find.index import refresh
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.shield_life import REVIEWED_AFTER, Ground
from contactpoint.domain.errors import Conflict
from contactpoint.domain.identifiers import parse_child_number
from contactpoint.storage.settings import settings_at
from contactpoint.storage.shielding import shield

_MOST_SUBJECTS: Final = 500
_LONGEST_NUMBER: Final = 40


@transaction.atomic
def place_shield(*, number: str, ground: Ground, by: Viewer, at: datetime) -> Refusal | None:
    """Shield one child, by whoever may decide it (R26); or say why they may not, which is audited.

    Everything its sources say is sealed and the search index keeps its name, sex and birth date only, in this
    transaction.

    Raises:
        InvalidInput: the number is no child's number.
        Conflict: the child is shielded already, or there is none of that number.
    """
    decision = authorise(AccessRequest(viewer=by, permission=Permission.PLACE_SHIELD, at=at))
    if decision.refusal:
        tried = {"number": number[:_LONGEST_NUMBER]}
        return record_refusal(decision.refusal, Permission.PLACE_SHIELD, by=by, at=at, details=tried)
    if not place_shields(numbers=[parse_child_number(number)], ground=ground, by=by, at=at):
        raise Conflict("This record is protected already.")
    return None


@transaction.atomic
def place_shields(
    *, numbers: Sequence[str], ground: Ground, by: Viewer, at: datetime, because: str = "", index: bool = True
) -> list[str]:
    """Shield several children and return those that were not shielded before.

    Each enters the one life there is, whoever placed it: temporary until a shield desk confirms it, and
    looked at again after six months (R26, R31).

    Args:
        numbers: stored child numbers.
        ground: why.
        by: who decided; a pipeline acts for the source that said so.
        at: now.
        because: what led to it, for the audit.
        index: whether to make search rows anew here; the caller does it when False.
    """
    placed_by = str(by.account_id) if by.account_id else by.name
    review_by = (at + REVIEWED_AFTER).date()
    shielded = shield(
        numbers,
        ground=ground.value,
        placed_by=placed_by[:64],
        at=at,
        confirm_by=at + timedelta(hours=settings_at(at)["shield_confirmed_within_hours"]),
        review_by=review_by,
    )
    if index:
        refresh(shielded)
    for first in range(0, len(shielded), _MOST_SUBJECTS):
        record(
            Action.SHIELDED,
            by=by,
            at=at,
            subjects=shielded[first : first + _MOST_SUBJECTS],
            details={"ground": ground.value, "review_by": review_by.isoformat(), "because": because},
        )
    return shielded
