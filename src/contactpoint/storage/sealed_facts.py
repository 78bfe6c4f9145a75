"""What a source says of a child, encrypted: one JSON value that stands in a sealed row instead of the facts.

`{"sealed": "KEY.BASE64"}` holds everything, bound to its table and record, padded so that its length tells
little. Beside it stands only what statements of the database have to know of a sealed row: that a source
marks the child (`restricted`), and that the child has died or left, not which (`date_of_death`, always
empty). The database passes it on like any facts; whoever reads facts opens it here, with the key.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from contactpoint.storage.seal_key import KeyRing, SealKey, key_ring

VERSIONS: Final = "record_version.facts"
MATCHED: Final = "match_identity.facts"
SEALED: Final = "sealed"
TOLD: Final = "told"  # facts_told (discreet.sql) sets it: leave out what `_NOT_TOLD` names
_NOT_TOLD: Final = "~"
_BLOCK: Final = 256
_GONE: Final = "left_"

Facts = Mapping[str, Any]


def seal_facts(
    facts: Facts, *, key: SealKey, column: str, record: int, not_told: Sequence[str] = ()
) -> dict[str, str]:
    """Return what stands for `facts` in that column of that record's row.

    Args:
        facts: as a source gives them, involvements included.
        key: the key in force.
        column: `VERSIONS` or `MATCHED`.
        record: whose row it is.
        not_told: what pages are not told of them, because it is a discreet place's (domain/discreet.py).
    """
    said = {**facts, _NOT_TOLD: list(not_told)}
    text = json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()
    envelope = {SEALED: key.seal(text, bound_to=_place(column, record), block=_BLOCK)}
    if facts.get("restricted") == "Y":
        envelope["restricted"] = "Y"
    if "date_of_death" in facts or str(facts.get("address_kind", "")).startswith(_GONE):
        envelope["date_of_death"] = ""
    return envelope


def is_sealed(facts: Facts) -> bool:
    """Whether these are sealed facts."""
    return SEALED in facts


def open_facts(facts: Facts, *, column: str, record: int, ring: KeyRing | None = None) -> Facts:
    """Return the facts, whether they are sealed or not.

    Raises:
        Misconfigured: the key is not there, or is another one than they were sealed with; or somebody put
            them into a row they are not of.
    """
    if SEALED not in facts:
        return facts
    values, not_told = opened(facts, column=column, record=record, ring=ring)
    if not facts.get(TOLD):
        return values
    told = {name: value for name, value in values.items() if name not in (*not_told, "involvements")}
    return {**told, "address_kind": "not_shown"} if "address_kind" in not_told else told


def opened(
    facts: Facts, *, column: str, record: int, ring: KeyRing | None = None
) -> tuple[dict[str, Any], list[str]]:
    """Return the facts in sealed ones, and what of them pages are not told."""
    text = (ring or key_ring()).opened(str(facts[SEALED]), bound_to=_place(column, record))
    values: dict[str, Any] = json.loads(text)
    return values, values.pop(_NOT_TOLD)


def _place(column: str, record: int) -> str:
    return f"contactpoint sealed 1\0{column}\0{record}"
