"""One publication: everything linked becomes what readers see, in the caller's transaction.

Statements over sets, in an order that matters: children, then their shields, then rows about them, so that no
row about a shielded child is ever written unsealed. What is said of `sealed` here only saves the triggers
work; they have the last word.

The first publication of a country fills tables that are empty. It leaves out what only matters where
something was published before, and the tables get their indexes when they are full
(storage/sql/filling.sql).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl
from django.db import connection, transaction

from contactpoint.storage.asking import fetch
from contactpoint.storage.copying import copy_out
from contactpoint.storage.involvements_at_rest import open_published

_BEGIN: Final = (
    "SET LOCAL work_mem = '128MB'",
    """
    CREATE TEMP TABLE placement ON COMMIT DROP AS
    SELECT l.*, s.id AS staged_id, s.delivery_id, s.local_id, d.source_id, d.as_at,
        s.facts->>'restricted' = 'Y' AS restricted,
        r.id IS NOT NULL AS is_known, r.child_id AS old_child, r.sealed AS was_sealed
    FROM staged_link l
    LEFT JOIN (staged_record s JOIN delivery d ON d.id = s.delivery_id AND d.state = 'linked')
        ON s.record = l.record AND s.changed AND NOT s.rejected
    LEFT JOIN source_record r ON r.id = l.record
    WHERE s.id IS NOT NULL OR r.id IS NOT NULL
    """,
    "ANALYZE placement",
    """
    CREATE TEMP TABLE leaving ON COMMIT DROP AS
    SELECT r.id AS record, r.child_id AS child, r.sealed AS was_sealed, d.as_at
    FROM delivery d JOIN source_record r ON r.source_id = d.source_id AND r.withdrawn_at IS NULL
    WHERE d.state = 'linked' AND d.kind = 'full' AND NOT EXISTS (
        SELECT FROM staged_record s WHERE s.delivery_id = d.id AND s.local_id = r.local_id)
    """,
    "ANALYZE leaving",
    # A shield that is being placed by somebody else is waited for now, in one order, and not half-way
    # through.
    """
    SELECT count(*) FROM (
        SELECT FROM child WHERE number IN (
            SELECT child FROM placement WHERE NOT is_new UNION SELECT old_child FROM placement UNION SELECT
                child FROM leaving)
        ORDER BY number FOR SHARE) AS waited
    """,
    """
    INSERT INTO child (number, created_at, shielded)
    SELECT DISTINCT child, %(at)s::timestamptz, false FROM placement WHERE is_new AND child IS NOT NULL
    """,
)
# A feed places a shield when it first says so. When a person has lifted it since, the feed saying the same
# again does not bring it back.
_TO_SHIELD: Final = """
    SELECT DISTINCT p.child FROM placement p
    WHERE p.restricted AND p.child IS NOT NULL AND (
        NOT p.is_known OR p.old_child IS DISTINCT FROM p.child
        OR NOT EXISTS (SELECT FROM record_version v WHERE v.record_id = p.record AND v.superseded_at IS NULL
            AND v.facts->>'restricted' = 'Y'))
    ORDER BY 1
"""
_NEW_RECORDS: Final = """
    INSERT INTO source_record (id, source_id, local_id, child_id, sealed)
    SELECT p.record, p.source_id, p.local_id, p.child, coalesce(c.shielded, true)
    FROM placement p LEFT JOIN child c ON c.number = p.child WHERE NOT p.is_known ORDER BY p.record
