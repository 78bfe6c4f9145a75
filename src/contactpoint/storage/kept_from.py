"""What a person did to find a child who is kept from them: looked for in the audit by the worker alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from contactpoint.domain.audit.events import AuditEvent
from contactpoint.storage.audit_texts import read_event
from contactpoint.storage.prepared import rows_of

# An event bears the time at which its transaction began, and may be written down that much later.
_OVERLAP: Final = timedelta(minutes=10)
_IN_FORCE: Final = """
    SELECT s.id, s.child_id, s.kept_from_id, greatest(s.placed_at, l.at - %(overlap)s)
    FROM shield s JOIN child c ON c.number = s.child_id AND c.retired_into_id IS NULL
    LEFT JOIN near_look l ON l.shield_id = s.id
    WHERE s.lifted_at IS NULL AND s.kept_from_id IS NOT NULL ORDER BY s.id
"""
_TRIED: Final = """
    SELECT b.body FROM audit_body b
    WHERE b.account = %(account)s AND b.occurred_at >= %(since)s
        AND (b.action IN ('searched', 'refused') OR b.subjects @> ARRAY[%(child)s]::varchar[])
        AND NOT EXISTS (SELECT FROM kept_attempt t WHERE t.shield_id = %(shield)s AND t.event = b.event_id)
    ORDER BY b.occurred_at, b.event_id LIMIT 1000
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptChild:
    """A child kept from somebody, and since when what they do has not been looked at."""

    shield: int
    child: str
    account: UUID
    since: datetime


def kept_children() -> tuple[KeptChild, ...]:
    """Return every child that is kept from somebody now."""
    rows = rows_of(_IN_FORCE, {"overlap": _OVERLAP})
    return tuple(KeptChild(shield=row[0], child=row[1], account=row[2], since=row[3]) for row in rows)


def tried_by(kept: KeptChild) -> list[AuditEvent]:
    """Return what they did since that may have been an attempt, oldest first."""
    values = {"account": kept.account, "since": kept.since, "child": kept.child, "shield": kept.shield}
    return [read_event(bytes(row[0])) for row in rows_of(_TRIED, values)]


def keep_attempts(kept: KeptChild, found: Sequence[tuple[AuditEvent, str]], *, at: datetime) -> None:
    """Keep what was found, and that it was looked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kept_attempt (shield_id, event, how, at, found_at) "
            "SELECT %s, f.event, f.how, f.at, %s FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[]) "
            "AS f (event, how, at) ON CONFLICT DO NOTHING",
            [
                kept.shield,
                at,
                [event.event_id for event, _ in found],
                [how for _, how in found],
                [event.occurred_at for event, _ in found],
            ],
        )
        cursor.execute(
            "INSERT INTO near_look (shield_id, at) VALUES (%s, %s) "
            "ON CONFLICT (shield_id) DO UPDATE SET at = excluded.at",
            [kept.shield, at],
        )
