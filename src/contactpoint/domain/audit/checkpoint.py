"""Signed tree heads: a C2SP tlog-checkpoint in a C2SP signed note (c2sp.org/tlog-checkpoint, /signed-note).

Ed25519 signatures are deterministic (RFC 8032), so signing needs no randomness. Making keys does, and is done
elsewhere.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from contactpoint.domain.audit.tree import HASH_LENGTH
from contactpoint.domain.errors import InvalidInput

_ED25519 = b"\x01"
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_MOST_SIGNATURES = 16
_LONGEST_NOTE = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A tree head: whose log, how many leaves, which root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        """Refuse a head that its text could not hold."""
        _check_name(self.origin)
        if not 0 <= self.size < 2**63:
            raise InvalidInput("The size of a log is a whole number from 0.")
        if len(self.root) != HASH_LENGTH:
            raise InvalidInput("The root of a log is 32 bytes.")

    def text(self) -> str:
        """Return the three lines that are signed. We write no extension lines: monitors cannot audit them."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """The public half: a name and 32 bytes, written `name+keyid+base64` as Go's sumdb/note writes it."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        """Refuse a key that no note could name."""
        _check_name(self.name)
        if len(self.public) != 32:
            raise InvalidInput("An Ed25519 public key is 32 bytes.")

    def key_id(self) -> bytes:
        """Return the first four bytes of SHA-256(name, newline, 0x01, public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def text(self) -> str:
        """Return the key on one line, as it is published and given to auditors."""
        return f"{self.name}+{self.key_id().hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read a key line; raises InvalidInput if it is not one or its key id does not agree."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3:
            raise InvalidInput("A verifier key is one line: name+keyid+base64.")
        coded = _decode(parts[2], "The verifier key")
        if coded[:1] != _ED25519:
            raise InvalidInput("The verifier key is not an Ed25519 key.")
        key = cls(name=parts[0], public=coded[1:])
        if key.key_id().hex() != parts[1]:
            raise InvalidInput("The verifier key does not agree with its key id: a character was changed.")
        return key


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """The private half, held by the worker alone."""

    name: str
    private: Ed25519PrivateKey

    @classmethod
    def parse(cls, text: str) -> "Signer":
        """Read `PRIVATE+KEY+name+keyid+base64`, as Go's sumdb/note writes it.

        Raises:
            InvalidInput: it is not one, or its key id does not agree. The message never repeats the key.
        """
        parts = text.strip().split("+", 4)
        if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
            raise InvalidInput("A signing key is one line: PRIVATE+KEY+name+keyid+base64.")
        coded = _decode(parts[4], "The signing key")
        if coded[:1] != _ED25519 or len(coded) != 33:
            raise InvalidInput("The signing key is not an Ed25519 key.")
        signer = cls(name=parts[2], private=Ed25519PrivateKey.from_private_bytes(coded[1:]))
        if signer.verifier().key_id().hex() != parts[3]:
            raise InvalidInput("The signing key does not agree with its key id: a character was changed.")
        return signer

    def secret_text(self) -> str:
        """Return the key on one line, for the one file that holds it."""
        seed = self.private.private_bytes_raw()
        coded = base64.b64encode(_ED25519 + seed).decode()
        return f"PRIVATE+KEY+{self.name}+{self.verifier().key_id().hex()}+{coded}"

    def verifier(self) -> VerifierKey:
        """Return the public half."""
        public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return VerifierKey(name=self.name, public=public)

    def sign(self, text: str) -> str:
        """Return the signed note of `text`; raises InvalidInput unless it may be a note's text."""
        _check_text(text)
        signature = self.verifier().key_id() + self.private.sign(text.encode())
        return f"{text}\n— {self.name} {base64.b64encode(signature).decode()}\n"


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """Return a checkpoint as a signed note; raises InvalidInput unless the key is named after the log."""
    if signer.name != checkpoint.origin:
        raise InvalidInput("A checkpoint is signed by the key that has its log's name.")
    return signer.sign(checkpoint.text())


def open_note(note: str, key: VerifierKey) -> str:
    """Return the text of a note after verifying our signature on it; others' signatures are left alone.

    Raises:
        InvalidInput: the note is malformed, or is not signed by `key`, or a signature of `key` is wrong.
    """
    text, signatures = _split_note(note)
    public = Ed25519PublicKey.from_public_bytes(key.public)
    ours = [coded[4:] for name, coded in signatures if (name, coded[:4]) == (key.name, key.key_id())]
    if not ours:
        raise InvalidInput(f"The note is not signed by {key.name}.")
    for signature in ours:
        try:
            public.verify(signature, text.encode())
        except InvalidSignature:
            raise InvalidInput(f"The signature of {key.name} does not fit the note.") from None
    return text


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint, ignoring extension lines; raises InvalidInput if it is not one."""
    _check_text(text)
    lines = text[:-1].split("\n")
    if len(lines) < 3 or "" in lines:
        raise InvalidInput("A checkpoint has an origin, a size and a root, and no empty line.")
    if _SIZE.fullmatch(lines[1]) is None:
        raise InvalidInput("The size in a checkpoint is a whole number without leading zeroes.")
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=_decode(lines[2], "The root in a checkpoint"))


def open_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """Verify and read a signed checkpoint of the log that has the key's name.

    Raises:
        InvalidInput: as `open_note` and `parse_checkpoint`, or the checkpoint is of another log.
    """
    checkpoint = parse_checkpoint(open_note(note, key))
    if checkpoint.origin != key.name:
        raise InvalidInput(f"The checkpoint is of the log {checkpoint.origin}, not {key.name}.")
    return checkpoint


def checkpoint_in(note: str) -> Checkpoint:
    """Read the checkpoint in a note without asking who signed it; raises InvalidInput if there is none."""
    return parse_checkpoint(text_in(note))


def text_in(note: str) -> str:
    """Return the text of a note without asking who signed it; raises InvalidInput if it is not one."""
    return _split_note(note)[0]


def signature_lines(note: str) -> str:
    """Return the signature lines of a note, to be put below those of another with the same text."""
    return note[len(text_in(note)) + 1 :]


def _split_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    if len(note) > _LONGEST_NOTE:
        raise InvalidInput("The note is longer than any of ours.")
    text, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise InvalidInput("A note is a text, an empty line and signature lines.")
    text += "\n"
    _check_text(text)
    lines = tail[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise InvalidInput(f"A note has at most {_MOST_SIGNATURES} signatures.")
    return text, [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—":
        raise InvalidInput("A signature line is a dash, a name and a signature.")
    _check_name(parts[1])
    coded = _decode(parts[2], "A signature")
    if len(coded) < 5:
        raise InvalidInput("A signature is a key id and at least one byte.")
    return parts[1], coded


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise InvalidInput("The text of a note ends with a newline.")
    if any(character < " " and character != "\n" for character in text):
        raise InvalidInput("The text of a note holds no control characters.")


def _check_name(name: str) -> None:
    if not name or "+" in name or any(character.isspace() or character < " " for character in name):
        raise InvalidInput("The name of a log or key is not empty and holds no space and no plus.")


def _decode(text: str, what: str) -> bytes:
    """Decode base64 that has one spelling only: bits left over in the last character must be zero."""
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput(f"{what} is not base64.") from None
    if base64.b64encode(decoded).decode() != text:
        raise InvalidInput(f"{what} is not canonical base64.")
    return decoded
