"""The words, the tables and the chart of how many children the directory holds."""

from collections.abc import Iterator, Mapping

from contactpoint.domain.children_counts import LEAST_TOLD, Ages, ChildrenReport, Of
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.web.presenters.charts import Chart, chart_of
from contactpoint.web.presenters.sheets import Sheet, drawn
from contactpoint.web.presenters.tables import Table, table_rows
from contactpoint.web.presenters.words import day_words

_AGE_WORDS: Mapping[Ages, str] = {
    Ages.BABY: "Under 1",
    Ages.UNDER_FIVE: "1 to 4",
    Ages.PRIMARY: "5 to 10",
    Ages.SECONDARY: "11 to 15",
    Ages.OLDER: "16 and over",
    Ages.UNKNOWN: "Not known",
}
_OF_WORDS: Mapping[Of, str] = {
    Of.CHILDREN: "Children",
    Of.UNIVERSAL: "Universal services in contact",
    Of.ADDITIONAL: "Additional services in contact",
    Of.LEAD: "Children with a lead practitioner",
    Of.ASSESSMENT: "Children with an assessment",
}
_OF_A_PARTNER: Mapping[Of, str] = {
    Of.CHILDREN: "Children your services work with",
    Of.UNIVERSAL: "Universal services of yours in contact",
    Of.ADDITIONAL: "Additional services of yours in contact",
    Of.LEAD: "Children whose lead practitioner is yours",
    Of.ASSESSMENT: "Children of whom you hold an assessment",
}
_BY_CHILD: Mapping[Of, str] = {Of.CHILDREN: "Children", Of.ASSESSMENT: "Assessed"}
_BY_LEAD: Mapping[Of, str] = {Of.LEAD: "With a lead practitioner"}
_BY_SERVICE: Mapping[Of, str] = {Of.UNIVERSAL: "Universal", Of.ADDITIONAL: "Additional"}
_SMALL = f"under {LEAST_TOLD}"


_NOTES = (
    (
        "Once a month, each authority and span of ages is counted by itself and rounded to the nearest 5; "
        "what is under 10 is told as just that, nought too. A total is the sum of its rounded parts, and "
        "leaves out those under 10, so it can be some way off. No number here can be narrowed to a child."
    ),
    (
        "Protected and archived records are in no number of a place. Neither are sensitive services, nor "
        "any service that the same source told of together with one."
    ),
)


_NOTES_OF_A_PARTNER = (
    (
        "Once a month, each span of ages is counted by itself and rounded to the nearest 5; what is under 10 "
        "is told as just that, nought too. A total is the sum of its rounded parts, and leaves out those "
        "under 10, so it can be some way off. No number here can be narrowed to a child, and nobody else "
        "is told."
    ),
    (
        "A child is counted where a service of your organisation is in contact now, as a source or a "
        "confirmed word of your people says. Protected and archived records are in no number. Neither are "
        "sensitive services, nor any that the same source told of together with one."
    ),
)


def title_words(by: Viewer) -> str:
    """What the page is called."""
    if by.role is Role.PARTNER_TEAM:
        return "How many children your services work with"
    return "How many children the directory holds"


def children_sheet(report: ChildrenReport, by: Viewer) -> Sheet:
    """Choose the words."""
    is_partner = by.role is Role.PARTNER_TEAM
    words = _OF_A_PARTNER if is_partner else _OF_WORDS
    facts = [(words[of], _told(report.totals[of])) for of in Of]
    if report.is_national:
        facts.append(("Protected records in England", _told(report.protected[-1][1])))
    return Sheet(
        title=title_words(by),
        lead=f"{area_words(by)}. Counted for the month from {day_words(report.counted)}.",
        facts=tuple(facts),
        drawings=drawn(
            _chart(report),
            "Children by age",
            "Each bar is a span of ages; filled are the children of whom an assessment is held.",
        ),
        tables=tuple(_tables(report)),
        notes=_NOTES_OF_A_PARTNER if is_partner else _NOTES,
    )


def area_words(by: Viewer) -> str:
    """Where the children are that are counted."""
    if by.role is Role.PARTNER_TEAM:
        return f"Children with whom {by.organisation_name} works"
    if by.role is not Role.NATIONAL_TEAM and by.authority:
        return f"The area of {by.organisation_name}"
    return "England"


def children_rows(report: ChildrenReport, by: Viewer) -> Iterator[tuple[str, str, str]]:
    """The same as rows for a file: what, of what, how many."""
    yield "what", "of what", "how many"
    yield "where", area_words(by), ""
    yield "month", report.counted.isoformat(), ""
    sheet = children_sheet(report, by)
    for name, value in sheet.facts:
        yield name.lower(), "", value.replace(",", "")
    yield from table_rows(sheet.tables)


def _tables(report: ChildrenReport) -> Iterator[Table]:
    for caption, shown in (
        ("Children by age", _BY_CHILD),
        ("Lead practitioners, by age of the child", _BY_LEAD),
        ("Services in contact, by age of the child", _BY_SERVICE),
    ):
        yield Table(
            caption=caption,
            columns=("Age", *shown.values()),
            rows=tuple(
                (words, *(_told(report.by_age[age][of]) for of in shown)) for age, words in _AGE_WORDS.items()
            ),
        )
    yield Table(
        caption="Month by month",
        columns=("Month from", "Children"),
        rows=tuple((day_words(month), _told(count)) for month, count in report.months),
    )
    if report.is_national:
        yield Table(
            caption="Protected records in England",
            columns=("Month from", "Protected"),
            rows=tuple((day_words(month), _told(count)) for month, count in report.protected),
        )
        yield Table(
            caption="By authority",
            columns=("Authority", "Children", "With a lead", "Assessed"),
            rows=tuple(
                (one.name, _told(one.children), _told(one.lead), _told(one.assessment))
                for one in report.areas
            ),
        )


def _told(count: int | None) -> str:
    return _SMALL if count is None else f"{count:,}"


def _chart(report: ChildrenReport) -> Chart | None:
    ages = [age for age in Ages if age is not Ages.UNKNOWN]
    counts = [report.by_age[age][Of.CHILDREN] or 0 for age in ages]
    if not any(counts):
        return None
    held = [min(report.by_age[age][Of.ASSESSMENT] or 0, most) for age, most in zip(ages, counts, strict=True)]
    return chart_of(
        [(inner, count - inner) for inner, count in zip(held, counts, strict=True)],
        first=_AGE_WORDS[ages[0]],
        last=_AGE_WORDS[ages[-1]],
        in_words=(
            f"Children in each of {len(ages)} spans of ages, at most {max(counts):,}, and of how many an "
            "assessment is held. The table “Children by age” holds the numbers."
        ),
    )
