"""Checkpoints handed to organisations' auditors: what pages ask and read, and what the worker makes (R54)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connections

from contactpoint.domain.audit.handover import Bundle, proof_in
from contactpoint.domain.audit.tree import CompactRange, leaf_hash
from contactpoint.domain.handed import Elsewhere, HandedOver, Waits
from contactpoint.storage.asking import execute, fetch

_LEAVES_A_TIME: Final = 5000
_ASKED: Final = """
    SELECT h.id, h.organisation_id, p.id, p.size FROM audit_handover h
    LEFT JOIN LATERAL (SELECT o.id, o.size FROM audit_handover o
        WHERE o.organisation_id = h.organisation_id AND o.made_at IS NOT NULL ORDER BY o.id DESC LIMIT 1) p
        ON true
    WHERE h.made_at IS NULL ORDER BY h.id FOR UPDATE OF h SKIP LOCKED
"""
_BUNDLE: Final = """
    SELECT h.signed, p.signed, h.proof, ARRAY(SELECT k.signed FROM audit_key k ORDER BY k.id)
    FROM audit_handover h LEFT JOIN audit_handover p ON p.id = h.previous_id WHERE h.id = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A handover that waits, and the one made last for the same organisation."""

    handover: int
    organisation: str
    previous: int | None
    previous_size: int | None


def asked() -> tuple[Asked, ...]:
    """Every handover that waits, kept still."""
    return tuple(
        Asked(handover=handover, organisation=organisation, previous=previous, previous_size=size)
        for handover, organisation, previous, size in fetch(_ASKED)
    )


def ask(organisation: str, at: datetime) -> None:
    """Ask for one at the command line; where one waits already, that one will do."""
    execute(
        "INSERT INTO audit_handover (organisation_id, asked_at, signed) VALUES (%s, %s, '') "
        "ON CONFLICT DO NOTHING",
        organisation, at,
    )  # fmt: skip


def make(one: Asked, *, size: int, note: str, proof: bytes, at: datetime) -> None:
    """Write down what is handed over."""
    execute(
        "UPDATE audit_handover SET previous_id = %s, size = %s, signed = %s, proof = %s, made_at = %s "
        "WHERE id = %s",
        one.previous, size, note, proof, at, one.handover,
    )  # fmt: skip


def newest_bundle(organisation: str) -> Bundle | None:
    """What was handed over to an organisation last."""
    rows = fetch(
        "SELECT max(id) FROM audit_handover WHERE organisation_id = %s AND made_at IS NOT NULL", organisation
    )
    return _bundle(fetch(_BUNDLE, rows[0][0])[0]) if rows[0][0] is not None else None


def subtrees_at(size: int) -> CompactRange:
    """The subtree roots of the signed head of that size."""
    ((stored,),) = fetch("SELECT subtrees FROM audit_checkpoint WHERE size = %s", size)
    return CompactRange.from_bytes(size, bytes(stored))


def leaf_hashes_between(start: int, end: int) -> Iterator[bytes]:
    """The hashes of the leaves from number `start` up to `end`, read a few thousand at a time."""
    with connections["default"].chunked_cursor() as cursor:
        cursor.execute("SELECT leaf FROM audit_leaf WHERE seq >= %s AND seq < %s ORDER BY seq", [start, end])
        while rows := cursor.fetchmany(_LEAVES_A_TIME):
            for (leaf,) in rows:
                yield leaf_hash(bytes(leaf))


def handed_over(seeing: UUID) -> tuple[HandedOver, ...]:
    """What was handed to the auditor's organisation, newest first."""
    names = ("handover", "asked_at", "asked_by", "made_at", "size", "previous_size", "hashes", "taken_at")
    query = (
        "SELECT handover, asked_at, coalesce(asked_by, ''), made_at, size, previous_size, "
        "coalesce(hashes, 0), taken_at FROM handovers_of(%s)"
    )
    return tuple(HandedOver(**dict(zip(names, row, strict=True))) for row in fetch(query, seeing))


def waiting(seeing: UUID) -> Waits:
    """What waits for the auditor's organisation to take away."""
    query = "SELECT ready, ready_since, is_being_made, taken_at FROM handovers_waiting(%s)"
    ready, since, is_being_made, taken_at = fetch(query, seeing)[0]
    return Waits(ready=ready, ready_since=since, is_being_made=is_being_made, taken_at=taken_at)


def elsewhere(seeing: UUID) -> tuple[Elsewhere, ...]:
    """To the nation's auditor, what other organisations took away, those that never did first."""
    rows = fetch("SELECT name, taken_at FROM handovers_elsewhere(%s)", seeing)
    return tuple(Elsewhere(name=name, taken_at=taken_at) for name, taken_at in rows)


def ask_for(seeing: UUID) -> bool:
    """Ask for one, as the auditor; False where one is asked for already."""
    return bool(fetch("SELECT ask_handover(%s)", seeing)[0][0])


def taken(handover: int, seeing: UUID) -> Bundle | None:
    """One of them, as the auditor; None where it is not their organisation's, or is still being made."""
    query = "SELECT note, previous_note, proof, key_changes FROM handover_taken(%s, %s)"
    rows = fetch(query, handover, seeing)
    return _bundle(rows[0]) if rows else None


def _bundle(row: tuple[Any, ...]) -> Bundle:
    note, previous_note, proof, key_changes = row
    return Bundle(
        note=note,
        previous_note=previous_note,
        proof=proof_in(bytes(proof)),
        key_changes=tuple(key_changes),
    )
