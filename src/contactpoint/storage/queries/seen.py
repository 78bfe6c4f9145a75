"""Involvements as pages may see them: through functions of the database, never from its tables (ADR 9)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from contactpoint.domain.disclosure.shielding import NATIONAL_DESK_PHONE
from contactpoint.domain.discreet import DISCREET_KINDS, NOT_SHOWN, NOT_SHOWN_NAME
from contactpoint.storage.models import InvolvementRow, Organisation, Source, SourceRecord
from contactpoint.storage.queries.points import Points, reached_at
from contactpoint.storage.sealed_involvements import NAMED, SAID, is_told, open_image

# What stands for every refuge, secure home and hospital school: whoever needs it rings the national desk.
NOT_SHOWN_ORGANISATION = Organisation(
    code=NOT_SHOWN, name=NOT_SHOWN_NAME, kind=NOT_SHOWN, phone=NATIONAL_DESK_PHONE, hours="Open 24 hours"
)


def involvement_rows(function: str, values: Sequence[Any]) -> list[InvolvementRow]:
    """Return what a function of storage/sql/reading.sql gives out, with organisations and sources at hand.

    `function` is one of ours that returns rows of (child_id, source_id, seen), where `seen` is a row of the
    involvement table. The record of each has its child and its source, and nothing else.
    """
    places = ", ".join(["%s"] * len(values))
    query = f"SELECT child_id, source_id, (seen).* FROM {function}({places})"  # noqa: S608 - a name of ours
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        names = [column.name for column in cursor.description or ()]
        found = [(row[0], row[1], dict(zip(names[2:], row[2:], strict=True))) for row in cursor.fetchall()]
    return rows_seen(found)


def involvement_rows_by(
    keys: int, query: str, values: Sequence[Any]
) -> list[tuple[tuple[Any, ...], InvolvementRow]]:
    """Return the same of many at once: rows whose first columns say of which asked one each is.

    `query` is one of ours, that gives so many keys and then what `involvement_rows` reads.
    """
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        names = [column.name for column in cursor.description or ()][keys + 2 :]
        rows = cursor.fetchall()
    found = [(row[keys], row[keys + 1], dict(zip(names, row[keys + 2 :], strict=True))) for row in rows]
    return [(row[:keys], seen) for row, seen in zip(rows, rows_seen(found), strict=True)]


def rows_seen(found: Sequence[tuple[str, str, dict[str, Any]]]) -> list[InvolvementRow]:
    """Make rows of (child, source, columns of the involvement table); what is encrypted of them is opened."""
    told = [is_told(values) for _, _, values in found]
    found = [(child, source, _opened(values)) for child, source, values in found]
    organisations = Organisation.objects.in_bulk({values["organisation_id"] for _, _, values in found})
    organisations[NOT_SHOWN] = NOT_SHOWN_ORGANISATION
    points = reached_at({values["organisation_id"] for _, _, values in found})
    sources = Source.objects.in_bulk({source for _, source, _ in found})
    sources[NOT_SHOWN] = Source(code=NOT_SHOWN, name=NOT_SHOWN_NAME)
    rows = [_row(*one, organisations, sources, points) for one in found]
    for row, is_for_pages in zip(rows, told, strict=True):
        if is_for_pages and organisation_of(row).kind in DISCREET_KINDS:
            name_no_place(row)
    return rows


def organisation_of(row: InvolvementRow) -> Organisation:
    """Return whose a row is that is in the clear, or was opened."""
    assert row.organisation is not None  # noqa: S101 - the table keeps a row clear or encrypted
    return row.organisation


def name_no_place(row: InvolvementRow) -> None:
    """Leave out which refuge, secure home or hospital school it is, and whoever works there (ADR 20)."""
    for name in NAMED:
        setattr(row, name, "")
    row.organisation, row.reached = NOT_SHOWN_ORGANISATION, None


def _opened(values: dict[str, Any]) -> dict[str, Any]:
    if not values[SAID]:
        return values
    opened = open_image(values)
    people = ("typed_by_id", "confirmed_by_id")
    return opened | {name: UUID(str(opened[name])) for name in people if opened[name]}


def _row(
    child: str,
    source: str,
    values: dict[str, Any],
    organisations: dict[str, Organisation],
    sources: dict[str, Source],
    points: Points,
) -> InvolvementRow:
    row = InvolvementRow(**values)
    whose: str = values["organisation_id"]
    row.reached = points.get((whose, row.service))
    row.organisation = organisations[whose]
    row.record = SourceRecord(id=row.record_id, source=sources[source], child_id=child)
    return row


def names_of_sealed(said: Mapping[int, str], *, discreet: bool = False) -> dict[int, str]:
    """Open of which organisation sealed involvements are, by their ids; return its name as pages are told it.

    With `discreet`, a refuge, secure home or hospital school is named too.
    """
    codes = {which: open_image({"id": which, SAID: text})["organisation_id"] for which, text in said.items()}
    if not codes:
        return {}
    known = Organisation.objects.in_bulk(set(codes.values()))
    return {
        which: NOT_SHOWN_NAME if not discreet and known[code].kind in DISCREET_KINDS else known[code].name
        for which, code in codes.items()
    }
