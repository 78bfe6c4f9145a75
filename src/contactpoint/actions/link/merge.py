"""Two numbers are one child: join them."""

from datetime import datetime

from django.db import transaction

from contactpoint.actions.link.changing import Doing, are_sealed_apart, join, match_of, name_of
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import Conflict
from contactpoint.domain.matching import IdentityChanged, who_keeps_the_number
from contactpoint.storage import identity_changes as stored

_ASKED = Permission.JOIN_OR_PART
NOT_TWO = "These are not two records now: one of them was joined with another meanwhile."
NEVER = Refusal(
    sentence="These records cannot be joined.",
    rules=("R35",),
    way_on="Talk to whoever leads the national desk.",
)


@transaction.atomic
def merge_children(
    *, one: str, other: str, because: str, by: Viewer, at: datetime, asked: bool = False
) -> IdentityChanged | Refusal:
    """Make two numbers one child's: the one with the earliest link, to which the other leads for ever (R22).

    Every source record of the other is linked anew, and no link is changed, so it can be undone to the last
    byte. The shield of either survives. Search and matching index follow in this transaction.

    Args:
        one: a stored child number.
        other: another.
        because: the reason, in a person's words.
        by: whoever decided: a team of an authority, or the national team.
        at: now.
        asked: whether a review case asks for just this.

    Raises:
        Conflict: one of them is no living number, or they are one.
    """
    numbers = stored.lock_numbers([one, other])
    living = [found for found in numbers.values() if found.retired_into is None]
    match = match_of(numbers, restricted=any(found.shielded for found in living), asked=asked)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, match=match))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, subjects=sorted(numbers))
    if len(living) < len({one, other}) or one == other:
        raise Conflict(NOT_TWO)
    if are_sealed_apart(one, other):
        return record_refusal(NEVER, _ASKED, by=by, at=at, subjects=sorted(numbers))
    kept = who_keeps_the_number(one, other, stored.first_links_of_children([one, other]))
    gone = other if kept == one else one
    change = stored.begin_change("merge", kept=kept, other=gone, because=because, by=name_of(by), at=at)
    join(kept, gone, decision="merged", doing=Doing(change=change, by=by, at=at))
    record(
        Action.JOINED_RECORDS,
        by=by,
        at=at,
        subjects=[kept, gone],
        details={"change": change, "because": because, "rules": list(decision.rules)},
    )
    return IdentityChanged(change=change, kept=kept, other=gone)
