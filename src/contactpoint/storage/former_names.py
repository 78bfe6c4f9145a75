"""Takes back an earlier last name that was said of half of a sealed identity (R35), as the worker.

Wherever it stands: in what waits to be published, in every version of a record, clear or encrypted, and in
what linking compares. The fingerprints stay, so that a source that says the same again changes nothing.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any, Final

from contactpoint.storage.asking import execute, fetch
from contactpoint.storage.seal_key import key_ring
from contactpoint.storage.sealed_facts import MATCHED, SEALED, VERSIONS, opened, seal_facts

FORMER: Final = "former_surname"

_STAGED: Final = "UPDATE staged_record SET facts = facts - %s::text WHERE record = ANY(%s) AND facts ? %s"
_CHILDREN: Final = (
    "SELECT DISTINCT child_id FROM source_record WHERE id = ANY(%s) AND child_id IS NOT NULL ORDER BY 1"
)
# What a sealed value is bound to; takes it from the rows in the clear; finds the encrypted; writes one anew.
_HELD: Final = (
    (
        VERSIONS,
        """UPDATE record_version SET facts = facts - %s::text
        WHERE record_id = ANY(%s) AND facts ? %s RETURNING record_id""",
        """SELECT id, record_id, facts::text FROM record_version
        WHERE record_id = ANY(%s) AND facts ? %s ORDER BY id FOR UPDATE""",
        "UPDATE record_version SET facts = %s::jsonb WHERE id = %s",
    ),
    (
        MATCHED,
        """UPDATE match_identity SET facts = facts - %s::text
        WHERE record_id = ANY(%s) AND facts ? %s RETURNING record_id""",
        """SELECT record_id, record_id, facts::text FROM match_identity
        WHERE record_id = ANY(%s) AND facts ? %s ORDER BY record_id FOR UPDATE""",
        "UPDATE match_identity SET facts = %s::jsonb WHERE record_id = %s",
    ),
)


def forget(records: Collection[int]) -> list[str]:
    """Forget what these records say of an earlier last name; return the children whose index is now old."""
    named = list(records)
    if not named:
        return []
    execute(_STAGED, FORMER, named, FORMER)
    changed = {record for held in _HELD for record in _forget_in(*held, named)}
    return [row[0] for row in fetch(_CHILDREN, sorted(changed))]


def _forget_in(bound: str, in_clear: str, encrypted: str, anew: str, named: Sequence[int]) -> set[int]:
    changed = {row[0] for row in fetch(in_clear, FORMER, named, FORMER)}
    for row, record, text in fetch(encrypted, named, SEALED):
        facts = _without(json.loads(text), column=bound, record=record)
        if facts is not None:
            execute(anew, json.dumps(facts), row)
            changed.add(record)
    return changed


def _without(facts: dict[str, Any], *, column: str, record: int) -> dict[str, str] | None:
    """Sealed facts anew, under the key they are under; None where they say no such name."""
    values, not_told = opened(facts, column=column, record=record)
    if values.pop(FORMER, None) is None:
        return None
    key = key_ring().get(int(str(facts[SEALED]).partition(".")[0]))
    return seal_facts(values, key=key, column=column, record=record, not_told=not_told)