"""
_KNOWN_RECORDS: Final = (
    """
    UPDATE source_record r SET child_id = p.child, withdrawn_at = NULL FROM placement p
    WHERE r.id = p.record AND p.is_known
        AND (r.child_id IS DISTINCT FROM p.child OR (r.withdrawn_at IS NOT NULL AND p.staged_id IS NOT NULL))
    """,
    """
    UPDATE record_version v SET superseded_at = %(at)s FROM placement p
    WHERE v.record_id = p.record AND v.superseded_at IS NULL AND p.is_known AND p.staged_id IS NOT NULL
    """,
)
_VERSIONS: Final = (
    # In the order in which records came: the first link says which part of a child keeps its number (R22).
    """
    INSERT INTO link (record_id, child_id, decision, decided_at, decided_by, weight, levels, partner,
        model_version)
    SELECT record, child, decision, %(at)s, 'model', weight, levels, partner, model_version
    FROM placement WHERE child IS NOT NULL AND decision <> 'kept' ORDER BY record
    """,
    # Involvements stand in the version too, so that the rows below can be rebuilt from it (ADR 0004).
    """
    INSERT INTO record_version (record_id, delivery_id, as_at, facts, fingerprint, recorded_at, sealed)
    SELECT p.record, p.delivery_id, p.as_at,
        CASE s.involvements WHEN '[]' THEN s.facts ELSE s.facts || jsonb_build_object('involvements',
            s.involvements) END,
        s.fingerprint, %(at)s, coalesce(c.shielded, true)
    FROM placement p JOIN staged_record s ON s.id = p.staged_id LEFT JOIN child c ON c.number = p.child
    ORDER BY p.record
    """,
)
# A country's versions lie on the disk as they are read, those of a child side by side.
_FIRST_VERSIONS: Final = tuple(
    one.replace("ORDER BY p.record", "ORDER BY p.child, p.record") for one in _VERSIONS
)
# What is new cannot be there already; to ask whether it is, row by row, costs as much again as to write it.
_INVOLVED_INTO: Final = """
    record_id, involvement_id, service, organisation_id, team, practitioner, practitioner_role,
    contact_phone, contact_hours, contact_cover, start_date, end_date, last_confirmed, lead_practitioner,
    assessment, consent, consent_until, recorded_at, sealed
"""
_INVOLVED_FROM: Final = """
    record, coalesce(involvement_id, ''), service, organisation, coalesce(team, ''),
    coalesce(practitioner, ''), coalesce(practitioner_role, ''), coalesce(contact_phone, ''),
    coalesce(contact_hours, ''), coalesce(contact_cover, ''), start_date, end_date, last_confirmed,
    coalesce(lead_practitioner = 'Y', false), coalesce(assessment = 'Y', false), coalesce(consent, ''),
    consent_until, %(at)s, sealed
"""
_SAID: Final = """
    SELECT p.record, p.child, p.is_known, coalesce(c.shielded, true) AS sealed, i.*
    FROM placement p JOIN staged_record s ON s.id = p.staged_id LEFT JOIN child c ON c.number = p.child
    CROSS JOIN LATERAL jsonb_to_recordset(s.involvements) AS i(
        involvement_id text, service text, organisation text, team text, practitioner text, practitioner_role
            text,
        contact_phone text, contact_hours text, contact_cover text, start_date date, end_date date,
        last_confirmed date, lead_practitioner text, assessment text, consent text, consent_until date)
    WHERE s.involvements <> '[]'
"""
_INSERT_INVOLVED: Final = f"INSERT INTO involvement ({_INVOLVED_INTO}) SELECT {_INVOLVED_FROM}"
_FIRST_INVOLVEMENTS: Final = (
    f"{_INSERT_INVOLVED} FROM ({_SAID} ORDER BY p.child, p.record, i.involvement_id) AS said"
)
# What a person wrote down here of a consent stands over what the source goes on saying (R37, R41).
_SAID_BY_A_PERSON: Final = """
    i.service = excluded.service AND i.organisation_id = excluded.organisation_id
        AND EXISTS (SELECT FROM consent_step s WHERE s.involvement_id = i.id)
