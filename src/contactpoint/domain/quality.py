"""How good what sources send is: how much is filled in, how much of it differs, how much meets other sources.

Counted over records that may be shown to everybody who may look: what protects a child, and services that
need consent, are not in any figure, so that none tells of them. A figure of a source within an area, of one
field or of one place, may be of few children: both its parts are rounded before anything is told of it, a
part under ten is told as just that, and every sum and share is of the parts as they are told (ADR 34).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from contactpoint.domain.children_counts import LEAST_TOLD, sum_of, told
from contactpoint.domain.feeds import Promise

LEAST_RECORDS: Final = 20
"""Of fewer records no share is shown: it would tell of single children."""


class Hardly(StrEnum):
    """What is told instead of a share of which one part is small: nought too is small."""

    FEW = "few"
    NEARLY_ALL = "nearly_all"


Part = float | Hardly | None
"""A share of 1 as it may be told, or what is told instead; None of too few records."""

COMPARED_WITH: Final = 4
"""Weeks between a figure and the one that it is compared with."""


class Field(StrEnum):
    """What is looked at in a record."""

    FORENAME = "forename"
    SURNAME = "surname"
    BIRTH_DATE = "date_of_birth"
    SEX = "sex"
    POSTCODE = "postcode"
    NHS_NUMBER = "nhs_number"
    UPN = "upn"
    CARER = "carer"
    PHONE = "phone"


COLUMNS: Final[Mapping[Field, tuple[str, ...]]] = {
    Field.CARER: ("carer_surname",),
    Field.PHONE: ("phone", "carer_phone"),
}
"""Columns of a feed of which any one fills a field, where they are not of its own name."""

COMPARED: Final[tuple[Field, ...]] = (Field.BIRTH_DATE, Field.SEX, Field.POSTCODE)
"""Fields that are compared with what the directory shows of the child."""


def fields_of(columns: Iterable[str]) -> tuple[Field, ...]:
    """The fields that a feed of these columns can fill."""
    there = set(columns)
    return tuple(one for one in Field if there.intersection(COLUMNS.get(one, (one.value,))))


class PlaceKind(StrEnum):
    """By what an area's records are grouped."""

    ORGANISATION = "organisation"
    WARD = "ward"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was counted of a source's records. `whole` have every field; `linked` meet another source's.

    `held_against` have a field to compare with what is shown; in `otherwise` one of them differs.
    `held_up` are in a rejected row of the newest delivery, so that what an older one said stands; None in
    counts that were made before that was counted.
    """

    records: int = 0
    linked: int = 0
    whole: int = 0
    held_against: int = 0
    otherwise: int = 0
    held_up: int | None = None
    filled: Mapping[str, int] = field(default_factory=dict)
    compared: Mapping[str, int] = field(default_factory=dict)
    differs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldQuality:
    """One field of a source: shares of 1; None where too few records say anything, or nothing is compared."""

    field: Field
    filled: Part
    before: Part
    differs: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceQuality:
    """An organisation, or a ward, of an area: in how many of its records a field is missing, and so on.

    `differs` is the share in which one of COMPARED is not what is shown of the child, of those that can be
    compared; `linked` that which meets another source's, and `held_up` that which the newest delivery did not
    renew, as its row was rejected. `code` of no known ward is domain.wards.NO_WARD.
    """

    kind: PlaceKind
    code: str
    name: str
    records: int
    missing: float | Hardly
    differs: Part
    linked: Part
    held_up: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceQuality:
    """A source as the list shows it. `gaps` is the share of records in which a field is missing.

    `linked` is the share that meets another source's record of the same child; `rejected` that of the rows it
    sent in thirteen weeks, `held_up` that of records which the newest delivery did not renew. None where
    there are too few. `week` is the Monday of the week of the count; `days_old` how old its newest word is.
    """

    code: str
    name: str
    week: date | None
    records: int | None
    gaps: Part
    before: Part
    worst: Field | None
    linked: Part
    held_up: Part
    rejected: Part
    promise: Promise
    days_old: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekQuality:
    """A source in one of the weeks before: `complete` is the share of records in which no field is missing.

    `rejected` is of the rows of files that came in that week, where any `came`; `days_since` how old its
    newest word was when the week ended.
    """

    begin: date
    was_counted: bool
    complete: Part
    linked: Part
    held_up: Part
    came: bool
    rejected: Part
    days_since: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInDetail:
    """A source week by week, field by field and place by place, the worst place first."""

    line: SourceQuality
    fields: tuple[FieldQuality, ...] = ()
    places: tuple[PlaceQuality, ...] = ()
    weeks: tuple[WeekQuality, ...] = ()


def share(part: int, of: int) -> float | None:
    """A share of 1, or None of too few."""
    return part / of if of >= LEAST_RECORDS else None


def told_share(part: int, of: int) -> Part:
    """A share as it may be told: of both its parts rounded, neither of them under ten (ADR 34).

    Whether there are too few goes by what is told as well: by the whole it would tell of a part under ten.
    """
    have, rest = told(part), told(of - part)
    if (sum_of((have, rest)) or 0) < LEAST_RECORDS:
        return None
    if have is None:
        return Hardly.FEW
    return Hardly.NEARLY_ALL if rest is None else have / (have + rest)


def told_records(counted: Counted) -> int | None:
    """How many records there are: the sum of those with and without a gap, as they are told; None of too few.

    So what a share leaves out cannot be had by taking the rest from the whole.
    """
    known = sum_of((told(counted.whole), told(counted.records - counted.whole)))
    return known if known and known >= LEAST_RECORDS else None


def not_renewed(counted: Counted | None) -> Part:
    """The share of records that the newest delivery did not renew, as their row was rejected."""
    if counted is None or counted.held_up is None:
        return None
    return told_share(counted.held_up, counted.records)


def gaps(counted: Counted | None) -> Part:
    """The share of records in which a field is missing."""
    return told_share(counted.records - counted.whole, counted.records) if counted else None


def week_quality(
    begin: date, counted: Counted | None, rows: tuple[int, int] | None, days_since: int | None
) -> WeekQuality:
    """Say how a source stood in a week, of what was counted then and the rows (read, rejected) that came."""
    was_counted, counted = counted is not None, counted or Counted()
    return WeekQuality(
        begin=begin,
        was_counted=was_counted,
        complete=told_share(counted.whole, counted.records),
        linked=told_share(counted.linked, counted.records),
        held_up=not_renewed(counted),
        came=rows is not None,
        rejected=told_share(rows[1], rows[0]) if rows else None,
        days_since=days_since,
    )


def days_since(told_on: Iterable[tuple[date, date]], on: date) -> int | None:
    """How old a source's newest word was on a day, of (the day it came, the day it is of); None of none."""
    newest = max((of for came, of in told_on if came <= on), default=None)
    return (on - newest).days if newest else None


def weight(part: Part) -> float:
    """Where a share stands among others, the largest first; no order tells more than the shares do."""
    return {Hardly.FEW: 0.0, Hardly.NEARLY_ALL: 1.0}[part] if isinstance(part, Hardly) else part or 0.0


def worst_field(counted: Counted, fields: Iterable[Field]) -> Field | None:
    """The field that most records leave empty; None where few do or there are too few records."""
    empty = {one: counted.records - counted.filled.get(one, 0) for one in fields}
    found = max(empty, key=lambda one: empty[one], default=None)
    return found if found and empty[found] >= LEAST_TOLD and counted.records >= LEAST_RECORDS else None


def field_qualities(
    counted: Counted, before: Counted | None, fields: Iterable[Field]
) -> tuple[FieldQuality, ...]:
    """Say how each field stands now, and stood before."""
    return tuple(
        FieldQuality(
            field=one,
            filled=told_share(counted.filled.get(one, 0), counted.records),
            before=told_share(before.filled.get(one, 0), before.records) if before else None,
            differs=told_share(counted.differs.get(one, 0), counted.compared.get(one, 0)),
        )
        for one in fields
    )
