"""What two people agreed of the lists of organisations, sources and wards is carried out (R58)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from contactpoint.actions.find.index import refresh
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import Conflict
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage import areas, reference, reference_changes
from contactpoint.storage.copying import only_loader

MEANWHILE = "The list became another before this was carried out. Try the file again."


def carry_out_lists(*, by: Viewer, at: datetime | None = None) -> int:
    """Make the lists what was agreed; return how many changes were dealt with.

    Each is all or nothing: where a body is no longer as it was when the file was tried, nothing is done and
    the page says so. Children whose school or practice is in another area are looked at anew, and whoever
    belongs to another authority by that moves as after any delivery (R59). Where a postcode district comes
    into another area by it, the children who live there are looked at afterwards, part by part
    (pipelines/areas.py). While a delivery is being taken in nothing is done: the next call does it.
    """
    check_may_run(by)
    if not reference_changes.anything_agreed():
        return 0
    moment = at or timezone.now()
    try:
        with only_loader(), transaction.atomic():
            waiting = reference_changes.agreed_changes()
            for change in waiting:
                if not reference_changes.stands(change):
                    reference_changes.give_up(change.id, MEANWHILE)
                    continue
                before = areas.areas_of_districts()
                moved = reference_changes.carry_out(change, moment)
                reference.put_hand_sources()
                children = refresh(reference.children_around(moved), by=by, at=moment)
                areas.work_out_again(before, moment)
                record(
                    Action.CHANGED_REFERENCE,
                    by=by,
                    at=moment,
                    details={"change": change.id, "list": change.kind, "made_anew": children > 0},
                )
            return len(waiting)
    except Conflict:
        return 0  # another process is taking deliveries in
