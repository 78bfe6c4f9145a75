"""The audit tables as evidence: read in order, a few thousand rows at a time, for the verifier.

Nothing here is used in writing. The role is the auditor's, which may read these tables and no others.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connections

from contactpoint.domain.audit.evidence import (
    Entry,
    SearchColumns,
    StoredCheckpoint,
    StoredEvent,
    UnsealedEvent,
)

_ROWS_AT_A_TIME = 2000

_ENTRIES = """
    SELECT l.seq, l.leaf, e.id, e.commitment, b.body, b.salt,
        b.occurred_at, b.action, b.outcome, b.account, b.organisation, b.subjects
    FROM audit_leaf AS l
    LEFT JOIN audit_event AS e ON e.id = l.event_id
    LEFT JOIN audit_body AS b ON b.event_id = e.id
    ORDER BY l.seq
"""

_UNSEALED = """
    SELECT p.recorded_at, e.id, e.commitment, b.body, b.salt,
        b.occurred_at, b.action, b.outcome, b.account, b.organisation, b.subjects
    FROM audit_event AS e
    LEFT JOIN audit_body AS b ON b.event_id = e.id
    LEFT JOIN audit_pending AS p ON p.event_id = e.id
    WHERE NOT EXISTS (SELECT FROM audit_leaf AS l WHERE l.event_id = e.id)
    ORDER BY e.id
"""

_CHECKPOINTS = "SELECT size, note, root, subtrees FROM audit_checkpoint ORDER BY size"


def hold_still(*, using: str = "default") -> None:
    """Make this transaction see the log as of one moment, and change nothing; call it before all else."""
    with connections[using].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def entries(*, using: str = "default") -> Iterator[Entry]:
    """Yield every leaf in order, with the event it is about."""
    for seq, leaf, *event in _rows(_ENTRIES, using):
        yield Entry(seq=seq, leaf=bytes(leaf), event=None if event[0] is None else _event(event))


def unsealed(*, using: str = "default") -> Iterator[UnsealedEvent]:
    """Yield every event that has no leaf, and since when it has waited."""
    for waiting_since, *event in _rows(_UNSEALED, using):
        yield UnsealedEvent(event=_event(event), waiting_since=waiting_since)


def checkpoints(*, using: str = "default") -> Iterator[StoredCheckpoint]:
    """Yield every signed head, smallest first."""
    for size, note, root, subtrees in _rows(_CHECKPOINTS, using):
        yield StoredCheckpoint(size=size, note=note, root=bytes(root), subtrees=bytes(subtrees))


def key_changes(*, using: str = "default") -> list[str]:
    """Return every change of the key that signs, oldest first."""
    return [note for (note,) in _rows("SELECT signed FROM audit_key ORDER BY id", using)]


def _event(row: list[Any]) -> StoredEvent:
    event_id, commitment, body, salt, occurred_at, action, outcome, account, organisation, subjects = row
    if body is None:
        return StoredEvent(event_id=event_id, commitment=bytes(commitment))
    columns = SearchColumns(
        occurred_at=occurred_at,
        action=action,
        outcome=outcome,
        account=account,
        organisation=organisation,
        subjects=tuple(subjects),
    )
    return StoredEvent(
        event_id=event_id, commitment=bytes(commitment), body=bytes(body), salt=bytes(salt), columns=columns
    )


def _rows(statement: str, using: str) -> Iterator[tuple[Any, ...]]:
    with connections[using].chunked_cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(_ROWS_AT_A_TIME):
            yield from rows
