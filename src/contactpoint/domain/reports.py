"""How much the directory is used, and whether it ends in people talking; counted, and of no child.

What is counted are acts of staff. No figure comes of a record, so none can come of what a record hides; and
none can be asked for so finely that it tells of one person.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from contactpoint.domain.contacting import CallOutcome
from contactpoint.domain.hours import HoursSaved, Within, hours_saved

SITTING: Final = timedelta(minutes=15)
"""A search that follows another by no more belongs to it, unless a record was opened between them."""

REACHED_WITHIN: Final = timedelta(minutes=60)
"""A contact made later than this after the search is not counted as found by it."""

LEAST_SHOWN: Final = 5
"""A part of a figure that is smaller is shown as fewer than this."""

SATURDAY: Final = 5


class Measure(StrEnum):
    """What is counted, of each day."""

    PEOPLE = "people"  # who searched or opened a record
    SEARCHES = "searches"
    BY_PURPOSE = "by_purpose"  # searches, by purpose
    FOUND = "found"  # sittings, by Found
    REACHED = "reached"  # sittings that ended in a contact, by Within
    ASKED = "asked"  # requests to get in touch, messages to a desk
    SIGN_INS = "sign_ins"  # by whoever works there, but at a shield desk alone
    RANG = "rang"  # calls, by CallOutcome
    SPOKE = "spoke"  # contacts made: they rang and spoke, or a request was answered so


class Found(StrEnum):
    """How a sitting of searching ended."""

    FIRST = "first"
    REFINED = "refined"
    NONE = "none"


_LONGEST: Final = {
    Within.MINUTE: timedelta(minutes=1),
    Within.FIVE: timedelta(minutes=5),
    Within.QUARTER: timedelta(minutes=15),
    Within.HOUR: REACHED_WITHIN,
}


class Did(StrEnum):
    """What somebody did, as far as it counts."""

    SEARCHED = "searched"
    OPENED = "opened"
    ASKED = "asked"
    RANG = "rang"  # and did not speak to whom they wanted
    SPOKE = "spoke"
    ANSWERED = "answered"  # spoke because they were asked to


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that one person did for one organisation: `purpose` is of a search, `outcome` of a call."""

    at: datetime
    did: Did
    purpose: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One search and those that refine it, up to what came of it."""

    began: datetime
    searched: datetime
    searches: int = 1
    opened: bool = False
    reached: datetime | None = None

    @property
    def found(self) -> Found:
        """How it ended."""
        if not self.opened:
            return Found.NONE
        return Found.FIRST if self.searches == 1 else Found.REFINED

    @property
    def within(self) -> Within | None:
        """How long it took to reach somebody; None if nobody was."""
        if self.reached is None:
            return None
        return next(one for one in Within if self.reached - self.began <= _LONGEST[one])


Figure = tuple[Measure, str]
"""A measure and a part of it; the part is empty where a measure has none."""


def count_steps(steps: Sequence[Step]) -> Counter[Figure]:
    """Count what one person did in a day for one organisation, given in the order of time."""
    counts: Counter[Figure] = Counter()
    if any(one.did in {Did.SEARCHED, Did.OPENED} for one in steps):
        counts[Measure.PEOPLE, ""] = 1
    for one in steps:
        counts.update(_figures_of(one))
    for sitting in sittings(steps):
        counts[Measure.FOUND, sitting.found] += 1
        if sitting.within:
            counts[Measure.REACHED, sitting.within] += 1
    return counts


def _figures_of(one: Step) -> tuple[Figure, ...]:
    """What one thing counts as, once each."""
    match one.did:
        case Did.SEARCHED:
            return (Measure.SEARCHES, ""), (Measure.BY_PURPOSE, one.purpose)
        case Did.ASKED:
            return ((Measure.ASKED, ""),)
        case Did.SPOKE:
            return (Measure.SPOKE, ""), (Measure.RANG, CallOutcome.SPOKE)
        case Did.RANG:
            return ((Measure.RANG, one.outcome),)
        case Did.ANSWERED:
            return ((Measure.SPOKE, ""),)
        case Did.OPENED:
            return ()


def sittings(steps: Iterable[Step]) -> list[Sitting]:
    """Part what one person did into sittings, oldest first."""
    found: list[Sitting] = []
    for one in steps:
        last = found[-1] if found else None
        match one.did:
            case Did.SEARCHED if last and not last.opened and one.at - last.searched <= SITTING:
                found[-1] = replace(last, searched=one.at, searches=last.searches + 1)
            case Did.SEARCHED:
                found.append(Sitting(began=one.at, searched=one.at))
            case Did.OPENED if last and one.at - last.searched <= SITTING:
                found[-1] = replace(last, opened=True)
            case Did.ASKED | Did.SPOKE if last and _is_reached_by(last, one.at):
                found[-1] = replace(last, reached=one.at)
            case _:
                pass
    return found


def _is_reached_by(sitting: Sitting, at: datetime) -> bool:
    return sitting.opened and sitting.reached is None and at - sitting.began <= REACHED_WITHIN


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
    """What was counted from a Monday to the Sunday after it, or as far as days were counted."""

    begin: date
    searches: int
    spoke: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaLine:
    """What the organisations of an authority did. Small counts are None."""

    name: str
    searches: int | None
    spoke: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UseReport:
    """How a scope's people used the directory from one day to another, both counted. Small counts are None.

    `people_a_day` is the median of the days from Monday to Friday; `sign_ins` is None where no day counted
    them.
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
    reached: Mapping[str, int | None]
    asked: int
    rang: Mapping[str, int | None]
    spoke: int
    saved: HoursSaved | None
    weeks: tuple[Week, ...]
    areas: tuple[AreaLine, ...] = ()


def report_of(
    days: Mapping[date, Counts], *, since: date, until: date, areas: Iterable[AreaLine] = ()
) -> UseReport:
    """Sum up the counts of days."""
    total: Counter[Figure] = Counter()
    weeks: dict[date, Counter[str]] = {}
    for day, counts in sorted(days.items()):
        total.update(_figures(counts))
        week = weeks.setdefault(day - timedelta(days=day.weekday()), Counter())
        week.update({measure: _whole(counts, measure) for measure in (Measure.SEARCHES, Measure.SPOKE)})

    def parts(measure: Measure, names: Iterable[str]) -> dict[str, int]:
        return {name: total[measure, name] for name in names}

    spoke = total[Measure.SPOKE, ""]
    found = parts(Measure.FOUND, Found)
    reached = hide_small(parts(Measure.REACHED, Within))
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
        reached=reached,
        rang=hide_small(parts(Measure.RANG, CallOutcome)),
        asked=total[Measure.ASKED, ""],
        spoke=spoke,
        saved=hours_saved(shown(spoke), reached),
        weeks=tuple(
            Week(begin=begin, searches=week[Measure.SEARCHES], spoke=week[Measure.SPOKE])
            for begin, week in sorted(weeks.items())
        ),
        areas=tuple(areas),
    )


def _figures(counts: Counts) -> Counter[Figure]:
    return Counter(
        {
            (Measure(measure), part): count
            for measure, parts in counts.items()
            for part, count in parts.items()
        }
    )


def _whole(counts: Counts, measure: Measure) -> int:
    return counts.get(measure, {}).get("", 0)
