"""Unshielded children who share what a shield hides: looked for by the worker, who alone may read it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from contactpoint.storage.prepared import rows_of
from contactpoint.storage.sealed_facts import MATCHED, open_facts
from contactpoint.storage.search_index import KeyKind
from contactpoint.storage.shielding import DueShield

_DUE: Final = """
    SELECT s.id, s.child_id FROM shield s LEFT JOIN near_look l ON l.shield_id = s.id
    WHERE s.lifted_at IS NULL AND s.kept_from_id IS NULL AND (l.at IS NULL OR l.at <= %(before)s)
    ORDER BY l.at NULLS FIRST, s.id
    LIMIT %(most)s
"""
_FACTS: Final = (
    "SELECT facts::text, record_id FROM match_identity WHERE child_id = %(child)s AND NOT withdrawn"
)
# The same written address behind the same postcode; a telephone; a carer of the same whole name nearby.
_SHARING: Final = """
    WITH hidden AS (
        SELECT postcode, lower(regexp_replace(written, '[^[:alnum:]]', '', 'g')) AS line
        FROM unnest(%(postcodes)s::text[], %(lines)s::text[]) AS h (postcode, written) WHERE postcode <> ''),
    shared AS (
        SELECT o.child_id AS child, 'address' AS what FROM hidden h JOIN match_identity o
            ON o.postcode = h.postcode AND NOT o.withdrawn
            AND lower(regexp_replace(o.facts->>'address', '[^[:alnum:]]', '', 'g')) = h.line
        UNION SELECT k.child_id, 'phone' FROM search_key k
            WHERE k.kind = %(phone)s AND k.key = ANY(%(phones)s::bigint[])
        UNION SELECT k.child_id, 'carer' FROM search_key k
            JOIN search_identity i ON i.child_id = k.child_id AND i.dis = ANY(%(districts)s::text[])
            JOIN match_identity o ON o.child_id = k.child_id AND NOT o.withdrawn
            WHERE k.kind = %(carer)s AND k.key = ANY(%(carers)s::bigint[])
            AND lower(concat_ws(' ', o.facts->>'carer_forename', o.facts->>'carer_surname'))
                = ANY(%(names)s::text[]))
    SELECT s.child, string_agg(DISTINCT s.what, ',' ORDER BY s.what) FROM shared s
    JOIN child c ON c.number = s.child AND NOT c.shielded AND NOT c.archived AND c.retired_into_id IS NULL
    GROUP BY s.child ORDER BY s.child LIMIT 50
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What of a shielded child others may share, as the search index codes it."""

    phones: Sequence[int]
    carers: Sequence[int]
    names: Sequence[str]
    districts: Sequence[str]
    homes: Sequence[tuple[str, str]]  # postcode, and the address as written


def near_looks_due(before: datetime, *, most: int) -> tuple[DueShield, ...]:
    """Return shields in force that were last looked around before that moment, new ones first."""
    rows = rows_of(_DUE, {"before": before, "most": most})
    return tuple(DueShield(id=row[0], child=row[1]) for row in rows)


def hidden_facts(child: str) -> list[Mapping[str, str]]:
    """Return what each source says of a child, for the matching index."""
    return [
        open_facts(json.loads(text), column=MATCHED, record=record)
        for text, record in rows_of(_FACTS, {"child": child})
    ]


def sharing(shared: Shared) -> list[tuple[str, str]]:
    """Return (number, what is shared) of unshielded children who share something with one."""
    values = {
        "postcodes": [postcode for postcode, _ in shared.homes],
        "lines": [line for _, line in shared.homes],
        "phone": int(KeyKind.PHONE),
        "carer": int(KeyKind.CARER),
        "phones": list(shared.phones),
        "carers": list(shared.carers),
        "names": list(shared.names),
        "districts": list(shared.districts),
    }
    return [(row[0], row[1]) for row in rows_of(_SHARING, values)]


def keep_near(shield: int, found: Sequence[tuple[str, str]], *, at: datetime) -> list[str]:
    """Keep what was found and that it was looked; return the numbers found for the first time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO near_child (shield_id, child_id, shares, found_at) "
            "SELECT %s, f.child, f.shares, %s FROM unnest(%s::text[], %s::text[]) AS f (child, shares) "
            "ON CONFLICT (shield_id, child_id) DO NOTHING RETURNING child_id",
            [shield, at, [one for one, _ in found], [shares for _, shares in found]],
        )
        new = sorted(row[0] for row in cursor.fetchall())
        cursor.execute(
            "INSERT INTO near_look (shield_id, at) VALUES (%s, %s) "
            "ON CONFLICT (shield_id) DO UPDATE SET at = excluded.at",
            [shield, at],
        )
    return new
