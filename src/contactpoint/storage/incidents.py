"""What is shut in a security incident, and who saw what (R55)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from contactpoint.domain.audit.events import AuditEvent
from contactpoint.domain.incident import Incident, Scope
from contactpoint.storage.asking import execute, fetch
from contactpoint.storage.audit_texts import read_event

_IS_SHUT: Final = """
    SELECT EXISTS (SELECT FROM incident_shut WHERE shut_at IS NOT NULL AND opened_at IS NULL
        AND (scope = 'national' OR organisation_id = %s))
"""
_INCIDENTS: Final = """
    SELECT i.id, i.scope, coalesce(i.organisation_id, i.source_id, ''), coalesce(o.name, s.name, ''),
        i.because, i.asked_by_id, coalesce(a.name, ''), i.asked_at, coalesce(g.name, ''), i.shut_at,
        i.open_asked_by_id, coalesce(p.name, ''), coalesce(e.name, ''), i.opened_at,
        (SELECT count(*) FROM feed_file f
            WHERE f.source_id = i.source_id AND f.state IN ('waiting', 'taking_in'))
    FROM incident_shut i LEFT JOIN organisation o ON o.code = i.organisation_id
    LEFT JOIN source s ON s.code = i.source_id LEFT JOIN account a ON a.id = i.asked_by_id
    LEFT JOIN account g ON g.id = i.agreed_by_id LEFT JOIN account p ON p.id = i.open_asked_by_id
    LEFT JOIN account e ON e.id = i.opened_by_id
"""
_SEEN: Final = """
    SELECT b.body, coalesce(a.name, '') FROM audit_body b LEFT JOIN account a ON a.id = b.account
    WHERE b.outcome = 'allowed' AND b.action = ANY (disclosing_actions()) AND b.account IS NOT NULL
        AND (%(child)s::text IS NULL OR b.subjects @> ARRAY[%(child)s]::varchar[])
        AND (%(account)s::uuid IS NULL OR b.account = %(account)s)
        AND (%(begin)s::timestamptz IS NULL OR b.occurred_at >= %(begin)s)
        AND (%(end)s::timestamptz IS NULL OR b.occurred_at < %(end)s)
    ORDER BY b.occurred_at, b.event_id
"""
_SEEN_AT_DESK: Final = """
    SELECT body, name FROM breach_seen(%(seeing)s, %(child)s, %(account)s, %(begin)s, %(end)s)
"""


def is_shut_for(organisation: str) -> bool:
    """Whether people of an organisation are shut out now."""
    return bool(fetch(_IS_SHUT, organisation)[0][0])


def shut_feeds() -> frozenset[str]:
    """The feeds of which nothing is taken in now; their files wait."""
    rows = fetch("SELECT source_id FROM incident_shut WHERE scope = 'feed' AND opened_at IS NULL")
    return frozenset(row[0] for row in rows)


def incidents(*, only_open: bool = False, limit: int = 50) -> tuple[Incident, ...]:
    """What is shut or asked for, newest first, and what was."""
    where = "WHERE i.opened_at IS NULL" if only_open else ""
    return tuple(_incident(row) for row in fetch(f"{_INCIDENTS} {where} ORDER BY i.id DESC LIMIT %s", limit))


def incident_for_update(number: int) -> Incident | None:
    """One of them, kept still until the transaction ends."""
    fetch("SELECT 1 FROM incident_shut WHERE id = %s FOR UPDATE", number)
    rows = fetch(f"{_INCIDENTS} WHERE i.id = %s", number)
    return _incident(rows[0]) if rows else None


def put_incident(
    scope: Scope, code: str, *, because: str, account: UUID | None, at: datetime, shut: bool
) -> int | None:
    """Write down what is to be shut, and whether at once; None where it is asked for or shut already."""
    rows = fetch(
        "INSERT INTO incident_shut (scope, organisation_id, source_id, because, asked_by_id, asked_at, "
        "shut_at) VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id",
        scope.value,
        code if scope is Scope.ORGANISATION else None,
        code if scope is Scope.FEED else None,
        because,
        account,
        at,
        at if shut else None,
    )
    return int(rows[0][0]) if rows else None


def agree_to_shut(number: int, *, account: UUID | None, at: datetime) -> None:
    """It is shut from now on."""
    execute("UPDATE incident_shut SET agreed_by_id = %s, shut_at = %s WHERE id = %s", account, at, number)


def ask_to_open(number: int, *, account: UUID) -> None:
    """Somebody asks that it open again."""
    execute("UPDATE incident_shut SET open_asked_by_id = %s WHERE id = %s", account, number)


def open_again(number: int, *, account: UUID | None, at: datetime) -> None:
    """It is open from now on."""
    execute("UPDATE incident_shut SET opened_by_id = %s, opened_at = %s WHERE id = %s", account, at, number)


def feed_exists(code: str) -> bool:
    """Whether there is a feed of that code."""
    return bool(fetch("SELECT 1 FROM source WHERE code = %s AND contract <> 'practitioner'", code))


def seen(
    *, child: str | None, account: UUID | None, begin: datetime | None, end: datetime | None
) -> Iterator[tuple[AuditEvent, str]]:
    """Every event that showed a person something, oldest first, with the person's name; for the worker."""
    return _events(_SEEN, {"child": child, "account": account, "begin": begin, "end": end})


def seen_at_desk(
    seeing: UUID, *, child: str | None, account: UUID | None, begin: datetime | None, end: datetime | None
) -> Iterator[tuple[AuditEvent, str]]:
    """The same, at most 1,000 of them, for somebody of the national desk who has been written down."""
    which = {"seeing": seeing, "child": child, "account": account, "begin": begin, "end": end}
    return _events(_SEEN_AT_DESK, which)


def _events(query: str, values: Mapping[str, Any]) -> Iterator[tuple[AuditEvent, str]]:
    with connection.cursor() as cursor:
        cursor.execute(query, dict(values))
        for body, name in cursor.fetchall():
            yield read_event(bytes(body)), name


def _incident(row: tuple[Any, ...]) -> Incident:
    names = (
        "id", "scope", "code", "name", "because", "asked_by", "asked_by_name", "asked_at", "agreed_by_name",
        "shut_at", "open_asked_by", "open_asked_by_name", "opened_by_name", "opened_at", "waiting",
    )  # fmt: skip
    values = dict(zip(names, row, strict=True))
    return Incident(**{**values, "scope": Scope(values["scope"])})
