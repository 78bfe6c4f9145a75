"""Put records whose time is up into the archive, and take out those who came back (R11, R47-R50)."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from contactpoint.actions.find.index import refresh
from contactpoint.actions.recording import record
from contactpoint.actions.retain.lives import when_due
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.storage import retention as stored


@transaction.atomic
def archive_due(numbers: Sequence[str], *, by: Viewer, at: datetime) -> dict[str, dict[str, int]]:
    """Archive those of `numbers` whose time is up by now; count them by why, in the day's figures too.

    From here on no page shows or finds them; the database seals all that is held of them.
    """
    on = at.date()
    due = [one for one in when_due(stored.hold(numbers), at) if one.archiving.since <= on]
    for one in due:
        details = {"why": one.archiving.why.value, "since": one.archiving.since.isoformat()}
        record(Action.ARCHIVED, by=by, at=at, subjects=[one.child], details=details)
    stored.archive(due, at)
    figures = {"archived": dict(Counter(one.archiving.why.value for one in due))} if due else {}
    stored.add_figures(at, figures)
    return figures


@transaction.atomic
def look_again(numbers: Sequence[str], *, by: Viewer, at: datetime) -> dict[str, dict[str, int]]:
    """Take out of the archive whoever is not due any more: they came back, or did not die after all.

    Of the others the day of the purge follows what is believed now. A number that retired into another goes
    with that other's.
    """
    if not numbers:
        return {}
    on = at.date()
    living = stored.hold_archived(numbers)
    looked = when_due([number for number, lives in living.items() if lives], at)
    back = [one.child for one in looked if one.archiving.since > on]
    stored.stay_in_archive([one for one in looked if one.archiving.since <= on], at)
    for number in back:
        record(Action.CAME_BACK, by=by, at=at, subjects=[number])
    stored.leave_archive([*back, *(number for number, lives in living.items() if not lives)])
    refresh(back, by=by, at=at)
    figures = {"came_back": {"records": len(back)}} if back else {}
    stored.add_figures(at, figures)
    return figures


def count_due(numbers: Sequence[str], *, at: datetime) -> Counter[str]:
    """Count by why those of `numbers` that would be archived; nothing is changed."""
    return Counter(
        one.archiving.why.value for one in when_due(numbers, at) if one.archiving.since <= at.date()
    )
