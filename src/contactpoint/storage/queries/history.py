"""What sources said about a child before, through a function of the database (ADR 4, ADR 9)."""

from django.db import connection

from contactpoint.domain.disclosure.held import HeldVersion
from contactpoint.storage.queries.statements import statement_from

_BEFORE = """
    SELECT record, source_id, source_name, contract, authority, local_id, as_at, recorded_at, facts,
        held_from, held_until
    FROM statements_shown_before(%s)
"""


def versions_of(number: str) -> tuple[HeldVersion, ...]:
    """Return every version that may be told of, oldest first in its record; of a shielded child nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, [number])
        return tuple(
            HeldVersion(statement=statement_from(*row[:-2]), held_from=row[-2], held_until=row[-1])
            for row in cursor.fetchall()
        )
