"""Which records are about one child: links to make, and pairs for a person to look at."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from contactpoint.domain.errors import InvalidInput
from contactpoint.linking.engine.block import Pairing
from contactpoint.linking.engine.cluster import Vetoes, barriers, cluster
from contactpoint.linking.engine.collapse import Nodes, collapse, verified_nhs, verified_upn
from contactpoint.linking.engine.context import twin_context
from contactpoint.linking.engine.decide import decide_edges, order_edges
from contactpoint.linking.engine.encode import Encoded, encode
from contactpoint.linking.engine.loops import SMALL, Bools, Ints, Longs
from contactpoint.linking.engine.results import (
    Proposal,
    write_doubts,
    write_links,
    write_pairs,
    write_reviews,
)
from contactpoint.linking.engine.scalar import (
    Floats,
    Scorer,
    node_profiles,
    record_profiles,
    scalar_edges,
    scalar_forename_levels,
    scalar_scorer,
)
from contactpoint.linking.engine.table import Records, prepare
from contactpoint.linking.model.weights import Model

Progress = Callable[[str, float], None]
"""Told the name of a step and the share of the work done, 0..1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """How pairs are scored and edges joined: by the scalar reference or by compiled code."""

    nodes: Scorer
    records: Scorer
    edges: Callable[[Pairing, Callable[[float], None]], tuple[Ints, Ints, Floats]]
    join: Callable[..., Ints]
    check: Callable[..., Ints]


def propose(
    records: Records,
    model: Model,
    *,
    apart: pl.DataFrame | None = None,
    unique: Collection[str] | None = None,
    pairs: bool = False,
    progress: Progress | None = None,
    compiled: bool | None = None,
) -> Proposal:
    """Propose which records are about one child.

    Args:
        records: `record` (unique number), `source`, `local_id`, `child` (null when not yet linked) and any of
            the person columns; what is missing is neutral. The order of rows never matters. A lazy frame
            (scan_parquet) is read a column at a time, which takes least memory.
        model: the version to decide with.
        apart: record numbers `a`, `b` that a person said are two children, or that are a sealed pair.
        unique: the sources that list nobody twice; all when None. In any other one records may be one person.
        pairs: whether to return every scored pair as well.
        progress: told what is being done.
        compiled: whether to use compiled code; chosen by size when None. The answer is the same.

    Raises:
        InvalidInput: a needed column is missing, or a record number is null or given twice.
    """
    tell = progress or _silent
    tell("reading", 0.0)
    data = encode(records, model, unique)
    rows = _apart_rows(data, apart)
    tell("collapsing", 0.2)
    nodes = collapse(data, _flag(len(data.record), rows))
    tell("pairing", 0.3)
    large = len(data.record) > SMALL if compiled is None else compiled
    if large:
        nodes = replace(nodes, row={})  # only the scalar reference looks at it
    engine = _engine(None if large else prepare(records), data, nodes, model)
    tell("scoring", 0.4)
    vetoes = _vetoes(data, nodes, np.unique(nodes.of[rows], axis=0) if len(rows) else rows)
    found = engine.edges(Pairing(data, nodes), lambda share: tell("scoring", 0.4 + 0.45 * share))
    tell("joining", 0.85)
    edges = order_edges(*found, vetoes)
    partition = decide_edges(edges, vetoes, model.thresholds, engine.join)
    tell("writing", 0.9)
    reviews = write_reviews(data, nodes, edges, partition, vetoes, engine.nodes, engine.check)
    doubts = write_doubts(data, nodes, edges, partition, engine.records)
    return Proposal(
        links=write_links(data, nodes, edges, partition, engine.nodes, engine.records),
        reviews=pl.concat([reviews, doubts]),
        pairs=write_pairs(data, nodes, edges if pairs else edges.head(0), engine.nodes),
    )


def _silent(step: str, share: float) -> None:
    """Tell nobody."""
    del step, share


def _engine(frame: pl.DataFrame | None, data: Encoded, nodes: Nodes, model: Model) -> Engine:
    """Return the scalar engine over the prepared records, or the compiled one if there are none."""
    least = least_kept(model)
    if frame is None:
        from contactpoint.linking.engine.compiled import (  # numba takes a second
            Kernel,
            compiled_barriers,
            compiled_cluster,
            compiled_forename_levels,
            compiled_scorer,
        )

        contexts = twin_context(data, nodes, compiled_forename_levels(data))
        kernel = Kernel(data, nodes.columns, contexts, model, least)
        return Engine(
            nodes=kernel.score_places,
            records=compiled_scorer(data, data.columns, contexts.take(nodes.of), model, -np.inf),
            edges=kernel.edges,
            join=compiled_cluster,
            check=compiled_barriers,
        )
    contexts = twin_context(data, nodes, scalar_forename_levels(frame))
    score = scalar_scorer(node_profiles(frame, nodes), contexts, model)
    return Engine(
        nodes=score,
        records=scalar_scorer(record_profiles(frame), contexts.take(nodes.of), model),
        edges=lambda pairing, _tell: scalar_edges(score, pairing, least),
        join=cluster,
        check=barriers,
    )


def least_kept(model: Model) -> float:
    """Return the weight from which a pair matters to anybody."""
    return min(model.thresholds.review, model.thresholds.link)


def _apart_rows(data: Encoded, apart: pl.DataFrame | None) -> Longs:
    """Return the rows of the pairs in `apart`; pairs with a record that is not here are left out."""
    if apart is None or apart.is_empty():
        return np.empty((0, 2), dtype=np.int64)
    if not {"a", "b"} <= set(apart.columns):
        raise InvalidInput("The pairs to keep apart need the columns a and b.")
    order = np.argsort(data.record)
    ordered = data.record[order]
    given = apart.select(pl.col("a", "b").cast(pl.Int64)).drop_nulls().to_numpy()
    places = np.minimum(np.searchsorted(ordered, given), len(ordered) - 1)
    known = (ordered[places] == given).all(axis=1)
    rows: Longs = order[places[known]].astype(np.int64)
    return rows


def _flag(size: int, rows: Longs) -> Bools:
    flags = np.zeros(size, dtype=np.bool_)
    flags[rows.ravel()] = True
    return flags


def _vetoes(data: Encoded, nodes: Nodes, apart: Longs) -> Vetoes:
    size = len(nodes.first)
    order = np.argsort(nodes.of, kind="stable")
    low, high = apart.min(axis=1, initial=size), apart.max(axis=1, initial=0)
    return Vetoes(
        nhs=verified_nhs(data, nodes.columns),
        upn=verified_upn(data, nodes.columns),
        child=nodes.child,
        start=np.append(0, np.cumsum(np.bincount(nodes.of, minlength=size))),
        source=data.source[order],
        local=data.local_id[order],
        apart=np.unique(low * size + high),
        flagged=_flag(size, apart),
    )
