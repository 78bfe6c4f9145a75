"""The matching index (ADR 0005) and what is staged, as frames for linking; and linking's answer, staged."""

from typing import Final

import polars as pl
from django.db import connection

from contactpoint.domain.people import PERSON_COLUMNS
from contactpoint.storage.copying import copy_in, copy_out

_TEXT: Final = pl.String
_STAGED_SCHEMA: Final = {
    "record": pl.Int64,
    "source": _TEXT,
    "local_id": _TEXT,
    "child": _TEXT,
    "withdrawn": _TEXT,
    "staged": _TEXT,
    "restricted": _TEXT,
    "facts": _TEXT,
}
# A withdrawn record that comes back keeps its child like any other known record.
_STAGED: Final = """
    SELECT s.record, d.source_id, s.local_id, r.child_id, 'f', 't', s.facts->>'restricted', s.facts::text
    FROM staged_record s JOIN delivery d ON d.id = s.delivery_id
    LEFT JOIN source_record r ON r.id = s.record
    WHERE d.state IN ('staged', 'linked') AND s.changed AND NOT s.rejected
"""
_PUBLISHED: Final = """
    SELECT m.record_id, r.source_id, r.local_id, m.child_id, m.withdrawn, 'f', m.facts->>'restricted',
        m.facts::text
    FROM match_identity m JOIN source_record r ON r.id = m.record_id
    WHERE NOT EXISTS (
        SELECT FROM staged_record s JOIN delivery d ON d.id = s.delivery_id
        WHERE s.record = m.record_id AND d.state IN ('staged', 'linked') AND s.changed AND NOT s.rejected)
"""
# One branch for each kind of evidence, then everything else about the children found, so that what forbids a
# link between two of a child's records is seen whole; records in quarantine always come along.
_NEAR: Final = """
    CREATE TEMP TABLE near_record ON COMMIT DROP AS
    WITH found AS (
        SELECT m.record_id, m.child_id FROM asked a JOIN match_identity m ON m.sfk = a.sfk
        UNION SELECT m.record_id, m.child_id FROM asked a JOIN match_identity m ON m.sk = a.sk AND m.dob =
            a.dob
        UNION SELECT m.record_id, m.child_id FROM asked a JOIN match_identity m ON m.fk = a.fk AND m.dob =
            a.dob
        UNION SELECT m.record_id, m.child_id FROM asked a JOIN match_identity m ON m.sk = a.sk AND m.dob =
            a.swapped
        UNION SELECT m.record_id, m.child_id FROM asked a JOIN match_identity m ON m.fk = a.fk AND m.dob =
            a.swapped
        UNION SELECT m.record_id, m.child_id FROM asked a JOIN match_identity m
            ON m.postcode = a.postcode AND m.dob = a.dob AND a.postcode <> ''
        UNION SELECT m.record_id, m.child_id FROM asked a JOIN match_identity m
            ON m.postcode = a.postcode AND m.fk = a.fk AND a.postcode <> ''
        UNION SELECT m.record_id, m.child_id FROM asked a JOIN match_identity m
            ON m.nhs_number = a.nhs_number AND a.nhs_number <> ''
        UNION SELECT m.record_id, m.child_id FROM asked a JOIN match_identity m ON m.upn = a.upn AND a.upn <>
            ''
        UNION SELECT m.record_id, m.child_id FROM asked a JOIN source_record r ON r.id = a.record
            JOIN match_identity m ON m.child_id = r.child_id
    )
    SELECT record_id FROM found
    UNION SELECT m.record_id FROM match_identity m JOIN found f ON f.child_id = m.child_id
    UNION SELECT record_id FROM match_identity WHERE child_id IS NULL
"""
_AND_NEAR: Final = "AND m.record_id IN (SELECT record_id FROM near_record)"
_LINK_COLUMNS: Final = (
    "record", "child", "is_new", "decision", "weight", "levels", "partner",
    "model_version", "sk", "fk", "sfk",
)  # fmt: skip


def staged_records() -> pl.DataFrame:
    """New and changed records of every waiting delivery, with the child of those already known."""
    return _with_person(copy_out(_STAGED, _STAGED_SCHEMA))


def published_count() -> int:
    """How many records the matching index holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM match_identity")
        return int((cursor.fetchone() or (0,))[0])


def all_published() -> pl.DataFrame:
    """Every published record that no waiting delivery changes."""
    return _with_person(copy_out(_PUBLISHED, _STAGED_SCHEMA))


def published_near(asked: pl.DataFrame) -> pl.DataFrame:
    """Published records that share a key with `asked`, and all other records of their children.

    Args:
        asked: `record`, the codes `sk`, `fk`, `sfk`, and `dob`, `swapped` (day and month exchanged),
            `postcode`, `nhs_number`, `upn` as text. Needs an open transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE asked (record bigint, sk bigint, fk bigint, sfk bigint, dob text, swapped "
            "text, "
            "postcode text, nhs_number text, upn text) ON COMMIT DROP"
        )
        copy_in("asked", asked.select(_ASKED))
        cursor.execute("ANALYZE asked")
        cursor.execute(_NEAR)
        near = copy_out(f"{_PUBLISHED} {_AND_NEAR}", _STAGED_SCHEMA)
        cursor.execute("DROP TABLE near_record, asked")
    return _with_person(near)


_ASKED: Final = ("record", "sk", "fk", "sfk", "dob", "swapped", "postcode", "nhs_number", "upn")


def _with_person(frame: pl.DataFrame) -> pl.DataFrame:
    person = pl.Struct(dict.fromkeys(PERSON_COLUMNS, pl.String()))
    return frame.with_columns(
        pl.col("facts").str.json_decode(person),
        withdrawn=pl.col("withdrawn") == "t",
        staged=pl.col("staged") == "t",
        restricted=(pl.col("restricted") == "Y").fill_null(value=False),
    ).unnest("facts")


def taken_numbers(numbers: list[str]) -> set[str]:
    """Which of these child numbers exist already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM child WHERE number = ANY(%s)", [numbers])
        return {row[0] for row in cursor.fetchall()}


def shielded_children() -> pl.Series:
    """The numbers of all shielded children."""
    return copy_out("SELECT number FROM child WHERE shielded", {"number": pl.String})["number"]


def stage_links(links: pl.DataFrame, reviews: pl.DataFrame) -> None:
    """Replace what linking said before, in the caller's transaction, and mark deliveries as linked.

    Args:
        links: the columns of StagedLink; `levels` as bytes.
        reviews: `record_a` below `record_b`, `kind`, `weight`, `levels` as bytes, `near_shield`.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM staged_link")
        cursor.execute("DELETE FROM staged_review")
        copy_in("staged_link", links.select(_LINK_COLUMNS).with_columns(_bytes("levels")))
        copy_in("staged_review", reviews.with_columns(_bytes("levels")))
        cursor.execute("ANALYZE staged_link")
        cursor.execute("ANALYZE staged_record")
        cursor.execute("UPDATE delivery SET state = 'linked' WHERE state = 'staged'")


def _bytes(name: str) -> pl.Expr:
    """Bytes as COPY reads them."""
    return ("\\x" + pl.col(name).bin.encode("hex")).alias(name)
