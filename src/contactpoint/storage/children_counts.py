"""Counts children and what is recorded of them, as the worker does it, and reads what was kept for pages.

Not in any cell: protected and archived children, what comes of a record of a service that needs consent, and
what refuges and such places do (R27, R36). What is kept is rounded already: the counts themselves are let go.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connection

from contactpoint.domain.children_counts import Cells, told
from contactpoint.domain.involvement import SERVICES, ServiceKind
from contactpoint.storage.asking import fetch

# One number for one lock in one database: whoever counts a month holds it.
COUNTING: Final = 0x434F4E54_4348494C
_ENGLAND: Final = ""
_PROTECTED: Final = "protected"
_ADDITIONAL: Final = [one.code for one in SERVICES.values() if one.kind is ServiceKind.ADDITIONAL]
# The first row of a child in the search index says what its record goes by.
_SHOWN: Final = """
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
"""
_AGES: Final = """
    CASE WHEN years IS NULL THEN 'unknown' WHEN years < 1 THEN '0' WHEN years < 5 THEN '1-4'
        WHEN years < 11 THEN '5-10' WHEN years < 16 THEN '11-15' ELSE '16+' END
"""
_EACH: Final = """
    count(*), coalesce(sum(universal), 0), coalesce(sum(additional), 0),
    count(*) FILTER (WHERE lead), count(*) FILTER (WHERE assessment)
"""
_COUNT: Final = f"""
    {_SHOWN}
    had AS (
        SELECT child_id, count(*) FILTER (WHERE service <> ALL (%(additional)s)) AS universal,
            count(*) FILTER (WHERE service = ANY (%(additional)s)) AS additional,
            bool_or(lead) AS lead, bool_or(assessment) AS assessment
        FROM tie GROUP BY 1)
    SELECT la, {_AGES}, {_EACH}
    FROM shown LEFT JOIN had USING (child_id) WHERE NOT shielded GROUP BY 1, 2
"""  # noqa: S608 - constants of this file
# The same of the children with whom a charity's own services work; that another leads is not its figure.
_COUNT_PARTNERS: Final = f"""
    {_SHOWN}
    had AS (
        SELECT child_id, organisation_id,
            count(*) FILTER (WHERE service <> ALL (%(additional)s)) AS universal,
            count(*) FILTER (WHERE service = ANY (%(additional)s)) AS additional,
            bool_or(lead) AS lead, bool_or(assessment) AS assessment
        FROM tie JOIN organisation o ON o.code = organisation_id AND o.kind = 'charity' GROUP BY 1, 2)
    SELECT organisation_id, {_AGES}, {_EACH}
    FROM had JOIN shown USING (child_id) WHERE NOT shielded GROUP BY 1, 2
"""  # noqa: S608 - constants of this file
_OF: Final = ("children", "universal", "additional", "lead", "assessment")


def is_counted(month: date) -> bool:
    """Say whether a month was counted."""
    return bool(fetch("SELECT FROM children_count WHERE month = %s AND area = %s", month, _ENGLAND))


def begin_count(month: date) -> bool:
    """Have nobody else count meanwhile, until the transaction ends; False where somebody just did."""
    fetch("SELECT pg_advisory_xact_lock(%s)::text", COUNTING)
    return not is_counted(month)


def count_month(month: date) -> int:
    """Count and keep what may be told of a month; return how many areas were counted."""
    found = _rounded(cells_now(month))
    ((shields,),) = fetch("SELECT count(*) FROM child WHERE shielded AND retired_into_id IS NULL")
    found[_ENGLAND][_PROTECTED] = {"": told(shields)}
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO children_count (month, area, figures) VALUES (%s, %s, %s)",
            [(month, area, json.dumps(figures)) for area, figures in sorted(found.items())],
        )
    _count_partners(month)
    return len(found)


def _count_partners(month: date) -> None:
    """Count and keep the same of every charity, for its own team."""
    found = _rounded(partner_cells_now(month))
    charities = fetch("SELECT code FROM organisation WHERE kind = 'charity' ORDER BY code")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO partner_count (month, organisation_id, figures) VALUES (%s, %s, %s)",
            [(month, code, json.dumps(found[code])) for (code,) in charities],
        )


def _rounded(cells: Iterable[tuple[Any, ...]]) -> dict[str, dict[str, dict[str, int | None]]]:
    """Cells as they may be told, by whose they are, what is counted and span of ages."""
    found: dict[str, dict[str, dict[str, int | None]]] = defaultdict(lambda: defaultdict(dict))
    for whose, age, *counts in cells:
        for of, count in zip(_OF, counts, strict=True):
            found[whose][of][age] = told(int(count))
    return found


def cells_now(on: date) -> list[tuple[Any, ...]]:
    """Each authority and span of ages with its counts, not rounded: to be kept nowhere."""
    return fetch(_COUNT, on=on, additional=_ADDITIONAL)


def partner_cells_now(on: date) -> list[tuple[Any, ...]]:
    """Each charity and span of ages with its counts, not rounded: to be kept nowhere."""
    return fetch(_COUNT_PARTNERS, on=on, additional=_ADDITIONAL)


def months_of_partner(seeing: UUID, since: date) -> dict[date, list[Cells]]:
    """What was kept of each month since one of the partner whose team is written down as reading it."""
    rows = fetch("SELECT month, figures::text FROM partner_children(%s, %s)", seeing, since)
    return {month: [json.loads(figures)] for month, figures in rows}


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
