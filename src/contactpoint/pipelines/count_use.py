"""Count how the directory was used, a day at a time, from the audit and nothing else (R51).

Each day is one transaction that ends with the count of England: killed at any point, the next run goes on
with the first day that has none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.here import HERE
from contactpoint.domain.reports import Figure, Measure, count_steps
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage import use_counts as stored

EVERY: Final = timedelta(minutes=30)
"""How often the worker asks whether a day is to be counted."""

FURTHEST: Final = timedelta(days=400)
"""Days longer ago are not counted any more: reports reach back a year."""


def count_use(*, by: Viewer, at: datetime) -> int:
    """Count every day that is over and not counted, oldest first; return how many were."""
    check_may_run(by)
    done = 0
    for day in _days_due(at):
        _count_day(day, by=by, at=at)
        done += 1
    return done


def anything_to_count(at: datetime) -> bool:
    """Say whether a day waits to be counted."""
    return any(True for _ in _days_due(at))


def _days_due(at: datetime) -> Iterator[date]:
    first, today = stored.first_event_at(), at.astimezone(HERE).date()
    if first is None:
        return
    begin = max(first.astimezone(HERE).date(), today - FURTHEST)
    counted = stored.counted_days(begin)
    over = (begin + timedelta(days=number) for number in range((today - begin).days))
    yield from (day for day in over if day not in counted)


@transaction.atomic
def _count_day(on: date, *, by: Viewer, at: datetime) -> None:
    begin, end = (datetime.combine(day, time.min, HERE) for day in (on, on + timedelta(days=1)))
    authorities = stored.authorities()
    by_scope: dict[str, Counter[Figure]] = defaultdict(Counter, {stored.ENGLAND: Counter()})
    for organisation, steps in stored.steps_between(begin, end):
        counts = count_steps(steps)
        for scope in _scopes(organisation, authorities.get(organisation)):
            by_scope[scope].update(counts)
    for scope, count in stored.sign_ins_between(begin, end).items():
        by_scope[scope][Measure.SIGN_INS, ""] = count
    for counts in by_scope.values():
        counts.setdefault(
            (Measure.SIGN_INS, ""), 0
        )  # none is a figure too: days before these were counted have none
    stored.keep_counts(on, {scope: _by_measure(counts) for scope, counts in by_scope.items()})
    searches = by_scope[stored.ENGLAND][Measure.SEARCHES, ""]
    record(Action.COUNTED_USE, by=by, at=at, details={"day": on.isoformat(), "searches": searches})


def _scopes(organisation: str, authority: str | None) -> tuple[str, ...]:
    one = (stored.ENGLAND, stored.of_organisation(organisation))
    return (*one, stored.of_authority(authority)) if authority else one


def _by_measure(counts: Counter[Figure]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for (measure, part), count in counts.items():
        found[measure][part] = count
    return found
