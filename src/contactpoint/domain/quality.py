"""How good what sources send is: how much is filled in, how much of it differs, how much meets other sources.

Counted over records that may be shown to everybody who may look: what protects a child, and services that
need consent, are not in any figure, so that none tells of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from contactpoint.domain.feeds import Promise

LEAST_RECORDS: Final = 20
"""Of fewer records no share is shown: it would tell of single children."""

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
    DISTRICT = "district"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was counted of a source's records. `whole` have every field; `linked` meet another source's."""

    records: int = 0
    linked: int = 0
    whole: int = 0
    filled: Mapping[str, int] = field(default_factory=dict)
    compared: Mapping[str, int] = field(default_factory=dict)
    differs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldQuality:
    """One field of a source: shares of 1; None where too few records say anything, or nothing is compared."""

    field: Field
    filled: float | None
    before: float | None
    differs: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceQuality:
    """An organisation, or a postcode district, of an area: how many records have a field missing."""

    kind: PlaceKind
    name: str
    records: int
    missing: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceQuality:
    """A source as the list shows it. `gaps` is the share of records in which a field is missing.

    `linked` is the share that meets another source's record of the same child; `rejected` that of the rows it
    sent in thirteen weeks. None where there are too few. `week` is the Monday of the week of the count.
    """

    code: str
    name: str
    week: date | None
    records: int
    gaps: float | None
    before: float | None
    worst: Field | None
    linked: float | None
    rejected: float | None
    promise: Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInDetail:
    """A source field by field and place by place, the worst place first."""

    line: SourceQuality
    fields: tuple[FieldQuality, ...] = ()
    places: tuple[PlaceQuality, ...] = ()


def share(part: int, of: int) -> float | None:
    """A share of 1, or None of too few."""
    return part / of if of >= LEAST_RECORDS else None


def gaps(counted: Counted | None) -> float | None:
    """The share of records in which a field is missing."""
    return share(counted.records - counted.whole, counted.records) if counted else None


def worst_field(counted: Counted, fields: Iterable[Field]) -> Field | None:
    """The field that most records leave empty; None where all are filled or there are too few records."""
    empty = {one: counted.records - counted.filled.get(one, 0) for one in fields}
    found = max(empty, key=lambda one: empty[one], default=None)
    return found if found and empty[found] and counted.records >= LEAST_RECORDS else None


def field_qualities(
    counted: Counted, before: Counted | None, fields: Iterable[Field]
) -> tuple[FieldQuality, ...]:
    """Say how each field stands now, and stood before."""
    return tuple(
        FieldQuality(
            field=one,
            filled=share(counted.filled.get(one, 0), counted.records),
            before=share(before.filled.get(one, 0), before.records) if before else None,
            differs=share(counted.differs.get(one, 0), counted.compared.get(one, 0)),
        )
        for one in fields
    )
