"""What shields need from time to time, whoever else is at work: handing on, lifting, looking around."""

from datetime import datetime, timedelta
from typing import Final

from contactpoint.actions.protect.by_the_clock import hand_on_unconfirmed, lift_what_is_due
from contactpoint.actions.protect.look_near import look_near_shields
from contactpoint.actions.protect.notice_attempts import notice_attempts
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.pipelines.running import check_may_run

EVERY: Final = timedelta(minutes=1)


def tend_shields(*, by: Viewer, at: datetime) -> int:
    """Hand on what nobody confirmed, lift what is due, look around; say how many shields moved (R26, R31).

    What somebody tried whom a child is kept from is noticed here too (ADR 19).
    """
    check_may_run(by)
    moved = hand_on_unconfirmed(by=by, at=at) + lift_what_is_due(by=by, at=at)
    look_near_shields(by=by, at=at)
    notice_attempts(by=by, at=at)
    return moved
