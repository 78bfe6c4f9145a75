"""The published log on write-once storage: files that are made read-only and never written again (R54).

    leaves-<first>-<end>.bin   the leaves from number `first` up to `end`, 49 bytes each
    checkpoint-<size>.note     the head signed over them
    stamp-<size>.tsr           a time stamp over that head, where there is one
    key-<number>.note          every change of the key that signs

A draft gets its name by a link, which never replaces anything: whoever keeps the folder on media that can be
written once, or under a lock of its own, loses nothing by it.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from contactpoint.domain.audit.canonical import LEAF_LENGTH
from contactpoint.domain.audit.evidence import Entry, StoredCheckpoint
from contactpoint.domain.errors import Conflict, NotFound
from contactpoint.storage import audit_files

_CHUNK = re.compile(r"leaves-(\d{15})-(\d{15})\.bin")
_NOTE = re.compile(r"checkpoint-(\d{15})\.note")
_STAMP = re.compile(r"stamp-(\d{15})\.tsr")
_KEY = re.compile(r"key-(\d{15})\.note")
_DRAFT = ".draft"
_READ_ONLY = 0o444
_LEAVES_AT_A_TIME = 4096


def add(folder: Path, vault: Path) -> int:
    """Add what was published since the last time; return how many leaves the vault covers now.

    Raises:
        Conflict: what was published is not what the vault has: the log was rewritten, or is another one.
    """
    vault.mkdir(parents=True, exist_ok=True)
    (vault / _DRAFT).unlink(missing_ok=True)
    for number, text in enumerate(audit_files.key_changes(folder), start=1):
        _write_once(vault / f"key-{number:015d}.note", text.encode())
    size, note = _published(folder)
    kept = checkpoints(vault)
    if kept and audit_files.note_at(folder, kept[-1].size) != kept[-1].note:
        raise Conflict("The write-once folder has a head that was never published, or is not any more.")
    done = max((end for _, end, _ in _chunks(vault)), default=0)
    if done < size:
        _write_once(vault / f"leaves-{done:015d}-{size:015d}.bin", _leaves(folder, done, size))
    if note:
        _write_once(vault / f"checkpoint-{size:015d}.note", note.encode())
    for stamped in audit_files.stamps(folder):
        if stamped in {one.size for one in checkpoints(vault)}:
            _write_once(vault / f"stamp-{stamped:015d}.tsr", audit_files.stamp_at(folder, stamped) or b"")
    return size


def entries(vault: Path) -> Iterator[Entry]:
    """Yield every leaf in order; raises NotFound where there is none."""
    chunks = _chunks(vault)
    if not chunks:
        raise NotFound(f"There is no audit log in {vault}.")
    for first, end, path in chunks:
        with path.open("rb") as file:
            seq = first
            while piece := file.read(LEAF_LENGTH * _LEAVES_AT_A_TIME):
                for start in range(0, len(piece) - LEAF_LENGTH + 1, LEAF_LENGTH):
                    if seq < end:
                        yield Entry(seq=seq, leaf=piece[start : start + LEAF_LENGTH])
                    seq += 1


def checkpoints(vault: Path) -> list[StoredCheckpoint]:
    """Return every head in it, smallest first."""
    return [
        StoredCheckpoint(size=size, note=path.read_text(encoding="utf-8", errors="replace"))
        for size, path in _numbered(vault, _NOTE)
    ]


def key_changes(vault: Path) -> list[str]:
    """Return every change of key in it, oldest first."""
    return [path.read_text(encoding="utf-8", errors="replace") for _, path in _numbered(vault, _KEY)]


def stamps(vault: Path) -> list[tuple[int, bytes]]:
    """Return every time stamp in it with the size of its head."""
    return [(size, path.read_bytes()) for size, path in _numbered(vault, _STAMP)]


def faults(vault: Path) -> Iterator[str]:
    """Yield what is wrong with the files themselves."""
    for path in sorted(vault.iterdir()):
        if path.name == _DRAFT:
            continue
        if not any(name.fullmatch(path.name) for name in (_CHUNK, _NOTE, _STAMP, _KEY)):
            yield f"{path.name} is none of its files"
        elif path.stat().st_mode & 0o222:
            yield f"{path.name} can be written to"
    expected = 0
    for first, end, path in _chunks(vault):
        if first != expected:
            yield f"{path.name} does not follow from the one before"
        if path.stat().st_size != (end - first) * LEAF_LENGTH:
            yield f"{path.name} does not hold what its name says"
        expected = end


def _published(folder: Path) -> tuple[int, str]:
    note = audit_files.newest_note(folder)
    return (int(note.split("\n", 2)[1]), note) if note else (0, "")


def _leaves(folder: Path, first: int, end: int) -> bytes:
    with (folder / audit_files.LEAVES).open("rb") as file:
        file.seek(first * LEAF_LENGTH)
        return file.read((end - first) * LEAF_LENGTH)


def _chunks(vault: Path) -> list[tuple[int, int, Path]]:
    found = ((_CHUNK.fullmatch(path.name), path) for path in vault.glob("leaves-*.bin"))
    return sorted((int(name[1]), int(name[2]), path) for name, path in found if name)


def _numbered(vault: Path, pattern: re.Pattern[str]) -> list[tuple[int, Path]]:
    found = ((pattern.fullmatch(path.name), path) for path in vault.iterdir()) if vault.is_dir() else ()
    return sorted((int(name[1]), path) for name, path in found if name)


def _write_once(path: Path, data: bytes) -> None:
    """Write a file that is there whole, read-only and for ever; the same again changes nothing.

    Raises:
        Conflict: it is there and says something else.
    """
    if path.exists():
        if path.read_bytes() != data:
            raise Conflict(f"{path.name} is there already and says something else.")
        return
    draft = path.with_name(_DRAFT)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _READ_ONLY), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.chmod(_READ_ONLY)  # whatever the umask takes away, nobody may write
    os.link(draft, path)
    draft.unlink()
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
