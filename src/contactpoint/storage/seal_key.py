"""The key of what is sealed: a file outside the database, of numbered lines; the newest seals (ADR 28).

A line is a number and 64 hexadecimal digits. Older lines stay, because backups were written under them: which
of the numbers is in force, and what each one's fingerprint is, stands in the database.
"""

import base64
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from contactpoint.domain.errors import InvalidInput, Misconfigured

_LINE: Final = re.compile(r"([1-9][0-9]{0,3}) ([0-9a-f]{64})")
_LENGTH: Final = 32
_NONCE: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SealKey:
    """One line: what it encrypts with, and what it makes tags with that are looked up instead of values."""

    number: int
    secret: bytes

    @property
    def fingerprint(self) -> str:
        """What tells this key from another one, and says nothing else of it."""
        return hmac.digest(self.secret, b"contactpoint seal key fingerprint", "sha256").hex()

    def seal(self, plain: bytes, *, bound_to: str, block: int, fill: bytes = b" ") -> str:
        """Return `NUMBER.BASE64`: a random nonce, and AES-256 in Galois/counter mode under a key of its own.

        Filled up to whole blocks of so many bytes, so that the length tells little; bound to a place in the
        database, so that it opens in no other.
        """
        padded = plain.ljust(-(-len(plain) // block) * block, fill)
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, padded, self._bound(bound_to))
        return f"{self.number}.{base64.b64encode(sealed).decode()}"

    def opened(self, encoded: str, *, bound_to: str) -> bytes:
        """Return what was sealed, as it was filled up; InvalidTag of another key or place."""
        sealed = base64.b64decode(encoded)
        return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._bound(bound_to))

    @property
    def _cipher(self) -> AESGCM:
        return AESGCM(_derived(self.secret, b"contactpoint sealed columns"))

    def _bound(self, to: str) -> bytes:
        return f"{to}\0{self.number}".encode()

    def tag(self, what: str, value: str, length: int) -> str:
        """Return what stands for a value in a column of `length` characters: no source's value begins so."""
        key = _derived(self.secret, b"contactpoint sealed tags")
        digest = hmac.digest(key, f"{what}\0{value}".encode(), "sha256")
        return "~" + base64.urlsafe_b64encode(digest).decode()[: length - 1]

    def line(self) -> str:
        """The line of the file."""
        return f"{self.number} {self.secret.hex()}"


@lru_cache(maxsize=32)
def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=_LENGTH, salt=None, info=purpose).derive(secret)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Every line of a file, by number."""

    keys: Mapping[int, SealKey]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a file.

        Raises:
            InvalidInput: it is none; which line is not a key is said, never what stands there.
        """
        found: dict[int, SealKey] = {}
        for place, line in enumerate(text.splitlines(), start=1):
            said = _LINE.fullmatch(line.strip())
            if said is None or int(said[1]) in found:
                raise InvalidInput(f"Line {place} of the file of sealing keys is no key, or one of two.")
            found[int(said[1])] = SealKey(number=int(said[1]), secret=bytes.fromhex(said[2]))
        if not found:
            raise InvalidInput("The file of sealing keys is empty.")
        return cls(found)

    @property
    def newest(self) -> SealKey:
        """The line with the highest number."""
        return self.keys[max(self.keys)]

    def get(self, number: int) -> SealKey:
        """Return one line.

        Raises:
            Misconfigured: it is not there.
        """
        key = self.keys.get(number)
        if key is None:
            raise Misconfigured(
                f"Sealing key {number} is not in the file of sealing keys. Put its line back, from where you "
                "keep it."
            )
        return key

    def opened(self, sealed: str, *, bound_to: str) -> bytes:
        """Return what `SealKey.seal` was given, as it was filled up.

        Raises:
            Misconfigured: the key is not there, or is another one than it was sealed with; or somebody put it
                into a place that it is not of.
        """
        number, _, encoded = sealed.partition(".")
        key = self.get(int(number))
        try:
            return key.opened(encoded, bound_to=bound_to)
        except InvalidTag:
            raise Misconfigured(
                f"What is sealed can not be opened with sealing key {number}: the file holds another key "
                "under that number, or the row was altered. `contactpoint doctor` says which."
            ) from None

    def known(self, number: int, fingerprint: str) -> SealKey:
        """Return the line of the key in force, which is known by its fingerprint.

        Raises:
            Misconfigured: it is not there, or another one is under its number.
        """
        key = self.get(number)
        if key.fingerprint != fingerprint:
            raise Misconfigured(
                f"Sealing key {number} in the file is another one than this directory was sealed with. "
                "Put the right file back: nothing is sealed with this one."
            )
        return key

    def with_another(self) -> Self:
        """The same with a new newest line."""
        new = new_key(self.newest.number + 1)
        return type(self)({**self.keys, new.number: new})

    def text(self) -> str:
        """The file."""
        return "".join(f"{self.keys[number].line()}\n" for number in sorted(self.keys))


def new_key(number: int = 1) -> SealKey:
    """A key out of nothing."""
    return SealKey(number=number, secret=secrets.token_bytes(_LENGTH))


def key_ring() -> KeyRing:
    """The keys this process was given; the file is read again when it has changed.

    Raises:
        Misconfigured: it was given none.
    """
    path = Path(settings.SEAL_KEY)
    if not settings.SEAL_KEY or not path.exists():
        where = f"at {path}" if settings.SEAL_KEY else "named in CONTACTPOINT_SEAL_KEY"
        raise Misconfigured(
            f"There is no file of sealing keys {where}: what is sealed can be neither read nor written. "
            "Put it back from where you keep it."
        )
    about = path.stat()
    return _read(str(path), about.st_mtime_ns, about.st_size, about.st_ino)


@lru_cache(maxsize=4)
def _read(path: str, *_version: int) -> KeyRing:
    return KeyRing.parse(Path(path).read_text(encoding="ascii"))


def write_ring(path: Path, ring: KeyRing) -> None:
    """Put a file in the place of the one there, whole or not at all, for its owner's eyes only."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(ring.text())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _to_disk(path.parent)


def line_fingerprints(text: str) -> dict[int, str]:
    """The fingerprint of each line of a file."""
    return {number: key.fingerprint for number, key in KeyRing.parse(text).keys.items()}


def _to_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
