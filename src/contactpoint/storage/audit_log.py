"""The audit log in the database: append, read one's own activity, and what the sealer needs (R54).

Appending takes no lock shared with other writers: an event goes in with a random id, and a trigger queues it
for the sealer with its transaction's id. The sealer takes those below every transaction still open, so that
no leaf is ever numbered before an older transaction has ended, and none is lost.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connections, transaction

from contactpoint.domain.audit.bodies import named_by_purge
from contactpoint.domain.audit.canonical import SALT_LENGTH, commitment, encode
from contactpoint.domain.audit.events import AuditEvent
from contactpoint.domain.audit.tree import CompactRange
from contactpoint.storage.audit_texts import read_event, with_texts_sealed

# One number for one lock in one database: whoever numbers leaves or publishes them holds it.
_SEALER_LOCK = 0x434F4E54_41554454

_APPEND = """
    WITH event AS (INSERT INTO audit_event (id, commitment) VALUES (%(id)s, %(commitment)s))
    INSERT INTO audit_body
        (event_id, occurred_at, action, outcome, account, organisation, subjects, body, salt)
    VALUES (%(id)s, %(occurred_at)s, %(action)s, %(outcome)s, %(account)s, %(organisation)s, %(subjects)s,
        %(body)s, %(salt)s)
"""

# A row we can see whose transaction id this server has not given out yet came with a restored dump: its
# transaction ended in another life, so nothing older is still open.
_READY = """
    SELECT p.event_id, e.commitment
    FROM audit_pending AS p JOIN audit_event AS e ON e.id = p.event_id
    WHERE p.txid < pg_snapshot_xmin(pg_current_snapshot())
        OR p.txid >= pg_snapshot_xmax(pg_current_snapshot())
    ORDER BY p.txid, p.event_id
    LIMIT %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """An event that may be sealed: its id and its 32-byte commitment."""

    event_id: UUID
    commitment: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest signed head: its subtree roots, its 32-byte root and the signed note."""

    subtrees: CompactRange
    root: bytes
    note: str


def append(event: AuditEvent, *, salt: bytes | None = None, using: str = "default") -> None:
    """Write an audit event in the caller's transaction, so that both stand or neither does.

    Args:
        event: what happened.
        salt: 32 random bytes that hide the event behind its commitment; drawn here when not given.
        using: the database connection.

    Raises:
        TransactionManagementError: no transaction is open: the event could outlive what it is about.
        InvalidInput: the salt is not 32 bytes.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "An audit event is written in the transaction it is about."
        )
    body = encode(with_texts_sealed(event, using=using))
    salt = secrets.token_bytes(SALT_LENGTH) if salt is None else salt
    with connection.cursor() as cursor:
        cursor.execute(
            _APPEND,
            {
                "id": event.event_id,
                "commitment": commitment(body, salt=salt),
                "occurred_at": event.occurred_at,
                "action": event.action.value,
                "outcome": event.outcome.value,
                "account": event.actor.account,
                "organisation": event.actor.organisation,
                "subjects": list(event.subjects),
                "body": body,
                "salt": salt,
            },
        )


def purge_bodies(event: AuditEvent, *, salt: bytes | None = None, using: str = "default") -> int:
    """Delete the bodies and salts that a purge names, and write the purge, as the worker; return how many.

    What is left of each event is its id, commitment and leaf: the proof stands and says nothing about anyone.

    Raises:
        TransactionManagementError: no transaction is open.
        InvalidInput: the event is not a purge that names events (`PURGED_EVENTS` in its details).
    """
    named = named_by_purge(event)
    append(event, salt=salt, using=using)
    with connections[using].cursor() as cursor:
        cursor.execute("DELETE FROM audit_body WHERE event_id = ANY(%s)", [list(named)])
        return int(cursor.rowcount)


def events_about(children: Sequence[str], *, using: str = "default") -> list[AuditEvent]:
    """Return every event that names one of `children`, for a purge, as the worker."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT body FROM audit_body WHERE subjects && %s::varchar[] ORDER BY occurred_at, event_id",
            [list(children)],
        )
        return [read_event(bytes(row[0])) for row in cursor.fetchall()]


def old_events_about_nobody(before: datetime, most: int, *, using: str = "default") -> list[UUID]:
    """Return events that name no child and are older than `before`; a purge answers for others and stays."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT event_id FROM audit_body WHERE occurred_at < %s AND subjects = '{}' "
            "AND action <> 'purged' ORDER BY occurred_at LIMIT %s",
            [before, most],
        )
        return [row[0] for row in cursor.fetchall()]


