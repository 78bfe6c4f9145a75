"""From scored edges to a partition: link best first, then give up every link that was nearly another one."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from contactpoint.linking.engine.cluster import REFUSED, Vetoes
from contactpoint.linking.engine.loops import Bools, Ints, Longs
from contactpoint.linking.engine.scalar import Floats
from contactpoint.linking.model.weights import Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Scored pairs of nodes, heaviest first, ties in node order.

    `conflict` flags those whose verified identifiers differ.
    """

    one: Ints
    two: Ints
    weight: Floats
    conflict: Bools

    def head(self, size: int) -> "Edges":
        """Return the first `size` edges."""
        return Edges(
            one=self.one[:size], two=self.two[:size], weight=self.weight[:size], conflict=self.conflict[:size]
        )


def order_edges(one: Ints, two: Ints, weight: Floats, vetoes: Vetoes) -> Edges:
    """Put scored pairs in order, each once."""
    order = np.lexsort((two, one, -weight))
    one, two, weight = one[order], two[order], weight[order]
    fresh = np.ones(len(one), dtype=np.bool_)
    fresh[1:] = (one[1:] != one[:-1]) | (two[1:] != two[:-1])
    one, two, weight = one[fresh], two[fresh], weight[fresh]
    conflict = np.zeros(len(one), dtype=np.bool_)
    for code in (vetoes.nhs, vetoes.upn):
        a, b = code[one], code[two]
        conflict |= (a >= 0) & (b >= 0) & (a != b)
    return Edges(one=one, two=two, weight=weight, conflict=conflict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """The cluster of each node (its smallest node), the rings of members, and what became of each edge."""

    root: Longs
    following: Longs
    outcome: Ints


def decide_edges(
    edges: Edges, vetoes: Vetoes, thresholds: Thresholds, join: Callable[..., Ints]
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


def _run(edges: Edges, used: Bools, vetoes: Vetoes, join: Callable[..., Ints]) -> tuple[Ints, Longs, Longs]:
    """Join existing children first, then along the used edges; return outcomes (0: not used) and roots."""
    size = len(vetoes.nhs)
    parent, following = np.arange(size), np.arange(size)
    _join_existing(vetoes.child, parent, following)
    places = np.flatnonzero(used)
    outcome = np.zeros(len(edges.one), dtype=np.int32)
    outcome[places] = join(
        edges.one[places],
        edges.two[places],
        parent,
        following,
        *vetoes.arrays(),
    )
    return outcome, roots(parent), following


def roots(parent: Longs) -> Longs:
    """Follow every node to its root at once."""
    above = parent[parent]
    while (above != parent).any():
        parent, above = above, above[above]
    return parent


def _join_existing(child: Longs, parent: Longs, following: Longs) -> None:
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


def _near_ties(edges: Edges, outcome: Ints, size: int, margin: float) -> Bools:
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