"""
_READ_INVOLVED: Final = (f"CREATE TEMP TABLE involved ON COMMIT DROP AS {_SAID}", "ANALYZE involved")
_INVOLVEMENTS: Final = (
    """
    UPDATE involvement i SET end_date = greatest(i.start_date, p.as_at), end_recorded_at = %(at)s
    FROM placement p
    WHERE i.record_id = p.record AND p.staged_id IS NOT NULL AND p.is_known AND i.typed_by_id IS NULL
        AND (i.end_date IS NULL OR i.end_date > p.as_at)
        AND NOT EXISTS (SELECT FROM involved n
            WHERE n.record = i.record_id AND coalesce(n.involvement_id, '') = i.involvement_id)
    """,
    f"{_INSERT_INVOLVED} FROM involved WHERE NOT is_known ORDER BY record, involvement_id",
    # A withdrawal of consent, and who confirmed what, are not the feed's to undo.
    f"""
    INSERT INTO involvement AS i ({_INVOLVED_INTO}) SELECT {_INVOLVED_FROM} FROM involved WHERE is_known
    ON CONFLICT (record_id, involvement_id) DO UPDATE SET
        service = excluded.service, organisation_id = excluded.organisation_id, team = excluded.team,
        practitioner = excluded.practitioner, practitioner_role = excluded.practitioner_role,
        end_recorded_at = CASE WHEN i.end_date IS DISTINCT FROM excluded.end_date THEN %(at)s
            ELSE i.end_recorded_at END,
        contact_phone = excluded.contact_phone, contact_hours = excluded.contact_hours,
        contact_cover = excluded.contact_cover, start_date = excluded.start_date, end_date =
            excluded.end_date,
        last_confirmed = excluded.last_confirmed, lead_practitioner = excluded.lead_practitioner,
        assessment = excluded.assessment,
        consent = CASE WHEN {_SAID_BY_A_PERSON} THEN i.consent ELSE excluded.consent END,
        consent_until = CASE WHEN {_SAID_BY_A_PERSON} THEN i.consent_until ELSE excluded.consent_until END
    """,  # noqa: S608
    # Nor does a source bring back what nobody agrees to any more by giving it another number (R41). Asked
    # only of services of which a person wrote something down: to ask of each costs more than to write them.
    """
    WITH asked AS MATERIALIZED (
        SELECT * FROM involved n WHERE n.consent IN ('child', 'carer') AND EXISTS (
            SELECT FROM consent_step s JOIN involvement k ON k.id = s.involvement_id
            JOIN source_record r ON r.id = k.record_id
            WHERE r.child_id = n.child AND k.organisation_id = n.organisation AND k.service = n.service))
    UPDATE involvement i SET consent_withdrawn_at = w.withdrawn_at
    FROM asked n
    CROSS JOIN LATERAL is_consent_withdrawn(n.child, n.organisation, n.service) AS w (withdrawn_at)
    WHERE w.withdrawn_at IS NOT NULL AND i.record_id = n.record
        AND i.involvement_id = coalesce(n.involvement_id, '') AND i.consent_withdrawn_at IS NULL
    """,
    """
    UPDATE involvement i SET end_date = greatest(i.start_date, l.as_at), end_recorded_at = %(at)s
    FROM leaving l
    WHERE i.record_id = l.record AND i.typed_by_id IS NULL AND (i.end_date IS NULL OR i.end_date > l.as_at)
    """,
    "DROP TABLE involved",
)
_MATCHED: Final = "record_id, child_id, withdrawn, facts, sk, fk, sfk, dob, postcode, nhs_number, upn"
_AS_MATCHED: Final = """
    l.record, l.child, false, s.facts, l.sk, l.fk, l.sfk, coalesce(s.facts->>'date_of_birth', ''),
    coalesce(s.facts->>'postcode', ''), coalesce(s.facts->>'nhs_number', ''), coalesce(s.facts->>'upn', '')
"""
# Only linking reads these rows, and only with their records: before those are published nobody is misled.
_MATCH_FIRST: Final = f"""
    INSERT INTO match_identity ({_MATCHED}) SELECT {_AS_MATCHED} FROM staged_link l
    JOIN staged_record s ON s.record = l.record AND s.changed AND NOT s.rejected
    JOIN delivery d ON d.id = s.delivery_id AND d.state = 'linked'
"""  # noqa: S608
_MATCH_AHEAD: Final = f"""
    {_MATCH_FIRST}
    WHERE NOT EXISTS (SELECT FROM source_record r WHERE r.id = l.record)
    ON CONFLICT DO NOTHING
"""
_WITHDRAWN: Final = (
    # A full delivery vouches for all its source's records but those it holds in a row that was rejected.
    """
    UPDATE source_record r SET last_vouched = greatest(v.as_at, o.vouched_at)
    FROM staged_record s JOIN delivery d ON d.id = s.delivery_id AND d.state = 'linked' AND d.kind = 'full',
        record_version v, source o
    WHERE s.rejected AND r.id = s.record AND r.last_vouched IS NULL AND v.record_id = r.id
        AND v.superseded_at IS NULL AND o.code = r.source_id
    """,
    """
    UPDATE source_record r SET last_vouched = NULL
    FROM staged_record s JOIN delivery d ON d.id = s.delivery_id AND d.state = 'linked'
    WHERE r.last_vouched IS NOT NULL AND r.source_id = d.source_id AND r.id = s.record AND NOT s.rejected
    """,
    """
    UPDATE record_version v SET superseded_at = %(at)s FROM leaving l
    WHERE v.record_id = l.record AND v.superseded_at IS NULL
    """,
    "UPDATE source_record r SET withdrawn_at = %(at)s FROM leaving l WHERE r.id = l.record",
    "UPDATE match_identity m SET withdrawn = true FROM leaving l WHERE m.record_id = l.record",
)
_OPEN_CASES: Final = """
    INSERT INTO review_case (record_a_id, record_b_id, kind, weight, levels, opened_at, near_shield)
    SELECT record_a, record_b, kind, weight, levels, %(at)s, near_shield FROM staged_review
    ON CONFLICT (record_a_id, record_b_id) DO UPDATE SET
        kind = excluded.kind, weight = excluded.weight, levels = excluded.levels,
        near_shield = review_case.near_shield OR excluded.near_shield
