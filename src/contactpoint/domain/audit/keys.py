"""The keys of one log, one after another: each change is a note that the old key and the new one both sign.

Whoever holds any one of them comes to all the others by those notes: the older keys stay good for the heads
that they signed, and for no later one.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from contactpoint.domain.audit.checkpoint import (
    Checkpoint,
    Signer,
    VerifierKey,
    checkpoint_in,
    open_checkpoint,
    open_note,
    signature_lines,
    text_in,
)
from contactpoint.domain.errors import InvalidInput

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_TITLE = "change of key"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChange:
    """From the head of `size` entries and that root on, `new` signs and `old` does not."""

    old: VerifierKey
    new: VerifierKey
    size: int
    root: bytes

    def __post_init__(self) -> None:
        """Refuse a change that is none, or of another log's key."""
        if self.old.name != self.new.name or self.old == self.new:
            raise InvalidInput("A change of key is from one key of a log to another of the same log.")
        Checkpoint(origin=self.old.name, size=self.size, root=self.root)

    def text(self) -> str:
        """Return the six lines that both keys sign; a checkpoint's second line would be a size."""
        root = base64.b64encode(self.root).decode()
        lines = (self.old.name, _TITLE, str(self.size), root, self.old.text(), self.new.text())
        return "\n".join(lines) + "\n"


def sign_key_change(change: KeyChange, *, old: Signer, new: Signer) -> str:
    """Return the note of a change, signed by both keys; raises InvalidInput unless they are those two."""
    if (old.verifier(), new.verifier()) != (change.old, change.new):
        raise InvalidInput("A change of key is signed by the key that goes and the key that comes.")
    return old.sign(change.text()) + signature_lines(new.sign(change.text()))


def open_key_change(note: str) -> KeyChange:
    """Read a change of key and verify both its signatures.

    Raises:
        InvalidInput: it is none, or one of the two keys did not sign it.
    """
    lines = text_in(note)[:-1].split("\n")
    if len(lines) != 6 or lines[1] != _TITLE or _SIZE.fullmatch(lines[2]) is None:
        raise InvalidInput("This is not the note of a change of key.")
    try:
        root = base64.b64decode(lines[3], validate=True)
    except ValueError:
        raise InvalidInput("The root in a change of key is not base64.") from None
    change = KeyChange(
        old=VerifierKey.parse(lines[4]), new=VerifierKey.parse(lines[5]), size=int(lines[2]), root=root
    )
    if change.text() != open_note(note, change.old) or change.text() != open_note(note, change.new):
        raise InvalidInput("This note of a change of key says something else than what was signed.")
    return change


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChain:
    """The changes of a log's key that lead to and from one trusted key, oldest first.

    Raises:
        InvalidInput: they do not follow from one another, or the trusted key is none of them.
    """

    trusted: VerifierKey
    changes: tuple[KeyChange, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no chain."""
        for before, after in zip(self.changes, self.changes[1:], strict=False):
            if before.new != after.old or before.size > after.size:
                raise InvalidInput("A change of key does not follow from the one before it.")
        if self.changes and self.trusted not in self.keys:
            raise InvalidInput("The key you hold is none of this log's keys.")

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        """Every key of the log, oldest first."""
        if not self.changes:
            return (self.trusted,)
        return (self.changes[0].old, *(change.new for change in self.changes))

    @property
    def newest(self) -> VerifierKey:
        """The key that signs now."""
        return self.keys[-1]

    @property
    def name(self) -> str:
        """The log's name."""
        return self.trusted.name

    def key_for(self, size: int) -> VerifierKey:
        """Return the key that signs heads of that size: the last before a change signs that change's size."""
        for change in self.changes:
            if size <= change.size:
                return change.old
        return self.newest

    def open(self, note: str) -> Checkpoint:
        """Verify and read a checkpoint, by the key that was in force at its size; raises InvalidInput."""
        return open_checkpoint(note, self.key_for(checkpoint_in(note).size))

    def heads(self) -> tuple[Checkpoint, ...]:
        """The heads that the changes speak of: a log that has them is the one whose key it was."""
        return tuple(
            Checkpoint(origin=self.name, size=change.size, root=change.root)
            for change in self.changes
            if change.size
        )


Keys: TypeAlias = VerifierKey | KeyChain


def chain_of(keys: Keys) -> KeyChain:
    """Return a chain, of one key where there is one."""
    return keys if isinstance(keys, KeyChain) else KeyChain(trusted=keys)


def follow(trusted: VerifierKey, notes: Iterable[str]) -> tuple[KeyChain, tuple[str, ...]]:
    """Return the chain that notes of changes make, as far as it can be trusted, and what is wrong with it."""
    chain, faults = KeyChain(trusted=trusted), []
    changes: list[KeyChange] = []
    for number, note in enumerate(notes, start=1):
        try:
            changes.append(open_key_change(note))
        except InvalidInput as error:
            faults.append(f"change of key {number}: {error}")
    if changes:
        try:
            chain = replace(chain, changes=tuple(changes))
        except InvalidInput as error:
            faults.append(f"changes of key: {error}")
    return chain, tuple(faults)
