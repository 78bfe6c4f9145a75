"""What half of a sealed identity says of an earlier name is not taken in (R35).

It would join the two by itself: whoever searched by the old name would find the new one, and be told why.
"""

from dataclasses import replace

import polars as pl

from contactpoint.storage.sealed_pairs import half_digest, known_pairs, pair_key, record_key
from contactpoint.supply.validate import Validated

_FORMER = "former_surname"


class Halves:
    """The digests of records that are halves, asked only of rows that give an earlier name."""

    def __init__(self, key: bytes, digests: frozenset[bytes]) -> None:
        self._key = key
        self._digests = digests

    @classmethod
    def load(cls) -> "Halves":
        """Read them; without any no key is needed."""
        digests = known_pairs()
        return cls(pair_key() if digests else b"", digests)

    def without_former_names(self, checked: Validated, source: str) -> Validated:
        """The accepted rows of a source, those of halves without an earlier last name."""
        rows = checked.accepted
        if not self._digests or _FORMER not in rows.columns:
            return checked
        told = rows.filter(pl.col(_FORMER).is_not_null())["local_id"].unique()
        halves = [one for one in told if self._is_half(source, one)]
        if not halves:
            return checked
        kept = pl.when(~pl.col("local_id").is_in(halves)).then(pl.col(_FORMER)).alias(_FORMER)
        return replace(checked, accepted=rows.with_columns(kept))

    def _is_half(self, source: str, local_id: str) -> bool:
        return half_digest(self._key, record_key(source, local_id)) in self._digests
