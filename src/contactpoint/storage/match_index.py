"""The matching index (ADR 0005) and what is staged, as frames for linking; and linking's answer, staged."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import polars as pl
from django.db import connection

from contactpoint.domain.people import PERSON_COLUMNS
from contactpoint.storage.at_rest import TAGGED, keys_in_use, tag_of
from contactpoint.storage.copying import copy_in, copy_out, copy_out_pieces
from contactpoint.storage.sealed_facts import MATCHED, open_facts

_TEXT: Final = pl.String
_STAGED_SCHEMA: Final = {
    "record": pl.Int64,
    "source": _TEXT,
    "local_id": _TEXT,
    "child": _TEXT,
    "withdrawn": _TEXT,
    "staged": _TEXT,
    "restricted": _TEXT,
    "settled": _TEXT,
    "facts": _TEXT,
    "held": _TEXT,
}
# What a source says of a child that linking does not look at.
_NOT_COMPARED: Final = (
    "address_kind", "address_from", "other_address", "other_postcode", "carer_relationship", "carer_phone",
    "carer2_forename", "carer2_surname", "carer2_relationship", "carer2_phone", "gp_practice",
    "placed_by",
)  # fmt: skip
# A withdrawn record that comes back keeps its child like any other known record. `held` are the sealed facts
# that a waiting record's have to be compared with, which only Python can open.
_STAGED: Final = """
    SELECT s.record, d.source_id, s.local_id, r.child_id, 'f', 't', s.facts->>'restricted',
        coalesce(r.withdrawn_at IS NULL AND m.child_id = r.child_id
            AND s.facts - %(others)s::text[] = m.facts - %(others)s::text[], false),
        s.facts::text,
        CASE WHEN m.sealed_with IS NOT NULL AND r.withdrawn_at IS NULL AND m.child_id = r.child_id
            THEN m.facts::text END
    FROM staged_record s JOIN delivery d ON d.id = s.delivery_id
    LEFT JOIN source_record r ON r.id = s.record
    LEFT JOIN match_identity m ON m.record_id = s.record AND r.id IS NOT NULL
    WHERE d.state IN ('staged', 'linked') AND s.changed AND NOT s.rejected
"""
_PUBLISHED: Final = """
    SELECT m.record_id, r.source_id, r.local_id, m.child_id, m.withdrawn, 'f', m.facts->>'restricted',
        'f', m.facts::text, CASE WHEN m.sealed_with IS NOT NULL THEN '{}' END
    FROM match_identity m JOIN source_record r ON r.id = m.record_id
"""
_NOT_STAGED: Final = """
    WHERE NOT EXISTS (
        SELECT FROM staged_record s JOIN delivery d ON d.id = s.delivery_id
        WHERE s.record = m.record_id AND d.state IN ('staged', 'linked') AND s.changed AND NOT s.rejected)
