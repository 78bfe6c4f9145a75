"""Encrypts whose sealed involvements are, with their images and versions, and decrypts them again (ADR 28).

As storage/at_rest.py does with what sources say: triggers seal, the worker encrypts what they left, and a row
that somebody else is changing is left for the next time. Whatever has to compare organisations of sealed rows
as it writes them, a publication or a joining, opens them first and seals them before it ends.
"""

import json
from collections.abc import Sequence
from typing import Final

from django.db import transaction

from contactpoint.storage.asking import execute, fetch
from contactpoint.storage.at_rest import AT_A_TIME, key_in_force
from contactpoint.storage.seal_key import KeyRing, SealKey, key_ring
from contactpoint.storage.sealed_involvements import (
    Image,
    open_image,
    open_version,
    seal_image,
    seal_version,
)

_TO_SEAL: Final = "t.sealed AND t.sealed_with IS NULL"
_ROWS_TO_OPEN: Final = "NOT t.sealed AND t.sealed_said IS NOT NULL"
_IMAGES_TO_OPEN: Final = "NOT t.sealed AND t.sealed_with IS NOT NULL"
_OLD: Final = "t.sealed_with < %(key)s"

_NEXT_ROWS: Final = "SELECT t.id FROM involvement t WHERE {} ORDER BY t.id LIMIT %(most)s"
# Before the rows, as whoever shields does: else each could wait for the other.
_HOLD: Final = """
    SELECT FROM child WHERE number IN (
        SELECT r.child_id FROM involvement t JOIN source_record r ON r.id = t.record_id
        WHERE t.id = ANY(%(ids)s))
    ORDER BY number FOR SHARE
"""
_ROWS: Final = """
    SELECT t.id, to_jsonb(t)::text FROM involvement t WHERE t.id = ANY(%(ids)s::bigint[]) AND {}
    ORDER BY t.id FOR UPDATE
"""
_WRITE_ROWS: Final = """
    UPDATE involvement t SET organisation_id = n.organisation_id, organisation_tag = n.organisation_tag,
        involvement_id = n.involvement_id, sealed_said = n.sealed_said, sealed_with = %(key)s,
        typed_by_id = n.typed_by_id, confirmed_by_id = n.confirmed_by_id, confirmed_at = n.confirmed_at,
        team = n.team, practitioner = n.practitioner, practitioner_role = n.practitioner_role,
        contact_phone = n.contact_phone, contact_hours = n.contact_hours, contact_cover = n.contact_cover
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS n (id bigint, organisation_id text, organisation_tag text,
        involvement_id text, sealed_said text, typed_by_id uuid, confirmed_by_id uuid,
        confirmed_at timestamptz, team text, practitioner text, practitioner_role text, contact_phone text,
        contact_hours text, contact_cover text)
    WHERE t.id = n.id
"""
_VERSIONS: Final = """
    SELECT to_jsonb(v)::text FROM own_word_version v WHERE v.involvement_id = ANY(%(ids)s::bigint[])
    ORDER BY v.id FOR UPDATE
"""
_WRITE_VERSIONS: Final = """
    UPDATE own_word_version v SET practitioner_role = n.practitioner_role, contact_phone = n.contact_phone,
        contact_hours = n.contact_hours, contact_cover = n.contact_cover, sealed_said = n.sealed_said
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS n (id bigint, practitioner_role text, contact_phone text,
        contact_hours text, contact_cover text, sealed_said text)
    WHERE v.id = n.id
"""
_NEXT_IMAGES: Final = """
    SELECT t.id, t.image::text FROM past_row t WHERE {} ORDER BY t.id LIMIT %(most)s FOR UPDATE SKIP LOCKED
"""
_WRITE_IMAGES: Final = """
    UPDATE past_row t SET image = n.image, sealed_with = %(key)s
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS n (id bigint, image jsonb) WHERE t.id = n.id
"""
_CONSENTED: Final = """
    SELECT i.id FROM source_record r JOIN involvement i ON i.record_id = r.id
    WHERE r.child_id = %s AND r.sealed AND i.sealed_said IS NOT NULL AND i.consent > ''
"""
# What a publication changes or ends, and what it compares with that: services of a child with a consent.
_PUBLISHED: Final = """
    SELECT i.id FROM involvement i WHERE i.sealed_said IS NOT NULL AND i.record_id IN (
        SELECT record FROM placement WHERE was_sealed AND staged_id IS NOT NULL
        UNION SELECT record FROM leaving WHERE was_sealed)
    UNION SELECT i.id FROM source_record r JOIN involvement i ON i.record_id = r.id
    WHERE i.sealed_said IS NOT NULL AND i.consent > ''
        AND r.child_id IN (SELECT child FROM involved WHERE sealed AND consent > '')
    UNION SELECT i.id FROM involvement i
    WHERE NOT i.sealed AND i.sealed_said IS NOT NULL AND i.record_id IN (
        SELECT record FROM placement UNION SELECT record FROM leaving)
    ORDER BY 1
"""


