"""The charts of how good what sources send is, and the tables that hold the same figures.

They are drawn of what is told and of nothing else: a part that is told as under ten has no length, and
what is told as all but under ten has the whole (ADR 34).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from contactpoint.domain.quality import Part, SourceInDetail, SourceQuality, WeekQuality, weight
from contactpoint.web.presenters.charts import Chart, Drawing, NamedBars, chart_of, named_bars, shares_chart
from contactpoint.web.presenters.shares import part_words, rest_of
from contactpoint.web.presenters.tables import Table
from contactpoint.web.presenters.words import counted, day_words

MOST: Final = 8
"""Sources in a chart: those that need somebody most. The tables hold all of them."""
_NOTHING: Final = "–"

Row = tuple[str, str, float, float | None]


def list_drawings(sources: Sequence[SourceQuality]) -> tuple[Drawing, ...]:
    """How complete, how connected, how often rejected and how fresh the worst sources are."""
    return tuple(_list_drawings(sources))


def _list_drawings(sources: Sequence[SourceQuality]) -> Iterator[Drawing]:
    for title, told, by, how in (
        (
            "Records with no field missing",
            lambda one: rest_of(one.gaps),
            lambda share: share,
            "the share of a source's records in which nothing is missing",
        ),
        (
            "Records that meet another source's",
            lambda one: one.linked,
            lambda share: share,
            "the share of a source's records that meet another source's record of the same child",
        ),
        (
            "Rows rejected in 13 weeks",
            lambda one: one.rejected,
            lambda share: -share,
            "the share of the rows a source sent that could not be read",
        ),
    ):
        chart = _shares(sources, told, by, title)
        if chart:
            known = sum(told(one) is not None for one in sources)
            yield Drawing(title=title, how=f"Each bar is {how}. {_which(known)}", chart=chart)
    fresh = _freshness(sources)
    if fresh:
        how = "Each bar is how many days old a source's newest word is; the mark is how old it may be."
        known = sum(one.days_old is not None for one in sources)
        yield Drawing(title="How old the newest word is", how=f"{how} {_which(known)}", chart=fresh)


def _which(known: int) -> str:
    return f"The {MOST} that need somebody most are drawn." if known > MOST else "The worst stands first."


def _shares(
    sources: Sequence[SourceQuality],
    told: Callable[[SourceQuality], Part],
    by: Callable[[float], float],
    title: str,
) -> NamedBars | None:
    found = [(one, told(one)) for one in sources]
    known = [(one, part) for one, part in found if part is not None]
    known.sort(key=lambda pair: (by(weight(pair[1])), pair[0].name, pair[0].code))
    rows: list[Row] = [(one.name, part_words(part), weight(part), None) for one, part in known[:MOST]]
    return named_bars(rows, in_words=_said(title, rows))


def _said(title: str, rows: Sequence[Row]) -> str:
    said = "; ".join(f"{name}, {words}" for name, words, _, _ in rows)
    return f"{title}, by source: {said}. The tables hold every source."


def _freshness(sources: Sequence[SourceQuality]) -> NamedBars | None:
    ages = [(one, one.days_old) for one in sources if one.days_old is not None]
    ages.sort(key=lambda pair: (-pair[0].promise.days_late, -pair[1], pair[0].name, pair[0].code))
    drawn = ages[:MOST]
    most = max((max(age, one.promise.every_days) for one, age in drawn), default=0)
    if not most:
        return None
    rows: list[Row] = [
        (
            one.name,
            f"{counted(age, 'day', 'days')}, may be {one.promise.every_days}",
            age / most,
            one.promise.every_days / most,
        )
        for one, age in drawn
    ]
    return named_bars(rows, in_words=_said("How old the newest word is, of how old it may be", rows))


def fresh_table(sources: Sequence[SourceQuality]) -> Table:
    """How fresh every source is, in days."""
    return Table(
        caption="How old the newest word is",
        columns=("Source", "Days old", "May be"),
        rows=tuple(
            (
                one.name,
                _NOTHING if one.days_old is None else f"{one.days_old:,}",
                f"{one.promise.every_days:,}",
            )
            for one in sources
        ),
    )


def source_drawings(found: SourceInDetail) -> tuple[Drawing, ...]:
    """One source over the weeks of which counts are kept."""
    return tuple(
        Drawing(title=title, how=how, chart=chart)
        for title, how, chart in (
            (
                "Records with no field missing, by week",
                "Each bar is a week; filled is the share in which nothing is missing. No bar: not told.",
                _by_week(found.weeks, lambda one: one.complete, "Records with no field missing", "Complete"),
            ),
            (
                "Records that meet another source's, by week",
                "Each bar is a week; filled is the share that meets another. No bar: not told.",
                _by_week(
                    found.weeks, lambda one: one.linked, "Records that meet another source's", "Meet another"
                ),
            ),
            (
                "Rows rejected, by week",
                "Each bar is a week in which a file came; filled is the share of its rows that was rejected.",
                _by_week(found.weeks, lambda one: one.rejected, "Rows rejected", "Rows rejected"),
            ),
            (
                "How old the newest word was, by week",
                (
                    "Each bar is how many days old it was when the week ended; it may be "
                    f"{counted(found.line.promise.every_days, 'day', 'days')}."
                ),
                _ages(found.weeks),
            ),
        )
        if chart
    )


def _by_week(
    weeks: Sequence[WeekQuality], told: Callable[[WeekQuality], Part], what: str, column: str
) -> Chart | None:
    parts = [told(one) for one in weeks]
    known = [part for part in parts if part is not None]
    if len(known) < 2:
        return None
    return shares_chart(
        [None if part is None else weight(part) for part in parts],
        first=day_words(weeks[0].begin),
        last=day_words(weeks[-1].begin),
        in_words=(
            f"{what} in {len(known)} of {len(weeks)} weeks: {part_words(known[0])} at first, "
            f"{part_words(known[-1])} at last. The column “{column}” of the table “Week by week” holds them."
        ),
    )


def _ages(weeks: Sequence[WeekQuality]) -> Chart | None:
    ages = [one.days_since for one in weeks]
    if not any(ages):
        return None
    most = max(one or 0 for one in ages)
    return chart_of(
        [(one or 0, 0) for one in ages],
        first=day_words(weeks[0].begin),
        last=day_words(weeks[-1].begin),
        in_words=(
            f"How many days old the newest word was at the end of each of {len(weeks)} weeks, at most "
            f"{most:,}. The column “Days old” of the table “Week by week” holds them."
        ),
    )


def week_table(weeks: Sequence[WeekQuality]) -> Table:
    """Every figure of the charts of one source."""
    return Table(
        caption="Week by week",
        columns=("Week from", "Complete", "Meet another", "Not renewed", "Rows rejected", "Days old"),
        rows=tuple(
            (
                day_words(one.begin),
                *(
                    part_words(part) if one.was_counted else _NOTHING
                    for part in (one.complete, one.linked, one.held_up)
                ),
                part_words(one.rejected) if one.came else _NOTHING,
                _NOTHING if one.days_since is None else f"{one.days_since:,}",
            )
            for one in weeks
        ),
    )
