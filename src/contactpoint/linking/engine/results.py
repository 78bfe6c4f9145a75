"""The proposal as data frames: a row a record, and a row a case for a person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from contactpoint.linking.engine.cluster import FREE, IDENTIFIERS, OTHER_CHILD, Vetoes
from contactpoint.linking.engine.collapse import Nodes, dense
from contactpoint.linking.engine.decide import Edges, Partition
from contactpoint.linking.engine.encode import Encoded
from contactpoint.linking.engine.loops import Bools, Ints, Longs
from contactpoint.linking.engine.scalar import LEVEL_BYTES, Bytes, Floats, Scorer
from contactpoint.linking.engine.texts import MISSING
from contactpoint.linking.model.levels import FORMAT

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


def write_links(
    data: Encoded, nodes: Nodes, edges: Edges, partition: Partition, pairs: Scorer, records: Scorer
) -> pl.DataFrame:
    """Return the links of a partition: each record's own best evidence for where it is."""
    every = np.arange(len(data.record))
    anchor = _anchors(data, nodes)[nodes.of]
    cluster, childless = _clusters(nodes, partition)
    head = (every == anchor) & (nodes.of == partition.root[nodes.of]) & childless[partition.root[nodes.of]]
    settled = head | (data.child >= 0)
    partner = np.full(len(every), MISSING, dtype=np.int64)
    weight = np.zeros(len(every), dtype=np.float64)
    levels = np.zeros((len(every), LEVEL_BYTES), dtype=np.uint8)
    across = np.flatnonzero(~settled & (every == anchor))
    best = _best_edges(edges, partition, len(nodes.first))[nodes.of[across]]
    other = np.where(edges.one[best] == nodes.of[across], edges.two[best], edges.one[best])
    partner[across] = _anchors(data, nodes)[other]
    weight[across], levels[across] = edges.weight[best], pairs(edges.one[best], edges.two[best]).levels
    within = np.flatnonzero(~settled & (every != anchor))
    partner[within] = anchor[within]
    scores = records(within, partner[within])
    weight[within], levels[within] = scores.weight, scores.levels
    kinds = np.where(data.child >= 0, 0, np.where(head, 1, 2))
    decision = pl.Series(["kept", "new", "linked"]).gather(kinds)
    return _links_frame(data, cluster[nodes.of], decision, partner, weight, levels)


def _anchors(data: Encoded, nodes: Nodes) -> Longs:
    """For each node the record that the others in it are linked to: one already published, else the first."""
    anchor = np.full(len(nodes.first), len(nodes.of), dtype=np.int64)
    kept = np.flatnonzero(data.child >= 0)
    np.minimum.at(anchor, nodes.of[kept], kept)
    return np.where(anchor < len(nodes.of), anchor, nodes.first)


def _clusters(nodes: Nodes, partition: Partition) -> tuple[Longs, Bools]:
    """Return the cluster number of each node, and for each root whether its cluster is a new child."""
    size = len(nodes.first)
    child = np.full(size, MISSING, dtype=np.int64)
    np.maximum.at(child, partition.root, nodes.child)
    fresh = (partition.root == np.arange(size)) & (child < 0)
    number = np.where(child >= 0, child, -np.cumsum(fresh))
    return number[partition.root], child < 0


def _best_edges(edges: Edges, partition: Partition, size: int) -> Longs:
    """For each node its heaviest used edge inside its cluster; the edges come heaviest first."""
    best = np.full(size, len(edges.one), dtype=np.int64)
    inside = np.flatnonzero(
        (partition.outcome != 0) & (partition.root[edges.one] == partition.root[edges.two])
    )
    for ends in (edges.one, edges.two):
        np.minimum.at(best, ends[inside], inside)
    return best


def _links_frame(
    data: Encoded,
    cluster: Longs,
    decision: pl.Series,
    partner: Longs,
    weight: Floats,
    levels: Bytes,
) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "record": data.record,
            "cluster": cluster,
            "decision": decision,
            "partner": np.where(partner >= 0, data.record[partner], MISSING),
            "weight": weight,
            "levels": pack_rows(levels),
            "linked": partner >= 0,
        },
        schema_overrides=LINKS_SCHEMA,
    )
    told = [pl.when("linked").then(pl.col(name)).alias(name) for name in ("partner", "weight", "levels")]
    return frame.with_columns(told).select(list(LINKS_SCHEMA)).sort("record")


def pack_rows(levels: Bytes) -> pl.Series:
    """Return each row of levels as Levels.pack would. Far fewer differ than there are."""
    words = np.zeros((len(levels), 24), dtype=np.uint8)
    words[:, : levels.shape[1]] = levels
    code, _ = dense(*words.view(np.int64).T)
    heads = np.full(int(code.max(initial=-1)) + 1, len(code), dtype=np.int64)
    heads[code[::-1]] = np.arange(len(code))[::-1]
    marks = np.full((len(heads), 1), FORMAT, dtype=np.uint8)
    flat = np.concatenate([marks, levels[heads]], axis=1).tobytes()
    width = levels.shape[1] + 1
    packed = [flat[place : place + width] for place in range(0, len(flat), width)]
    return pl.Series("levels", packed, dtype=pl.Binary).gather(code)


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
    one, two = partition.root[edges.one], partition.root[edges.two]
    pair = np.minimum(one, two).astype(np.int64) * size + np.maximum(one, two)
    pair[one == two] = MISSING
    _, places = np.unique(pair, return_index=True)
    places = np.sort(places[pair[places] >= 0])
    barred = check(one[places], two[places], partition.following, *vetoes.arrays())
    kind = np.full(len(places), "", dtype=object)
    kind[(barred == FREE) | (barred == OTHER_CHILD)] = SAME_CHILD
    kind[barred == IDENTIFIERS] = CONFLICT
    places, kind = places[kind != ""], kind[kind != ""]
    few = _few_each(one[places], two[places], size)
    places, kind = places[few], kind[few]
    return _reviews_frame(
        {
            "record_a": data.record[nodes.first[edges.one[places]]],
            "record_b": data.record[nodes.first[edges.two[places]]],
            "weight": edges.weight[places],
            "levels": pack_rows(pairs(edges.one[places], edges.two[places]).levels),
            "kind": kind.tolist(),
        }
    )


def write_pairs(data: Encoded, nodes: Nodes, edges: Edges, pairs: Scorer) -> pl.DataFrame:
    """Return the scored pairs, each node named by its first record."""
    return pl.DataFrame(
        {
            "record_a": data.record[nodes.first[edges.one]],
            "record_b": data.record[nodes.first[edges.two]],
            "weight": edges.weight,
            "levels": pack_rows(pairs(edges.one, edges.two).levels),
        },
        schema=PAIRS_SCHEMA,
    )


def _few_each(one: Longs, two: Longs, size: int) -> Bools:
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
    inside = (partition.root[edges.one] == partition.root[edges.two]) & ~edges.conflict
    island = islands(edges.one[inside], edges.two[inside], len(nodes.first))
    lone = np.flatnonzero((nodes.child >= 0) & (island == np.arange(len(island))))
    lone = lone[np.lexsort((lone, nodes.child[lone]))]
    again = np.flatnonzero(nodes.child[lone][1:] == nodes.child[lone][:-1]) + 1
    a, b = nodes.first[lone[again - 1]], nodes.first[lone[again]]
    scores = records(a, b)
    return _reviews_frame(
        {
            "record_a": data.record[a],
            "record_b": data.record[b],
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
