"""Works out again whose area children are in, once the bodies of their postcode districts changed (R58)."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from contactpoint.actions.find.index import refresh
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import Conflict
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage import areas as stored
from contactpoint.storage.copying import only_loader

EVERY: Final = timedelta(seconds=10)
_AT_ONCE: Final = 2000


def work_areas_out(*, by: Viewer, at: datetime | None = None, at_once: int = _AT_ONCE) -> int:
    """Make the index say of every child concerned what follows from the lists now; return of how many.

    Each part is a transaction that says how far it came: a process that is killed goes on there, and a part
    that is done twice comes to the same. Whoever belongs to another authority by it moves as after any
    delivery (R59). While a delivery is being taken in nothing is done: the next call goes on.
    """
    check_may_run(by)
    done, moment = 0, at or timezone.now()
    try:
        while True:
            with only_loader(), transaction.atomic():
                part = stored.next_part(at_once)
                if part is None:
                    return done
                which, children = part
                refresh(children, by=by, at=moment)
                whole = len(children) < at_once
                stored.done_through(which, None if whole else children[-1])
            done += len(children)
    except Conflict:
        return done  # another process is taking deliveries in
