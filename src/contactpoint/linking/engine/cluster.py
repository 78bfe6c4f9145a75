"""Best-first union-find under vetoes that hold for whole clusters.

Edges are taken heaviest first. Two clusters join only if no member of one may never be with a member of the
other, so a link that was refused cannot come back through a third record. The functions here are plain Python
over arrays; the large engine compiles the same text (engine/compiled.py).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from contactpoint.linking.engine.loops import Bools, Ints, Longs

JOINED: Final = 1
ALREADY: Final = 2
REFUSED: Final = 3
CONFLICTING: Final = 4
"""What becomes of an edge."""

FREE: Final = 0
OTHER_CHILD: Final = 1
IDENTIFIERS: Final = 2
KEPT_APART: Final = 3
"""Why two nodes or clusters may not be one child; the greatest reason counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vetoes:
    """What may never stand together, by node.

    `nhs`, `upn`, `child`: verified codes or -1; `start`/`source`: the sources of node i are
    source[start[i]:start[i + 1]], with the local ids in `local`; `apart`: sorted numbers one * nodes + two.
    """

    nhs: Ints
    upn: Ints
    child: Longs
    start: Ints
    source: Ints
    local: Ints
    apart: Longs
    flagged: Bools

    def arrays(self) -> tuple[Ints, Ints, Longs, Ints, Ints, Ints, Longs, Bools]:
        """The fields in the order in which the functions below take them."""
        return (
            self.nhs,
            self.upn,
            self.child,
            self.start,
            self.source,
            self.local,
            self.apart,
            self.flagged,
        )


def forbidden(
    a: int,
    b: int,
    nhs: Ints,
    upn: Ints,
    child: Longs,
    start: Ints,
    source: Ints,
    local: Ints,
    apart: Longs,
    flagged: Bools,
) -> int:
    """Say why nodes a and b may never be one child, or FREE."""
    for i in range(start[a], start[a + 1]):
        for j in range(start[b], start[b + 1]):
            if source[i] == source[j] and local[i] != local[j]:
                return KEPT_APART
    if flagged[a] and flagged[b]:
        wanted = np.int64(min(a, b)) * (len(start) - 1) + max(a, b)
        place = np.searchsorted(apart, wanted)
        if place < len(apart) and apart[place] == wanted:
            return KEPT_APART
    if nhs[a] >= 0 and nhs[b] >= 0 and nhs[a] != nhs[b]:
        return IDENTIFIERS
    if upn[a] >= 0 and upn[b] >= 0 and upn[a] != upn[b]:
        return IDENTIFIERS
    if child[a] >= 0 and child[b] >= 0 and child[a] != child[b]:
        return OTHER_CHILD
    return FREE


def barrier(
    a: int,
    b: int,
    following: Ints,
    nhs: Ints,
    upn: Ints,
    child: Longs,
    start: Ints,
    source: Ints,
    local: Ints,
    apart: Longs,
    flagged: Bools,
) -> int:
    """Return the greatest reason why any member of a's ring may not be with any member of b's."""
    worst = FREE
    x = a
    while worst < KEPT_APART:
        y = b
        while worst < KEPT_APART:
            worst = max(worst, forbidden(x, y, nhs, upn, child, start, source, local, apart, flagged))
            y = following[y]
            if y == b:
                break
        x = following[x]
        if x == a:
            break
    return worst


def barriers(
    one: Ints,
    two: Ints,
    following: Ints,
    nhs: Ints,
    upn: Ints,
    child: Longs,
    start: Ints,
    source: Ints,
    local: Ints,
    apart: Longs,
    flagged: Bools,
) -> Ints:
    """Return the barrier between the clusters of each pair of nodes."""
    found = np.zeros(len(one), dtype=np.int32)
    for pair in range(len(one)):
        found[pair] = barrier(
            one[pair], two[pair], following, nhs, upn, child, start, source, local, apart, flagged
        )
    return found


def find(parent: Ints, node: int) -> int:
    """Return the root of a node, shortening the way for the next."""
    root = node
    while parent[root] != root:
        root = parent[root]
    while parent[node] != root:
        parent[node], node = root, parent[node]
    return root


def cluster(
    one: Ints,
    two: Ints,
    parent: Ints,
    following: Ints,
    nhs: Ints,
    upn: Ints,
    child: Longs,
    start: Ints,
    source: Ints,
    local: Ints,
    apart: Longs,
    flagged: Bools,
) -> npt.NDArray[np.uint8]:
    """Join clusters along the edges in the order given; return what became of each edge.

    `parent` and `following` (a ring of members for each cluster) are changed in place; a root is always the
    smallest node of its cluster, which keeps the answer the same on every run.
    """
    outcome = np.zeros(len(one), dtype=np.uint8)
    for edge in range(len(one)):
        a, b = find(parent, one[edge]), find(parent, two[edge])
        if a == b:
            outcome[edge] = ALREADY
            continue
        reason = barrier(a, b, following, nhs, upn, child, start, source, local, apart, flagged)
        if reason != FREE:
            outcome[edge] = CONFLICTING if reason == IDENTIFIERS else REFUSED
            continue
        outcome[edge] = JOINED
        parent[max(a, b)] = min(a, b)
        following[a], following[b] = following[b], following[a]
    return outcome
