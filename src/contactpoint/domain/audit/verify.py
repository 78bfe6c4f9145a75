"""Is the log what was signed (R54)? From plain values alone: leaves, signed heads, a public key.

It shares no state with writing: it rebuilds the tree from the first leaf, holds every head against it, every
event against its leaf, every body against its commitment, and names the entry that is wrong. Where two copies
of one fact disagree, the next signed root tells which was altered.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from contactpoint.domain.audit.checkpoint import Checkpoint, VerifierKey, open_checkpoint
from contactpoint.domain.audit.evidence import Entry, StoredCheckpoint, UnsealedEvent
from contactpoint.domain.audit.report import Report
from contactpoint.domain.audit.walk import Head, Walk


def verify_log(
    *,
    entries: Iterable[Entry],
    checkpoints: Iterable[StoredCheckpoint],
    key: VerifierKey,
    now: datetime,
    unsealed: Iterable[UnsealedEvent] = (),
    since: str | None = None,
    published: bool = False,
) -> Report:
    """Verify a whole log.

    Args:
        entries: the leaves in order of their numbers.
        checkpoints: the stored heads in order of size.
        key: the log's public key, from somewhere the operator cannot change.
        now: the time against which unsealed events are aged.
        unsealed: events that have no leaf yet.
        since: a signed checkpoint kept by an outsider; today's log must begin with the log it speaks of.
        published: the entries are of published files: they have recorded hashes instead of events, and may
            have been read after the leaves and before the head of a sealing.

    Raises:
        InvalidInput: `since` is not a checkpoint signed by `key`; that says nothing about the log.
    """
    kept = None if since is None else open_checkpoint(since, key)
    walk = Walk(key=key, published=published)
    heads = _merged(checkpoints, kept)
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


def _merged(checkpoints: Iterable[StoredCheckpoint], kept: Checkpoint | None) -> Iterator[Head]:
    """Yield our heads in their order, and the kept one after ours of the same size."""
    for stored in checkpoints:
        if kept is not None and kept.size < stored.size:
            yield Head(size=kept.size, kept=kept)
            kept = None
        yield Head(size=stored.size, stored=stored)
    if kept is not None:
        yield Head(size=kept.size, kept=kept)
