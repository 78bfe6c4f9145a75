"""Is the log what was signed (R54)? From plain values alone: leaves, signed heads, a public key.

It shares no state with writing: it rebuilds the tree from the first leaf, holds every head against it, every
event against its leaf, every body against its commitment, and names the entry that is wrong. Where two copies
of one fact disagree, the next signed root tells which was altered.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from contactpoint.domain.audit.checkpoint import Checkpoint
from contactpoint.domain.audit.evidence import Entry, StoredCheckpoint, UnsealedEvent
from contactpoint.domain.audit.keys import Keys, chain_of
from contactpoint.domain.audit.report import Report
from contactpoint.domain.audit.walk import Head, Walk


def verify_log(
    *,
    entries: Iterable[Entry],
    checkpoints: Iterable[StoredCheckpoint],
    key: Keys,
    now: datetime,
    unsealed: Iterable[UnsealedEvent] = (),
    since: str | None = None,
    published: bool = False,
) -> Report:
    """Verify a whole log.

    Args:
        entries: the leaves in order of their numbers.
        checkpoints: the stored heads in order of size.
        key: the log's public key, from somewhere the operator cannot change; with the changes of it that
            both its old and its new key signed, where it has changed.
        now: the time against which unsealed events are aged.
        unsealed: events that have no leaf yet.
        since: a signed checkpoint kept by an outsider; today's log must begin with the log it speaks of.
        published: the entries are of published files: they have recorded hashes instead of events, and may
            have been read after the leaves and before the head of a sealing.

    Raises:
        InvalidInput: `since` is not a checkpoint signed by `key`; that says nothing about the log.
    """
    keys = chain_of(key)
    kept = [*keys.heads(), *([] if since is None else [keys.open(since)])]
    walk = Walk(keys=keys, published=published)
    heads = _merged(checkpoints, sorted(kept, key=lambda one: one.size))
    head = next(heads, None)
    for entry in entries:
        walk.expect(entry)
        while head is not None and head.size <= entry.seq:
            walk.hold_against(head)
            head = next(heads, None)
        walk.take(entry)
    while head is not None:
        walk.hold_against(head)
        head = next(heads, None)
    walk.finish()
    waiting, oldest = walk.take_unsealed(unsealed)
    return walk.report(unsealed=waiting, oldest=None if oldest is None else max(now - oldest, timedelta(0)))


def _merged(checkpoints: Iterable[StoredCheckpoint], kept: list[Checkpoint]) -> Iterator[Head]:
    """Yield our heads in their order, and those kept elsewhere after ours of the same size."""
    for stored in checkpoints:
        while kept and kept[0].size < stored.size:
            first = kept.pop(0)
            yield Head(size=first.size, kept=first)
        yield Head(size=stored.size, stored=stored)
    for one in kept:
        yield Head(size=one.size, kept=one)
