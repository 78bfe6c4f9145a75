"""The words of how good what sources send is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.feeds import Freshness, Promise
from contactpoint.domain.quality import (
    LEAST_RECORDS,
    Field,
    FieldQuality,
    PlaceKind,
    PlaceQuality,
    SourceInDetail,
    SourceQuality,
)
from contactpoint.web.presenters.tables import Table
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
    PlaceKind.DISTRICT: ("By where children live", "Postcode district"),
}
_TOO_FEW: Final = "too few"
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
    rejected: str
    fresh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityView:
    """The list, and whose it is."""

    whose: str
    rows: tuple[SourceRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """One source, ready for the page."""

    name: str
    counted: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]


def quality_view(sources: Sequence[SourceQuality], by: Viewer) -> QualityView:
    """Choose the words of the list."""
    if by.role is Role.NATIONAL_TEAM:
        whose = "Every source, for all of England."
    elif by.authority:
        whose = "Every source that tells of children in your area, counted over those children."
    else:
        whose = "The sources that your organisation answers for."
    return QualityView(whose=whose, rows=tuple(_row(one) for one in sources))


def _row(one: SourceQuality) -> SourceRow:
    return SourceRow(
        code=one.code,
        name=one.name,
        records=f"{one.records:,}" if one.records >= LEAST_RECORDS else _TOO_FEW,
        gaps=percent(one.gaps),
        before=f"{percent(one.before)} four weeks ago" if one.before is not None else "",
        worst=FIELD_WORDS[one.worst] if one.worst else "",
        linked=percent(one.linked),
        rejected=percent(one.rejected),
        fresh=_fresh(one.promise),
    )


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
        ("Rows rejected in 13 weeks", line.rejected),
        ("How fresh", line.fresh),
    )
    week = found.line.week
    return SourceView(
        name=found.line.name,
        counted=f"Counted in the week of {day_words(week)}." if week else "Nothing is counted yet.",
        facts=facts,
        tables=tuple(_tables(found)) if week else (),
    )


def _tables(found: SourceInDetail) -> list[Table]:
    tables = [
        Table(
            caption="Field by field",
            columns=("Field", "Filled", "Four weeks ago", "Differs from what is shown"),
            rows=tuple(_field(one) for one in found.fields),
        )
    ]
    for kind, (caption, head) in _PLACE_WORDS.items():
        rows = tuple(_place(one) for one in found.places if one.kind is kind)
        if rows:
            columns = (head, "Records", "With a field missing")
            tables.append(Table(caption=caption, columns=columns, rows=rows))
    return tables


def _field(one: FieldQuality) -> tuple[str, ...]:
    before = _NOTHING if one.before is None else percent(one.before)
    differs = _NOTHING if one.differs is None else percent(one.differs)
    return FIELD_WORDS[one.field], percent(one.filled), before, differs


def _place(one: PlaceQuality) -> tuple[str, ...]:
    return one.name, f"{one.records:,}", percent(one.missing)


def percent(share: float | None) -> str:
    """A share as a percentage; what is neither nothing nor all never looks like it."""
    if share is None:
        return _TOO_FEW
    if share in {0.0, 1.0}:
        return f"{share:.0%}"
    return f"{min(max(share, 0.001), 0.999):.1%}"
