"""Encrypts what sealed rows say and decrypts what is sealed no more, some rows at a time (worker, ADR 28).

Triggers seal a row in the statement that writes it (storage/sql/row_security.sql), and no trigger has the
key: so the worker comes after them, within seconds, and a publication before it ends. A row that somebody
else is changing is left for the next time, so that nobody ever waits for this.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from contactpoint.domain.discreet import DiscreetPlaces
from contactpoint.storage.asking import execute, fetch
from contactpoint.storage.queries.organisations import discreet_places
from contactpoint.storage.seal_key import KeyRing, SealKey, key_ring, new_key, write_ring
from contactpoint.storage.sealed_facts import (
    MATCHED,
    VERSIONS,
    is_sealed,
    open_facts,
    opened,
    seal_facts,
)

AT_A_TIME: Final = 1000
# Values that records are found by: in a sealed row a tag stands for each, as long as its column is.
TAGGED: Final = {"postcode": 8, "nhs_number": 10, "upn": 13}

_TO_SEAL: Final = "v.sealed AND v.sealed_with IS NULL"
_TO_OPEN: Final = "NOT v.sealed AND v.sealed_with IS NOT NULL"
_OLD: Final = "v.sealed_with < %(key)s"
_NEXT: Final = "SELECT v.id, v.record_id FROM record_version v WHERE {} ORDER BY v.id LIMIT %(most)s"
# All of them of a record in one transaction: a version is never under another key than its matching row.
_STILL: Final = """
    SELECT v.id, v.record_id, v.facts::text FROM record_version v
    WHERE v.record_id = ANY(%(records)s::bigint[]) AND {} ORDER BY v.id FOR UPDATE SKIP LOCKED
"""
_LEFT: Final = """
    SELECT DISTINCT v.record_id FROM record_version v
    WHERE v.record_id = ANY(%(records)s::bigint[]) AND v.id <> ALL (%(held)s::bigint[]) AND {}
"""
# Before the rows, as whoever shields does: else each could wait for the other.
_HOLD: Final = """
    SELECT FROM child WHERE number IN (SELECT child_id FROM source_record WHERE id = ANY(%(records)s))
    ORDER BY number FOR SHARE
"""
_MATCHING: Final = """
    SELECT m.record_id, m.facts::text, m.sealed_with FROM match_identity m
    WHERE m.record_id = ANY(%(records)s) ORDER BY m.record_id FOR UPDATE SKIP LOCKED
"""
_MATCHED_ROWS: Final = "SELECT record_id FROM match_identity WHERE record_id = ANY(%(records)s)"
_OLD_MATCHING: Final = (
    "SELECT record_id FROM match_identity v WHERE v.sealed_with < %(key)s ORDER BY 1 LIMIT %(most)s"
)
_WRITE: Final = """
    UPDATE record_version v SET facts = n.facts::jsonb, sealed_with = %(key)s
    FROM unnest(%(ids)s::bigint[], %(facts)s::text[]) AS n (id, facts) WHERE v.id = n.id
"""
_WRITE_MATCHING: Final = """
    UPDATE match_identity m SET facts = n.facts::jsonb, sealed_with = %(key)s, postcode = n.postcode,
        nhs_number = n.nhs_number, upn = n.upn
    FROM unnest(%(ids)s::bigint[], %(facts)s::text[], %(postcode)s::text[], %(nhs_number)s::text[],
        %(upn)s::text[]) AS n (id, facts, postcode, nhs_number, upn) WHERE m.record_id = n.id
"""


def key_in_force(ring: KeyRing | None = None) -> SealKey:
    """Return the key that seals now; the first one is taken up here.

    Raises:
        Misconfigured: there is no file, it lacks the key in force, or has another one under its number.
    """
    ring = ring or key_ring()
    known = fetch("SELECT number, fingerprint FROM seal_key ORDER BY number DESC LIMIT 1")
    if not known:
        take_up(ring.newest)
        return ring.newest
    return ring.known(*known[0])


def ensure_ring(path: Path) -> None:
    """Make the file of keys for a directory that never had one; one that is lost is put back by a person."""
    if not path.exists() and not fetch("SELECT FROM seal_key LIMIT 1"):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_ring(path, KeyRing({1: new_key()}))


def keys_in_use() -> tuple[SealKey, ...]:
    """The keys that a sealed matching row may be under; none where no row is sealed."""
    if not fetch("SELECT FROM match_identity WHERE sealed_with IS NOT NULL LIMIT 1"):
        return ()
    ring = key_ring()
    rows = fetch("SELECT number FROM seal_key WHERE retired_at IS NULL ORDER BY number")
    return tuple(ring.get(number) for (number,) in rows)


def take_up(key: SealKey) -> None:
    """Put a key in force, and keep what it is known by; in the caller's transaction."""
    execute(
        "INSERT INTO seal_key (number, fingerprint, since, in_audit) VALUES (%(number)s, %(fingerprint)s, "
        "clock_timestamp(), true) ON CONFLICT DO NOTHING",
        number=key.number,
        fingerprint=key.fingerprint,
    )


def hold_older(key: SealKey) -> None:
    """Wait for whoever writes with an older key still; nobody begins to any more (storage/sql/typed.sql)."""
    fetch("SELECT wait_for_keys_before(%(key)s)", key=key.number)


