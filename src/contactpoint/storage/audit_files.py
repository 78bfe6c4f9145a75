"""The published log: append-only files that hold no personal data and that anybody may copy.

    leaves.bin              49 bytes a leaf (ADR 0001)
    hashes.bin              32 bytes a leaf: its RFC 6962 leaf hash, so that a damaged leaf can be named
    checkpoints/<size>.note every signed head
    checkpoint              the newest of them
    keys/<number>.note      every change of the key that signs, signed by the old and the new
    stamps/<size>.tsr       a time stamp over that head (RFC 3161), where somebody asked for one

Leaves are on the disk before the head that signs them, and a head before `checkpoint` names it. So whatever
stands beyond the newest checkpoint was promised to nobody: after a crash it is cut off and written again.
"""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from contactpoint.domain.audit.canonical import LEAF_LENGTH
from contactpoint.domain.audit.evidence import Entry, StoredCheckpoint
from contactpoint.domain.audit.keys import KeyChain
from contactpoint.domain.audit.tree import HASH_LENGTH, leaf_hash
from contactpoint.domain.errors import Conflict, InvalidInput, NotFound

LEAVES, HASHES, NEWEST = "leaves.bin", "hashes.bin", "checkpoint"
CHECKPOINTS, KEYS, STAMPS = "checkpoints", "keys", "stamps"

_NOTE_NAME = re.compile(r"([1-9][0-9]{0,18})\.note")
_LEAVES_AT_A_TIME = 4096


def newest_note(folder: Path) -> str | None:
    """Return the newest published note, or None before the first."""
    path = folder / NEWEST
    if path.exists():
        return path.read_text(encoding="utf-8")
    sizes = _note_sizes(folder)
    return _note_path(folder, sizes[-1]).read_text(encoding="utf-8") if sizes else None


def start_after(folder: Path, size: int) -> None:
    """Make the folder ready to append leaf number `size`: cut off whatever stands beyond it.

    Raises:
        Conflict: fewer than `size` leaves are there although a head has been published for them.
    """
    (folder / CHECKPOINTS).mkdir(parents=True, exist_ok=True)
    for name, length in ((LEAVES, LEAF_LENGTH), (HASHES, HASH_LENGTH)):
        with (folder / name).open("ab") as file:
            if file.tell() < size * length:
                raise Conflict(
                    f"{name} is shorter than its newest checkpoint says: it was cut. Restore it first."
                )
            file.truncate(size * length)
            _to_disk(file.fileno())


def append(folder: Path, leaves: Sequence[bytes]) -> None:
    """Append leaves of 49 bytes, and put them on the disk."""
    pieces = {LEAVES: b"".join(leaves), HASHES: b"".join(leaf_hash(leaf) for leaf in leaves)}
    for name, piece in pieces.items():
        with (folder / name).open("ab") as file:
            file.write(piece)
            file.flush()
            _to_disk(file.fileno())


def publish(folder: Path, notes: Sequence[tuple[int, str]]) -> None:
    """Write signed heads (size, note), smallest first and at least one, and name the last the newest."""
    for size, note in notes:
        _replace(_note_path(folder, size), note)
    _folder_to_disk(folder / CHECKPOINTS)
    _replace(folder / NEWEST, notes[-1][1])
    _folder_to_disk(folder)


def note_at(folder: Path, size: int) -> str | None:
    """Return the published note of the head of `size` leaves, if there is one."""
    path = _note_path(folder, size)
    return path.read_text(encoding="utf-8") if path.exists() else None


def publish_stamp(folder: Path, size: int, stamp: bytes) -> None:
    """Write a time stamp over the head of `size` leaves, there whole or not at all."""
    (folder / STAMPS).mkdir(parents=True, exist_ok=True)
    draft = folder / STAMPS / f".{size}.draft"
    draft.write_bytes(stamp)
    draft.replace(folder / STAMPS / f"{size}.tsr")


def stamp_at(folder: Path, size: int) -> bytes | None:
    """Return the time stamp over the head of `size` leaves, if there is one."""
    path = folder / STAMPS / f"{size}.tsr"
    return path.read_bytes() if path.exists() else None


def stamps(folder: Path) -> list[int]:
    """Return the sizes of the heads that are stamped, smallest first."""
    return sorted(
        int(path.stem)
        for path in (folder / STAMPS).glob("*.tsr")
        if path.stem.isascii() and path.stem.isdigit()
    )


