"""What the worker reads of children to know how long they are kept: everything, sealed or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from contactpoint.domain.involvement import Involvement
from contactpoint.domain.people import Statement
from contactpoint.storage.models import Child, InvolvementRow
from contactpoint.storage.queries.involvements import involvement_of
from contactpoint.storage.queries.seen import rows_seen
from contactpoint.storage.queries.statements import statement_from

# What living records say now; of a child whose every record is withdrawn, what each of them said last.
_SAID_LAST: Final = """
    SELECT r.child_id, r.id, r.source_id, s.name, s.contract, s.authority, r.local_id,
        coalesce(r.last_vouched, greatest(v.as_at, CASE WHEN r.withdrawn_at IS NULL THEN s.vouched_at END)),
        v.recorded_at, v.facts::text
    FROM source_record r
    JOIN source s ON s.code = r.source_id
    CROSS JOIN LATERAL (
        SELECT * FROM record_version v WHERE v.record_id = r.id
        ORDER BY v.recorded_at DESC, v.id DESC LIMIT 1) v
    WHERE r.child_id = ANY(%s) AND ((r.withdrawn_at IS NULL AND v.superseded_at IS NULL) OR NOT EXISTS (
        SELECT FROM source_record o JOIN record_version w ON w.record_id = o.id AND w.superseded_at IS NULL
        WHERE o.child_id = r.child_id AND o.withdrawn_at IS NULL))
    ORDER BY r.child_id, r.id
"""
_WRITTEN: Final = """
    SELECT n.child, t.record, t.source_id, t.source_name, t.contract, t.authority, t.local_id, t.as_at,
        t.recorded_at, t.facts
    FROM unnest(%s::text[]) AS n (child) CROSS JOIN LATERAL team_statements(n.child) t
    WHERE t.held_until IS NULL
"""
_COLUMNS: Final = tuple(field.attname for field in InvolvementRow._meta.concrete_fields)  # noqa: SLF001


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildHeld:
    """A living number, and what of it counts for how long it is kept."""

    number: str
    created_at: datetime
    shielded: bool
    stays_until: date | None


def children_of(numbers: Sequence[str]) -> list[ChildHeld]:
    """Return these children in the order of their numbers."""
    found = Child.objects.filter(pk__in=list(numbers)).order_by("pk")
    return [
        ChildHeld(
            number=one.pk, created_at=one.created_at, shielded=one.shielded, stays_until=one.stays_until
        )
        for one in found
    ]


def statements_said_last(numbers: Sequence[str]) -> list[tuple[str, Statement]]:
    """Return (child number, statement) for all of `numbers`, and then what teams wrote down of them."""
    with connection.cursor() as cursor:
        cursor.execute(_SAID_LAST, [list(numbers)])
        said = cursor.fetchall()
        cursor.execute(_WRITTEN, [list(numbers)])
        return [(row[0], statement_from(*row[1:])) for row in (*said, *cursor.fetchall())]


def involvements_of_many(numbers: Sequence[str]) -> list[tuple[str, Involvement]]:
    """Return (child number, involvement) for all of `numbers`."""
    rows = list(
        InvolvementRow.objects.filter(record__child_id__in=list(numbers))
        .select_related("organisation", "record__source")
        .order_by("pk")
    )
    sealed = [
        (str(row.record.child_id), row.record.source_id, _columns(row)) for row in rows if row.sealed_said
    ]
    opened = {row.pk: row for row in rows_seen(sealed)} if sealed else {}
    whole = (opened.get(row.pk, row) for row in rows)
    return [(str(row.record.child_id), involvement_of(row)) for row in whole]


def _columns(row: InvolvementRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _COLUMNS}
