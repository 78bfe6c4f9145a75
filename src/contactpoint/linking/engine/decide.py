"""From scored edges to a partition: link best first, then give up every link that was nearly another one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from contactpoint.linking.engine.cluster import REFUSED, Vetoes
from contactpoint.linking.engine.loops import Bools, Ints, Longs
from contactpoint.linking.engine.scalar import Bytes, Floats, Scorer
from contactpoint.linking.engine.sorting import ascending, heaviest_first
from contactpoint.linking.model.levels import TWINS
from contactpoint.linking.model.weights import Thresholds

Outcomes = npt.NDArray[np.uint8]
SHIFT: Final = 32
LOW: Final = (1 << SHIFT) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Scored pairs of nodes, heaviest first, ties in node order.

    `conflict` flags those whose verified identifiers differ; `left` is the Context of a pair left over
    on both sides, 0 for others.
    """

    one: Ints
    two: Ints
    weight: Floats
    conflict: Bools
    left: Outcomes

    def head(self, size: int) -> "Edges":
        """Return the first `size` edges."""
        return Edges(
            one=self.one[:size],
            two=self.two[:size],
            weight=self.weight[:size],
            conflict=self.conflict[:size],
            left=self.left[:size],
        )

    def levels(self, places: Ints | Longs, pairs: Scorer) -> Bytes:
        """Return the levels of the edges at `places`."""
        levels = pairs(self.one[places], self.two[places]).levels
        left = self.left[places]
        levels[left > 0, TWINS] = left[left > 0]
        return levels


def order_edges(found: tuple[Ints, Ints, Floats], vetoes: Vetoes) -> Edges:
    """Put scored pairs in order, each once."""
    one, two, weight = found
    pair, order = ascending(one.astype(np.uint64) << np.uint64(SHIFT) | two.astype(np.uint64))
    weight = weight[order]
    fresh = np.ones(len(pair), dtype=np.bool_)
    fresh[1:] = pair[1:] != pair[:-1]
    pair, weight = pair[fresh].astype(np.int64), weight[fresh]
    order = heaviest_first(weight)
    pair, weight = pair[order], weight[order]
    del order, fresh
    one, two = (pair >> SHIFT).astype(np.int32), (pair & LOW).astype(np.int32)
    conflict = np.zeros(len(one), dtype=np.bool_)
    for code in (vetoes.nhs, vetoes.upn):
        a, b = code[one], code[two]
        conflict |= (a >= 0) & (b >= 0) & (a != b)
    left = np.zeros(len(one), dtype=np.uint8)
    return Edges(one=one, two=two, weight=weight, conflict=conflict, left=left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """The cluster of each node (its smallest node), the rings of members, and what became of each edge."""

    root: Ints
    following: Ints
    outcome: Outcomes


def decide_edges(
    edges: Edges, vetoes: Vetoes, thresholds: Thresholds, join: Callable[..., Outcomes]
) -> Partition:
    """Cluster the edges that are heavy enough, twice: the second time without near ties.

    A node that could go to either of two clusters which exclude each other, with less than `thresholds.tie`
    bits between the two, goes to neither: its case is for a person.
    """
    linkable = (edges.weight >= thresholds.link) & ~edges.conflict
    outcome, _, _ = _run(edges, linkable, vetoes, join)
    tied = _near_ties(edges, outcome, len(vetoes.nhs), thresholds.tie)
    outcome, root, following = _run(edges, linkable & ~tied, vetoes, join)
    return Partition(root=root, following=following, outcome=outcome)


def _run(
    edges: Edges, used: Bools, vetoes: Vetoes, join: Callable[..., Outcomes]
) -> tuple[Outcomes, Ints, Ints]:
    """Join existing children first, then along the used edges; return outcomes (0: not used) and roots."""
    size = len(vetoes.nhs)
    parent, following = np.arange(size, dtype=np.int32), np.arange(size, dtype=np.int32)
    _join_existing(vetoes.child, parent, following)
    places = np.flatnonzero(used)
    outcome = np.zeros(len(edges.one), dtype=np.uint8)
    outcome[places] = join(
        edges.one[places],
        edges.two[places],
        parent,
        following,
        *vetoes.arrays(),
    )
    return outcome, roots(parent), following


def roots(parent: Ints) -> Ints:
    """Follow every node to its root at once."""
    above = parent[parent]
    while (above != parent).any():
        parent, above = above, above[above]
    return parent


def _join_existing(child: Longs, parent: Ints, following: Ints) -> None:
    """Put the nodes of each published child into one ring under its smallest node, whatever they hold."""
    rows = np.flatnonzero(child >= 0)
    if not len(rows):
        return
    rows = rows[np.argsort(child[rows], kind="stable")]
    starts = np.flatnonzero(np.append(True, child[rows][1:] != child[rows][:-1]))
    ends = np.append(starts[1:], len(rows))
    parent[rows] = np.repeat(rows[starts], ends - starts)
    following[rows[:-1]] = rows[1:]
    following[rows[ends - 1]] = rows[starts]


def _near_ties(edges: Edges, outcome: Outcomes, size: int, margin: float) -> Bools:
    """Flag the edges of each node that compete: a refused one is within `margin` of the best that joined.

    One refused for its identifiers does not count: its case is shown to a person as it is, and one wrong
    number must not part all that agree.
    """
    best = np.full(size, -np.inf)
    for ends in (edges.one, edges.two):
        used = (outcome != 0) & (outcome < REFUSED)
        np.maximum.at(best, ends[used], edges.weight[used])
    refused = outcome == REFUSED
    unsure = np.zeros(size, dtype=np.bool_)
    for ends in (edges.one, edges.two):
        close = refused & (edges.weight > best[ends] - margin) & np.isfinite(best[ends])
        unsure[ends[close]] = True
    contested = np.zeros(len(outcome), dtype=np.bool_)
    for ends in (edges.one, edges.two):
        contested |= unsure[ends] & (outcome != 0) & (edges.weight <= best[ends] + margin)
    return contested