def publish_key_changes(folder: Path, notes: Sequence[str]) -> None:
    """Write every change of key, oldest first; what is there already stays as it is."""
    if not notes:
        return
    (folder / KEYS).mkdir(parents=True, exist_ok=True)
    for number, note in enumerate(notes, start=1):
        path = folder / KEYS / f"{number}.note"
        if not path.exists():
            _replace(path, note)
    _folder_to_disk(folder / KEYS)


def key_changes(folder: Path) -> list[str]:
    """Return every published change of key, oldest first."""
    found = ((_NOTE_NAME.fullmatch(path.name), path) for path in (folder / KEYS).glob("*.note"))
    numbered = sorted((int(name[1]), path) for name, path in found if name is not None)
    return [path.read_text(encoding="utf-8", errors="replace") for _, path in numbered]


def entries(folder: Path) -> Iterator[Entry]:
    """Yield every whole leaf with its recorded hash, in order.

    Raises:
        NotFound: there is no leaves.bin.
    """
    if not (folder / LEAVES).is_file():
        raise NotFound(f"There is no published audit log in {folder}: it has no {LEAVES}.")
    recorded = folder / HASHES
    with (
        (folder / LEAVES).open("rb") as leaves,
        (recorded if recorded.is_file() else Path(os.devnull)).open("rb") as hashes,
    ):
        seq = 0
        while piece := leaves.read(LEAF_LENGTH * _LEAVES_AT_A_TIME):
            marks = hashes.read(HASH_LENGTH * _LEAVES_AT_A_TIME)
            for index in range(len(piece) // LEAF_LENGTH):
                leaf = piece[index * LEAF_LENGTH : (index + 1) * LEAF_LENGTH]
                mark = marks[index * HASH_LENGTH : (index + 1) * HASH_LENGTH]
                yield Entry(seq=seq, leaf=leaf, recorded_hash=mark if len(mark) == HASH_LENGTH else None)
                seq += 1


def checkpoints(folder: Path) -> list[StoredCheckpoint]:
    """Return every published head, smallest first. Read them before the leaves, which only grow."""
    return [
        StoredCheckpoint(
            size=size, note=_note_path(folder, size).read_text(encoding="utf-8", errors="replace")
        )
        for size in _note_sizes(folder)
    ]


def folder_faults(folder: Path, heads: Sequence[StoredCheckpoint], keys: KeyChain) -> Iterator[str]:
    """Yield what is wrong with the files beside the entries and heads themselves."""
    largest = heads[-1].size if heads else 0
    if (folder / HASHES).is_file():
        known = (folder / HASHES).stat().st_size // HASH_LENGTH
        if known < largest:
            yield f"{HASHES} ends after {known} of {largest} signed entries"
    else:
        yield f"{HASHES} is missing"
    for path in sorted((folder / CHECKPOINTS).glob("*")):
        if _NOTE_NAME.fullmatch(path.name) is None and not path.name.startswith("."):
            yield f"{CHECKPOINTS}/{path.name} is not the name of a checkpoint"
    yield from _newest_faults(folder, heads, keys)


def _newest_faults(folder: Path, heads: Sequence[StoredCheckpoint], keys: KeyChain) -> Iterator[str]:
    path = folder / NEWEST
    if not path.is_file():
        yield f"the file {NEWEST} is missing"
        return
    note = path.read_text(encoding="utf-8", errors="replace")
    try:
        size = keys.open(note).size
    except InvalidInput as error:
        yield f"the file {NEWEST}: {error}"
        return
    if all(head.note != note for head in heads if head.size == size):
        yield f"the file {NEWEST} is not among the checkpoints"


def _note_sizes(folder: Path) -> list[int]:
    names = (_NOTE_NAME.fullmatch(path.name) for path in (folder / CHECKPOINTS).glob("*.note"))
    return sorted(int(name[1]) for name in names if name is not None)


def _note_path(folder: Path, size: int) -> Path:
    return folder / CHECKPOINTS / f"{size}.note"


def _replace(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all."""
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        _to_disk(file.fileno())
    draft.replace(path)


def _to_disk(descriptor: int) -> None:
    os.fsync(descriptor)


def _folder_to_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _to_disk(descriptor)
    finally:
        os.close(descriptor)
