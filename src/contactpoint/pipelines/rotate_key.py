"""Change the key that signs the audit log: itself an event of the log, and a note that both keys sign.

In one transaction under the sealer's lock, so that no head is ever signed by a key whose time is over. Killed
before it commits, nothing has changed; killed after, the worker refuses to sign until it is started again.
"""

import os
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from contactpoint.actions.recording import event_of
from contactpoint.domain.audit.checkpoint import Signer, VerifierKey
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.audit.keys import KeyChange, follow, sign_key_change
from contactpoint.domain.audit.tree import EMPTY_ROOT
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import InvalidInput
from contactpoint.pipelines.running import check_may_run
from contactpoint.pipelines.seal import keys_in_force, load_signer, write_key
from contactpoint.storage import audit_log

_LONGEST = 300


def rotate_key(path: Path, *, because: str, by: Viewer, at: datetime, using: str = "default") -> VerifierKey:
    """Make a new key, have the old one vouch for it, and put it in its place; return its public half.

    The old private key is overwritten. Its public half stays good for the heads it signed.

    Args:
        path: the file of the key that signs now (CONTACTPOINT_AUDIT_KEY).
        because: why, for the audit.
        by: a system viewer.
        at: now.
        using: the database connection, as the worker.

    Raises:
        Conflict: the key in the file is not the one in force.
        InvalidInput: no reason is given, or a long one.
    """
    check_may_run(by)
    if not because.strip() or len(because) > _LONGEST:
        raise InvalidInput(f"Say why the key is changed, in at most {_LONGEST} characters.")
    old = load_signer(path)
    draft = path.with_name(path.name + ".next")
    new = _signer_in(draft, old.name)
    with transaction.atomic(using=using):
        audit_log.lock_sealer(using=using)
        known, faults = follow(new.verifier(), audit_log.key_changes(using=using))
        if faults or not known.changes:  # else it was cut short when all was written but the file
            _change(old, new, because, by=by, at=at, using=using)
    draft.replace(path)
    path.with_name(path.name + ".pub").write_text(new.verifier().text() + "\n", encoding="utf-8")
    return new.verifier()


def _change(old: Signer, new: Signer, because: str, *, by: Viewer, at: datetime, using: str) -> None:
    keys_in_force(old, using=using)
    head = audit_log.newest_head(using=using)
    change = KeyChange(
        old=old.verifier(),
        new=new.verifier(),
        size=head.subtrees.size if head else 0,
        root=head.root if head else EMPTY_ROOT,
    )
    audit_log.write_key_change(sign_key_change(change, old=old, new=new), size=change.size, using=using)
    details: dict[str, Json] = {
        "old": change.old.text(),
        "new": change.new.text(),
        "size": change.size,
        "because": because,
    }
    audit_log.append(event_of(Action.ROTATED_KEY, by=by, at=at, details=details), using=using)


def _signer_in(draft: Path, origin: str) -> Signer:
    """The key that comes: the one of a change that was cut short, or a new one."""
    if not draft.exists():
        write_key(draft, Signer(name=origin, private=Ed25519PrivateKey.generate()))
        _to_disk(draft.parent)
    return load_signer(draft)


def _to_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