"""
_REST: Final = (
    """
    UPDATE source o SET vouched_at = d.as_at FROM delivery d
    WHERE d.source_id = o.code AND d.state = 'linked' AND d.kind = 'full'
    """,
    # What was written ahead stands, unless a publication that was cut off left it and it is linked anew.
    f"""
    INSERT INTO match_identity ({_MATCHED}) SELECT {_AS_MATCHED}
    FROM placement l JOIN staged_record s ON s.id = l.staged_id
    WHERE l.is_known OR NOT EXISTS (SELECT FROM match_identity m
        WHERE m.record_id = l.record AND m.child_id IS NOT DISTINCT FROM l.child)
    ON CONFLICT (record_id) DO UPDATE SET
        child_id = excluded.child_id, withdrawn = false, facts = excluded.facts, sk = excluded.sk, fk =
            excluded.fk,
        sfk = excluded.sfk, dob = excluded.dob, postcode = excluded.postcode, nhs_number =
            excluded.nhs_number,
        upn = excluded.upn, sealed_with = NULL
    """,  # noqa: S608
    """
    UPDATE match_identity m SET child_id = p.child FROM placement p
    WHERE m.record_id = p.record AND p.staged_id IS NULL AND m.child_id IS DISTINCT FROM p.child
    """,
    _OPEN_CASES,
    # What came out of quarantine by itself is nobody's question any more.
    """
    DELETE FROM review_case c USING placement p, source_record a, source_record b
    WHERE p.is_known AND p.record IN (c.record_a_id, c.record_b_id) AND c.kind = 'possible_same_child'
        AND a.id = c.record_a_id AND b.id = c.record_b_id AND a.child_id = b.child_id
    """,
    "DROP TABLE placement, leaving",
)
_LET_GO: Final = (
    "DELETE FROM staged_record s USING delivery d WHERE d.id = s.delivery_id AND d.state = 'linked'",
    "DELETE FROM staged_link",
    "DELETE FROM staged_review",
)
_LET_ALL_GO: Final = ("TRUNCATE staged_record, staged_link, staged_review",)
_RECORDS: Final = ("source_record", "record_version", "link", "involvement")
_SEARCHED: Final = ("search_identity", "search_key")
_MATCHING: Final = ("match_identity",)
# Tables that have grown much are read by plans for small ones until somebody counts them again.
_MUCH: Final = 10_000
_COUNT_AGAIN: Final = "ANALYZE source_record, record_version, involvement"
_TOUCHED: Final = """
    SELECT child FROM placement WHERE child IS NOT NULL UNION SELECT old_child FROM placement WHERE old_child
        IS NOT NULL
    UNION SELECT child FROM leaving WHERE child IS NOT NULL ORDER BY 1