def seal_some(key: SealKey, *, most: int = AT_A_TIME) -> int:
    """Encrypt sealed rows and images that are not; return how many."""
    return _turn(_TO_SEAL, _TO_SEAL, key, most, to=key)


def open_some(key: SealKey, *, most: int = AT_A_TIME) -> int:
    """Decrypt rows and images that are sealed no more; return how many."""
    return _turn(_ROWS_TO_OPEN, _IMAGES_TO_OPEN, key, most, to=None)


def renew_some(key: SealKey, *, most: int = AT_A_TIME) -> int:
    """Put rows and images under the newest key that are under an older one; return how many."""
    return _turn(_OLD, _OLD, key, most, to=key)


def count_older(key: SealKey) -> int:
    """How many rows and images are under an older key."""
    query = (
        "SELECT (SELECT count(*) FROM involvement WHERE sealed_with < %(key)s) + "
        "(SELECT count(*) FROM past_row WHERE sealed_with < %(key)s)"
    )
    return int(fetch(query, key=key.number)[0][0])


def open_published() -> None:
    """Open what a publication that has begun is about to compare; `settle_at_rest` seals it again."""
    _open([row[0] for row in fetch(_PUBLISHED)])


def open_consented(number: str) -> list[int]:
    """Open a sealed child's services that rest on a consent; return their ids, for `seal_again`."""
    ids = [row[0] for row in fetch(_CONSENTED, number)]
    _open(ids)
    return ids


def seal_again(ids: Sequence[int]) -> None:
    """Encrypt what was opened in this transaction."""
    if ids:
        key = key_in_force()
        _write(_rows(ids, _TO_SEAL, key), key)


def _open(ids: Sequence[int]) -> None:
    if ids:
        _write(_rows(ids, "t.sealed_said IS NOT NULL", None), None)


def _turn(rows: str, images: str, key: SealKey, most: int, *, to: SealKey | None) -> int:
    return _turn_rows(rows, key, most, to=to) + _turn_images(images, key, most, to=to)


@transaction.atomic
def _turn_rows(which: str, key: SealKey, most: int, *, to: SealKey | None) -> int:
    ids = [row[0] for row in fetch(_NEXT_ROWS.format(which), key=key.number, most=most)]
    if not ids:
        return 0
    fetch(_HOLD, ids=ids)
    held = _rows(ids, which, key, skip=True)
    _write(held, to)
    return len(held)


def _rows(ids: Sequence[int], which: str, key: SealKey | None, *, skip: bool = False) -> list[Image]:
    query = _ROWS.format(which) + (" SKIP LOCKED" if skip else "")
    rows = fetch(query, ids=list(ids), key=key.number if key else None)
    return [json.loads(text) for _, text in rows]


def _write(rows: Sequence[Image], to: SealKey | None) -> None:
    if rows:
        ring = key_ring()
        anew = [_anew(open_image(row, ring), to) for row in rows]
        execute(_WRITE_ROWS, rows=json.dumps(anew), key=to.number if to else None)
        _write_versions([row["id"] for row in anew if row["typed_by_id"]], ring, to)


def _write_versions(typed: Sequence[int], ring: KeyRing, to: SealKey | None) -> None:
    """In the same transaction, so that a row and its versions can be compared: all clear or all encrypted."""
    if typed:
        versions = [open_version(json.loads(text), ring) for (text,) in fetch(_VERSIONS, ids=list(typed))]
        anew = [seal_version(version, to) for version in versions] if to else versions
        execute(_WRITE_VERSIONS, rows=json.dumps(anew))


def _anew(clear: Image, to: SealKey | None) -> Image:
    # Nobody confirms their own word: the table refuses it in the clear, and can not tell it when encrypted.
    if clear["typed_by_id"] and clear["typed_by_id"] == clear["confirmed_by_id"]:
        clear = {**clear, "confirmed_by_id": None, "confirmed_at": None}
    return seal_image(clear, to) if to else clear


@transaction.atomic
def _turn_images(which: str, key: SealKey, most: int, *, to: SealKey | None) -> int:
    due = fetch(_NEXT_IMAGES.format(which), key=key.number, most=most)
    if due:
        ring = key_ring()
        clear = [(row, open_image(json.loads(text), ring)) for row, text in due]
        anew = [{"id": row, "image": seal_image(image, to) if to else image} for row, image in clear]
        execute(_WRITE_IMAGES, rows=json.dumps(anew), key=to.number if to else None)
    return len(due)
