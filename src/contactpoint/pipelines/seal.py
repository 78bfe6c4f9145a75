"""Number the audit events, sign the head, publish; and verify what was published or stored.

For the command line (ADR 0001, docs/audit.md)::

    contactpoint audit verify [--dir DIR] --key FILE [--since CHECKPOINT]

    key = read_key(FILE)                                   the public key: one line, name+keyid+base64
    since = CHECKPOINT.read_text() or None                 a checkpoint kept by an outsider
    report = verify_directory(DIR, key=key, now=now, since=since)    with --dir: files and key alone
    report = verify_database(key=key, now=now, since=since)          without: signed in as the auditor
    report.is_sound, report.faults (str(fault) is one line), report.oldest_unsealed

and for the worker, every few seconds::

    seal(signer=load_signer(Path(settings.AUDIT_KEY)), folder=Path(settings.AUDIT_DIR))

which reads the key each time, because it may have been changed (pipelines/rotate_key.py). Numbering and
publishing are separate: what is numbered and signed in the database and not yet in the files (a crash, a full
disk) is published by the next run.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from contactpoint.domain.audit.canonical import leaf_bytes
from contactpoint.domain.audit.checkpoint import Checkpoint, Signer, VerifierKey, sign_checkpoint
from contactpoint.domain.audit.keys import KeyChain, Keys, chain_of, follow
from contactpoint.domain.audit.report import Fault, Report
from contactpoint.domain.audit.tree import CompactRange, leaf_hash
from contactpoint.domain.audit.verify import verify_log
from contactpoint.domain.errors import Conflict, Misconfigured, NotFound
from contactpoint.storage import audit_evidence, audit_files, audit_log

LEAVES_A_TIME = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What one run did: events numbered, and the size of the log that is published now."""

    numbered: int
    size: int


def seal(
    *, signer: Signer, folder: Path, leaves_a_time: int = LEAVES_A_TIME, using: str = "default"
) -> Sealed:
    """Number every event that may be numbered, sign a head for each batch, and publish.

    An event may be numbered once every transaction at least as old as its own has ended. Any number of
    sealers may run: each waits for the one before.

    Args:
        signer: the log's key; its name is the log's origin line.
        folder: where to publish (CONTACTPOINT_AUDIT_DIR).
        leaves_a_time: leaves in one transaction, and so under one head at most.
        using: the database connection, as the worker.

    Raises:
        Conflict: the database and what is published do not belong together, or stored subtree roots were
            altered. Nothing is signed then: two different heads of one size are for ever.
        InvalidInput: the newest published checkpoint is not signed by the key that was in force.
    """
    numbered = 0
    while True:
        done = _number(signer, folder, leaves_a_time, using)
        numbered += done
        if done < leaves_a_time:
            break
    return Sealed(numbered=numbered, size=_publish(signer, folder, using))


def _number(signer: Signer, folder: Path, limit: int, using: str) -> int:
    """Give the next numbers, sign and store the new head, in one transaction; return how many."""
    with transaction.atomic(using=using, durable=True):
        audit_log.lock_sealer(using=using)
        keys = keys_in_force(signer, using=using)
        published_size(keys, folder, using=using)
        ready = audit_log.ready_to_seal(limit, using=using)
        if not ready:
            return 0
        subtrees = _trusted_subtrees(keys, using)
        leaves = [(event.event_id, leaf_bytes(event.event_id, event.commitment)) for event in ready]
        audit_log.write_leaves(subtrees.size, leaves, using=using)
        grown = subtrees.extended(leaf_hash(leaf) for _, leaf in leaves)
        checkpoint = Checkpoint(origin=signer.name, size=grown.size, root=grown.root())
        note = sign_checkpoint(checkpoint, signer)
        audit_log.write_checkpoint(
            audit_log.Head(subtrees=grown, root=checkpoint.root, note=note), using=using
        )
        return len(ready)


def keys_in_force(signer: Signer, *, using: str = "default") -> KeyChain:
    """Return the log's keys, of which the signer's is the one that signs now; under the sealer's lock.

    Raises:
        Conflict: it is an older one, or none of them: nothing is signed with it.
    """
    keys, faults = follow(signer.verifier(), audit_log.key_changes(using=using))
    if faults or keys.newest != signer.verifier():
        raise Conflict(
            "The key that signs the audit log was changed, and this is not the new one. If a change was cut "
            "short, start it again: contactpoint audit rotate-key."
        )
    return keys


def _trusted_subtrees(keys: KeyChain, using: str) -> CompactRange:
    """Return the subtree roots to append to, once they are known to make the root we last signed."""
    head = audit_log.newest_head(using=using)
    if head is None:
        return CompactRange()
    signed = keys.open(head.note)
    if signed.size != head.subtrees.size or signed.root != head.subtrees.root():
        raise Conflict(
            "The newest head in the database was altered. Verify the audit log before sealing more."
        )
    return head.subtrees


