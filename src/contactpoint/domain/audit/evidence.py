"""What a verifier is given: stored entries, events and heads, as plain values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


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