"""
# One branch for each kind of evidence, then everything else about the children found, so that what forbids a
# link between two of a child's records is seen whole; records in quarantine always come along. What says
# little reads no more rows of one key than its limit, whatever the size of the country: linking makes nothing
# of a name or a date that so many share (linking/engine/block.py). What says much is never cut short, so that
# no record misses the shielded child that it is about.
_FEW_ALIKE: Final = 60
_MANY_ALIKE: Final = 250


def _branch(keys: str, where: str, asked: str = "asked") -> str:
    """Published records that share keys with one that is asked about."""
    return f"""
        SELECT m.record_id, m.child_id FROM (SELECT DISTINCT {keys} FROM {asked}) a
        JOIN match_identity m ON {where}
    """  # noqa: S608 - our own words


def _few(keys: str, where: str, limit: int) -> str:
    """The same, where no more than that share them."""
    return f"""
        SELECT m.record_id, m.child_id FROM (SELECT DISTINCT {keys} FROM asked) a CROSS JOIN LATERAL (
            SELECT record_id, child_id, count(*) OVER () AS alike FROM (
                SELECT record_id, child_id FROM match_identity m WHERE {where} LIMIT {limit} + 1) AS seen) m
        WHERE m.alike <= {limit}
    """  # noqa: S608 - our own words


_SAME_MONTH: Final = "m.sfk = a.sfk AND a.born <> '-' AND m.dob >= a.born AND m.dob <= a.born || '~'"
_FOUND: Final = " UNION ".join(
    (
        _few("sfk", "m.sfk = a.sfk", _FEW_ALIKE),
        _few("sfk, left(dob, 7) AS born", _SAME_MONTH, _MANY_ALIKE),
        _branch("sfk, dob", "m.sfk = a.sfk AND m.dob = a.dob"),
        _few("sk, dob", "m.sk = a.sk AND m.dob = a.dob", _MANY_ALIKE),
        _few("fk, dob", "m.fk = a.fk AND m.dob = a.dob", _MANY_ALIKE),
        _few("sk, swapped", "m.sk = a.sk AND m.dob = a.swapped", _MANY_ALIKE),
        _few("fk, swapped", "m.fk = a.fk AND m.dob = a.swapped", _MANY_ALIKE),
        _branch("postcode, dob", "m.postcode = a.postcode AND m.dob = a.dob AND a.postcode <> ''"),
        _few("postcode, fk", "m.postcode = a.postcode AND m.fk = a.fk AND a.postcode <> ''", _MANY_ALIKE),
        _branch("nhs_number", "m.nhs_number = a.nhs_number AND m.nhs_number <> ''"),
        _branch("upn", "m.upn = a.upn AND m.upn <> ''"),
    )
)
# The same of sealed records, in which tags stand for what they are found by.
_FOUND_SEALED: Final = " UNION ".join(
    (
        _branch(keys, f"{where} AND m.sealed_with IS NOT NULL", "asked_tags")
        for keys, where in (
            ("postcode, dob", "m.postcode = a.postcode AND m.dob = a.dob AND a.postcode <> ''"),
            ("postcode, fk", "m.postcode = a.postcode AND m.fk = a.fk AND a.postcode <> ''"),
            ("nhs_number", "m.nhs_number = a.nhs_number AND m.nhs_number <> ''"),
            ("upn", "m.upn = a.upn AND m.upn <> ''"),
        )
    )
)
_NEAR: Final = f"""
    CREATE TEMP TABLE near_record ON COMMIT DROP AS
    WITH found AS (
        {_FOUND} UNION {_FOUND_SEALED}
        UNION SELECT m.record_id, m.child_id FROM asked a JOIN source_record r ON r.id = a.record
            JOIN match_identity m ON m.child_id = r.child_id
    ), children AS (SELECT DISTINCT child_id FROM found WHERE child_id IS NOT NULL)
    SELECT record_id FROM found
    UNION SELECT m.record_id FROM children c JOIN match_identity m ON m.child_id = c.child_id
    UNION SELECT record_id FROM match_identity WHERE child_id IS NULL
"""  # noqa: S608 - our own words
_THAT_ARE_NEAR: Final = """
    JOIN near_record n ON n.record_id = m.record_id
    WHERE NOT EXISTS (SELECT FROM asked a WHERE a.record = m.record_id)
"""
_LINK_COLUMNS: Final = (
    "record", "child", "is_new", "decision", "weight", "levels", "partner",
    "model_version", "sk", "fk", "sfk",
)  # fmt: skip


def staged_records() -> pl.DataFrame:
    """New and changed records of every waiting delivery, with the child of those already known.

    `settled` are those that keep their child and in which nothing has changed that linking looks at.
    """
    return _people(_STAGED, {"others": list(_NOT_COMPARED)})


def holds_at_least(records: int) -> bool:
    """Say whether the matching index holds so many records, without counting more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) >= %(least)s FROM (SELECT FROM match_identity LIMIT %(least)s) AS seen",
            {"least": records},
        )
        return bool(cursor.fetchone() == (True,))


def all_published() -> pl.DataFrame:
    """Every published record that no waiting delivery changes."""
    return _people(f"{_PUBLISHED} {_NOT_STAGED}")


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
        cursor.execute(
            "CREATE TEMP TABLE asked_tags (dob text, fk bigint, postcode text, nhs_number text, upn text) "
            "ON COMMIT DROP"
        )
        copy_in("asked", asked.select(_ASKED))
        copy_in("asked_tags", _tags(asked))
        cursor.execute("ANALYZE asked")
        cursor.execute("ANALYZE asked_tags")
        cursor.execute(_NEAR)
        cursor.execute("ANALYZE near_record")
        near = _people(f"{_PUBLISHED} {_THAT_ARE_NEAR}")
        cursor.execute("DROP TABLE near_record, asked, asked_tags")
    return near


