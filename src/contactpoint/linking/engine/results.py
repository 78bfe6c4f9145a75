"""The proposal as data frames: a row a record, and a row a case for a person."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import polars as pl

from contactpoint.linking.engine.cluster import FREE, IDENTIFIERS, OTHER_CHILD, Vetoes
from contactpoint.linking.engine.collapse import Nodes, dense
from contactpoint.linking.engine.decide import Edges, Partition
from contactpoint.linking.engine.encode import Encoded
from contactpoint.linking.engine.loops import Bools, Ints, Longs
from contactpoint.linking.engine.scalar import LEVEL_BYTES, Bytes, Floats, Scorer
from contactpoint.linking.engine.scratch import SPILL
from contactpoint.linking.engine.texts import MISSING
from contactpoint.linking.model.levels import FORMAT

T = TypeVar("T")

LINKS_SCHEMA: Final = {
    "record": pl.Int64,
    "cluster": pl.Int64,
    "decision": pl.String,
    "partner": pl.Int64,
    "weight": pl.Float64,
    "levels": pl.Binary,
}
REVIEWS_SCHEMA: Final = {
    "record_a": pl.Int64,
    "record_b": pl.Int64,
    "weight": pl.Float64,
    "levels": pl.Binary,
    "kind": pl.String,
}

PAIRS_SCHEMA: Final = {name: kind for name, kind in REVIEWS_SCHEMA.items() if name != "kind"}

SAME_CHILD: Final = "possible_same_child"
TWO_CHILDREN: Final = "possible_two_children"
CONFLICT: Final = "identifier_conflict"
MOST_CASES: Final = 3
"""A cluster is in at most this many cases at once; the rest wait until these are decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the model proposes.

    `links`, a row a record in ascending order: `record`, `cluster` (the published child, or a negative number
    for a new one), `decision` ("kept": it was that child's already, "linked", "new": the first of a new
    child), and for linked records `partner` (the record it goes with best), `weight` in bits and `levels`
    (Levels.pack).

    `reviews`, heaviest first: `record_a`, `record_b`, `weight`, `levels` and `kind`: "possible_same_child",
    "possible_two_children" (both are one published child now) or "identifier_conflict".

    `pairs` (empty unless asked for), heaviest first, is what both rest on: `record_a`, `record_b`, `weight`,
    `levels` of every pair worth a person's look or more. Records alike in name, birth date, sex and home
    count as one there.
    """

    links: pl.DataFrame
    reviews: pl.DataFrame
    pairs: pl.DataFrame


DECISIONS: Final = ("kept", "new", "linked")
LINKED: Final = DECISIONS.index("linked")
AT_ONCE: Final = 500_000
"""Records whose links are made at once."""

LONG_AT_ONCE: Final = 1_000_000
"""The same where columns wait in files: few enough that each core can make some in the memory of a part."""


class Links:
    """The links of a partition: each record's own best evidence for where it is."""

    def __init__(
        self, data: Encoded, nodes: Nodes, edges: Edges, partition: Partition, pairs: Scorer, records: Scorer
    ) -> None:
        """Work out what holds for whole clusters and nodes."""
        self._data, self._nodes, self._edges, self._partition = data, nodes, edges, partition
        self._pairs, self._records = pairs, records
        self._number = data.record.longs()
        self._anchor = _anchors(data, nodes)
        self._cluster, self._childless = _clusters(nodes, partition)
        self._best = _best_edges(edges, partition, len(nodes.first))

    def each(self, use: Callable[[int, pl.DataFrame], T]) -> list[T]:
        """Return what `use` makes of the links, in the order of the records, many at a time.

        It is given the place of each part. Every core makes and uses one of its own.
        """
        order = in_order(self._number)
        step = AT_ONCE if len(order) < SPILL else LONG_AT_ONCE
        begins = range(0, max(1, len(order)), step)

        def part(place: int) -> T:
            return use(place, self._of(order[begins[place] : begins[place] + step]))

        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            return list(pool.map(part, range(len(begins))))

    def _of(self, rows: Ints) -> pl.DataFrame:
        node, root = self._nodes.of[rows], self._partition.root
        published = np.zeros(len(rows), dtype=np.bool_)
        if self._data.child is not None:
            published = self._data.children()[rows] >= 0
        anchored = rows == self._anchor[node]
        head = anchored & (node == root[node]) & self._childless[root[node]]
        kinds = np.where(published, 0, np.where(head, 1, 2)).astype(np.uint8)
        partner = np.full(len(rows), MISSING, dtype=np.int32)
        weight = np.zeros(len(rows), dtype=np.float64)
        levels = np.zeros((len(rows), LEVEL_BYTES), dtype=np.uint8)
        across, within = (
            np.flatnonzero((kinds == LINKED) & anchored),
            np.flatnonzero((kinds == LINKED) & ~anchored),
        )
        edge = self._best[node[across]]
        one, two = self._edges.one[edge], self._edges.two[edge]
        partner[across] = self._anchor[np.where(one == node[across], two, one)]
        weight[across], levels[across] = self._edges.weight[edge], self._edges.levels(edge, self._pairs)
        partner[within] = self._anchor[node[within]]
        scores = self._records(rows[within], partner[within])
        weight[within], levels[within] = scores.weight, scores.levels
        return _links_frame(self._number, rows, self._cluster[node], kinds, partner, weight, levels)


