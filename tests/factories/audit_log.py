"""A small published audit log, made without a database."""

import hashlib
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contactpoint.domain.audit.canonical import leaf_bytes
from contactpoint.domain.audit.checkpoint import Checkpoint, Signer, VerifierKey, sign_checkpoint
from contactpoint.domain.audit.tree import leaf_hash, root
from contactpoint.storage import audit_files

ORIGIN = "contactpoint.example/audit"


def signer(number: int = 1) -> Signer:
    return Signer(name=ORIGIN, private=Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))


def leaves(count: int) -> list[bytes]:
    return [leaf_bytes(UUID(int=number), hashlib.sha256(bytes([number])).digest()) for number in range(count)]


def head(size: int) -> Checkpoint:
    return Checkpoint(origin=ORIGIN, size=size, root=root(leaf_hash(leaf) for leaf in leaves(size)))


def published_log(folder: Path, size: int = 7) -> tuple[Path, VerifierKey]:
    """A log of `size` entries under one head, and its public key."""
    audit_files.start_after(folder, 0)
    audit_files.append(folder, leaves(size))
    audit_files.publish(folder, [(size, sign_checkpoint(head(size), signer()))])
    return folder, signer().verifier()
