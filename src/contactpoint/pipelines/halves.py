"""What is said of an earlier name of half of a sealed identity is not taken in (R35).

It would join the two by itself: whoever searched by the old name would find the new one, and be told why. So
it is with what the half itself says, with what is linked to it, and with what may be about it.
"""

from dataclasses import replace

import polars as pl

from contactpoint.linking.engine.results import Proposal
from contactpoint.storage.former_names import FORMER as _FORMER
from contactpoint.storage.sealed_pairs import half_digest, known_pairs, pair_key, record_key
from contactpoint.supply.validate import Validated


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

    def told_beside(self, records: pl.DataFrame, proposal: Proposal) -> list[int]:
        """The records that give an earlier name, and are or may be about the same child as a half.

        Args:
            records: what was linked: `record`, `source`, `local_id` and the person columns.
            proposal: what linking made of it.
        """
        if not self._digests:
            return []
        told = records.filter(pl.col(_FORMER).is_not_null()).select("record")
        placed = proposal.links.select("record", "cluster")
        pairs = proposal.reviews.select(record="record_a", other="record_b")
        pairs = pl.concat([pairs, pairs.select(record="other", other="record")])
        beside = pl.concat(
            [
                told.join(placed, on="record"),
                told.join(pairs, on="record").join(placed, left_on="other", right_on="record").select(
                    "record", "cluster"
                ),
            ]
        )  # fmt: skip
        members = placed.join(beside.select("cluster").unique(), on="cluster")
        named = members.join(records.select("record", "source", "local_id"), on="record")
        halves = {
            cluster
            for cluster, source, local_id in named.select("cluster", "source", "local_id").iter_rows()
            if self._is_half(source, local_id)
        }
        return beside.filter(pl.col("cluster").is_in(halves))["record"].unique().sort().to_list()

    def _is_half(self, source: str, local_id: str) -> bool:
        return half_digest(self._key, record_key(source, local_id)) in self._digests