def in_order(numbers: Longs) -> Ints:
    """Return the places of some distinct numbers in ascending order.

    Numbers that leave few gaps are each put where they belong, which for a country takes a tenth of sorting.
    """
    low, high = int(numbers.min(initial=0)), int(numbers.max(initial=0))
    if high - low >= 2 * len(numbers):
        return np.argsort(numbers).astype(np.int32)
    places = np.full(high - low + 1, MISSING, dtype=np.int32)
    places[numbers - low] = np.arange(len(numbers), dtype=np.int32)
    return places[places >= 0]


def _anchors(data: Encoded, nodes: Nodes) -> Ints:
    """For each node the record that the others in it are linked to: one already published, else the first."""
    if data.child is None:
        return nodes.first
    anchor = np.full(len(nodes.first), data.size, dtype=np.int32)
    kept = np.flatnonzero(data.children() >= 0).astype(np.int32)
    np.minimum.at(anchor, nodes.of[kept], kept)
    return np.where(anchor < data.size, anchor, nodes.first)


def _clusters(nodes: Nodes, partition: Partition) -> tuple[Longs, Bools]:
    """Return the cluster number of each node, and for each root whether its cluster is a new child."""
    size = len(nodes.first)
    child = np.full(size, MISSING, dtype=np.int64)
    np.maximum.at(child, partition.root, nodes.child)
    fresh = (partition.root == np.arange(size)) & (child < 0)
    number = np.where(child >= 0, child, -np.cumsum(fresh))
    return number[partition.root], child < 0


def _best_edges(edges: Edges, partition: Partition, size: int) -> Ints:
    """For each node its heaviest used edge inside its cluster; the edges come heaviest first."""
    best = np.full(size, len(edges.one), dtype=np.int32)
    inside = (partition.outcome != 0) & (partition.root[edges.one] == partition.root[edges.two])
    places = np.flatnonzero(inside).astype(np.int32)
    for ends in (edges.one, edges.two):
        np.minimum.at(best, ends[places], places)
    return best


def _links_frame(
    number: Longs,
    rows: Ints,
    cluster: Longs,
    kinds: Bytes,
    partner: Ints,
    weight: Floats,
    levels: Bytes,
) -> pl.DataFrame:
    linked = partner >= 0
    return pl.DataFrame(
        {
            "record": number[rows],
            "cluster": cluster,
            "decision": pl.Series(DECISIONS).gather(kinds),
            "partner": number[partner],
            "weight": weight,
            "levels": pack_rows(levels),
            "linked": linked,
        },
        schema_overrides=LINKS_SCHEMA,
    ).select(
        "record",
        "cluster",
        "decision",
        *(pl.when("linked").then(pl.col(name)).alias(name) for name in ("partner", "weight", "levels")),
    )


def pack_rows(levels: Bytes) -> pl.Series:
    """Return each row of levels as Levels.pack would. Far fewer differ than there are."""
    words = np.zeros((len(levels), 24), dtype=np.uint8)
    words[:, : levels.shape[1]] = levels
    table = words.view(np.int64)
    codes, heads = dense(*(lambda place=place: table[:, place] for place in range(table.shape[1])))
    marks = np.full((len(heads), 1), FORMAT, dtype=np.uint8)
    flat = np.concatenate([marks, levels[heads]], axis=1).tobytes()
    width = levels.shape[1] + 1
    packed = [flat[place : place + width] for place in range(0, len(flat), width)]
    return pl.Series("levels", packed, dtype=pl.Binary).gather(codes)


