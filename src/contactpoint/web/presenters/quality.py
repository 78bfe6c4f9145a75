"""The words of how good what sources send is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.feeds import Freshness, Promise
from contactpoint.domain.quality import (
    Field,
    FieldQuality,
    PlaceKind,
    PlaceQuality,
    SourceInDetail,
    SourceQuality,
)
from contactpoint.domain.wards import NO_WARD
from contactpoint.web.presenters.charts import Drawing
from contactpoint.web.presenters.quality_charts import (
    fresh_table,
    list_drawings,
    source_drawings,
    week_table,
)
from contactpoint.web.presenters.shares import TOO_FEW, part_words
from contactpoint.web.presenters.sheets import Sheet
from contactpoint.web.presenters.tables import Table, table_rows
from contactpoint.web.presenters.words import counted, day_words

FIELD_WORDS: Final[Mapping[Field, str]] = {
    Field.FORENAME: "First name",
    Field.SURNAME: "Last name",
    Field.BIRTH_DATE: "Whole date of birth",
    Field.SEX: "Sex",
    Field.POSTCODE: "Postcode",
    Field.NHS_NUMBER: "NHS number",
    Field.UPN: "Unique pupil number",
    Field.CARER: "A parent or carer",
    Field.PHONE: "A telephone number",
}
_PLACE_WORDS: Final[Mapping[PlaceKind, tuple[str, str]]] = {
    PlaceKind.ORGANISATION: ("By school, practice or service", "Organisation"),
    PlaceKind.WARD: ("By ward, where children live", "Ward"),
}
_OF_A_PLACE: Final = (
    "Records",
    "With a field missing",
    "Differ from what is shown",
    "Meet another",
    "Not renewed",
)
_NO_WARD: Final = "No ward known"
_TITLE: Final = "How good the data is"
NOTES: Final = (
    (
        "Counted once a week, over the records that a source has here now. Protected and archived children, "
        "and services that are shown only with consent, are in no figure. Of fewer than 20 records no share "
        "is told."
    ),
    (
        "Records with a gap and records without one are counted apart and rounded to the nearest 5; what "
        "is under 10 is told as just that, nought too. A number of records is the sum of the two, and a "
        "share is of the two, as they are told. Places with fewer than 20 records are not listed."
    ),
    (
        "A record is not renewed where the newest delivery holds it in a row that was rejected: what an "
        "older one said stands, under its own date."
    ),
    (
        "A child is in the ward of the postcode that the directory shows, by the list of wards as it was on "
        "the day of the count. No ward is known where the list does not name the postcode, or no postcode "
        "is shown."
    ),
)
_NOTHING: Final = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source in the list."""

    code: str
    name: str
    records: str
    gaps: str
    before: str
    worst: str
    linked: str
    held_up: str
    rejected: str
    fresh: str
    age: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityView:
    """The list, and whose it is."""

    whose: str
    rows: tuple[SourceRow, ...]
    drawings: tuple[Drawing, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """One source, ready for the page."""

    name: str
    counted: str
    facts: tuple[tuple[str, str], ...]
    drawings: tuple[Drawing, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]


def quality_view(sources: Sequence[SourceQuality], by: Viewer) -> QualityView:
    """Choose the words of the list."""
    return QualityView(
        whose=_whose(by),
        rows=tuple(_row(one) for one in sources),
        drawings=list_drawings(sources),
        notes=NOTES,
    )


def _whose(by: Viewer) -> str:
    if by.role is Role.NATIONAL_TEAM:
        return "Every source, for all of England."
    if by.authority:
        return "Every source that tells of children in your area, counted over those children."
    return "The sources that your organisation answers for."


def quality_sheet(sources: Sequence[SourceQuality], by: Viewer) -> Sheet:
    """The list on paper, in two tables so that it fits."""
    rows = [_row(one) for one in sources]
    missing = ("Source", "Records", "With a field missing", "Most often")
    doing = ("Source", "Meet another", "Rows rejected", "How fresh")
    return Sheet(
        title=_TITLE,
        lead=f"{_whose(by)} The source with most gaps stands first.",
        facts=(("Sources", f"{len(rows):,}"),),
        drawings=list_drawings(sources),
        tables=(
            Table(
                caption="What is missing",
                columns=missing,
                rows=tuple((one.name, one.records, one.gaps, one.worst or _NOTHING) for one in rows),
            ),
            Table(
                caption="How sources do",
                columns=doing,
                rows=tuple((one.name, one.linked, one.rejected, one.fresh) for one in rows),
            ),
            fresh_table(sources),
        ),
        notes=NOTES,
    )


def source_sheet(found: SourceInDetail, by: Viewer) -> Sheet:
    """One source on paper."""
    view = source_view(found)
    return Sheet(
        title=f"{_TITLE}: {view.name}",
        lead=f"{_where(by)} {view.counted}",
        facts=view.facts,
        drawings=view.drawings,
        tables=view.tables,
        notes=view.notes,
    )


def on_paper(sheet: Sheet) -> Sheet:
    """A sheet whose tables fit a page."""
    return replace(sheet, tables=tuple(part for table in sheet.tables for part in table.on_paper))


def sheet_rows(sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    """The same as rows for a file: what, of what, how many."""
    yield "what", "of what", "how many"
    yield "report", sheet.title, ""
    yield "whose", sheet.lead, ""
    for name, value in sheet.facts:
        yield name.lower(), "", value.replace(",", "")
    yield from table_rows(sheet.tables)


def _where(by: Viewer) -> str:
    at_home = by.authority and by.role is not Role.NATIONAL_TEAM
    return (
        f"Counted over children in the area of {by.organisation_name}." if at_home else "For all of England."
    )


def _row(one: SourceQuality) -> SourceRow:
    return SourceRow(
        code=one.code,
        name=one.name,
        records=TOO_FEW if one.records is None else f"{one.records:,}",
        gaps=part_words(one.gaps),
        before=f"{part_words(one.before)} four weeks ago" if one.before is not None else "",
        worst=FIELD_WORDS[one.worst] if one.worst else "",
        linked=part_words(one.linked),
        held_up=part_words(one.held_up),
        rejected=part_words(one.rejected),
        fresh=_fresh(one.promise),
        age=_age(one),
    )


def _age(one: SourceQuality) -> str:
    if one.days_old is None:
        return ""
    return f"{counted(one.days_old, 'day', 'days')} old, may be {one.promise.every_days:,}"


def _fresh(promise: Promise) -> str:
    match promise.state:
        case Freshness.NEVER:
            return "Never sent anything"
        case Freshness.LATE:
            return f"{counted(promise.days_late, 'day', 'days')} late"
        case Freshness.ON_TIME:
            return "On time"


def source_view(found: SourceInDetail) -> SourceView:
    """Choose the words of one source."""
    line = _row(found.line)
    facts = (
        ("Records of children who are shown", line.records),
        ("With a field missing", f"{line.gaps}{f' ({line.before})' if line.before else ''}"),
        ("That meet another source's record", line.linked),
        ("Not renewed, as their row was rejected", line.held_up),
        ("Rows rejected in 13 weeks", line.rejected),
        ("How fresh", line.fresh),
    )
    week = found.line.week
    return SourceView(
        name=found.line.name,
        counted=f"Counted in the week of {day_words(week)}." if week else "Nothing is counted yet.",
        facts=facts,
        drawings=source_drawings(found) if week else (),
        tables=tuple(_tables(found)) if week else (),
        notes=NOTES,
    )


def _tables(found: SourceInDetail) -> list[Table]:
    tables = [
        Table(
            caption="Field by field",
            columns=("Field", "Filled", "Four weeks ago", "Differs from what is shown"),
            rows=tuple(_field(one) for one in found.fields),
        ),
        week_table(found.weeks),
    ]
    for kind, (caption, head) in _PLACE_WORDS.items():
        rows = tuple(_place(one) for one in found.places if one.kind is kind)
        if rows:
            columns = (head, *_OF_A_PLACE)
            tables.append(Table(caption=caption, columns=columns, rows=rows))
    return tables


def _field(one: FieldQuality) -> tuple[str, ...]:
    before = _NOTHING if one.before is None else part_words(one.before)
    differs = _NOTHING if one.differs is None else part_words(one.differs)
    return FIELD_WORDS[one.field], part_words(one.filled), before, differs


def _place(one: PlaceQuality) -> tuple[str, ...]:
    name = one.name
    if one.kind is PlaceKind.WARD:
        name = _NO_WARD if one.code == NO_WARD else f"{one.name} ({one.code})"
    return (
        name,
        f"{one.records:,}",
        part_words(one.missing),
        part_words(one.differs),
        part_words(one.linked),
        part_words(one.held_up),
    )
