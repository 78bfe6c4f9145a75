"""A child's number and what may be seen of a shielded one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contactpoint.domain.disclosure.held import ShieldedRecord
from contactpoint.storage.models import Child, SearchIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildState:
    """A living number: the one asked for, or the one that it retired into."""

    number: str
    shielded: bool


def find_child(number: str) -> ChildState | None:
    """Return the child of a stored number, following retired numbers to the one that took them over."""
    seen: set[str] = set()
    while number not in seen:
        seen.add(number)
        child = Child.objects.filter(pk=number).only("shielded", "retired_into_id").first()
        if child is None:
            return None
        retired_into: str | None = child.retired_into_id
        if retired_into is None:
            return ChildState(number=number, shielded=child.shielded)
        number = retired_into
    return None


def shielded_record(number: str) -> ShieldedRecord | None:
    """Return the four facts of a shielded child, read from the search index alone."""
    row = SearchIdentity.objects.filter(child_id=number, shielded=True).first()
    if row is None:
        return None
    name = " ".join(part for part in (row.forename, row.surname) if part)
    return ShieldedRecord(number=number, name=name, date_of_birth=row.dob_text or None, sex=row.sex or None)


def born_of_shielded(record: ShieldedRecord) -> date | None:
    """Return a shielded child's whole birth date, None if it is partial or not known."""
    text = record.date_of_birth
    return date.fromisoformat(text) if text and len(text) == len("2019-03-27") else None


def shielded_among(numbers: Sequence[str]) -> frozenset[str]:
    """Return which of these living numbers are shielded."""
    return frozenset(Child.objects.filter(pk__in=list(numbers), shielded=True).values_list("pk", flat=True))
