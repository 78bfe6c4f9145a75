"""What the passing of time does to shields: it hands them on and, where people agreed to it, lifts them.

Nothing here uncovers a child that two people have not agreed to uncover: an unattended shield goes to another
desk and hides as before (R26, R31).
"""

from datetime import datetime

from django.db import transaction

from contactpoint.actions.find.index import refresh
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.shield_life import ShieldStep
from contactpoint.storage import shielding as stored


@transaction.atomic
def hand_on_unconfirmed(*, by: Viewer, at: datetime) -> int:
    """Hand to the national desk each temporary shield that nobody confirmed in time (R26); say how many."""
    due = stored.unconfirmed_since(at)
    for one in due:
        record(Action.ESCALATED_SHIELD, by=by, at=at, subjects=[one.child], details={"shield": one.id})
        stored.step_of_itself(one.id, ShieldStep.ESCALATED, at=at)
    return len(due)


@transaction.atomic
def lift_what_is_due(*, by: Viewer, at: datetime) -> int:
    """Lift every shield whose lifting two people agreed to and nobody stopped in time (R31); say how many.

    The child can be found again by all that its sources say from this transaction on.
    """
    due = stored.liftings_due(at)
    for one in due:
        lifted = Action.NO_LONGER_KEPT if one.kept_from_one else Action.UNSHIELDED
        record(lifted, by=by, at=at, subjects=[one.child], details={"shield": one.id})
        stored.step_of_itself(one.id, ShieldStep.LIFTED, at=at)
    refresh([one.child for one in due], by=by, at=at)
    return len(due)
