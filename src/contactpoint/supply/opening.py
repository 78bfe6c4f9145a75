"""Open what was sent, within bounds: how large it may be, and how much larger once it is unpacked.

Everything is looked at before anything is parsed, so that a file made to fill the memory or the disk is
refused for what its first bytes and its size say.
"""

import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contactpoint.domain.errors import DeliveryRefused

MOST_BYTES: Final = 512 * 1024 * 1024
"""The largest file that is read, unless the process was told otherwise: reading takes ten times as much."""

MOST_EXPANSION: Final = 50
"""How many times its own size a compressed file may unpack to. Feeds reach 15; a bomb reaches 1,000."""

_ALWAYS_FINE: Final = 1024 * 1024  # bytes: a small file of one repeated row is no bomb
_GZIP: Final = b"\x1f\x8b"
_PIECE: Final = 64 * 1024
_PACKED: Final = {
    b"PK\x03\x04": "a spreadsheet or a zip archive",
    b"PK\x05\x06": "an empty zip archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ": "compressed with xz",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\x28\xb5\x2f\xfd": "compressed with Zstandard",
    b"%PDF": "a PDF",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFile:
    """A file as it was given: its name, its bytes, and their SHA-256 in hexadecimal."""

    name: str
    raw: bytes
    sha256: str


def size_words(size: int) -> str:
    """A number of bytes as people say it."""
    for unit, name in ((1024**3, "GB"), (1024**2, "MB"), (1024, "kB")):
        if size >= unit:
            return f"{size / unit:,.0f} {name}"
    return f"{size} bytes"


def check_size(name: str, size: int, most_bytes: int) -> None:
    """Refuse a file that is larger than this directory reads.

    Raises:
        DeliveryRefused: it is.
    """
    if size > most_bytes:
        raise DeliveryRefused(
            f"{name} is larger than {size_words(most_bytes)}, the most that is read at once. Send what "
            "changed "
            "as delta files, or ask whoever runs the directory for more room."
        )


def open_file(path: Path, *, most_bytes: int = MOST_BYTES) -> GivenFile:
    """Read a file whole, having looked at its size first.

    Raises:
        DeliveryRefused: it cannot be read, or is too large.
    """
    try:
        with path.open("rb") as file:
            check_size(path.name, path.stat().st_size, most_bytes)
            raw = file.read(most_bytes + 1)  # it may be growing
    except OSError as error:
        raise DeliveryRefused(f"{path.name} cannot be read: {error.strerror}.") from None
    check_size(path.name, len(raw), most_bytes)
    return GivenFile(name=path.name, raw=raw, sha256=hashlib.sha256(raw).hexdigest())


def unpacked(given: GivenFile, *, most_bytes: int = MOST_BYTES) -> bytes:
    """The bytes of a file, unpacked where it is a gzip file; nothing else that is packed is opened.

    Raises:
        DeliveryRefused: it is packed in another way, is cut short, or unpacks to more than it may.
    """
    for mark, words in _PACKED.items():
        if given.raw.startswith(mark):
            raise DeliveryRefused(
                f'{given.name} is {words}. Save it as "CSV UTF-8" and send that file, as it is or as .csv.gz.'
            )
    if not given.raw.startswith(_GZIP):
        return given.raw
    return _gunzip(given, most_bytes)


def _gunzip(given: GivenFile, most_bytes: int) -> bytes:
    found: list[bytes] = []
    size = at = 0
    waiting, more = b"", False
    member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        while waiting or more or at < len(given.raw):
            if not waiting and not more:
                waiting, at = given.raw[at : at + _PIECE], at + _PIECE
            if member.eof:  # a gzip file may hold several, one after the other
                member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
            piece = member.decompress(waiting, _ALWAYS_FINE)
            waiting = member.unused_data if member.eof else member.unconsumed_tail
            more = len(piece) == _ALWAYS_FINE and not member.eof
            found.append(piece)
            size += len(piece)
            check_expansion(given, size, min(at, len(given.raw)) - len(waiting), most_bytes)
    except zlib.error:
        raise DeliveryRefused(
            f"{given.name} is a damaged gzip file. Pack it anew and send it again."
        ) from None
    if not member.eof:
        raise DeliveryRefused(f"{given.name} ends in the middle: it was cut short. Send it again whole.")
    return b"".join(found)


def check_expansion(given: GivenFile, size: int, used: int, most_bytes: int) -> None:
    """Refuse a packed file, `used` bytes of which have given `size` bytes so far.

    Raises:
        DeliveryRefused: that is more than any feed does, or than this directory reads.
    """
    if size > _ALWAYS_FINE and size > used * MOST_EXPANSION:
        raise DeliveryRefused(
            f"{given.name} unpacks to more than {MOST_EXPANSION} times its size, as no feed does. Send it "
            "as plain CSV."
        )
    check_size(f"{given.name}, once unpacked,", size, most_bytes)
