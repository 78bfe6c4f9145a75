"""Find pairs that must never meet among what linking proposes (R35), knowing only keyed digests of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, product
from typing import Self

import polars as pl

from contactpoint.storage.sealed_pairs import (
    children_digest,
    keep_children_apart,
    known_pairs,
    pair_key,
    record_key,
    records_digest,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A record in a proposed cluster: its number, its key in a pair, its child if it had one before."""

    record: int
    key: bytes
    child: str | None


class Apart:
    """The digests, and the pairs of records found so far to be among them."""

    def __init__(self, key: bytes, digests: frozenset[bytes]) -> None:
        self._key = key
        self._digests = digests
        self.found: set[tuple[int, int]] = set()

    @classmethod
    def load(cls) -> Self | None:
        """Read the digests; None where there are none, so that no key is needed."""
        digests = known_pairs()
        return cls(pair_key(), digests) if digests else None

    def frame(self) -> pl.DataFrame:
        """The pairs found, for linking."""
        return pl.DataFrame(sorted(self.found), schema={"a": pl.Int64, "b": pl.Int64}, orient="row")

    def look_within(self, clusters: Iterable[list[Member]]) -> bool:
        """Look for pairs inside clusters; say whether there are any that were not found before."""
        before = len(self.found)
        for members in clusters:
            for one, other in combinations(members, 2):
                if one.child is None or other.child is None:
                    self._look(one, other)
        return len(self.found) > before

    def are_apart(self, ours: list[Member], theirs: list[Member]) -> bool:
        """Say whether two clusters hold the two halves of a pair."""
        found = False
        for one, other in product(ours, theirs):
            found = self._look(one, other) or found
        return found

    def keep_children(self, child_of: dict[int, str]) -> None:
        """Keep the children apart that the found records belong to, with the ways between them."""
        children = [(child_of.get(one), child_of.get(other)) for one, other in self.found]
        pairs = {(one, other) for one, other in children if one and other and one != other}
        keep_children_apart(self._key, pairs)

    def _look(self, one: Member, other: Member) -> bool:
        sealed = records_digest(self._key, one.key, other.key) in self._digests
        if not sealed and one.child and other.child and one.child != other.child:
            sealed = children_digest(self._key, one.child, other.child) in self._digests
        if sealed:
            self.found.add((min(one.record, other.record), max(one.record, other.record)))
        return sealed


def clusters_of(records: pl.DataFrame, links: pl.DataFrame) -> dict[int, list[Member]]:
    """Return the members of each proposed cluster."""
    joined = links.select("record", "cluster").join(
        records.select("record", "source", "local_id", "child_number"), on="record"
    )
    found: dict[int, list[Member]] = defaultdict(list)
    for record, cluster, source, local_id, child in joined.iter_rows():
        found[cluster].append(Member(record, record_key(source, local_id), child))
    return found
