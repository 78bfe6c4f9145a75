"""Count how the directory was used, a day at a time: from the audit, and what came of requests (R51).

A call that was asked for counts on the day of the call, for whoever had asked, with how long it was since
they searched: the day on which they did is counted by then, and stands.

Each day is one transaction that ends with the count of England: killed at any point, the next run goes on
with the first day that has none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.counting_use import Figure, Measure, Step, count_answers, count_steps
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.here import HERE
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
    authorities = stored.authorities()
    by_scope: dict[str, Counter[Figure]] = defaultdict(Counter, {stored.ENGLAND: Counter()})
    for organisation, counts in _counted(on):
        for scope in _scopes(organisation, authorities.get(organisation)):
            by_scope[scope].update(counts)
    for scope, count in stored.sign_ins_between(*_day(on)).items():
        by_scope[scope][Measure.SIGN_INS, ""] = count
    for counts in by_scope.values():
        for measure in (Measure.SIGN_INS, Measure.CONTACTS):
            counts.setdefault((measure, ""), 0)  # none is a figure too: days counted before these have none
    stored.keep_counts(on, {scope: _by_measure(counts) for scope, counts in by_scope.items()})
    searches = by_scope[stored.ENGLAND][Measure.SEARCHES, ""]
    record(Action.COUNTED_USE, by=by, at=at, details={"day": on.isoformat(), "searches": searches})


def _day(on: date) -> tuple[datetime, datetime]:
    """When a day begins, and when the next one does."""
    begin, end = (datetime.combine(day, time.min, HERE) for day in (on, on + timedelta(days=1)))
    return begin, end


def _counted(on: date) -> Iterator[tuple[str, Counter[Figure]]]:
    """What counts of a day: an organisation and the counts of one person at it, again and again."""
    begin, end = _day(on)
    answers: dict[date, dict[tuple[UUID, str], list[Step]]] = defaultdict(lambda: defaultdict(list))
    for one in stored.answers_between(begin, end):
        asked_on = one.asked_at.astimezone(HERE).date()
        answers[asked_on][one.account, one.organisation].append(one.step)
    today = answers.pop(on, {})
    for account, organisation, steps in stored.steps_between(begin, end):
        yield organisation, count_steps(_in_order(steps, today.get((account, organisation), [])))
    for day, of_day in answers.items():
        yield from _answered_later(day, of_day, since=begin)


def _answered_later(
    day: date, answers: Mapping[tuple[UUID, str], Sequence[Step]], *, since: datetime
) -> Iterator[tuple[str, Counter[Figure]]]:
    """What counts of answers to what was asked on an earlier day, beside what had come of it before."""
    begin, end = _day(day)
    before: dict[tuple[UUID, str], list[Step]] = defaultdict(list)
    for one in stored.answers_between(begin, since):
        before[one.account, one.organisation].append(one.step)
    accounts = sorted({account for account, _ in answers})
    for account, organisation, steps in stored.steps_between(begin, end, accounts):
        who = (account, organisation)
        if who in answers:
            yield organisation, count_answers(_in_order(steps, [*before[who], *answers[who]]), since)


def _in_order(steps: Sequence[Step], answers: Sequence[Step]) -> list[Step]:
    return sorted([*steps, *answers], key=lambda one: one.at)


def _scopes(organisation: str, authority: str | None) -> tuple[str, ...]:
    one = (stored.ENGLAND, stored.of_organisation(organisation))
    return (*one, stored.of_authority(authority)) if authority else one


def _by_measure(counts: Counter[Figure]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for (measure, part), count in counts.items():
        found[measure][part] = count
    return found
