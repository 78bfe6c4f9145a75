"""How feeds do, as the pages show it: every number here is the same whoever is shielded."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from contactpoint.domain.disclosure.policies import FeedInQuestion
from contactpoint.domain.feeds import FeedDelivery, FeedFileLine, FeedLine, PausedSince
from contactpoint.storage.asking import fetch

SHOWN: Final = 12
"""Deliveries and files on a feed's page."""

_LINES: Final = """
    SELECT s.code, s.name, o.name, s.promised_days, told.as_at, told.received_at,
        (SELECT count(*) FROM delivery d WHERE d.source_id = s.code AND d.state = 'held'),
        (SELECT count(*) FROM feed_file f WHERE f.source_id = s.code AND f.state IN ('waiting', 'taking_in')),
        (SELECT m.by_id FROM source_mapping m WHERE m.source_id = s.code AND m.state = 'asked'),
        CASE newest.what WHEN 'pause' THEN newest.decided_at END, a.name, newest.because
    FROM source s JOIN organisation o ON o.code = s.organisation_id
    LEFT JOIN LATERAL (SELECT d.as_at, d.received_at FROM delivery d
        WHERE d.source_id = s.code AND d.state = 'published' ORDER BY d.as_at DESC, d.id DESC LIMIT 1) told
            ON true
    LEFT JOIN LATERAL (SELECT * FROM feed_decision p WHERE p.source_id = s.code AND p.delivery_id IS NULL
        ORDER BY p.id DESC LIMIT 1) newest ON true
    LEFT JOIN account a ON a.id = newest.decided_by_id
    WHERE s.contract NOT IN ('practitioner', 'by_hand')
"""
_DELIVERIES: Final = """
    SELECT d.id, d.file_name, d.as_at, d.kind, d.state, d.received_at, d.published_at, d.rows_read,
        d.rows_accepted, d.rows_rejected, d.rows_changed, d.records_before, d.records_leaving,
            d.contacts_ending,
        r.reasons, c.what, a.name
    FROM delivery d LEFT JOIN rejects_file r ON r.delivery_id = d.id
    LEFT JOIN feed_decision c ON c.delivery_id = d.id LEFT JOIN account a ON a.id = c.decided_by_id
    WHERE d.source_id = %s ORDER BY d.received_at DESC, d.id DESC LIMIT %s
"""
_FILES: Final = """
    SELECT f.file_name, f.came_by, a.name, f.given_at, f.state, f.step, f.sentence
    FROM feed_file f LEFT JOIN account a ON a.id = f.given_by_id
    WHERE f.source_id = %s ORDER BY f.id DESC LIMIT %s
"""


def feed_in_question(code: str) -> FeedInQuestion | None:
    """Whose feed it is; None where there is none of that code."""
    query = (
        "SELECT organisation_id, authority FROM source "
        "WHERE code = %s AND contract NOT IN ('practitioner', 'by_hand')"
    )
    rows = fetch(query, code)
    return FeedInQuestion(organisation=rows[0][0], authority=rows[0][1] or None) if rows else None


def feed_lines(*, authority: str | None = None, organisation: str | None = None) -> tuple[FeedLine, ...]:
    """The feeds of an authority and of an organisation; all of them where neither is given."""
    if authority is None and organisation is None:
        return tuple(_line(row) for row in fetch(f"{_LINES} ORDER BY s.name, s.code"))
    where = "AND ((s.authority = %s AND s.authority <> '') OR s.organisation_id = %s)"
    return tuple(
        _line(row)
        for row in fetch(f"{_LINES} {where} ORDER BY s.name, s.code", authority or "", organisation)
    )


def feed_line(code: str) -> FeedLine:
    """One feed that is there."""
    return _line(fetch(f"{_LINES} AND s.code = %s", code)[0])


def contract_of(code: str) -> str:
    """The contract of a source that is there."""
    return str(fetch("SELECT contract FROM source WHERE code = %s", code)[0][0])


