"""The words, the table and the chart of how the directory is used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contactpoint.actions.run.reports import Period
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.purpose import FINDING_PURPOSES
from contactpoint.domain.reports import LEAST_SHOWN, Found, UseReport, Week, Within
from contactpoint.web.presenters.charts import Chart, chart_of
from contactpoint.web.presenters.sheets import Sheet
from contactpoint.web.presenters.tables import Table, table_rows
from contactpoint.web.presenters.words import day_words
from contactpoint.web.reasons import reason_words

PERIOD_WORDS = {
    Period.MONTH: "4 weeks",
    Period.QUARTER: "13 weeks",
    Period.YEAR: "52 weeks",
}
_FOUND_WORDS: Mapping[str, str] = {
    Found.FIRST: "Opened a record after the first search",
    Found.REFINED: "Opened a record after searching again",
    Found.NONE: "Opened no record",
}
_WITHIN_WORDS: Mapping[str, str] = {
    Within.MINUTE: "In the first minute",
    Within.FIVE: "Within 5 minutes",
    Within.QUARTER: "Within 15 minutes",
    Within.HOUR: "Within an hour",
}
_SMALL = f"fewer than {LEAST_SHOWN}"
_HIDDEN = "not shown"
_NOT_COUNTED = "not counted"


_NOTES = (
    (
        "Every night what people did is counted from the audit: acts of staff, of no child. What shield "
        "desks do is not counted. Numbers under 5 are not shown, nor those from which one could be worked "
        "out."
    ),
    (
        "Searches that follow each other within 15 minutes count as one time of searching. A contact was "
        "made when somebody rang and spoke, or a service that was asked says they have spoken."
    ),
    (
        "Nobody has measured what is saved. The lower number takes 13 minutes a contact: in a survey of "
        "2009 over 6,000 practitioners lost two hours a month looking for others (DCSF), and made 107 "
        "contacts a year (House of Lords, 18 July 2007). The higher takes the four hours that the "
        "business case of 2007 claimed. The truth is nearer the lower."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodView:
    """A dashboard of so many weeks, ready for its page, and the other periods there are."""

    sheet: Sheet
    periods: tuple[tuple[int, str, bool], ...]
    weeks: int


def of_period(sheet: Sheet, period: Period) -> PeriodView:
    """Put the choice of periods beside a dashboard."""
    return PeriodView(
        sheet=sheet,
        periods=tuple((int(one), words, one is period) for one, words in PERIOD_WORDS.items()),
        weeks=int(period),
    )


def report_sheet(report: UseReport, period: Period, by: Viewer) -> Sheet:
    """Choose the words."""
    missing = int(period) * 7 - report.days
    uncounted = f" For {missing} of these days nothing was counted." if missing else ""
    return Sheet(
        title="How the directory is used",
        lead=f"{whose_words(by)}, {day_words(report.since)} to {day_words(report.until)}.{uncounted}",
        facts=(
            ("People who used it on a working day, typically", _count(report.people_a_day)),
            ("Sign-ins", _NOT_COUNTED if report.sign_ins is None else _count(report.sign_ins)),
            ("Searches", _count(report.searches)),
            ("Contacts made", _count(report.spoke)),
            ("Requests to get in touch, and messages to a desk", _count(report.asked)),
            ("Hours saved, perhaps", f"{report.saved.least:,} to {report.saved.most:,}"),
        ),
        chart=_chart(report.weeks),
        drawn="Searches and contacts by week",
        drawn_how="Each bar is a week of searches; filled are the contacts made.",
        tables=tuple(_tables(report)),
        notes=_NOTES,
    )


def whose_words(by: Viewer) -> str:
    """Whose use is counted."""
    if by.role is Role.NATIONAL_TEAM:
        return "Everybody in England"
    if by.authority:
        return f"{by.organisation_name}, and every organisation in its area"
    return by.organisation_name


def report_rows(report: UseReport, by: Viewer) -> Iterator[tuple[str, str, str]]:
    """The same as rows for a file: what, of what, how many."""
    yield "what", "of what", "how many"
    yield "whose use", whose_words(by), ""
    yield "from", report.since.isoformat(), ""
    yield "to", report.until.isoformat(), ""
    yield "days counted", "", str(report.days)
    for name, value in (
        ("people on a working day, median", report.people_a_day),
        ("sign-ins", report.sign_ins),
        ("searches", report.searches),
        ("contacts made", report.spoke),
        ("requests and messages", report.asked),
        ("hours saved, least", report.saved.least),
        ("hours saved, most", report.saved.most),
    ):
        yield name, "", _NOT_COUNTED if value is None else _plain(value)
    yield from table_rows(_tables(report))


def _plain(count: int) -> str:
    return _count(count).replace(",", "")


def _tables(report: UseReport) -> Iterator[Table]:
    yield _parts(
        "Why people searched",
        ("Reason", "Searches"),
        report.by_purpose,
        {code.value: reason_words(code) for code in FINDING_PURPOSES},
    )
    yield _parts("What came of searching", ("What they did", "Times"), report.found, _FOUND_WORDS)
    yield _parts(
        "How soon they reached somebody", ("After the first search", "Times"), report.reached, _WITHIN_WORDS
    )
    yield Table(
        caption="Week by week",
        columns=("Week from", "Searches", "Contacts made"),
        rows=tuple((day_words(one.begin), _count(one.searches), _count(one.spoke)) for one in report.weeks),
    )
    if report.areas:
        yield Table(
            caption="By authority",
            columns=("Authority", "Searches", "Contacts made"),
            rows=tuple((one.name, _part(one.searches), _part(one.spoke)) for one in report.areas),
        )


def _parts(
    caption: str, columns: tuple[str, str], parts: Mapping[str, int | None], words: Mapping[str, str]
) -> Table:
    return Table(
        caption=caption,
        columns=columns,
        rows=tuple((words[name], _part(parts.get(name, 0))) for name in words),
    )


def _count(count: int) -> str:
    """A count by itself, which is not shown when it is small."""
    return _SMALL if 0 < count < LEAST_SHOWN else f"{count:,}"


def _part(count: int | None) -> str:
    """A part of a count; hidden ones look alike, whether they are small or hide a small one."""
    return _HIDDEN if count is None else f"{count:,}"


def _chart(weeks: tuple[Week, ...]) -> Chart | None:
    most = max((one.searches for one in weeks), default=0)
    if len(weeks) < 2 or most < LEAST_SHOWN:
        return None
    spoke = [min(one.spoke, one.searches) for one in weeks]
    return chart_of(
        [(inner, one.searches - inner) for one, inner in zip(weeks, spoke, strict=True)],
        first=day_words(weeks[0].begin),
        last=day_words(weeks[-1].begin),
        in_words=(
            f"Searches in each of {len(weeks)} weeks, at most {most:,}, and how many contacts were made. "
            "The table “Week by week” holds the numbers."
        ),
    )
