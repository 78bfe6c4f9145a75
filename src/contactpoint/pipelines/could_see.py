"""Answer what was asked on pages of what somebody could see; the worker does, who alone reads what stood."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from contactpoint.actions.account.replay import replay
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.replay import is_it_for_shield_staff_alone
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage import replays

ANSWERS_KEPT: Final = timedelta(days=30)


def answer_what_was_asked(*, by: Viewer, at: datetime) -> int:
    """Answer every question that waits, let go of old ones; return how many were answered."""
    check_may_run(by)
    with transaction.atomic():
        waiting = replays.waiting()
        for one in waiting:
            found = replay(
                account=one.account,
                child=one.child,
                moment=one.moment,
                because=one.because,
                by=by,
                at=at,
                told_to=one.told_to,
            )
            protected = is_it_for_shield_staff_alone(found.could_see, protected_now=False)
            replays.answer(one.request, found, protected=protected, at=at)
        replays.forget(at - ANSWERS_KEPT)
        return len(waiting)