def count_old_events_about_nobody(before: datetime, *, using: str = "default") -> int:
    """Count them."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM audit_body WHERE occurred_at < %s AND subjects = '{}' "
            "AND action <> 'purged'",
            [before],
        )
        return int((cursor.fetchone() or (0,))[0])


def activity(
    account: UUID,
    *,
    limit: int = 50,
    before: datetime | None = None,
    before_id: UUID | None = None,
    using: str = "default",
) -> tuple[AuditEvent, ...]:
    """Return one account's own events, newest first, at most `limit` (and at most 200).

    Of an account that is not signed in the database gives nothing (ADR 9). `before` and `before_id` are the
    time and id of the last event of a list, to continue it; without the id, others of that very microsecond
    are passed over.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT event_body FROM audit_activity(%s, %s, %s, %s)", [account, before, before_id, limit]
        )
        return tuple(read_event(bytes(row[0])) for row in cursor.fetchall())


def lock_sealer(*, using: str = "default") -> None:
    """Wait until nobody else seals or publishes, and keep others waiting until this transaction ends."""
    if not connections[using].in_atomic_block:
        raise transaction.TransactionManagementError("The sealer's lock lasts as long as a transaction.")
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALER_LOCK])


def ready_to_seal(limit: int, *, using: str = "default") -> list[Ready]:
    """Return at most `limit` queued events older than every open transaction, oldest first.

    In the order of (transaction id, event id), which no writer chooses.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(_READY, [limit])
        return [Ready(event_id=event_id, commitment=bytes(value)) for event_id, value in cursor.fetchall()]


def newest_head(*, using: str = "default") -> Head | None:
    """Return the newest signed head, or None before the first."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT size, root, subtrees, note FROM audit_checkpoint ORDER BY size DESC LIMIT 1")
        row = cursor.fetchone()
    if row is None:
        return None
    subtrees = CompactRange.from_bytes(row[0], bytes(row[2]))
    return Head(subtrees=subtrees, root=bytes(row[1]), note=row[3])


def write_leaves(first: int, leaves: list[tuple[UUID, bytes]], *, using: str = "default") -> None:
    """Number leaves (event id, 49 bytes) from `first` and take their events out of the queue."""
    ids = [event_id for event_id, _ in leaves]
    with connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_leaf (seq, event_id, leaf) "
            "SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::bytea[])",
            [list(range(first, first + len(leaves))), ids, [leaf for _, leaf in leaves]],
        )
        cursor.execute("DELETE FROM audit_pending WHERE event_id = ANY(%s)", [ids])


def write_checkpoint(head: Head, *, using: str = "default") -> None:
    """Store a signed head; raises IntegrityError if one of its size is there already."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_checkpoint (size, root, subtrees, note) VALUES (%s, %s, %s, %s)",
            [head.subtrees.size, head.root, head.subtrees.to_bytes(), head.note],
        )


def leaves_from(first: int, limit: int, *, using: str = "default") -> list[bytes]:
    """Return at most `limit` leaves of 49 bytes from number `first`, in order."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT leaf FROM audit_leaf WHERE seq >= %s AND seq < %s ORDER BY seq", [first, first + limit]
        )
        return [bytes(row[0]) for row in cursor.fetchall()]


def notes_after(size: int, *, using: str = "default") -> list[tuple[int, str]]:
    """Return the signed notes of heads larger than `size`, smallest first, with their sizes."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT size, note FROM audit_checkpoint WHERE size > %s ORDER BY size", [size])
        return [(row[0], row[1]) for row in cursor.fetchall()]


def note_at(size: int, *, using: str = "default") -> str | None:
    """Return the signed note of the head of `size` leaves, if there is one."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT note FROM audit_checkpoint WHERE size = %s", [size])
        row = cursor.fetchone()
        return None if row is None else str(row[0])


def key_changes(*, using: str = "default") -> list[str]:
    """Return every change of the key that signs, oldest first."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT signed FROM audit_key ORDER BY id")
        return [str(row[0]) for row in cursor.fetchall()]


def write_key_change(note: str, *, size: int, using: str = "default") -> None:
    """Store a change of the key that signs, from the head of `size` entries on."""
    with connections[using].cursor() as cursor:
        cursor.execute("INSERT INTO audit_key (size, signed) VALUES (%s, %s)", [size, note])