def deliveries_of(code: str) -> tuple[FeedDelivery, ...]:
    """The newest deliveries of a source."""
    return tuple(_delivery(*row) for row in fetch(_DELIVERIES, code, SHOWN))


def files_of(code: str) -> tuple[FeedFileLine, ...]:
    """The newest files that were handed in for a source."""
    return tuple(
        FeedFileLine(
            file_name=name,
            came_by=came_by,
            given_by=by,
            given_at=at,
            state=state,
            step=step,
            sentence=sentence,
        )
        for name, came_by, by, at, state, step, sentence in fetch(_FILES, code, SHOWN)
    )


def rejects_of(code: str, delivery: int) -> int | None:
    """How many rejected rows of a source's delivery can be had back; None where there are none."""
    rows = fetch(
        "SELECT r.rows FROM rejects_file r JOIN delivery d ON d.id = r.delivery_id "
        "WHERE d.id = %s AND d.source_id = %s",
        delivery,
        code,
    )
    return int(rows[0][0]) if rows else None


def is_held(code: str, delivery: int) -> bool:
    """Whether a delivery of a source is held and nobody has decided about it yet."""
    return bool(
        fetch(
            "SELECT FROM delivery d WHERE d.id = %s AND d.source_id = %s AND d.state = 'held' "
            "AND NOT EXISTS (SELECT FROM feed_decision c WHERE c.delivery_id = d.id)",
            delivery,
            code,
        )
    )


def put_decision(
    *, source: str, delivery: int | None, what: str, because: str, account: UUID | None, at: datetime
) -> None:
    """Write down what a person decided."""
    _run(
        "INSERT INTO feed_decision (source_id, delivery_id, what, because, decided_by_id, decided_at) "
        "VALUES (%s, %s, %s, %s, %s, %s)",
        source,
        delivery,
        what,
        because,
        account,
        at,
    )


def put_file(
    *,
    source: str,
    file_name: str,
    folder: str,
    size: int,
    account: UUID | None,
    at: datetime,
    as_at: date | None,
    kind: str | None,
) -> None:
    """Write down that a file was uploaded."""
    _run(
        "INSERT INTO feed_file (source_id, file_name, folder, size, came_by, given_by_id, given_at, "
        "as_at, kind) "
        "VALUES (%s, %s, %s, %s, 'page', %s, %s, %s, %s)",
        source,
        file_name,
        folder,
        size,
        account,
        at,
        as_at,
        kind or "",
    )


def await_turn(source: str) -> None:
    """Let decisions about one feed follow one another, until the end of the transaction."""
    _run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", f"feed {source}")


def _line(row: Sequence[Any]) -> FeedLine:
    code, name, organisation, promised, told, received, held, under_way, asked, *paused = row
    paused_at, by, because = paused
    return FeedLine(
        code=code,
        name=name,
        organisation=organisation,
        promised_days=promised,
        last_told=told,
        received_at=received,
        held=held,
        under_way=under_way,
        asked_by=asked,
        paused=PausedSince(at=paused_at, by=by or "", because=because or "") if paused_at else None,
    )


def _delivery(*row: Any) -> FeedDelivery:  # noqa: ANN401 - columns of every type
    names = (
        "id", "file_name", "as_at", "kind", "state", "received_at", "published_at", "read", "accepted",
        "rejected", "changed", "before", "leaving", "ending",
    )  # fmt: skip
    reasons, decided, by = row[-3:]
    return FeedDelivery(
        **dict(zip(names, row[:-3], strict=True)),
        reasons=tuple((field, reason, rows) for field, reason, rows in _json(reasons)),
        can_have_rejects=reasons is not None,
        decided=decided,
        decided_by=by,
    )


def _json(value: Any) -> list[tuple[str, str, int]]:  # noqa: ANN401 - as the driver gives it
    return json.loads(value) if isinstance(value, str) else value or []


def _run(query: str, *params: str | int | date | datetime | UUID | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
