"""Which rejected rows are about, or resemble, a child whose whereabouts must not be told from others."""

from typing import Final

import polars as pl
from django.db import connection, transaction

from contactpoint.storage.copying import copy_in

# A row of a record that is sealed, or one that says of a sealed child what would find it.
_NEAR: Final = """
    WITH hidden AS (SELECT number FROM child WHERE shielded)
    SELECT a.line FROM rejected_row a JOIN source_record r
        ON r.source_id = %s AND r.local_id = a.local_id AND r.sealed
    UNION SELECT a.line FROM rejected_row a JOIN match_identity m ON m.nhs_number = a.nhs_number
        AND a.nhs_number <> '' AND (m.child_id IS NULL OR m.child_id IN (SELECT number FROM hidden))
    UNION SELECT a.line FROM rejected_row a JOIN match_identity m ON m.upn = a.upn
        AND a.upn <> '' AND (m.child_id IS NULL OR m.child_id IN (SELECT number FROM hidden))
    UNION SELECT a.line FROM rejected_row a JOIN match_identity m ON m.sk = a.sk AND m.dob = a.dob
        AND a.dob <> '' AND (m.child_id IS NULL OR m.child_id IN (SELECT number FROM hidden))
    UNION SELECT a.line FROM rejected_row a JOIN match_identity m ON m.fk = a.fk AND m.dob = a.dob
        AND a.dob <> '' AND (m.child_id IS NULL OR m.child_id IN (SELECT number FROM hidden))
"""


def lines_near_a_shield(asked: pl.DataFrame, source: str) -> set[int]:
    """Which rejected rows are about, or resemble, a child that is shielded or in quarantine.

    Args:
        asked: `line`, `local_id`, `dob`, `nhs_number`, `upn` (text, empty where unknown), codes `fk`, `sk`.
        source: the source of the rows.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE rejected_row (line integer, local_id text, dob text, nhs_number text, "
            "upn text, "
            "fk bigint, sk bigint) ON COMMIT DROP"
        )
        copy_in("rejected_row", asked.select("line", "local_id", "dob", "nhs_number", "upn", "fk", "sk"))
        cursor.execute("ANALYZE rejected_row")
        cursor.execute(_NEAR, [source])
        near = {int(row[0]) for row in cursor.fetchall()}
        cursor.execute("DROP TABLE rejected_row")
    return near
