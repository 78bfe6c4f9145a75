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
# table, its key, the column that names the record, what a sealed value is bound to
_HELD: Final = (
    ("record_version", "id", "record_id", VERSIONS),
    ("match_identity", "record_id", "record_id", MATCHED),
)


def forget(records: Collection[int]) -> list[str]:
    """Forget what these records say of an earlier last name; return the children whose index is now old."""
    named = list(records)
    if not named:
        return []
    execute(_STAGED, FORMER, named, FORMER)
    changed = {record for held in _HELD for record in _forget_in(*held, named)}
    return [row[0] for row in fetch(_CHILDREN, sorted(changed))]


def _forget_in(table: str, key: str, record: str, bound: str, named: Sequence[int]) -> set[int]:
    clear = fetch(
        f"UPDATE {table} SET facts = facts - %s::text WHERE {record} = ANY(%s) AND facts ? %s "  # noqa: S608
        f"RETURNING {record}",
        FORMER, named, FORMER,
    )  # fmt: skip
    sealed = fetch(
        f"SELECT {key}, {record}, facts::text FROM {table} "  # noqa: S608
        f"WHERE {record} = ANY(%s) AND facts ? %s ORDER BY {key} FOR UPDATE",
        named, SEALED,
    )  # fmt: skip
    changed = {row[0] for row in clear}
    for row, of, text in sealed:
        anew = _without(json.loads(text), column=bound, record=of)
        if anew is not None:
            execute(f"UPDATE {table} SET facts = %s::jsonb WHERE {key} = %s", json.dumps(anew), row)  # noqa: S608
            changed.add(of)
    return changed


def _without(facts: dict[str, Any], *, column: str, record: int) -> dict[str, str] | None:
    """Sealed facts anew, under the key they are under; None where they say no such name."""
    values, not_told = opened(facts, column=column, record=record)
    if values.pop(FORMER, None) is None:
        return None
    key = key_ring().get(int(str(facts[SEALED]).partition(".")[0]))
    return seal_facts(values, key=key, column=column, record=record, not_told=not_told)
