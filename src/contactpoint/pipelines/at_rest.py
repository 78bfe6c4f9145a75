"""Encrypt what sealed rows say and what people typed, decrypt what is sealed no more, and change the key.

It is done whole, or begun again: every chunk is a transaction of its own, and what is left to do stands in
the rows: whatever ends this, the next call goes on where it was.
"""

import time
from datetime import datetime
from pathlib import Path

from django.db import transaction

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import InvalidInput
from contactpoint.pipelines.running import Progress, check_may_run, tell_nobody
from contactpoint.storage import at_rest, involvements_at_rest, typed_at_rest
from contactpoint.storage.seal_key import KeyRing, SealKey, key_ring, write_ring

_LONGEST = 300
_PAUSE = 0.2  # seconds


def settle_at_rest(*, renew: bool = False) -> int:
    """Do all that is due, as the worker; say how many rows were encrypted or decrypted.

    With `renew` a change of the key that was cut short is ended here too.

    Raises:
        Misconfigured: the key is not there, or is another one.
    """
    key, done = at_rest.key_in_force(), 0
    for some in (at_rest.seal_some, at_rest.open_some):
        while count := some(key):
            done += count
    for some in (involvements_at_rest.seal_some, involvements_at_rest.open_some, typed_at_rest.seal_clear):
        while count := some(key):
            done += count
    if renew and at_rest.anything_older(key):
        _renew(key, tell_nobody)
    return done


def rotate_seal_key(*, path: Path, because: str, by: Viewer, at: datetime, progress: Progress) -> SealKey:
    """Put a new key in force and every sealed row under it; return the new key.

    The new line is in the file before the database knows of it, and the old ones stay: a backup needs the
    line that it was made under. Cut short at any moment, the next call ends the change that was begun.

    Args:
        path: the file of keys (CONTACTPOINT_SEAL_KEY).
        because: why, for the audit.
        by: a system viewer.
        at: now.
        progress: told what is being done.

    Raises:
        Misconfigured: the file is not there, or is another one.
        InvalidInput: no reason is given, or a long one.
    """
    check_may_run(by)
    if not because.strip() or len(because) > _LONGEST:
        raise InvalidInput(f"Say why the key is changed, in at most {_LONGEST} characters.")
    old = at_rest.key_in_force()
    if at_rest.anything_older(old):
        new = old  # a change was cut short: it is ended
    else:
        new = _begin(path, old, because, by=by, at=at)
    settle_at_rest()
    _renew(new, progress)
    return new


def _begin(path: Path, old: SealKey, because: str, *, by: Viewer, at: datetime) -> SealKey:
    ring = key_ring()
    if ring.newest.number == old.number:
        ring = ring.with_another()
        write_ring(path, ring)
    return _put_in_force(ring, old, because, by=by, at=at)


@transaction.atomic
def _put_in_force(ring: KeyRing, old: SealKey, because: str, *, by: Viewer, at: datetime) -> SealKey:
    new = ring.newest
    at_rest.take_up(new)
    record(
        Action.ROTATED_SEAL_KEY,
        by=by,
        at=at,
        details={
            "old": {"number": old.number, "fingerprint": old.fingerprint},
            "new": {"number": new.number, "fingerprint": new.fingerprint},
            "because": because,
        },
    )
    return new


def _renew(key: SealKey, progress: Progress) -> None:
    """Bring every row under `key`; a row that somebody else is changing just now is waited for."""
    whole = _count_older(key) or 1

    def tell() -> None:
        progress("sealing anew", min(1.0, max(0.0, 1 - _count_older(key) / whole)))

    while True:
        while at_rest.renew_some(key) or involvements_at_rest.renew_some(key):
            tell()
        typed_at_rest.renew(key, tell)
        if _retired(key):
            break
        time.sleep(_PAUSE)
    progress("sealed anew", 1.0)


@transaction.atomic
def _retired(key: SealKey) -> bool:
    """Retire older keys if nothing is under them, once whoever writes with one has ended."""
    at_rest.hold_older(key)
    if _count_older(key) or typed_at_rest.count_older(key):
        return False
    at_rest.retire_older(key)
    return True


def _count_older(key: SealKey) -> int:
    return at_rest.count_older(key) + involvements_at_rest.count_older(key)
