"""Who is left over: two records that nearly agree, and neither has anybody else where the other stands.

Where a source lists nearly every child of an age, a record that goes with nobody there is rare, and two such,
left over on both sides by two different children, are rarer still: rare twice (Fortini et al., 2001; Sadinle,
2017: what one-to-one matching adds to the comparison of pairs). How rare is counted after a first round of
linking, by year of birth. Splits that remain count as absences, so the count errs towards two children.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from contactpoint.linking.engine.collapse import Nodes
from contactpoint.linking.engine.decide import Edges, Partition
from contactpoint.linking.engine.encode import Encoded
from contactpoint.linking.engine.loops import Bools, Ints, Longs
from contactpoint.linking.engine.posteriors import weights_of
from contactpoint.linking.engine.scalar import DIGITS, Bytes, Floats, Scorer
from contactpoint.linking.engine.sorting import heaviest_first
from contactpoint.linking.model.levels import BIRTH, HOME, TWINS, Birth, Context, Home
from contactpoint.linking.model.weights import LEFT_BITS, Model

Sets = npt.NDArray[np.uint16]

BELOW: Final = 4.0
"""Bits below a case for a person from which a pair is looked at."""

MOST_SOURCES: Final = 11
"""So many of the largest sources are told apart; all others count as one."""

MARGIN: Final = 1.0
"""Bits taken off: who is absent by a mistake in one source is a little likelier to be so in another."""

ENOUGH: Final = 1_000
"""Children of an age and of such sources below which nothing is said."""

ALIKE: Final = 0.1
"""How far a source's years of birth may differ from everybody's (total variation) where ages are as one."""


def with_left_over(
    data: Encoded, nodes: Nodes, edges: Edges, partition: Partition, model: Model, score: Scorer
) -> Edges:
    """Return the edges that matter to anybody, those of left-over pairs weighed anew, heaviest first."""
    weight, left = edges.weight.copy(), np.zeros(len(edges.one), dtype=np.uint8)
    if data.listing > 1:
        places, level = _levels(data, nodes, edges, partition, model.thresholds.link)
        levels = score(edges.one[places], edges.two[places]).levels
        told = _told(levels)
        places, level, levels = places[told], level[told], levels[told]
        levels[:, TWINS] = level
        again = np.round(weights_of(levels, model), DIGITS)
        more = again > weight[places]
        weight[places[more]], left[places[more]] = again[more], level[more]
    kept = np.flatnonzero(weight >= min(model.thresholds.review, model.thresholds.link))
    order = kept[heaviest_first(weight[kept])]
    return Edges(
        one=edges.one[order],
        two=edges.two[order],
        weight=weight[order],
        conflict=edges.conflict[order],
        left=left[order],
    )


def _told(levels: Bytes) -> Bools:
    """Flag the pairs that who is left over may decide: no twins are seen, and one birth date or one home.

    Who shares a name and neither of these is too often somebody else: everybody of that name competes.
    """
    birth = (levels[:, BIRTH] >= Birth.EXACT) & (levels[:, BIRTH] <= Birth.SWAPPED)
    home = (levels[:, HOME] >= Home.SAME) & (levels[:, HOME] <= Home.SLIP)
    told: Bools = (levels[:, TWINS] != Context.TWO) & (birth | home)
    return told


def _levels(
    data: Encoded, nodes: Nodes, edges: Edges, partition: Partition, link: float
) -> tuple[Longs, Bytes]:
    """Return the places of the edges between two that are left over, and the Context that this makes."""
    root, sets = partition.root, _sets(data, nodes, partition)
    one, two = root[edges.one], root[edges.two]
    full = np.uint16((1 << MOST_SOURCES) - 1)
    places = np.flatnonzero(
        (edges.weight < link) & ~edges.conflict & (one != two) & (sets[one] & sets[two] & full == 0)
    )
    one, two = one[places], two[places]
    year = nodes.columns.birth // 10_000
    absences = _Absences(root, sets, year)
    if absences.thin():
        year = np.zeros_like(year)
        absences = _Absences(root, sets, year)
    bits = _bits(absences, year[edges.one[places]], sets[one], sets[two])
    bits += _bits(absences, year[edges.two[places]], sets[two], sets[one])
    level = np.zeros(len(places), dtype=np.uint8)
    for least in LEFT_BITS:
        level[bits >= least + MARGIN] = Context[f"LEFT_{least}"]
    return places[level > 0], level[level > 0]


def _sets(data: Encoded, nodes: Nodes, partition: Partition) -> Sets:
    """Return for each cluster, at its root, a bit for each source that lists it."""
    source = data.source
    listed = np.flatnonzero(source < data.listing)
    counts = np.bincount(source[listed], minlength=data.listing)
    place = np.full(data.listing, MOST_SOURCES, dtype=np.int64)
    largest = np.argsort(-counts, kind="stable")[:MOST_SOURCES]
    place[largest] = np.arange(len(largest))
    bit = (1 << place).astype(np.uint16)
    sets = np.zeros(len(nodes.first), dtype=np.uint16)
    np.bitwise_or.at(sets, partition.root[nodes.of[listed]], bit[source[listed]])
    return sets


@dataclass(frozen=True, slots=True)
class _Absences:
    """How many children of an age are in which sources."""

    root: Ints
    sets: Sets
    year: Ints

    def thin(self) -> bool:
        """Say whether every year of birth has too few, and the sources list all ages alike: years are as one.

        A school's list has no infants, so that who is absent from it depends on the age: that is told apart.
        """
        roots = self._listed()
        year = self.year[roots] - self.year.min(initial=0)
        each = np.bincount(year)
        if each.max(initial=0) >= ENOUGH:
            return False
        for place in range(MOST_SOURCES):
            there = year[self.sets[roots] >> place & 1 > 0]
            shares = np.bincount(there, minlength=len(each)) / max(1, len(there))
            if len(there) and np.abs(shares - each / len(roots)).sum() / 2 > ALIKE:
                return False
        return True

    def _listed(self) -> Longs:
        return np.flatnonzero((self.root == np.arange(len(self.root))) & (self.sets > 0))

    def counts(self) -> Iterator[tuple[int, Longs]]:
        """Yield each year of birth with the sets of sources of its children."""
        roots = self._listed()
        order = roots[np.argsort(self.year[roots], kind="stable")]
        cuts = np.flatnonzero(np.diff(self.year[order])) + 1
        for part in np.split(order, cuts):
            if len(part):
                yield (
                    int(self.year[part[0]]),
                    np.bincount(self.sets[part], minlength=2 << MOST_SOURCES).astype(np.int64),
                )


def _bits(absences: _Absences, year: Ints, mine: Sets, theirs: Sets) -> Floats:
    """Return how many bits it is worth that children born in a year lack a record where others have one."""
    bits = np.zeros(len(year), dtype=np.float64)
    for born, counts in absences.counts():
        places = np.flatnonzero(year == born)
        pairs, which = np.unique(
            np.stack([mine[places], theirs[places]], axis=1), axis=0, return_inverse=True
        )
        found = [_rare(counts, mine, theirs) for mine, theirs in pairs.tolist()]
        bits[places] = np.array(found, dtype=np.float64)[which.ravel()]
    return bits


def _rare(counts: Longs, mine: int, theirs: int) -> float:
    """Return in bits how rare it is, among children where `mine` is, to be nowhere where `theirs` is."""
    sets = np.arange(len(counts))
    theirs &= (1 << MOST_SOURCES) - 1
    like: Bools = sets & mine == mine
    most = int(counts[like].sum())
    if not theirs or most < ENOUGH:
        return 0.0
    return float(np.log2((most + 1) / (int(counts[like & (sets & theirs == 0)].sum()) + 1)))
