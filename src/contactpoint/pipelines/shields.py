"""What shields need from time to time, whoever else is at work: handing on and lifting."""

from datetime import datetime, timedelta
from typing import Final

from contactpoint.actions.protect.by_the_clock import hand_on_unconfirmed, lift_what_is_due
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.pipelines.running import check_may_run

EVERY: Final = timedelta(minutes=1)


def tend_shields(*, by: Viewer, at: datetime) -> int:
    """Hand on what nobody confirmed and lift what is due; return how many shields moved (R26, R31)."""
    check_may_run(by)
    return hand_on_unconfirmed(by=by, at=at) + lift_what_is_due(by=by, at=at)
