"""Each month, every authority's list of children without an education setting (R62)."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.education import TOLD_WITHIN, is_of_school_age, month_of
from contactpoint.domain.here import HERE
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage.queries import education as stored
from contactpoint.storage.queries.organisations import authorities

EVERY: Final = timedelta(hours=6)
"""How often it is looked whether this month's lists are made."""


def make_education_lists(*, by: Viewer, at: datetime) -> int:
    """Make this month's list of every authority that has none yet; return how many were made (R62).

    Each is a transaction of its own, with its event: it says how many are listed, and names nobody.
    """
    check_may_run(by)
    here = at.astimezone(HERE)
    oldest, youngest = _births(here.date())
    made = 0
    for authority in authorities():
        with transaction.atomic():
            listed = stored.make_list(
                authority.code,
                month_of(here.date()),
                at=here,
                told_since=here.date() - TOLD_WITHIN,
                born_from=oldest,
                born_until=youngest,
            )
            if listed is not None:
                details = {"authority": authority.code, "month": month_of(here.date()).isoformat()}
                record(Action.MADE_EDUCATION_LIST, by=by, at=at, details={**details, "listed": listed})
                made += 1
    return made


def _births(on: date) -> tuple[date, date]:
    """The first and the last day of birth of whoever is of school age."""
    days = (on - timedelta(days=back) for back in range(4 * 365, 18 * 365))
    of_age = [day for day in days if is_of_school_age(day, on)]
    return min(of_age), max(of_age)