def retire_older(key: SealKey) -> None:
    """Note that no row needs an older key any more."""
    execute(
        "UPDATE seal_key SET retired_at = clock_timestamp() WHERE number < %(key)s AND retired_at IS NULL",
        key=key.number,
    )


def anything_older(key: SealKey) -> bool:
    """Whether an older key is still needed, as far as anybody has made sure."""
    return bool(
        fetch("SELECT FROM seal_key WHERE number < %(key)s AND retired_at IS NULL LIMIT 1", key=key.number)
    )


def count_older(key: SealKey) -> int:
    """How many rows are under an older key."""
    query = (
        "SELECT (SELECT count(*) FROM record_version WHERE sealed_with < %(key)s) + "
        "(SELECT count(*) FROM match_identity WHERE sealed_with < %(key)s)"
    )
    return int(fetch(query, key=key.number)[0][0])


def seal_some(key: SealKey, *, most: int = AT_A_TIME) -> int:
    """Encrypt sealed rows that are not; return how many versions."""
    return _turn(_TO_SEAL, key, most, to=key)


def open_some(key: SealKey, *, most: int = AT_A_TIME) -> int:
    """Decrypt rows that are sealed no more; return how many versions."""
    return _turn(_TO_OPEN, key, most, to=None)


def renew_some(key: SealKey, *, most: int = AT_A_TIME) -> int:
    """Put rows under the newest key that are under an older one; return how many."""
    done = _turn(_OLD, key, most, to=key)
    if done:
        return done
    with transaction.atomic():  # versions that are not sealed under an older key, their matching row being so
        records = [row[0] for row in fetch(_OLD_MATCHING, key=key.number, most=most)]
        return len(_turn_matching(records, key)) if records else 0


@transaction.atomic
def _turn(which: str, key: SealKey, most: int, *, to: SealKey | None) -> int:
    """Write all versions of some records anew, and the matching rows beside them: under `to`, or clear.

    A record is left for the next time where somebody else holds one of its rows.
    """
    due = fetch(_NEXT.format(which), key=key.number, most=most)
    if not due:
        return 0
    records = sorted({record for _, record in due})
    fetch(_HOLD, records=records)
    held = fetch(_STILL.format(which), records=records, key=key.number)
    left = fetch(_LEFT.format(which), records=records, held=[row[0] for row in held], key=key.number)
    whole = {record for _, record, _ in held} - {record for (record,) in left}
    free = _turn_matching(sorted(whole), to) & whole
    rows = [row for row in held if row[1] in free]
    ring, places = key_ring(), DiscreetPlaces(discreet_places())
    execute(
        _WRITE,
        ids=[row[0] for row in rows],
        facts=[_version_anew(json.loads(text), record, ring, to, places) for _, record, text in rows],
        key=to.number if to else None,
    )
    return len(rows)


def _version_anew(
    facts: dict[str, Any], record: int, ring: KeyRing, to: SealKey | None, places: DiscreetPlaces
) -> str:
    if is_sealed(facts):
        clear, not_told = opened(facts, column=VERSIONS, record=record, ring=ring)
    else:
        clear, not_told = facts, _not_told(facts, places)
    if to is not None:
        return json.dumps(seal_facts(clear, key=to, column=VERSIONS, record=record, not_told=not_told))
    return json.dumps(clear)


def _not_told(facts: dict[str, Any], places: DiscreetPlaces) -> list[str]:
    """What of these facts pages are not told, because it is where a discreet place is."""
    plain = {name: value for name, value in facts.items() if isinstance(value, str)}
    told = places.what_may_be_told(plain)
    changed = {"address_kind"} if told.get("address_kind") != plain.get("address_kind") else set()
    return sorted(changed | (plain.keys() - told.keys()))


def _turn_matching(records: Sequence[int], to: SealKey | None) -> frozenset[int]:
    """Write the matching rows of records anew; return the records whose matching row nobody else holds."""
    held = fetch(_MATCHING, records=list(records))
    there = {row[0] for row in fetch(_MATCHED_ROWS, records=list(records))}
    ring, wanted = key_ring(), to.number if to else None
    anew = [_matching_anew(record, json.loads(text), ring, to) for record, text, by in held if by != wanted]
    if anew:
        names = ("ids", "facts", *TAGGED)
        values = {name: [row[place] for row in anew] for place, name in enumerate(names)}
        execute(_WRITE_MATCHING, key=wanted, **values)
    return frozenset(records) - there | {row[0] for row in held}


def _matching_anew(record: int, facts: dict[str, Any], ring: KeyRing, to: SealKey | None) -> tuple[Any, ...]:
    clear = open_facts(facts, column=MATCHED, record=record, ring=ring)
    values = [str(clear.get(name) or "") for name in TAGGED]
    if to is None:
        return (record, json.dumps(clear), *values)
    tags = [tag_of(to, name, value) for name, value in zip(TAGGED, values, strict=True)]
    return (record, json.dumps(seal_facts(clear, key=to, column=MATCHED, record=record)), *tags)


def tag_of(key: SealKey, name: str, value: str) -> str:
    """What stands for a value in a sealed matching row; nothing for nothing."""
    return key.tag(name, value, TAGGED[name]) if value else ""
