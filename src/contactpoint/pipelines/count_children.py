"""Count, once a month, how many children there are and what is recorded of them (domain/children_counts.py).

Once a month and never again: what changed between two days is what a single child did.
"""

from datetime import date, datetime

from django.db import transaction

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage import children_counts as stored


@transaction.atomic
def count_children(*, by: Viewer, at: datetime) -> int:
    """Count this month unless it was counted; return how many places were."""
    check_may_run(by)
    month = month_of(at.date())
    if not stored.begin_count(month):
        return 0
    places = stored.count_month(month)
    record(Action.COUNTED_CHILDREN, by=by, at=at, details={"month": month.isoformat(), "places": places})
    return places


def anything_to_count(at: datetime) -> bool:
    """Say whether this month waits to be counted."""
    return not stored.is_counted(month_of(at.date()))


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)
