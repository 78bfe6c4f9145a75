"""The job of a day: archive, bring back, purge, and let go of what else has had its time (R16, R47-R50).

Each step is a chain of small transactions, each whole with its audit events and its figures. A process that
is killed has done some of them and not others; the next one goes on, and the day's report is of both.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from contactpoint.actions.recording import record
from contactpoint.actions.retain.archive import archive_due, count_due, look_again
from contactpoint.actions.retain.purge import empty_old, purge, sweep
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.retention import GROWN_UP, KEPT_FOR, YEARS_IN_ARCHIVE, Leftover, years_on
from contactpoint.pipelines.held import refuse_held
from contactpoint.pipelines.leftover_files import count_files, delete_files
from contactpoint.pipelines.running import Progress, check_may_run, tell_nobody
from contactpoint.storage import audit_log, leftovers
from contactpoint.storage import retention as stored
from contactpoint.storage.copying import only_loader

EVERY: Final = timedelta(minutes=10)
_FOUND: Final = 100_000
_READ: Final = 500
_PURGED_AT_ONCE: Final = 20
_AUDIT_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What the job of a day did, or would do, in numbers that name nobody: by kind, then name."""

    day: date
    figures: dict[str, dict[str, int]]


def anything_to_end(day: date) -> bool:
    """Say whether the job of a day is not done yet."""
    return all(one != day or not run.ended for one, run in stored.runs_since(day))


def keep_time(*, by: Viewer, at: datetime, progress: Progress | None = None) -> Done:
    """Do what is due on the day of `at` and was not done yet.

    Raises:
        Conflict: a delivery is being taken in; nothing is lost, the next call goes on.
        InvalidInput: a day that has not come.
    """
    check_may_run(by)
    tell, day = progress or tell_nobody, at.date()
    if day > timezone.localdate():
        raise InvalidInput("That day has not come: only a dry run can look ahead.")
    run = stored.begin_run(day, at)
    begun_at = [step for step, _ in _STEPS].index(run.step) if run.step else 0
    for place, (step, work) in enumerate(_STEPS):
        if run.ended or place < begun_at:
            continue
        tell(_WORDS[step], place / len(_STEPS))
        for after in work(run.after if step == run.step else "", by, at):
            stored.mark_run(day, step, after)
    if not run.ended:
        _end(day, by, at)
    tell("done", 1.0)
    return Done(day=day, figures=stored.begin_run(day, at).figures)


def _end(day: date, by: Viewer, at: datetime) -> None:
    with transaction.atomic():
        figures = stored.begin_run(day, at).figures
        record(Action.RAN_RETENTION, by=by, at=at, details={"day": day.isoformat(), "figures": figures})
        stored.end_run(day, at)


def look_ahead(*, by: Viewer, at: datetime) -> Done:
    """Count what would be done on the day of `at`, which may be still to come, by what is known now."""
    check_may_run(by)
    day = at.date()
    archived: Counter[str] = Counter()
    for numbers in _maybe_due("", at):
        archived += count_due(numbers, at=at)
    purged = stored.purge_reasons(day)
    rest = {one.value: leftovers.count(one, at - KEPT_FOR[one]) for one in leftovers.COUNTED}
    rest[Leftover.AUDIT.value] = audit_log.count_old_events_about_nobody(at - KEPT_FOR[Leftover.AUDIT])
    rest |= count_files(_home(), at)
    figures = {"archived": dict(archived), "purged": purged, "let_go": {k: n for k, n in rest.items() if n}}
    return Done(day=day, figures={kind: counts for kind, counts in figures.items() if counts})


def in_that_day(day: date) -> datetime:
    """The last minute of a day here, or now where it is today."""
    now = timezone.localtime()
    last = datetime.combine(day, time(23, 59))
    return now if day == now.date() else timezone.make_aware(last)


# Each chain yields how far it is after each of its transactions.
def _look_again(after: str, by: Viewer, at: datetime) -> Iterator[str]:
    while numbers := stored.may_come_back(after=after, most=_READ):
        with only_loader():
            look_again(numbers, by=by, at=at)
        yield (after := numbers[-1])


def _archive(after: str, by: Viewer, at: datetime) -> Iterator[str]:
    for numbers in _maybe_due(after, at):
        with only_loader():
            archive_due(numbers, by=by, at=at)
        yield numbers[-1]


def _maybe_due(after: str, at: datetime) -> Iterator[list[str]]:
    born_by, came_before = years_on(at.date(), -GROWN_UP), at - timedelta(days=GROWN_UP * 365)
    while found := stored.may_be_due(after=after, born_by=born_by, came_before=came_before, most=_FOUND):
        yield from (found[start : start + _READ] for start in range(0, len(found), _READ))
        after = found[-1]


def _purge(_after: str, by: Viewer, at: datetime) -> Iterator[str]:
    while numbers := stored.due_to_be_purged(at.date(), most=_PURGED_AT_ONCE):
        every = stored.with_aliases(numbers)
        with only_loader():
            purge(numbers, by=by, at=at)
        sweep(every, by=by, at=at)
        yield ""
    born_by = years_on(at.date(), -GROWN_UP - YEARS_IN_ARCHIVE)
    while records := stored.strays(born_by=born_by, most=_READ):
        with only_loader():
            purge((), records, by=by, at=at)
        yield ""


def _let_go(_after: str, by: Viewer, at: datetime) -> Iterator[str]:
    for delivery in leftovers.held_since(at - KEPT_FOR[Leftover.STAGED]):
        with only_loader(), transaction.atomic():
            refuse_held(delivery, by=by, at=at)
            stored.add_figures(at, {"let_go": {Leftover.STAGED.value: 1}})
        yield ""
    for what, forget in leftovers.FORGETTING.items():
        while _forgotten(what, forget, at):
            yield ""
    while empty_old(at - KEPT_FOR[Leftover.AUDIT], _AUDIT_AT_ONCE, by=by, at=at):
        yield ""
    gone = delete_files(_home(), at)
    with transaction.atomic():
        leftovers.forget_rejects_files(at - KEPT_FOR[Leftover.REJECTED_FILES])
        stored.add_figures(at, {"let_go": gone} if gone else {})
    yield ""


def _forgotten(what: Leftover, forget: Callable[[datetime], int], at: datetime) -> int:
    with transaction.atomic():
        gone = forget(at - KEPT_FOR[what])
        stored.add_figures(at, {"let_go": {what.value: gone}} if gone else {})
    return gone


def _home() -> Path | None:
    return Path(settings.HOME) if settings.HOME else None


_STEPS: Final[tuple[tuple[str, Callable[[str, Viewer, datetime], Iterator[str]]], ...]] = (
    ("look_again", _look_again),
    ("archive", _archive),
    ("purge", _purge),
    ("let_go", _let_go),
)
_WORDS: Final = {
    "look_again": "looking for who came back",
    "archive": "archiving",
    "purge": "purging",
    "let_go": "letting go of the rest",
}
