"""What a verifier is given about each entry, and what is wrong with one event taken by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contactpoint.domain.audit.canonical import commitment, decode
from contactpoint.domain.audit.events import AuditEvent
from contactpoint.domain.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchColumns:
    """What the store repeats of a body so that it can be found."""

    occurred_at: datetime
    action: str
    outcome: str
    account: UUID | None
    organisation: str | None
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """An event as stored: id, 32-byte commitment and, unless purged, its body, salt and search columns."""

    event_id: UUID
    commitment: bytes
    body: bytes | None = None
    salt: bytes | None = None
    columns: SearchColumns | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsealedEvent:
    """An event without a leaf, and since when it has waited for one (None: it is not in the queue)."""

    event: StoredEvent
    waiting_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One numbered leaf, and whatever else is known that must agree with it.

    From a database: `event` (None: the row is gone). From published files: `recorded_hash`, the leaf's hash
    as hashes.bin has it (None: the file ends before it).
    """

    seq: int
    leaf: bytes
    event: StoredEvent | None = None
    recorded_hash: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCheckpoint:
    """A signed head as stored: the size it is filed under, the note, and the copies kept beside it if any."""

    size: int
    note: str
    root: bytes | None = None
    subtrees: bytes | None = None


def body_faults(event: StoredEvent, committed: frozenset[bytes]) -> Iterator[str]:
    """Yield what is wrong with a stored body, given the commitments it may answer to.

    There are two when leaf and event row disagree; the body then answers to the one that was not altered.
    """
    if event.body is None or event.salt is None:
        return
    try:
        made = commitment(event.body, salt=event.salt)
    except InvalidInput as error:
        yield str(error)
        return
    if made not in committed:
        yield "its body or salt was altered: they no longer make its commitment"
        return
    try:
        read = decode(event.body)
    except InvalidInput as error:
        yield str(error)
        return
    if read.event_id != event.event_id:
        yield f"its body is that of event {read.event_id}"
    if event.columns is not None:
        yield from _column_faults(read, event.columns)


def _column_faults(read: AuditEvent, columns: SearchColumns) -> Iterator[str]:
    pairs = {
        "time": (read.occurred_at, columns.occurred_at),
        "action": (read.action.value, columns.action),
        "outcome": (read.outcome.value, columns.outcome),
        "account": (read.actor.account, columns.account),
        "organisation": (read.actor.organisation, columns.organisation),
        "subjects": (read.subjects, columns.subjects),
    }
    for name, (said, stored) in pairs.items():
        if said != stored:
            yield f"its {name} column was altered: it no longer says what its body says"
