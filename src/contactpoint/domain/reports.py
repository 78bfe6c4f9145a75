"""How much the directory is used, and whether it ends in people talking; counted, and of no child.

What is counted are acts of staff. No figure comes of a record, so none can come of what a record hides; and
none can be asked for so finely that it tells of one person.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from contactpoint.domain.contacting import CallOutcome, RequestOutcome
from contactpoint.domain.counting_use import Figure, Found, Measure, Soon
from contactpoint.domain.hours import HoursSaved, Within, hours_saved

LEAST_SHOWN: Final = 5
"""A part of a figure that is smaller is shown as fewer than this."""

SATURDAY: Final = 5

OUTCOMES: Final = (
    RequestOutcome.SPOKE,
    RequestOutcome.LEFT_MESSAGE,
    RequestOutcome.NOT_REACHED,
    RequestOutcome.NOT_INVOLVED,
)
"""How a request to a service that is named ends; the others are of what a desk passed on, counted nowhere."""

_MEASURES: Final = frozenset(Measure)


def whole_weeks(today: date, weeks: int) -> tuple[date, date]:
    """The first and the last day of so many whole weeks, which end on a Sunday that is over.

    So a report of today is that of any other day of this week.
    """
    until = today - timedelta(days=today.weekday() + 1)
    return until - timedelta(weeks=weeks) + timedelta(days=1), until


def hide_small(parts: Mapping[str, int]) -> dict[str, int | None]:
    """Hide the parts of a total that are small: None for those.

    A total less all parts but one tells that one, so that where a single small part would be hidden the
    smallest other is hidden with it.
    """
    hidden = {name for name, count in parts.items() if 0 < count < LEAST_SHOWN}
    if len(hidden) == 1:
        others = [name for name, count in parts.items() if name not in hidden and count]
        hidden |= {min(others, key=lambda name: (parts[name], name))} if others else set()
    return {name: None if name in hidden else count for name, count in parts.items()}


def shown(count: int) -> int | None:
    """A count by itself: None where it is small."""
    return None if 0 < count < LEAST_SHOWN else count


def median(numbers: Iterable[int]) -> int:
    """The middle of some numbers, the lower of two; 0 of none."""
    ordered = sorted(numbers)
    return ordered[(len(ordered) - 1) // 2] if ordered else 0


Counts = Mapping[str, Mapping[str, int]]
"""A day's counts by measure and part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What was counted from a Monday to the Sunday after it, or as far as days were counted.

    `contacts` is None where no day of it counted them as they are now.
    """

    begin: date
    searches: int
    contacts: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaLine:
    """What the organisations of an authority did. Small counts are None."""

    name: str
    searches: int | None
    contacts: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UseReport:
    """How a scope's people used the directory from one day to another, both counted. Small counts are None.

    `people_a_day` is the median of the days from Monday to Friday; `sign_ins` and `contacts` are None where
    no day counted them. `contacts_since` is the first day that counted contacts as they are now, and so
    `contacted`, `took`, `answered`, `contacts` and `saved` are of that day and later ones; None for no day.
    """

    since: date
    until: date
    days: int
    people_a_day: int
    sign_ins: int | None
    searches: int
    by_purpose: Mapping[str, int | None]
    sittings: int
    found: Mapping[str, int | None]
    contacts_since: date | None
    contacted: Mapping[str, int | None]
    took: Mapping[str, int | None]
    asked: int
    answered: Mapping[str, int | None]
    rang: Mapping[str, int | None]
    contacts: int | None
    saved: HoursSaved | None
    weeks: tuple[Week, ...]
    areas: tuple[AreaLine, ...] = ()


def report_of(
    days: Mapping[date, Counts], *, since: date, until: date, areas: Iterable[AreaLine] = ()
) -> UseReport:
    """Sum up the counts of days."""
    total: Counter[Figure] = Counter()
    for counts in days.values():
        total.update(_figures(counts))

    def parts(measure: Measure, names: Iterable[str]) -> dict[str, int]:
        return {name: total[measure, name] for name in names}

    since_when = min((day for day, counts in days.items() if Measure.CONTACTS in counts), default=None)
    contacts = None if since_when is None else total[Measure.CONTACTS, ""]
    found = parts(Measure.FOUND, Found)
    took = hide_small(parts(Measure.TOOK, Within))
    purposes = sorted(part for measure, part in total if measure is Measure.BY_PURPOSE)
    return UseReport(
        since=since,
        until=until,
        days=len(days),
        people_a_day=median(
            _whole(counts, Measure.PEOPLE) for day, counts in days.items() if day.weekday() < SATURDAY
        ),
        sign_ins=total.get((Measure.SIGN_INS, "")),
        searches=total[Measure.SEARCHES, ""],
        by_purpose=hide_small(parts(Measure.BY_PURPOSE, purposes)),
        sittings=sum(found.values()),
        found=hide_small(found),
        contacts_since=since_when,
        contacted=hide_small(parts(Measure.CONTACTED, Soon)),
        took=took,
        rang=hide_small(parts(Measure.RANG, CallOutcome)),
        asked=total[Measure.ASKED, ""],
        answered=hide_small(parts(Measure.ANSWERED, OUTCOMES)),
        contacts=contacts,
        saved=None if contacts is None else hours_saved(shown(contacts), took),
        weeks=tuple(_weeks(days)),
        areas=tuple(areas),
    )


def _weeks(days: Mapping[date, Counts]) -> Iterator[Week]:
    begins = sorted({day - timedelta(days=day.weekday()) for day in days})
    for begin in begins:
        of_week = [counts for day, counts in days.items() if begin <= day < begin + timedelta(weeks=1)]
        known = [_whole(counts, Measure.CONTACTS) for counts in of_week if Measure.CONTACTS in counts]
        yield Week(
            begin=begin,
            searches=sum(_whole(counts, Measure.SEARCHES) for counts in of_week),
            contacts=sum(known) if known else None,
        )


def _figures(counts: Counts) -> Counter[Figure]:
    """A day's figures that are counted still."""
    return Counter(
        {
            (Measure(measure), part): count
            for measure, parts in counts.items()
            if measure in _MEASURES
            for part, count in parts.items()
        }
    )


def _whole(counts: Counts, measure: Measure) -> int:
    return counts.get(measure, {}).get("", 0)
