"""Organisations and sources, as their reference files say."""

from collections.abc import Collection
from typing import Final

import polars as pl
from django.db import connection

from contactpoint.storage.copying import copy_in, copy_out

_UPSERT: Final = {
    "organisation": (
        "code name kind authority phone hours cover address postcode",
        """
        INSERT INTO organisation (code, name, kind, authority, phone, hours, cover, address, postcode)
        SELECT code, name, kind, coalesce(authority, ''), coalesce(phone, ''), coalesce(hours, ''),
            coalesce(cover, ''), coalesce(address, ''), coalesce(postcode, '') FROM arriving
        ON CONFLICT (code) DO UPDATE SET
            name = excluded.name, kind = excluded.kind, authority = excluded.authority, phone =
                excluded.phone,
            hours = excluded.hours, cover = excluded.cover, address = excluded.address, postcode =
                excluded.postcode, closed_on = NULL
        """,
    ),
    "source": (
        "code name contract organisation authority promised_days",
        """
        INSERT INTO source (code, name, contract, organisation_id, authority, promised_days)
        SELECT code, name, contract, organisation, coalesce(authority, ''), coalesce(promised_days,
            '31')::smallint
        FROM arriving
        ON CONFLICT (code) DO UPDATE SET
            name = excluded.name, contract = excluded.contract, organisation_id = excluded.organisation_id,
            authority = excluded.authority, promised_days = excluded.promised_days
        """,
    ),
}
_TOGETHER: Final = """
    SELECT a.child_id, b.child_id FROM arriving p
    JOIN source_record a ON a.source_id = p.source_a AND a.local_id = p.local_id_a
    JOIN source_record b ON b.source_id = p.source_b AND b.local_id = p.local_id_b
    WHERE a.child_id IS NOT NULL AND b.child_id IS NOT NULL
"""
_BESIDE: Final = """
    WITH theirs AS (
        SELECT DISTINCT r.id FROM arriving p
        JOIN source_record h ON (h.source_id, h.local_id)
            IN ((p.source_a, p.local_id_a), (p.source_b, p.local_id_b))
        JOIN source_record r ON r.id = h.id OR r.child_id = h.child_id
    )
    SELECT id FROM theirs
    UNION SELECT x.other FROM theirs t JOIN review_case c ON t.id IN (c.record_a_id, c.record_b_id)
        CROSS JOIN LATERAL (VALUES (c.record_a_id), (c.record_b_id)) AS x (other)
"""

# Nothing that a sealed child is found by hangs on where an organisation is.
_AROUND: Final = """
    SELECT r.child_id FROM involvement i JOIN source_record r ON r.id = i.record_id
    WHERE i.organisation_id = ANY(%(codes)s) AND r.child_id IS NOT NULL
    UNION SELECT m.child_id FROM match_identity m JOIN organisation o ON o.postcode = m.postcode
    WHERE o.code = ANY(%(codes)s) AND o.postcode <> '' AND m.child_id IS NOT NULL ORDER BY 1
"""


def put(table: str, rows: pl.DataFrame) -> int:
    """Insert or replace rows of "organisation" or "source" (columns as in the file); return how many."""
    columns, statement = _UPSERT[table]
    with connection.cursor() as cursor:
        _arriving(rows.select(columns.split()))
        cursor.execute(statement)
        count = int(cursor.rowcount)
        cursor.execute("DROP TABLE arriving")
    return count


def pair_authorities(rows: pl.DataFrame) -> None:
    """Say whose shield desk is whose second, in place of what was said before."""
    with connection.cursor() as cursor:
        _arriving(rows.select("authority", "second_desk"))
        cursor.execute("DELETE FROM paired_authority")
        cursor.execute(
            "INSERT INTO paired_authority (authority, second_desk) "
            "SELECT authority, second_desk FROM arriving"
        )
        cursor.execute("DROP TABLE arriving")


def put_wards(rows: pl.DataFrame) -> int:
    """Replace the wards of the authorities named by those rows; return how many postcodes there are."""
    with connection.cursor() as cursor:
        _arriving(rows.select("postcode", "ward", "name", "authority"))
        cursor.execute("DELETE FROM ward_postcode WHERE authority IN (SELECT authority FROM arriving)")
        cursor.execute(
            "INSERT INTO ward_postcode (postcode, ward, name, authority) "
            "SELECT postcode, ward, name, authority FROM arriving ON CONFLICT (postcode) DO UPDATE "
            "SET ward = excluded.ward, name = excluded.name, authority = excluded.authority"
        )
        count = int(cursor.rowcount)
        cursor.execute("DROP TABLE arriving")
    return count


def discreet_codes() -> set[str]:
    """Refuges, secure homes and hospital schools."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM discreet_place")
        return {row[0] for row in cursor.fetchall()}


def children_around(codes: Collection[str]) -> list[str]:
    """The children with whom one of these organisations is in contact, or who live in their postcodes."""
    if not codes:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, {"codes": sorted(codes)})
        return [row[0] for row in cursor.fetchall()]


def put_hand_sources() -> None:
    """Give each authority a source for what its team says by hand, where it has none (R23)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO source (code, name, contract, organisation_id, authority, promised_days) "
            "SELECT 'by-hand-' || authority, 'Said by hand, ' || name, 'by_hand', code, authority, 1000 "
            "FROM organisation WHERE kind = 'authority' AND authority <> '' ON CONFLICT (code) DO NOTHING"
        )


def organisation_codes() -> set[str]:
    """Every organisation known here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM organisation")
        return {row[0] for row in cursor.fetchall()}


def children_of_pairs(pairs: pl.DataFrame) -> list[tuple[str, str]]:
    """The children of those pairs (source_a, local_id_a, source_b, local_id_b) whose records are both here.

    Needs an open transaction, at the end of which nothing of the pairs is left.
    """
    with connection.cursor() as cursor:
        _arriving(pairs.select("source_a", "local_id_a", "source_b", "local_id_b"))
        cursor.execute("ANALYZE arriving")
        found = copy_out(_TOGETHER, {"one": pl.String, "other": pl.String})
        cursor.execute("DROP TABLE arriving")
    return [(one, other) for one, other in found.iter_rows()]


def records_beside_halves(pairs: pl.DataFrame) -> list[int]:
    """The records of the children of either half, and those that a case asks about beside one of them.

    Needs an open transaction, at the end of which nothing of the pairs is left.
    """
    with connection.cursor() as cursor:
        _arriving(pairs.select("source_a", "local_id_a", "source_b", "local_id_b"))
        cursor.execute("ANALYZE arriving")
        found = copy_out(_BESIDE, {"record": pl.Int64})
        cursor.execute("DROP TABLE arriving")
    return found["record"].to_list()


def _arriving(rows: pl.DataFrame) -> None:
    columns = ", ".join(f"{name} text" for name in rows.columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE arriving ({columns}) ON COMMIT DROP")
    copy_in("arriving", rows)
