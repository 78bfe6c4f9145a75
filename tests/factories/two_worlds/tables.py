"""Every row that the pages' own role can read, and all that it can make the database say of each child."""

from collections.abc import Mapping

from django.db import connection
from tests.factories.supply import rows

from contactpoint.cli.status import _COUNTED

_READABLE = """
    SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
    AND c.relkind IN ('r', 'v', 'm', 'p') AND has_table_privilege('contactpoint_web', c.oid, 'SELECT')
    ORDER BY 1
"""
# Of deliveries the count of rows differs, which whoever runs the feed is told (`going_round.passed_by`).
_COUNTS_ROWS = frozenset({"delivery"})
# Ids of keys of the search index: a key is written anew, with another id, whenever anything is told of its
# child. They are drawn like tickets and lead nowhere: no page and no statement holds one.
_TICKETS = {"search_key": "id"}
_ANSWERS = {
    "said": "SELECT source_id, authority, as_at, facts FROM statements_shown(%s) ORDER BY source_id",
    "services": "SELECT source_id, (seen).service, (seen).organisation_id, (seen).consent, (seen).start_date "
    "FROM involvements_shown(%s) ORDER BY 1, 2",
    "services before": "SELECT source_id, service, organisation_code, practitioner_role, phone, start_date, "
    "end_date, leads, held_from, held_until FROM involvements_shown_before(%s) ORDER BY 1, 2, 9",
}


def counted() -> dict[str, str]:
    """What `contactpoint status` says of the directory. Every act is an event, and every file a delivery."""
    acts = {"Audit events", "Deliveries"}
    return {f"status {name}": repr(rows(query)) for name, query in _COUNTED if name not in acts}


def readable(numbers: Mapping[str, str]) -> dict[str, str]:
    """By table, and by what is asked of which child; run it as the web role."""
    seen = {}
    for (table,) in rows(_READABLE):
        if table in _COUNTS_ROWS:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            names = [column.name for column in cursor.description]
            kept = [place for place, name in enumerate(names) if name != _TICKETS.get(table)]
            lines = sorted(repr([row[place] for place in kept]) for row in cursor.fetchall())
        seen[f"table {table}"] = "\n".join(lines)
    for child, number in numbers.items():
        for what, query in _ANSWERS.items():
            seen[f"{what} of {child}"] = "\n".join(map(repr, rows(query, number)))
    return seen
