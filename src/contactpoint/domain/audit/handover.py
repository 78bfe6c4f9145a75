"""What an organisation's auditor takes away: a checkpoint, and the proof that it grew from the last one.

One JSON file about nobody, in the terms of RFC 6962 and RFC 9162, so that it can be checked with software
that is not ours: signed notes, sizes, and a consistency proof as base64 hashes. It holds no key: whoever
checks it brings the key, and best also the last checkpoint, from where the operator cannot change them.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contactpoint.domain.audit.checkpoint import Checkpoint, VerifierKey
from contactpoint.domain.audit.keys import follow
from contactpoint.domain.audit.tree import HASH_LENGTH, consistency_holds
from contactpoint.domain.errors import InvalidInput

_FORMAT = "contactpoint audit handover v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """One handover: the checkpoint, the one before if any, the proof between, and every change of key."""

    note: str
    previous_note: str | None = None
    proof: tuple[bytes, ...] = ()
    key_changes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a proof that leads from nowhere."""
        if self.previous_note is None and self.proof:
            raise InvalidInput("A consistency proof leads from an earlier checkpoint.")

    def to_json(self) -> str:
        """Write it as the file that is handed over."""
        return json.dumps(
            {
                "format": _FORMAT,
                "checkpoint": self.note,
                "previous_checkpoint": self.previous_note,
                "consistency_proof": [base64.b64encode(value).decode() for value in self.proof],
                "key_changes": list(self.key_changes),
            },
            indent=2,
            ensure_ascii=False,
        ) + "\n"  # fmt: skip

    @classmethod
    def from_json(cls, text: str) -> "Bundle":
        """Read it back; raises InvalidInput if it is none."""
        try:
            raw: Any = json.loads(text)
            if not isinstance(raw, Mapping) or raw["format"] != _FORMAT:
                raise InvalidInput("This file is not a checkpoint that was handed over.")
            return cls(
                note=str(raw["checkpoint"]),
                previous_note=None if raw["previous_checkpoint"] is None else str(raw["previous_checkpoint"]),
                proof=tuple(base64.b64decode(one, validate=True) for one in raw["consistency_proof"]),
                key_changes=tuple(str(one) for one in raw["key_changes"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput("This file is not a checkpoint that was handed over.") from error


def check_bundle(
    bundle: Bundle, *, key: VerifierKey, kept: str | None = None
) -> tuple[Checkpoint, Checkpoint | None]:
    """Verify a handover and return its checkpoint and the one before it.

    Args:
        bundle: what was handed over.
        key: the log's public key, of now or of earlier, from somewhere the operator cannot change.
        kept: the checkpoint that was handed over last, as it was kept outside.

    Raises:
        InvalidInput: a signature or the proof does not hold, or it does not begin where the last one ended.
    """
    keys, faults = follow(key, bundle.key_changes)
    if faults:
        raise InvalidInput(f"The key is not this log's: {faults[0]}")
    now = keys.open(bundle.note)
    before = None if bundle.previous_note is None else keys.open(bundle.previous_note)
    if kept is not None and kept != bundle.previous_note and kept != bundle.note:
        raise InvalidInput("It does not begin with the checkpoint you kept, which was handed over last.")
    if before is not None and not consistency_holds(
        old_size=before.size,
        old_root=before.root,
        new_size=now.size,
        new_root=now.root,
        proof=bundle.proof,
    ):
        raise InvalidInput("The proof does not hold: this log is not the one that was handed over before.")
    return now, before


def proof_in(stored: bytes) -> tuple[bytes, ...]:
    """Read a proof back from its hashes in one piece."""
    return tuple(stored[start : start + HASH_LENGTH] for start in range(0, len(stored), HASH_LENGTH))
