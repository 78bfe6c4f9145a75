"""What a source says about a child: pure values, as supplied, never corrected in place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Self

from contactpoint.domain.errors import InvalidInput

_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z")


class Sex(StrEnum):
    """Sex as sources record it; None stands for not specified (regulations of 2007, schedule 1)."""

    MALE = "M"
    FEMALE = "F"


class AddressKind(StrEnum):
    """What an address is to the child. The last is ours and no source's: it is there, and kept back."""

    HOME = "home"
    SECOND_HOME = "second_home"
    PLACEMENT = "placement"
    NO_FIXED_ABODE = "no_fixed_abode"
    NONE_KNOWN = "none_known"
    LEFT_ENGLAND = "left_england"
    LEFT_RETURNING = "left_returning"
    LEFT_FOR_GOOD = "left_for_good"
    OVERSEAS = "overseas"
    NOT_SHOWN = "not_shown"


# The one statement that a leaver carries (R50): expected back within three years, not expected, or unknown.
LEAVING: frozenset[AddressKind] = frozenset(
    {AddressKind.LEFT_ENGLAND, AddressKind.LEFT_RETURNING, AddressKind.LEFT_FOR_GOOD}
)


@lru_cache(maxsize=50_000)
def check_partial_date(text: str) -> str:
    """Return `text` if it is YYYY, YYYY-MM or YYYY-MM-DD and exists in the calendar.

    Raises:
        InvalidInput: otherwise.
    """
    match = _PARTIAL_DATE.match(text)
    if match:
        year, month, day = (int(part) if part else 1 for part in match.groups())
        try:
            date(year, month, day)
        except ValueError:
            match = None
    if not match:
        raise InvalidInput(f"{text!r} is not a date. Write it as year-month-day, like 2019-03-27.")
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """The identity columns of one source record; the same names in feeds, linking and storage.

    Every field is text as supplied, stripped; a blank is None. Dates are YYYY-MM-DD, YYYY-MM or YYYY.

    Raises:
        InvalidInput: a sex other than M or F, or a date that does not exist.
    """

    forename: str | None = None
    middle_names: str | None = None
    surname: str | None = None
    former_surname: str | None = None
    known_as: str | None = None
    suffix: str | None = None
    date_of_birth: str | None = None
    sex: str | None = None
    address: str | None = None
    postcode: str | None = None
    uprn: str | None = None
    phone: str | None = None
    email: str | None = None
    nhs_number: str | None = None
    upn: str | None = None
    other_identifiers: str | None = None
    carer_forename: str | None = None
    carer_surname: str | None = None
    mother_former_surname: str | None = None
    birth_order: str | None = None
    multiple_birth: str | None = None
    date_of_death: str | None = None

    def __post_init__(self) -> None:
        """Strip every field and refuse values that cannot be."""
        for name in PERSON_COLUMNS:
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, value.strip() or None)
        if self.sex not in (None, "M", "F"):
            raise InvalidInput(
                f"{self.sex!r} is not a sex this directory records. Use M, F or leave it blank."
            )
        for value in (self.date_of_birth, self.date_of_death):
            if value is not None:
                check_partial_date(value)

    @classmethod
    def from_mapping(cls, values: Mapping[str, str | None]) -> Self:
        """Take the identity columns out of a wider row."""
        return cls(**{name: values.get(name) for name in PERSON_COLUMNS})

    def as_mapping(self) -> dict[str, str]:
        """The fields that hold something."""
        return {name: value for name in PERSON_COLUMNS if (value := getattr(self, name)) is not None}


PERSON_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(PersonFacts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address a source gives, with what it is to the child and since when."""

    line: str | None
    postcode: str | None
    kind: AddressKind = AddressKind.HOME
    uprn: str | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carer:
    """A parent or carer: anyone with parental responsibility or care of the child (SI 2010/1213)."""

    forename: str | None
    surname: str | None
    relationship: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The current version of one source record: what one source says about one child, and when.

    `as_at` is the day the source vouches for; `recorded_at` is when this directory took it in. `record` names
    the source record, so that it can be told which involvements rest on it. `placed_by` is the authority that
    placed the child, which children's services alone say.
    """

    source: str
    source_name: str
    contract: str
    authority: str | None
    local_id: str
    as_at: date
    recorded_at: datetime
    facts: PersonFacts
    addresses: tuple[Address, ...] = ()
    carers: tuple[Carer, ...] = ()
    gp_practice: str | None = None
    placed_by: str | None = None
    record: int = 0


def age_in_months(born: date, on: date) -> int:
    """Whole months from `born` to `on`, never negative."""
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    return max(months, 0)
