"""What a backup says of itself: its files and their checksums, the rows of each table, which keys it needs.

The manifest is written last. A folder without one is a backup that was cut short, and is never restored.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from contactpoint.domain.errors import Conflict, InvalidInput, NotFound
from contactpoint.storage.seal_key import KeyRing, SealKey

NAME: Final = "manifest.json"
FORMAT: Final = 1
DUMP: Final = "database.dump"
_PIECE: Final = 1 << 20
_SAFE: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A whole backup.

    Args:
        made_at: when the database was as the dump has it, ISO 8601 in UTC.
        release: the release of the code that made it.
        postgresql: the version of the server it came from.
        migrations: those of the database, as `app.name`.
        rows: of each table.
        audit_key: the public key of the audit log, one line; empty if there was none.
        audit_size: entries that the copied published log covers.
        keys: a fingerprint of each secret that the data is of no use without, and of each line of `seal.key`.
        files: bytes and SHA-256 of each other file, by its path in the folder.
    """

    made_at: str
    release: str
    postgresql: str
    migrations: list[str]
    rows: dict[str, int]
    audit_key: str
    audit_size: int
    keys: dict[str, str]
    files: dict[str, dict[str, Any]]
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write it so that it is there whole or not at all."""
        content = asdict(self)
        draft = folder / f"{NAME}.new"
        with draft.open("w", encoding="ascii") as file:
            json.dump(content | {"checksum": _checksum(content)}, file, indent=1, sort_keys=True)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / NAME)
        folder_to_disk(folder)

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read a folder's manifest.

        Raises:
            NotFound: the folder is no backup, or one that was cut short.
            InvalidInput: the manifest was damaged, or is of a form this release does not know.
        """
        try:
            content = json.loads((folder / NAME).read_text(encoding="ascii"))
        except (FileNotFoundError, NotADirectoryError):
            raise NotFound(
                f"{folder} is not a whole backup: it has no {NAME}, which is written last."
            ) from None
        except ValueError:
            raise InvalidInput(f"{folder / NAME} was damaged: it cannot be read.") from None
        if not isinstance(content, dict) or content.pop("checksum", None) != _checksum(content):
            raise InvalidInput(f"{folder / NAME} was damaged: its own checksum does not agree.")
        if content["format"] != FORMAT:
            raise InvalidInput(f"{folder} was made by another release, {content['release']}: use that one.")
        return cls(**content)


def describe_files(
    folder: Path, tell: Callable[[str, float], None], *, to_disk: bool = False
) -> dict[str, dict[str, Any]]:
    """Bytes and SHA-256 of every file below the folder but the manifest, by relative path."""
    paths = list(_files(folder))
    total = sum(path.stat().st_size for path in paths) or 1
    done, described = 0, {}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        tell(name, done / total)
        digest, size = _digest(path, to_disk=to_disk)
        described[name] = {"bytes": size, "sha256": digest}
        done += size
    return described


def check_files(folder: Path, manifest: Manifest, tell: Callable[[str, float], None]) -> None:
    """Hold every file of a backup against its manifest.

    Raises:
        Conflict: a file is missing, altered, or none of the backup's; all of them are named.
    """
    found = describe_files(folder, tell)
    wanted = manifest.files
    wrong = [f"{name} is missing" for name in wanted if name not in found]
    wrong += [f"{name} is none of its files" for name in found if name not in wanted]
    wrong += [f"{name} was altered" for name in wanted if name in found and found[name] != wanted[name]]
    wrong += [f"{name} is no name for a file" for name in wanted if not _SAFE.fullmatch(name)]
    if wrong:
        raise Conflict(f"The backup in {folder} is damaged, and nothing was restored: {'; '.join(wrong)}.")


def fingerprints(keys: Mapping[str, str]) -> dict[str, str]:
    """What tells a secret from another without telling the secret: scrypt, slow on purpose (RFC 7914)."""
    return {
        name: hashlib.scrypt(text.strip().encode(), salt=f"key {name}".encode(), n=2**14, r=8, p=1).hex()
        for name, text in sorted(keys.items())
    }  # fmt: skip


def keys_by_line(keys: Mapping[str, str]) -> dict[str, str]:
    """The same with every line of `seal.key` by itself, as "seal.key 2": it grows, and old lines stay."""
    lines = {f"seal.key {number}": key.line() for number, key in _ring(keys).items()}
    return {name: text for name, text in keys.items() if name != "seal.key"} | lines


def keys_needed(keys: Mapping[str, str], lines: Collection[int]) -> dict[str, str]:
    """The same with only those lines that rows are under."""
    wanted = {f"seal.key {number}" for number in lines}
    every = keys_by_line(keys)
    return {name: text for name, text in every.items() if not name.startswith("seal.key ") or name in wanted}


def files_of(names: Iterable[str]) -> list[str]:
    """The files that hold these keys."""
    return sorted({name.partition(" ")[0] for name in names})


def _ring(keys: Mapping[str, str]) -> Mapping[int, SealKey]:
    return KeyRing.parse(keys["seal.key"]).keys if "seal.key" in keys else {}


def folder_to_disk(folder: Path) -> None:
    """Put a folder's list of names on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or (path.is_file() and path.relative_to(folder).as_posix() != NAME):
            yield path


def _digest(path: Path, *, to_disk: bool) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
        if to_disk:
            os.fsync(file.fileno())
    return digest.hexdigest(), size


def _checksum(content: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