"""
_COUNTS: Final = """
    SELECT (SELECT count(*) FROM placement WHERE staged_id IS NOT NULL), (SELECT count(*) FROM leaving),
        (SELECT count(DISTINCT child) FROM placement WHERE is_new AND child IS NOT NULL),
        (SELECT count(*) FROM placement WHERE child IS NULL),
        (SELECT count(*) FROM staged_review WHERE NOT near_shield)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a publication changes: records new or changed, withdrawn, in quarantine; new children; cases.

    Of cases those that touch nobody protected: the count is said to whoever loads files (R21, R57).
    """

    changed: int
    withdrawn: int
    new_children: int
    quarantined: int
    reviews: int


def anything_linked() -> bool:
    """Say whether a delivery is linked and waits to be published."""
    return fetch("SELECT EXISTS (SELECT FROM delivery WHERE state = 'linked')") == [(True,)]


def open_staged_cases(at: datetime) -> None:
    """Open the cases that were staged alone, when nothing is linked that waits."""
    _run((_OPEN_CASES, "DELETE FROM staged_review"), at)


def much_is_linked() -> bool:
    """Say whether so much waits to be published that it is worth a second connection."""
    return bool(fetch("SELECT count(*) > %s FROM staged_link", _MUCH)[0][0])


def nothing_is_published() -> bool:
    """Say whether this directory holds no record yet, nor waits for anything but what is linked."""
    return fetch(
        "SELECT NOT EXISTS (SELECT FROM source_record) AND NOT EXISTS (SELECT FROM search_identity) "
        "AND NOT EXISTS (SELECT FROM delivery WHERE state IN ('staged', 'held'))"
    ) == [(True,)]


def clear_away() -> None:
    """Give back the room of what a first publication had written when it was cut off. In no transaction."""
    _run(("TRUNCATE match_identity", f"VACUUM {', '.join((*_RECORDS, *_SEARCHED))}"))


def match_ahead(*, first: bool = False) -> None:
    """Write the matching rows of records that are new, in a transaction of its own, while others are written.

    What it does not get done, `finish` does. `first`: nothing was published before.
    """
    if not first:
        _run((_MATCH_AHEAD,))
        return
    with transaction.atomic():
        _set_aside(_MATCHING)
        _run((_MATCH_FIRST,))
        _make_again(_MATCHING)


def begin(at: datetime, *, first: bool = False) -> Counts:
    """Work out what changes, wait for whoever is shielding one of the children, and make the new ones."""
    if first:
        _set_aside((*_RECORDS, *_SEARCHED))
    _run(_BEGIN, at)
    changed, withdrawn, new_children, quarantined, reviews = fetch(_COUNTS)[0]
    return Counts(
        changed=changed,
        withdrawn=withdrawn,
        new_children=new_children,
        quarantined=quarantined,
        reviews=reviews,
    )


def children_to_shield() -> list[str]:
    """Children whose source says for the first time that their whereabouts must be hidden."""
    return [row[0] for row in fetch(_TO_SHIELD)]


def write_records(at: datetime, *, first: bool = False) -> None:
    """Write source records, links and versions; what a source sends now supersedes what it sent (R24)."""
    _run((_NEW_RECORDS, *(_FIRST_VERSIONS if first else (*_KNOWN_RECORDS, *_VERSIONS))), at)


def write_involvements(at: datetime, *, first: bool = False) -> None:
    """Write involvements, and end those that their source says no more.

    What is encrypted of them stands in the clear until this transaction seals it again: it is compared.
    """
    if not first:
        _run(_READ_INVOLVED, at)
        open_published()
        _run(_INVOLVEMENTS, at)
        return
    _run((_FIRST_INVOLVEMENTS,), at)
    _make_again(_RECORDS)


def finish(at: datetime, *, first: bool = False) -> tuple[pl.Series, list[dict[str, Any]]]:
    """Withdraw, bring the matching index up to date, open cases, let go of what was staged.

    Returns the children whose search rows must be made anew, and the deliveries published.
    """
    touched = copy_out(_TOUCHED, {"child": pl.String})["child"]
    if len(touched) > _MUCH:
        _run((_COUNT_AGAIN,))
    _run((*(() if first else _WITHDRAWN), *_REST, *(_LET_ALL_GO if first else _LET_GO)), at)
    published = fetch(
        "UPDATE delivery SET state = 'published', published_at = %s WHERE state = 'linked' "
        "RETURNING id, source_id, as_at::text, kind, rows_changed",
        at,
    )
    names = ("delivery", "source", "as_at", "kind", "changed")
    return touched, [dict(zip(names, row, strict=True)) for row in sorted(published)]


def make_search_indexes() -> None:
    """Give the search index the indexes that a first publication set aside."""
    _make_again(_SEARCHED)


def _set_aside(tables: Sequence[str]) -> None:
    fetch("SELECT set_indexes_aside(%s)", list(tables))


def _make_again(tables: Sequence[str]) -> None:
    fetch("SELECT make_indexes_again(%s)", list(tables))


def _run(statements: Sequence[str], at: datetime | None = None) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, {"at": at})
