"""Involvements as pages may see them: through functions of the database, never from its tables (ADR 9)."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from contactpoint.domain.disclosure.shielding import NATIONAL_DESK_PHONE
from contactpoint.domain.discreet import NOT_SHOWN, NOT_SHOWN_NAME
from contactpoint.storage.models import InvolvementRow, Organisation, Source, SourceRecord
from contactpoint.storage.queries.points import Points, reached_at

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


def rows_seen(found: Sequence[tuple[str, str, dict[str, Any]]]) -> list[InvolvementRow]:
    """Make rows of (child, source, columns of the involvement table)."""
    organisations = Organisation.objects.in_bulk({values["organisation_id"] for _, _, values in found})
    organisations[NOT_SHOWN] = NOT_SHOWN_ORGANISATION
    points = reached_at({values["organisation_id"] for _, _, values in found})
    sources = Source.objects.in_bulk({source for _, source, _ in found})
    sources[NOT_SHOWN] = Source(code=NOT_SHOWN, name=NOT_SHOWN_NAME)
    return [_row(*one, organisations, sources, points) for one in found]


def _row(
    child: str,
    source: str,
    values: dict[str, Any],
    organisations: dict[str, Organisation],
    sources: dict[str, Source],
    points: Points,
) -> InvolvementRow:
    row = InvolvementRow(**values)
    row.reached = points.get((row.organisation_id, row.service))
    row.organisation = organisations[row.organisation_id]
    row.record = SourceRecord(id=row.record_id, source=sources[source], child_id=child)
    return row
