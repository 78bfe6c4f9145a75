"""Counts children and what is recorded of them, as the worker does it, and reads what was kept for pages.

Not in any cell: protected and archived children, what comes of a record of a service that needs consent, and
what refuges and such places do (R27, R36). What is kept is rounded already: the counts themselves are let go.
"""

import json
from collections import defaultdict
from datetime import date
from typing import Any, Final

from django.db import connection

from contactpoint.domain.children_counts import Cells, told
from contactpoint.domain.involvement import SERVICES, ServiceKind
from contactpoint.storage.asking import fetch

_ENGLAND: Final = ""
_PROTECTED: Final = "protected"
_ADDITIONAL: Final = [one.code for one in SERVICES.values() if one.kind is ServiceKind.ADDITIONAL]
# The first row of a child in the search index says what its record goes by.
_COUNT: Final = """
    WITH shown AS (
        SELECT DISTINCT ON (child_id) child_id, la, shielded, extract(year FROM age(%(on)s, dob)) AS years
        FROM search_identity ORDER BY child_id, id),
    tie AS (
        SELECT r.child_id, i.service, i.organisation_id, bool_or(i.lead_practitioner) AS lead,
            bool_or(i.assessment) AS assessment
        FROM involvement i JOIN source_record r ON r.id = i.record_id
        WHERE r.withdrawn_at IS NULL AND NOT r.sealed AND (i.end_date IS NULL OR i.end_date >= %(on)s)
            AND (i.typed_by_id IS NULL OR i.confirmed_at IS NOT NULL)
            AND NOT EXISTS (SELECT FROM involvement s WHERE s.record_id = r.id AND is_sensitive(s.service))
            AND NOT EXISTS (SELECT FROM discreet_place d WHERE d.code = i.organisation_id)
        GROUP BY 1, 2, 3),
    had AS (
        SELECT child_id, count(*) FILTER (WHERE service <> ALL (%(additional)s)) AS universal,
            count(*) FILTER (WHERE service = ANY (%(additional)s)) AS additional,
            bool_or(lead) AS lead, bool_or(assessment) AS assessment
        FROM tie GROUP BY 1)
    SELECT la, CASE WHEN years IS NULL THEN 'unknown' WHEN years < 1 THEN '0' WHEN years < 5 THEN '1-4'
            WHEN years < 11 THEN '5-10' WHEN years < 16 THEN '11-15' ELSE '16+' END,
        count(*), coalesce(sum(universal), 0), coalesce(sum(additional), 0),
        count(*) FILTER (WHERE lead), count(*) FILTER (WHERE assessment)
    FROM shown LEFT JOIN had USING (child_id) WHERE NOT shielded GROUP BY 1, 2
"""


def is_counted(month: date) -> bool:
    """Say whether a month was counted."""
    return bool(fetch("SELECT FROM children_count WHERE month = %s AND area = %s", month, _ENGLAND))


def count_month(month: date) -> int:
    """Count and keep what may be told of a month; return how many areas were counted."""
    found: dict[str, dict[str, dict[str, int | None]]] = defaultdict(lambda: defaultdict(dict))
    for area, age, *counts in cells_now(month):
        for of, count in zip(
            ("children", "universal", "additional", "lead", "assessment"), counts, strict=True
        ):
            found[area][of][age] = told(int(count))
    ((shields,),) = fetch("SELECT count(*) FROM child WHERE shielded")
    found[_ENGLAND][_PROTECTED] = {"": told(shields)}
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO children_count (month, area, figures) VALUES (%s, %s, %s)",
            [(month, area, json.dumps(figures)) for area, figures in sorted(found.items())],
        )
    return len(found)


def cells_now(on: date) -> list[tuple[Any, ...]]:
    """Each authority and span of ages with its counts, not rounded: to be kept nowhere."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"on": on, "additional": _ADDITIONAL})
        return list(cursor.fetchall())


def months_of(area: str | None, since: date) -> dict[date, list[Cells]]:
    """What was kept of each month since one, of an authority or, without one, of each place in England."""
    months: dict[date, list[Cells]] = defaultdict(list)
    for month, figures in fetch(
        "SELECT month, figures::text FROM children_count "
        "WHERE month >= %s AND (%s::text IS NULL OR area = %s) ORDER BY month, area",
        since, area, area,
    ):  # fmt: skip
        months[month].append(json.loads(figures))
    return dict(months)


def areas_of(month: date) -> list[tuple[str, Cells]]:
    """Each authority that has children, by name, and what was kept of it in a month."""
    rows = fetch(
        "SELECT coalesce(o.name, c.area), c.figures::text FROM children_count c "
        "LEFT JOIN organisation o ON o.kind = 'authority' AND o.authority = c.area "
        "WHERE c.month = %s AND c.area <> '' ORDER BY 1",
        month,
    )
    return [(name, json.loads(figures)) for name, figures in rows]


def protected_since(since: date) -> dict[date, int | None]:
    """How many records were protected in England in each month since one, as far as it is told."""
    rows = fetch(
        "SELECT month, figures::text FROM children_count WHERE month >= %s AND area = %s", since, _ENGLAND
    )
    return {month: json.loads(figures)[_PROTECTED][""] for month, figures in rows}
