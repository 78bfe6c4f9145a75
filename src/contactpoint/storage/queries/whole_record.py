"""Everything that a function of the database hands out of one child: what is said, who is in contact."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import connection

from contactpoint.domain.involvement import Involvement
from contactpoint.domain.people import Statement
from contactpoint.storage.queries.involvements import involvement_of
from contactpoint.storage.queries.seen import rows_seen
from contactpoint.storage.queries.statements import statement_from

COLUMNS: Final = (
    "child_id, record, source_id, source_name, contract, authority, local_id, as_at, recorded_at, "
    "facts, (seen).*"
)
_STATEMENT: Final = 9


def read_whole(query: str, values: Sequence[Any]) -> tuple[tuple[Statement, ...], tuple[Involvement, ...]]:
    """Run `query`, which selects COLUMNS: a row for each statement, then one for each involvement."""
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        names = [column.name for column in cursor.description or ()][_STATEMENT + 1 :]
        rows = cursor.fetchall()
    said = [row for row in rows if row[_STATEMENT] is not None]
    seen = [
        (row[0], row[2], dict(zip(names, row[_STATEMENT + 1 :], strict=True)))
        for row in rows
        if row[_STATEMENT] is None
    ]
    return (
        tuple(statement_from(*row[1 : _STATEMENT + 1]) for row in said),
        tuple(involvement_of(row) for row in rows_seen(seen)),
    )