_ASKED: Final = ("record", "sk", "fk", "sfk", "dob", "swapped", "postcode", "nhs_number", "upn")


def _people(query: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
    """The records of a query, understood a piece at a time."""
    pieces = copy_out_pieces(query, _STAGED_SCHEMA, params or {})
    return pl.concat(_with_person(_opened(piece)) for piece in pieces)


def _tags(asked: pl.DataFrame) -> pl.DataFrame:
    """What sealed records of the same values are found by: a row for each record asked about and key."""
    columns = asked.select("dob", "fk", *TAGGED)
    frames = [
        columns.with_columns(
            pl.col(name).map_elements(partial(tag_of, key, name), return_dtype=pl.String) for name in TAGGED
        )
        for key in keys_in_use()
    ]
    return pl.concat(frames) if frames else columns.clear()


def _opened(piece: pl.DataFrame) -> pl.DataFrame:
    """The piece with sealed facts opened; whether a waiting record is settled is made out from them."""
    if piece["held"].null_count() == len(piece):
        return piece.drop("held")
    placed = piece.with_row_index("place")
    sealed = placed.filter(pl.col("held").is_not_null())
    opened = pl.DataFrame([_opened_row(row) for row in sealed.iter_rows(named=True)], schema=placed.schema)
    clear = placed.filter(pl.col("held").is_null())
    return pl.concat([clear, opened]).sort("place").drop("place", "held")


def _opened_row(row: dict[str, Any]) -> dict[str, Any]:
    if row["staged"] != "t":
        facts = open_facts(json.loads(row["facts"]), column=MATCHED, record=row["record"])
        return {**row, "facts": json.dumps(facts)}
    said = json.loads(row["facts"])
    held = open_facts(json.loads(row["held"]), column=MATCHED, record=row["record"])
    return {**row, "settled": "t" if _compared(said) == _compared(held) else "f"}


def _compared(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in _NOT_COMPARED}


def _with_person(frame: pl.DataFrame) -> pl.DataFrame:
    person = pl.Struct(dict.fromkeys(PERSON_COLUMNS, pl.String()))
    return frame.with_columns(
        pl.col("facts").str.json_decode(person),
        withdrawn=pl.col("withdrawn") == "t",
        staged=pl.col("staged") == "t",
        settled=pl.col("settled") == "t",
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


def children_shown() -> pl.Series:
    """The numbers of all children whom a search finds in full: none that is shielded or archived."""
    query = "SELECT DISTINCT child_id FROM search_identity WHERE NOT shielded"
    return copy_out(query, {"number": pl.String})["number"]


def in_quarantine() -> pl.DataFrame:
    """Each `record` that waits, and the `other` that it resembles, until a person has decided (R21)."""
    return copy_out(
        "SELECT x.record, x.other FROM review_case c "
        "CROSS JOIN LATERAL (VALUES (c.record_a_id, c.record_b_id), (c.record_b_id, c.record_a_id)) "
        "AS x (record, other) JOIN source_record r ON r.id = x.record AND r.child_id IS NULL "
        "WHERE c.near_shield AND EXISTS (SELECT FROM case_waiting w WHERE w.id = c.id)",
        {"record": pl.Int64, "other": pl.Int64},
    )


def stage_links(links: pl.DataFrame, reviews: pl.DataFrame) -> None:
    """Replace what linking said before, in the caller's transaction, and mark deliveries as linked.

    Args:
        links: the columns of StagedLink; `levels` as bytes.
        reviews: `record_a` below `record_b`, `kind`, `weight`, `levels` as bytes, `near_shield`.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM staged_link")
        copy_in("staged_link", links.select(_LINK_COLUMNS).with_columns(_bytes("levels")))
        stage_cases(reviews)
        cursor.execute("ANALYZE staged_link")
        cursor.execute("ANALYZE staged_record")
        cursor.execute("UPDATE delivery SET state = 'linked' WHERE state = 'staged'")


def stage_cases(reviews: pl.DataFrame) -> None:
    """Replace the cases that linking said before, in the caller's transaction; columns as `stage_links`."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM staged_review")
        copy_in("staged_review", reviews.with_columns(_bytes("levels")))


def _bytes(name: str) -> pl.Expr:
    """Bytes as COPY reads them."""
    return ("\\x" + pl.col(name).bin.encode("hex")).alias(name)
