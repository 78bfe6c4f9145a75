"""A shield, placed on any number of children at once."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection


def shield(
    numbers: Sequence[str], *, ground: str, placed_by: str, at: datetime, review_by: date
) -> list[str]:
    """Shield those of `numbers` that are not shielded, in the caller's transaction, and return them.

    The database seals all their rows and empties their search rows in the same statement; the caller then
    refreshes the search index, which adds back their one row.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE child SET shielded = true WHERE number IN "
            "(SELECT number FROM child WHERE number = ANY(%s) AND NOT shielded ORDER BY number FOR UPDATE) "
            "RETURNING number",
            [list(numbers)],
        )
        shielded = sorted(row[0] for row in cursor.fetchall())
        cursor.execute(
            "INSERT INTO shield (child_id, ground, placed_at, placed_by, review_by) "
            "SELECT unnest(%s::text[]), %s, %s, %s, %s",
            [shielded, ground, at, placed_by, review_by],
        )
    return shielded
