"""The words, the tables and the chart of how the directory's own work goes."""

from collections.abc import Iterator, Mapping

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
from contactpoint.web.presenters.shares import percent
from contactpoint.web.presenters.sheets import Sheet, drawn
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


_NOTES = (
    (
        "Accounts are open ones of people who work for you; fewer than 5 are told as just that. One "
        "account can have more than one thing overdue. Of fewer than 20 rows or looks no share is shown."
    ),
)
_NOTES_OF_CHILDREN = (
    (
        "Records to check, and looks, are counted in parts that are rounded to the nearest 5 each; what "
        "is under 10 is told as just that, nought too. A total is the sum of its rounded parts. How long "
        "each should wait at most is the directory's own aim, not the law's."
    ),
    (
        "Records near a protected child, uses that touch one, services that need consent, and what shield "
        "desks do are in no number of records or uses to review. A day's looks are counted once, the "
        "night after, and stand."
    ),
)


_NOTES_OF_A_PARTNER = (
    (
        "Looks by your own people, and how those stand that reviewers looked into, are counted in parts that "
        "are rounded to the nearest 5 each; what is under 10 is told as just that, nought too. Reviewers "
        "elsewhere decide about them; what they ask a manager stands on the page “Your team”."
    ),
    (
        "Uses that touch a protected child, and all by people of services that need consent, are in no "
        "number. A day's looks are counted once, the night after, and stand."
    ),
)


def work_sheet(report: WorkReport, by: Viewer) -> Sheet:
    """Choose the words; a partner is told nothing of records, not even how they are counted."""
    when = f"{day_words(report.since)} to {day_words(report.until)}"
    return Sheet(
        title="How the work goes",
        lead=f"{_whose(by)}. What waits is of {day_words(report.on)}; what was done is of {when}.",
        facts=tuple(_facts(report)),
        drawings=drawn(
            _chart(report.review.weeks) if report.review else None,
            "Looks by week",
            "Each bar is a week of looks at records; filled are those that work explains.",
        ),
        tables=tuple(_tables(report)),
        notes=_notes(report),
    )


def _notes(report: WorkReport) -> tuple[str, ...]:
    if report.cases is not None:
        return (*_NOTES, *_NOTES_OF_CHILDREN)
    return (*_NOTES, *_NOTES_OF_A_PARTNER) if report.review else _NOTES


def work_rows(report: WorkReport, by: Viewer) -> Iterator[tuple[str, str, str]]:
    """The same as rows for a file: what, of what, how many."""
    sheet = work_sheet(report, by)
    yield "what", "of what", "how many"
    yield "whose work", _whose(by), ""
    yield "from", report.since.isoformat(), ""
    yield "to", report.until.isoformat(), ""
    yield "waiting on", report.on.isoformat(), ""
    for name, value in sheet.facts:
        yield name.lower(), "", value.replace(",", "")
    yield from table_rows(sheet.tables)


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
    if report.areas:
        yield Table(
            caption="Accounts by authority",
            columns=("Authority", "Open", "Overdue"),
            rows=tuple((one.name, _few(one.accounts), _few(one.overdue)) for one in report.areas),
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
