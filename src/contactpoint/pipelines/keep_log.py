"""Keep the published log where nobody rewrites it, and have its heads stamped by somebody else's clock (R54).

Both are off until somebody names a folder or a time-stamping authority, both work on published files alone,
and both run in a process of their own: whatever they meet, events go on being sealed.
"""

import hashlib
import urllib.request
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography.x509 import Certificate, load_pem_x509_certificates
from django.conf import settings
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from contactpoint.domain.audit.checkpoint import VerifierKey
from contactpoint.domain.audit.keys import follow
from contactpoint.domain.audit.report import Fault, Report
from contactpoint.domain.audit.verify import verify_log
from contactpoint.domain.errors import Conflict, InvalidInput, Misconfigured
from contactpoint.storage import audit_files, audit_vault

EVERY: Final = timedelta(hours=1)
_PATIENCE: Final = 30.0  # seconds
_LONGEST_REPLY: Final = 100_000


def anything_to_keep() -> bool:
    """Say whether a folder or an authority is named, and something newer than they have is published."""
    folder = Path(settings.AUDIT_DIR)
    note = audit_files.newest_note(folder) if settings.AUDIT_VAULT or settings.AUDIT_TSA else None
    if note is None:
        return False
    size = int(note.split("\n", 2)[1])
    stamped = not settings.AUDIT_TSA or audit_files.stamp_at(folder, size) is not None
    kept = not settings.AUDIT_VAULT or any(
        one.size == size for one in audit_vault.checkpoints(Path(settings.AUDIT_VAULT))
    )
    return not (stamped and kept)


def keep_log() -> None:
    """Stamp the newest head if that is wanted, then add it to the write-once folder if there is one.

    Raises:
        Misconfigured: an authority is named and no certificates to hold its stamps against.
        Conflict: the write-once folder and the published log do not belong together.
    """
    folder, vault = Path(settings.AUDIT_DIR), settings.AUDIT_VAULT
    try:
        if settings.AUDIT_TSA:
            stamp_newest(folder, url=settings.AUDIT_TSA, roots=roots_in(settings.AUDIT_TSA_ROOTS))
    finally:  # an authority that does not answer is no reason not to keep
        if vault:
            audit_vault.add(folder, Path(vault))


def stamp_newest(folder: Path, *, url: str, roots: Sequence[Certificate]) -> None:
    """Have the newest head stamped, unless it is; a stamp that does not hold is not kept.

    Raises:
        InvalidInput: the authority's answer is none, or does not hold.
    """
    note = audit_files.newest_note(folder)
    size = int(note.split("\n", 2)[1]) if note else 0
    if note is None or audit_files.stamp_at(folder, size) is not None:
        return
    request = TimestampRequestBuilder().data(note.encode()).hash_algorithm(HashAlgorithm.SHA256).build()
    reply = _ask(url, request.as_bytes())
    stamped_at(reply, note, roots=roots, nonce=request.nonce)
    audit_files.publish_stamp(folder, size, reply)


def stamped_at(
    stamp: bytes, note: str, *, roots: Sequence[Certificate], nonce: int | None = None
) -> datetime:
    """Verify a time stamp over a head and return the time in it.

    Raises:
        InvalidInput: it is no time stamp, not over this head, or not by an authority under these roots.
    """
    try:
        response = decode_timestamp_response(stamp)
        builder = VerifierBuilder()
        for root in roots:
            builder = builder.add_root_certificate(root)
        if nonce is not None:
            builder = builder.nonce(nonce)
        builder.build().verify(response, hashlib.sha256(note.encode()).digest())
    except (ValueError, VerificationError) as error:
        raise InvalidInput(f"The time stamp does not hold: {error}") from error
    return response.tst_info.gen_time


def roots_in(path: str) -> list[Certificate]:
    """Read the certificates that time stamps are held against.

    Raises:
        Misconfigured: there are none.
    """
    try:
        return load_pem_x509_certificates(Path(path).read_bytes())
    except (OSError, ValueError):
        raise Misconfigured(
            "Name the authority's root certificates (PEM) with CONTACTPOINT_AUDIT_TSA_ROOTS: a time stamp "
            "that nobody verifies proves nothing."
        ) from None


def verify_vault(
    vault: Path,
    *,
    key: VerifierKey,
    now: datetime,
    since: str | None = None,
    roots: Sequence[Certificate] = (),
) -> Report:
    """Verify a write-once folder with the public key alone; its time stamps too, where roots are given.

    Raises:
        NotFound: the folder holds no log.
        InvalidInput: `since` is not a checkpoint signed by a key of the log.
    """
    heads = audit_vault.checkpoints(vault)
    keys, faults = follow(key, audit_vault.key_changes(vault))
    report = verify_log(
        entries=audit_vault.entries(vault), checkpoints=heads, key=keys, now=now, since=since, published=True
    )
    notes = {one.size: one.note for one in heads}
    beside = [*faults, *audit_vault.faults(vault), *_stamp_faults(audit_vault.stamps(vault), notes, roots)]
    return replace(
        report,
        faults=report.faults + tuple(Fault(what=what) for what in beside),
        fault_count=report.fault_count + len(beside),
    )


def _stamp_faults(
    stamps: Sequence[tuple[int, bytes]], notes: dict[int, str], roots: Sequence[Certificate]
) -> list[str]:
    found = []
    for size, stamp in stamps if roots else ():
        try:
            stamped_at(stamp, notes.get(size, ""), roots=roots)
        except InvalidInput as error:
            found.append(f"checkpoint at {size}: {error}")
    return found


def _ask(url: str, query: bytes) -> bytes:
    if urlsplit(url).scheme not in ("http", "https"):
        raise Misconfigured(
            "CONTACTPOINT_AUDIT_TSA is the http or https address of a time-stamping authority."
        )
    asked = urllib.request.Request(  # noqa: S310 - checked above
        url, data=query, headers={"Content-Type": "application/timestamp-query"}
    )
    with urllib.request.urlopen(asked, timeout=_PATIENCE) as answer:  # noqa: S310 - checked above
        reply: bytes = answer.read(_LONGEST_REPLY)
    if not reply:
        raise Conflict("The time-stamping authority gave no answer.")
    return reply