def published_size(key: Keys, folder: Path, *, using: str = "default") -> int:
    """Return how many leaves the newest published head covers, after finding that head in the database.

    Raises:
        Conflict: the database does not have it: it was restored from before that head was published, or
            belongs to another log.
        InvalidInput: the published head is not signed by the key that was in force.
    """
    note = audit_files.newest_note(folder)
    if note is None:
        return 0
    size = chain_of(key).open(note).size
    if audit_log.note_at(size, using=using) != note:
        raise Conflict(
            f"A head of {size} entries is published that the database does not have. The database is older "
            "than the published log, or another one. Nothing more is signed until a person has decided "
            "(docs/audit.md)."
        )
    return size


def _publish(signer: Signer, folder: Path, using: str) -> int:
    """Bring the files up to the newest head in the database; return its size."""
    with transaction.atomic(using=using, durable=True):
        audit_log.lock_sealer(using=using)
        size = published_size(keys_in_force(signer, using=using), folder, using=using)
        audit_files.publish_key_changes(folder, audit_log.key_changes(using=using))
        notes = audit_log.notes_after(size, using=using)
        if not notes:
            return size
        audit_files.start_after(folder, size)
        end = notes[-1][0]
        while size < end:
            leaves = audit_log.leaves_from(size, min(LEAVES_A_TIME, end - size), using=using)
            if not leaves:
                raise Conflict(f"Leaf {size} is signed but not in the database. Verify the audit log.")
            audit_files.append(folder, leaves)
            size += len(leaves)
        audit_files.publish(folder, notes)
        return size


def verify_database(
    *, key: VerifierKey, now: datetime, since: str | None = None, using: str = "default"
) -> Report:
    """Verify the audit tables as of one moment, signed in as the auditor.

    Args:
        key: the log's public key.
        now: the time against which unsealed events are aged.
        since: the text of a checkpoint kept by an outsider: today's log must begin with the one it speaks of.
        using: the database connection.

    Raises:
        InvalidInput: `since` is not a checkpoint signed by `key`.
    """
    with transaction.atomic(using=using, durable=True):
        audit_evidence.hold_still(using=using)
        keys, faults = follow(key, audit_evidence.key_changes(using=using))
        report = verify_log(
            entries=audit_evidence.entries(using=using),
            checkpoints=audit_evidence.checkpoints(using=using),
            unsealed=audit_evidence.unsealed(using=using),
            key=keys,
            now=now,
            since=since,
        )
    return _with_more(report, faults)


def verify_directory(folder: Path, *, key: VerifierKey, now: datetime, since: str | None = None) -> Report:
    """Verify published files with nothing but the public key.

    Raises:
        NotFound: the folder holds no published log.
        InvalidInput: `since` is not a checkpoint signed by `key`.
    """
    heads = audit_files.checkpoints(folder)
    keys, faults = follow(key, audit_files.key_changes(folder))
    report = verify_log(
        entries=audit_files.entries(folder), checkpoints=heads, key=keys, now=now, since=since, published=True
    )
    return _with_more(report, (*faults, *audit_files.folder_faults(folder, heads, keys)))


def _with_more(report: Report, faults: Sequence[str]) -> Report:
    """The report, with what is wrong beside the entries and heads."""
    beside = tuple(Fault(what=what) for what in faults)
    return replace(report, faults=report.faults + beside, fault_count=report.fault_count + len(beside))


def ensure_key(path: Path, *, origin: str) -> VerifierKey:
    """Return the log's public key, making the key pair if there is none.

    The private key goes to `path`, for its owner's eyes only, and the public one beside it with `.pub` added:
    one line to be handed to auditors. `origin` names the log, such as `contactpoint.example/audit`.

    Raises:
        Misconfigured: the key that is there belongs to another log.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_key(path, Signer(name=origin, private=Ed25519PrivateKey.generate()))
    key = load_signer(path).verifier()
    if key.name != origin:
        raise Misconfigured(f"The audit key in {path} belongs to the log {key.name}, not {origin}.")
    path.with_name(path.name + ".pub").write_text(key.text() + "\n", encoding="utf-8")
    return key


def write_key(path: Path, signer: Signer) -> None:
    """Write a private key to a new file, for its owner's eyes only."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(signer.secret_text() + "\n")
        file.flush()
        os.fsync(file.fileno())


def load_signer(path: Path) -> Signer:
    """Read the private key; raises Misconfigured if there is none, InvalidInput if it is not one."""
    try:
        return Signer.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Misconfigured(f"There is no audit key at {path}. Set CONTACTPOINT_AUDIT_KEY.") from None


def read_key(path: Path) -> VerifierKey:
    """Read a public key; raises NotFound if there is none, InvalidInput if it is not one."""
    try:
        return VerifierKey.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound(f"There is no public key at {path}.") from None
