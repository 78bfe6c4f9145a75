"""The words, the table and the chart of how the directory is used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contactpoint.actions.run.reports import Period
from contactpoint.domain.contacting import CallOutcome, RequestOutcome
from contactpoint.domain.counting_use import Found, Soon
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.purpose import FINDING_PURPOSES
from contactpoint.domain.hours import CLAIMED, LOOKING, Interval, Within
from contactpoint.domain.reports import LEAST_SHOWN, UseReport, Week
from contactpoint.web.presenters.charts import Chart, chart_of
from contactpoint.web.presenters.sheets import Sheet, drawn
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
_SOON_WORDS: Mapping[str, str] = {
    **_WITHIN_WORDS,
    Soon.DAY: "Within a day",
    Soon.WEEK: "Within a week",
    Soon.LATER: "Later",
}
_RANG_WORDS: Mapping[str, str] = {
    CallOutcome.SPOKE: "We spoke",
    CallOutcome.NO_ANSWER: "No answer",
    CallOutcome.WRONG_NUMBER: "Wrong number",
    CallOutcome.NOT_INVOLVED: "No longer involved",
}
_ANSWERED_WORDS: Mapping[str, str] = {
    RequestOutcome.SPOKE: "We have spoken",
    RequestOutcome.LEFT_MESSAGE: "I left a message",
    RequestOutcome.NOT_REACHED: "I could not reach them",
    RequestOutcome.NOT_INVOLVED: "We are not in contact with this child",
}
_TIMES_WORDS: Mapping[float, str] = {
    0.5: "Half as long as they said",
    1.0: "As long as they said",
    2.0: "Twice as long as they said",
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
        "made when people spoke: somebody rang, or a service that was asked to ring says that they have "
        "spoken. It counts once, for whoever rang or asked, and on the day of the call. Asking is counted as "
        "asking. What came of messages that a desk passes on, and of asking services of which not everybody "
        "is told, is in no number."
    ),
    (
        "“How soon people spoke” is counted from the first search, waiting to be called back included. “How "
        "long finding took” ends when they spoke or, where they were called back, when they had asked to be."
    ),
    (
        "Hours saved are measured here in part, and in part assumed. Measured: the contacts made, and how "
        "long finding took, the talk itself often within it. Waiting to be called back is not taken off: it "
        "is nobody's work. Assumed: how long it takes without the directory. In a survey of over 6,000 "
        "practitioners (DCSF, 2009) they said that they spend two hours a month looking for others and find "
        "the right details 79 times in a hundred; they contact others 107 times a year (House of Lords, "
        "18 July 2007). So looking once takes 13 minutes, and finding 17."
    ),
    (
        "The lower number counts only contacts that came of a search, each saving 13 minutes less the "
        "longest that finding may have taken here; the higher all contacts, each saving 17 minutes less the "
        "shortest. Searches that reached nobody saved nothing, and the time that they cost is not known. The "
        "table says what comes of it if looking takes half or twice as long as they said."
    ),
    (
        f"For the first ContactPoint its business case claimed {CLAIMED // 1_000_000} million hours a year "
        "in all of England (HL Paper 146, 2006-07), and the House of Lords was told that a contact took four "
        "hours (18 July 2007). These are claims of others; no number here is made of those hours."
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
        lead=(
            f"{whose_words(by)}, {day_words(report.since)} to {day_words(report.until)}.{uncounted}"
            f"{_contacts_since(report)}"
        ),
        facts=(
            ("People who used it on a working day, typically", _count(report.people_a_day)),
            ("Sign-ins", _known(report.sign_ins)),
            ("Searches", _count(report.searches)),
            ("Contacts made", _known(report.contacts)),
            ("Requests to get in touch, and messages to a desk", _count(report.asked)),
            ("Minutes that finding took, from the first search", _span(_minutes(report))),
            ("Hours saved, perhaps", _span(report.saved.hours if report.saved else None)),
        ),
        drawings=drawn(
            _chart(report.weeks),
            "Searches and contacts by week",
            "Each bar is a week of searches; filled are the contacts made.",
        ),
        tables=tuple(_tables(report)),
        notes=_NOTES,
    )


def _contacts_since(report: UseReport) -> str:
    """From when contacts are counted as they are now, where days before it are in the report."""
    if not report.days or report.contacts_since == report.since:
        return ""
    if report.contacts_since is None:
        return " On none of these days contacts were counted as they are now."
    return (
        f" Contacts, answers and hours saved are of {day_words(report.contacts_since)} and later: before, "
        "asking to be called back passed for a contact."
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
        ("contacts made", report.contacts),
        ("requests and messages", report.asked),
    ):
        yield name, "", _NOT_COUNTED if value is None else _plain(value)
    first = report.contacts_since
    yield "contacts counted since", "", first.isoformat() if first else _NOT_COUNTED
    for name, span in (
        ("minutes that finding took", _minutes(report)),
        ("hours saved", report.saved.hours if report.saved else None),
    ):
        yield f"{name}, least", "", str(span.least) if span else _HIDDEN
        yield f"{name}, most", "", str(span.most) if span else _HIDDEN
    yield from table_rows(_tables(report))


def _minutes(report: UseReport) -> Interval | None:
    return report.saved.minutes if report.saved else None


def _span(span: Interval | None) -> str:
    return f"{span.least:,} to {span.most:,}" if span else _HIDDEN


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
    yield _parts("How soon people spoke", ("After the first search", "Times"), report.contacted, _SOON_WORDS)
    yield _parts("How long finding took", ("After the first search", "Times"), report.took, _WITHIN_WORDS)
    yield _parts("What came of ringing", ("What they said", "Calls"), report.rang, _RANG_WORDS)
    yield _parts(
        "What came of asking services", ("What they answered", "Requests"), report.answered, _ANSWERED_WORDS
    )
    if report.saved:
        yield Table(
            caption="Hours saved, if without the directory",
            columns=("Looking once takes", "Least", "Most"),
            rows=tuple(
                (
                    f"{_TIMES_WORDS[times]}: {round(LOOKING * times)} minutes",
                    f"{hours.least:,}",
                    f"{hours.most:,}",
                )
                for times, hours in report.saved.if_it_were
            ),
        )
    yield Table(
        caption="Week by week",
        columns=("Week from", "Searches", "Contacts made"),
        rows=tuple(
            (day_words(one.begin), _count(one.searches), _known(one.contacts)) for one in report.weeks
        ),
    )
    if report.areas:
        yield Table(
            caption="By authority",
            columns=("Authority", "Searches", "Contacts made"),
            rows=tuple((one.name, _part(one.searches), _part(one.contacts)) for one in report.areas),
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


def _known(count: int | None) -> str:
    """The same where it may be that no day counted it."""
    return _NOT_COUNTED if count is None else _count(count)


def _part(count: int | None) -> str:
    """A part of a count; hidden ones look alike, whether they are small or hide a small one."""
    return _HIDDEN if count is None else f"{count:,}"


def _chart(weeks: tuple[Week, ...]) -> Chart | None:
    most = max((one.searches for one in weeks), default=0)
    if len(weeks) < 2 or most < LEAST_SHOWN:
        return None
    contacts = [min(one.contacts or 0, one.searches) for one in weeks]
    return chart_of(
        [(inner, one.searches - inner) for one, inner in zip(weeks, contacts, strict=True)],
        first=day_words(weeks[0].begin),
        last=day_words(weeks[-1].begin),
        in_words=(
            f"Searches in each of {len(weeks)} weeks, at most {most:,}, and how many contacts were made. "
            "The table “Week by week” holds the numbers."
        ),
    )
