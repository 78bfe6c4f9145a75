"""A child's number and what may be seen of a shielded one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from contactpoint.domain.disclosure.held import ShieldedRecord
from contactpoint.storage.models import Child, SearchIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildState:
    """A living number: the one asked for, or the one that it retired into."""

    number: str
    shielded: bool
    archived: bool


def find_child(number: str, *, for_whom: UUID | None) -> ChildState | None:
    """Return the child of a stored number, following retired numbers to the one that took them over.

    None where there is none for `for_whom`, the account that asks: there never was one, or it is kept from
    them (ADR 19, R34). A process asks for nobody.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, shielded, archived FROM child_for(%s, %s)", [number, for_whom])
        row = cursor.fetchone()
    return ChildState(number=row[0], shielded=row[1], archived=row[2]) if row else None


def shielded_record(number: str) -> ShieldedRecord | None:
    """Return the four facts of a shielded child, read from the search index alone."""
    return _outline(SearchIdentity.objects.filter(child_id=number, shielded=True).first())


def outline_of(number: str) -> ShieldedRecord | None:
    """Return the same four facts of a child, shielded or not."""
    return _outline(SearchIdentity.objects.filter(child_id=number).order_by("id").first())


def _outline(row: SearchIdentity | None) -> ShieldedRecord | None:
    if row is None:
        return None
    name = " ".join(part for part in (row.forename, row.surname) if part)
    return ShieldedRecord(
        number=str(row.child_id), name=name, date_of_birth=row.dob_text or None, sex=row.sex or None
    )


def born_of_shielded(record: ShieldedRecord) -> date | None:
    """Return a shielded child's whole birth date, None if it is partial or not known."""
    text = record.date_of_birth
    return date.fromisoformat(text) if text and len(text) == len("2019-03-27") else None


def shielded_among(numbers: Sequence[str]) -> frozenset[str]:
    """Return which of these living numbers are shielded."""
    return frozenset(Child.objects.filter(pk__in=list(numbers), shielded=True).values_list("pk", flat=True))


def archived_among(numbers: Sequence[str]) -> frozenset[str]:
    """Return which of these living numbers are archived."""
    return frozenset(Child.objects.filter(pk__in=list(numbers), archived=True).values_list("pk", flat=True))


def staying_among(numbers: Sequence[str], on: date) -> frozenset[str]:
    """Return who of these has agreed to stay until 25; of shielded children nobody (R16)."""
    if not numbers:
        return frozenset()
    held = Child.objects.filter(pk__in=list(numbers), stays_until__gt=on, shielded=False)
    return frozenset(held.values_list("pk", flat=True))
