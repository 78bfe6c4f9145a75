"""How the work goes: records to check, feeds, review of use, accounts; counted, and of no child.

What comes of records or of looks at them is made of parts that are rounded each by itself, as children are
(ADR 34), and no part holds anything of a protected child (ADR 36).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from contactpoint.domain.children_counts import sum_of, told
from contactpoint.domain.disclosure.actors import Lapse
from contactpoint.domain.feeds import FeedLine, Freshness, promise_kept
from contactpoint.domain.matching import CaseKind
from contactpoint.domain.quality import share
from contactpoint.domain.reports import shown

CHECKED_WITHIN: Final[Mapping[CaseKind, timedelta]] = {
    CaseKind.POSSIBLE_TWO: timedelta(days=7),
    CaseKind.CONFLICT: timedelta(days=14),
    CaseKind.POSSIBLE_MERGE: timedelta(days=28),
    CaseKind.UNSURE_PAIR: timedelta(days=28),
}
"""How soon a record should be checked: no law says it, and two children in one record wait least (ADR 36)."""

REVIEWED_WITHIN: Final = timedelta(days=28)
"""How soon somebody should have decided about a use of the directory (ADR 36)."""

SEEN_WITHIN: Final = timedelta(days=28)
"""Whoever signed in no longer ago is active."""

OVERDUE: Final = (Lapse.TRAINING_EXPIRED, Lapse.CHECK_EXPIRED, Lapse.AGREEMENT_UNSIGNED, Lapse.NOT_RENEWED)
"""What can be overdue of an account."""


class Stands(StrEnum):
    """How a case stands. What is done counts for the period, what waits for now."""

    ON_TIME = "on_time"
    LATE = "late"
    DONE = "done"


class Health(StrEnum):
    """How a feed does."""

    ON_TIME = "on_time"
    LATE = "late"
    NEVER = "never"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCount:
    """So many cases of a kind stand so; the oldest was opened then."""

    kind: CaseKind
    stands: Stands
    count: int
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCount:
    """So many uses stand so; `in_period` where they were found in the period."""

    stands: Stands
    in_period: bool
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksCount:
    """Looks of the week from a Monday that were judged, and how many of them work explains."""

    week: date
    looks: int
    explained: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleCount:
    """Open accounts, those seen lately, and those of which something is overdue, of each kind and of any."""

    accounts: int
    active: int
    overdue: int
    by_kind: Mapping[Lapse, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaPeople:
    """Open accounts of an authority's bodies, and those of which something is overdue; None where few."""

    name: str
    accounts: int | None
    overdue: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesLine:
    """A kind of case as it is told; None where it is few. `weeks` is how long the oldest has waited."""

    kind: CaseKind
    waiting: int | None
    on_time: int | None
    late: int | None
    weeks: int | None
    done: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksWeek:
    """A week of looks as it is told: explained and not, None where they are few."""

    begin: date
    explained: int | None
    unexplained: int | None

    @property
    def looks(self) -> int | None:
        """All of them, as far as they are told."""
        return sum_of((self.explained, self.unexplained))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFigures:
    """Review of use as it is told: found in the period, decided of those, and what waits now."""

    found: int | None
    done: int | None
    on_time: int | None
    late: int | None
    weeks: tuple[LooksWeek, ...]

    @property
    def explained(self) -> float | None:
        """The share of looks that work explains, made of what is told."""
        looks = sum_of(one.looks for one in self.weeks)
        return share(sum_of(one.explained for one in self.weeks) or 0, looks) if looks else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFigures:
    """How many feeds there are by how they do, and the share of rows rejected in the period."""

    by_health: Mapping[Health, int]
    rejected: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFigures:
    """Accounts as they are told: None where there are few."""

    accounts: int | None
    active: int | None
    overdue: int | None
    by_kind: Mapping[Lapse, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkReport:
    """How work goes. What a team has no part in is None; the period is of what was done, the rest of now.

    `areas` are told to the nation.
    """

    since: date
    until: date
    on: date
    cases: tuple[CasesLine, ...] | None
    feeds: FeedFigures
    review: ReviewFigures | None
    people: PeopleFigures
    areas: tuple[AreaPeople, ...] = ()


def cases_told(counts: Iterable[CaseCount], at: datetime) -> tuple[CasesLine, ...]:
    """Every kind of case, riskiest first; each part is rounded by itself and a sum made of those."""
    found = {(one.kind, one.stands): one for one in counts}

    def line(kind: CaseKind) -> CasesLine:
        parts = {stands: found.get((kind, stands)) for stands in Stands}
        on_time, late, done = (told(one.count) if one else None for one in parts.values())
        oldest = parts[Stands.LATE] if late is not None else parts[Stands.ON_TIME] if on_time else None
        return CasesLine(
            kind=kind,
            waiting=sum_of((on_time, late)),
            on_time=on_time,
            late=late,
            weeks=(at - oldest.oldest).days // 7 if oldest and oldest.oldest else None,
            done=done,
        )

    return tuple(line(kind) for kind in CaseKind)


def review_told(counts: Iterable[ReviewCount], looks: Sequence[LooksCount]) -> ReviewFigures:
    """What review of use comes to; each part is rounded by itself and a sum made of those."""
    parts = {(one.stands, one.in_period): told(one.count) for one in counts}

    def both(stands: Stands) -> int | None:
        return sum_of((parts.get((stands, True)), parts.get((stands, False))))

    return ReviewFigures(
        found=sum_of(parts.get((stands, True)) for stands in Stands),
        done=parts.get((Stands.DONE, True)),
        on_time=both(Stands.ON_TIME),
        late=both(Stands.LATE),
        weeks=tuple(
            LooksWeek(
                begin=one.week, explained=told(one.explained), unexplained=told(one.looks - one.explained)
            )
            for one in looks
        ),
    )


def feeds_told(lines: Iterable[FeedLine], rows: Mapping[str, tuple[int, int]], on: date) -> FeedFigures:
    """How feeds do on a day; `rows` are those read and rejected of each in the period."""
    lines = tuple(lines)
    known = [rows[one.code] for one in lines if one.code in rows]
    found = Counter(_health(one, on) for one in lines)
    return FeedFigures(
        by_health={one: found[one] for one in Health},
        rejected=share(sum(rejected for _, rejected in known), sum(read for read, _ in known)),
    )


def _health(one: FeedLine, on: date) -> Health:
    if one.paused:
        return Health.PAUSED
    match promise_kept(last_told=one.last_told, promised_days=one.promised_days, on=on).state:
        case Freshness.NEVER:
            return Health.NEVER
        case Freshness.LATE:
            return Health.LATE
        case Freshness.ON_TIME:
            return Health.ON_TIME


def areas_told(counts: Iterable[tuple[str, int, int]]) -> tuple[AreaPeople, ...]:
    """Accounts of each authority, given with how many have something overdue, as they may be told."""
    return tuple(
        AreaPeople(name=name, accounts=shown(accounts), overdue=shown(overdue))
        for name, accounts, overdue in counts
    )


def people_told(counted: PeopleCount) -> PeopleFigures:
    """Accounts as they may be told."""
    return PeopleFigures(
        accounts=shown(counted.accounts),
        active=shown(counted.active),
        overdue=shown(counted.overdue),
        by_kind={kind: shown(counted.by_kind.get(kind, 0)) for kind in OVERDUE},
    )
