"""Count, once a week, how good what each source sends is (domain/quality.py).

Each source is one transaction that ends with its event: killed at any point, the next run goes on with the
first source that has none.
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.quality import fields_of
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage import quality_counts as stored
from contactpoint.supply.contracts import CONTRACTS


def count_quality(*, by: Viewer, at: datetime) -> int:
    """Count every source that sent something and was not counted this week; return how many were."""
    check_may_run(by)
    week = week_of(at.date())
    waiting = stored.sources_to_count(week)
    if waiting:
        stored.count_rows_again()
    done = 0
    for source, contract in waiting:
        with transaction.atomic():
            if not stored.begin_count(source, week):
                continue
            done += 1
            records = stored.count_source(source, fields_of(CONTRACTS[contract].names), week)
            stored.forget_before(week - stored.KEPT)
            details: dict[str, Json] = {"source": source, "week": week.isoformat(), "records": records}
            record(Action.COUNTED_QUALITY, by=by, at=at, details=details)
    return done


def anything_to_count(at: datetime) -> bool:
    """Say whether a source waits to be counted."""
    return bool(stored.sources_to_count(week_of(at.date())))


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())