def write_reviews(
    data: Encoded,
    nodes: Nodes,
    edges: Edges,
    partition: Partition,
    vetoes: Vetoes,
    pairs: Scorer,
    check: Callable[..., Ints],
) -> pl.DataFrame:
    """Return the cases for a person: pairs of clusters not joined, and published children that hold two."""
    size = len(nodes.first)
    across = np.flatnonzero(partition.root[edges.one] != partition.root[edges.two])
    one, two = partition.root[edges.one[across]], partition.root[edges.two[across]]
    pair = np.minimum(one, two).astype(np.int64) * size + np.maximum(one, two)
    _, found = np.unique(pair, return_index=True)
    places = across[np.sort(found)]
    one, two = partition.root[edges.one[places]], partition.root[edges.two[places]]
    barred = check(one, two, partition.following, *vetoes.arrays())
    kind = np.full(len(places), "", dtype=object)
    kind[(barred == FREE) | (barred == OTHER_CHILD)] = SAME_CHILD
    kind[barred == IDENTIFIERS] = CONFLICT
    told = kind != ""
    few = _few_each(one[told], two[told], size)
    places, kind = places[told][few], kind[told][few]
    number = data.record.longs()
    return _reviews_frame(
        {
            "record_a": number[nodes.first[edges.one[places]]],
            "record_b": number[nodes.first[edges.two[places]]],
            "weight": edges.weight[places],
            "levels": pack_rows(edges.levels(places, pairs)),
            "kind": kind.tolist(),
        }
    )


def write_pairs(data: Encoded, nodes: Nodes, edges: Edges, pairs: Scorer) -> pl.DataFrame:
    """Return the scored pairs, each node named by its first record."""
    number = data.record.longs()
    return pl.DataFrame(
        {
            "record_a": number[nodes.first[edges.one]],
            "record_b": number[nodes.first[edges.two]],
            "weight": edges.weight,
            "levels": pack_rows(edges.levels(np.arange(len(edges.one)), pairs)),
        },
        schema=PAIRS_SCHEMA,
    )


def _few_each(one: Ints, two: Ints, size: int) -> Bools:
    """Flag the heaviest MOST_CASES pairs of each cluster."""
    seen = np.zeros(size, dtype=np.int64)
    kept = np.zeros(len(one), dtype=np.bool_)
    for place, (a, b) in enumerate(zip(one.tolist(), two.tolist(), strict=True)):
        if seen[a] < MOST_CASES and seen[b] < MOST_CASES:
            kept[place] = True
            seen[a] += 1
            seen[b] += 1
    return kept


def write_doubts(
    data: Encoded, nodes: Nodes, edges: Edges, partition: Partition, records: Scorer
) -> pl.DataFrame:
    """Return published children whose nodes hang together by no edge, or whose identifiers conflict."""
    if data.child is None:
        return pl.DataFrame(schema=REVIEWS_SCHEMA)
    inside = (partition.root[edges.one] == partition.root[edges.two]) & ~edges.conflict
    island = islands(edges.one[inside], edges.two[inside], len(nodes.first))
    lone = np.flatnonzero((nodes.child >= 0) & (island == np.arange(len(island))))
    lone = lone[np.lexsort((lone, nodes.child[lone]))]
    again = np.flatnonzero(nodes.child[lone][1:] == nodes.child[lone][:-1]) + 1
    a, b = nodes.first[lone[again - 1]], nodes.first[lone[again]]
    scores, number = records(a, b), data.record.longs()
    return _reviews_frame(
        {
            "record_a": number[a],
            "record_b": number[b],
            "weight": scores.weight,
            "levels": pack_rows(scores.levels),
            "kind": [TWO_CHILDREN] * len(a),
        }
    )


def islands(one: Longs, two: Longs, size: int) -> Longs:
    """Return for each node the smallest node it can be reached from along the edges."""
    label = np.arange(size)
    while True:
        before = label.copy()
        low = np.minimum(label[one], label[two])
        np.minimum.at(label, one, low)
        np.minimum.at(label, two, low)
        label = label[label]
        if (label == before).all():
            return label


def _reviews_frame(columns: dict[str, object]) -> pl.DataFrame:
    frame = pl.DataFrame(columns, schema=REVIEWS_SCHEMA)
    return frame.sort(["weight", "record_a", "record_b"], descending=[True, False, False])
