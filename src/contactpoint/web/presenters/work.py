"""The words, the tables and the chart of how the directory's own work goes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contactpoint.actions.run.reports import Period
from contactpoint.domain.children_counts import LEAST_TOLD, sum_of
from contactpoint.domain.disclosure.actors import Lapse, Role, Viewer
from contactpoint.domain.reports import LEAST_SHOWN
from contactpoint.domain.work import (
    CHECKED_WITHIN,
    OVERDUE,
    CasesLine,
    Health,
    LooksWeek,
    ReviewFigures,
    WorkReport,
)
from contactpoint.web.presenters.charts import Chart, chart_of
from contactpoint.web.presenters.matching import KIND_WORDS
from contactpoint.web.presenters.quality import percent
from contactpoint.web.presenters.reports import PERIOD_WORDS
from contactpoint.web.presenters.tables import Table, table_rows
from contactpoint.web.presenters.words import counted, day_words

_HEALTH_WORDS: Mapping[Health, str] = {
    Health.ON_TIME: "On time",
    Health.LATE: "Later than promised",
    Health.NEVER: "Never sent anything",
    Health.PAUSED: "Paused",
}
_OVERDUE_WORDS: Mapping[Lapse, str] = {
    Lapse.TRAINING_EXPIRED: "Training",
    Lapse.CHECK_EXPIRED: "Criminal-record check",
    Lapse.AGREEMENT_UNSIGNED: "User agreement",
    Lapse.NOT_RENEWED: "Word that the account is still needed",
}
_ROUNDED = f"under {LEAST_TOLD}"
_SMALL = f"fewer than {LEAST_SHOWN}"
_NOTHING = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkView:
    """A report, ready for the page. `of_children` where it holds what comes of records."""

    whose: str
    when: str
    now: str
    facts: tuple[tuple[str, str], ...]
    chart: Chart | None
    tables: tuple[Table, ...]
    periods: tuple[tuple[int, str, bool], ...]
    weeks: int
    of_children: bool


def work_view(report: WorkReport, period: Period, by: Viewer) -> WorkView:
    """Choose the words."""
    return WorkView(
        whose=_whose(by),
        when=f"{day_words(report.since)} to {day_words(report.until)}",
        now=day_words(report.on),
        facts=tuple(_facts(report)),
        chart=_chart(report.review.weeks) if report.review else None,
        tables=tuple(_tables(report)),
        periods=tuple((int(one), words, one is period) for one, words in PERIOD_WORDS.items()),
        weeks=int(period),
        of_children=report.cases is not None,
    )


def work_rows(report: WorkReport, period: Period, by: Viewer) -> Iterator[tuple[str, str, str]]:
    """The same as rows for a file: what, of what, how many."""
    view = work_view(report, period, by)
    yield "what", "of what", "how many"
    yield "whose work", view.whose, ""
    yield "from", report.since.isoformat(), ""
    yield "to", report.until.isoformat(), ""
    yield "waiting on", report.on.isoformat(), ""
    for name, value in view.facts:
        yield name.lower(), "", value.replace(",", "")
    yield from table_rows(view.tables)


def _whose(by: Viewer) -> str:
    if by.role is Role.NATIONAL_TEAM:
        return "All of England"
    if by.role is Role.PARTNER_TEAM or not by.authority:
        return by.organisation_name
    return f"The area of {by.organisation_name}"


def _facts(report: WorkReport) -> Iterator[tuple[str, str]]:
    if report.cases is not None:
        yield "Records waiting to be checked", _told(sum_of(one.waiting for one in report.cases))
    yield "Accounts open", _few(report.people.accounts)
    yield "Accounts used in the last four weeks", _few(report.people.active)
    yield "Accounts with something overdue", _few(report.people.overdue)
    yield "Rows of feeds rejected", percent(report.feeds.rejected)
    if report.review:
        yield "Looks that work explains", percent(report.review.explained)


def _tables(report: WorkReport) -> Iterator[Table]:
    if report.cases is not None:
        yield from _cases(report.cases)
    yield Table(
        caption="Feeds now",
        columns=("How they do", "Feeds"),
        rows=tuple((words, f"{report.feeds.by_health[one]:,}") for one, words in _HEALTH_WORDS.items()),
    )
    if report.review:
        yield from _review(report.review)
    yield Table(
        caption="Overdue now",
        columns=("What", "Accounts"),
        rows=tuple((_OVERDUE_WORDS[one], _few(report.people.by_kind[one])) for one in OVERDUE),
    )


def _cases(cases: tuple[CasesLine, ...]) -> Iterator[Table]:
    yield Table(
        caption="Records to check",
        columns=("Question", "In time", "Too long"),
        rows=tuple(
            (
                f"{KIND_WORDS[one.kind]} Within {counted(CHECKED_WITHIN[one.kind].days, 'day', 'days')}",
                _told(one.on_time),
                _told(one.late),
            )
            for one in cases
        ),
    )
    yield Table(
        caption="Records checked",
        columns=("Question", "Decided", "Oldest waits"),
        rows=tuple(
            (
                KIND_WORDS[one.kind],
                _told(one.done),
                _NOTHING if one.weeks is None else counted(one.weeks, "week", "weeks"),
            )
            for one in cases
        ),
    )


def _review(review: ReviewFigures) -> Iterator[Table]:
    yield Table(
        caption="Uses to review",
        columns=("How they stand", "Uses"),
        rows=(
            ("Found in these weeks", _told(review.found)),
            ("Of those, decided", _told(review.done)),
            ("Waiting, up to four weeks", _told(review.on_time)),
            ("Waiting longer", _told(review.late)),
        ),
    )
    yield Table(
        caption="Looks week by week",
        columns=("Week from", "Looks", "Explained"),
        rows=tuple((day_words(one.begin), _told(one.looks), _told(one.explained)) for one in review.weeks),
    )


def _told(count: int | None) -> str:
    return _ROUNDED if count is None else f"{count:,}"


def _few(count: int | None) -> str:
    return _SMALL if count is None else f"{count:,}"


def _chart(weeks: tuple[LooksWeek, ...]) -> Chart | None:
    most = max((one.looks or 0 for one in weeks), default=0)
    if len(weeks) < 2 or not most:
        return None
    return chart_of(
        [(one.explained or 0, one.unexplained or 0) for one in weeks],
        first=day_words(weeks[0].begin),
        last=day_words(weeks[-1].begin),
        in_words=(
            f"Looks at records in each of {len(weeks)} weeks, at most {most:,}, and how many of them work "
            "explains. The table “Looks week by week” holds the numbers."
        ),
    )
