"""Which records are about one child: links to make, and pairs for a person to look at."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from contactpoint.domain.errors import InvalidInput
from contactpoint.linking.engine.block import Pairing
from contactpoint.linking.engine.cluster import Vetoes, barriers, cluster
from contactpoint.linking.engine.collapse import Nodes, collapse, verified_nhs, verified_upn
from contactpoint.linking.engine.context import twin_context
from contactpoint.linking.engine.decide import Outcomes, decide_edges, order_edges
from contactpoint.linking.engine.encode import Encoded, encode
from contactpoint.linking.engine.leftover import BELOW, with_left_over
from contactpoint.linking.engine.loops import SMALL, Bools, Ints, Longs, fast, group_rows
from contactpoint.linking.engine.results import (
    Links,
    Proposal,
    write_doubts,
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
    join: Callable[..., Outcomes]
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
    found = _Found(records, model, apart, unique, progress or _silent, compiled=compiled)
    return Proposal(
        links=pl.concat(found.links().each(lambda _place, links: links)),
        reviews=found.reviews,
        pairs=write_pairs(
            found.data, found.nodes, found.edges if pairs else found.edges.head(0), found.engine.nodes
        ),
    )


def propose_into(
    folder: Path,
    records: Records,
    model: Model,
    *,
    apart: pl.DataFrame | None = None,
    unique: Collection[str] | None = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Write the links that `propose` returns into Parquet files in `folder`; return the reviews.

    For a country: there is never a frame of all links. Read in the order of their names, the files hold the
    links in ascending order of record.
    """
    found = _Found(records, model, apart, unique, progress or _silent, compiled=None)

    def write(place: int, links: pl.DataFrame) -> None:
        links.write_parquet(folder / f"links-{place:05}.parquet")

    found.links().each(write)
    return found.reviews


class _Found:
    """What linking found, before the links are written down."""

    def __init__(
        self,
        records: Records,
        model: Model,
        apart: pl.DataFrame | None,
        unique: Collection[str] | None,
        tell: Progress,
        *,
        compiled: bool | None,
    ) -> None:
        """Read, collapse, pair, score, join; what a step no longer needs goes before the next."""
        tell("reading", 0.0)
        self.data = data = encode(records, model, unique)
        rows = _apart_rows(data, apart)
        tell("collapsing", 0.2)
        large = data.size > SMALL if compiled is None else compiled
        # Only the scalar reference looks at the rows that the fields of a node are from.
        self.nodes = nodes = collapse(data, _flag(data.size, rows), rows=not large)
        tell("pairing", 0.3)
        self.engine = engine = _engine(None if large else prepare(records), data, nodes, model)
        tell("scoring", 0.4)
        found = engine.edges(Pairing(data, nodes), lambda share: tell("scoring", 0.4 + 0.45 * share))
        tell("joining", 0.85)
        vetoes = _vetoes(data, nodes, np.unique(nodes.of[rows], axis=0) if len(rows) else rows)
        edges = order_edges(found, vetoes)
        del found
        first = decide_edges(edges, vetoes, model.thresholds, engine.join)
        self.edges = edges = with_left_over(data, nodes, edges, first, model, engine.nodes)
        self.partition = partition = decide_edges(edges, vetoes, model.thresholds, engine.join)
        tell("writing", 0.9)
        reviews = write_reviews(data, nodes, edges, partition, vetoes, engine.nodes, engine.check)
        doubts = write_doubts(data, nodes, edges, partition, engine.records)
        self.reviews = pl.concat([reviews, doubts])

    def links(self) -> Links:
        """The links, many at a time."""
        return Links(
            self.data, self.nodes, self.edges, self.partition, self.engine.nodes, self.engine.records
        )


def _silent(step: str, share: float) -> None:
    """Tell nobody."""
    del step, share


def _engine(frame: pl.DataFrame | None, data: Encoded, nodes: Nodes, model: Model) -> Engine:
    """Return the scalar engine over the prepared records, or the compiled one if there are none."""
    least = least_kept(model)
    if frame is None:
        from contactpoint.linking.engine.compiled import (  # numba takes a second
            compiled_barriers,
            compiled_cluster,
            compiled_forename_levels,
            node_kernel,
            record_kernel,
            word_arrays,
        )

        words = word_arrays(data.vocabulary)
        contexts = twin_context(data, nodes, compiled_forename_levels(data, words))
        kernel = node_kernel(data, nodes, words, contexts, model, least)
        return Engine(
            nodes=kernel.score_places,
            records=record_kernel(data, words, model, nodes.of, contexts).score_places,
            edges=lambda pairing, tell: kernel.edges(nodes.table, pairing, tell),
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
    """Return the weight from which a pair may come to matter to anybody."""
    return min(model.thresholds.review, model.thresholds.link) - BELOW


def _apart_rows(data: Encoded, apart: pl.DataFrame | None) -> Longs:
    """Return the rows of the pairs in `apart`; pairs with a record that is not here are left out."""
    if apart is None or apart.is_empty():
        return np.empty((0, 2), dtype=np.int64)
    if not {"a", "b"} <= set(apart.columns):
        raise InvalidInput("The pairs to keep apart need the columns a and b.")
    given = apart.select(pl.col("a", "b").cast(pl.Int64)).drop_nulls().to_numpy()
    numbers = data.record.longs()
    # Few of a country's records are named, so only those are put in order.
    named = np.flatnonzero(np.isin(numbers, given))
    named = named[np.argsort(numbers[named])]
    given = given[np.isin(given, numbers[named]).all(axis=1)]
    rows: Longs = named[np.searchsorted(numbers[named], given)].astype(np.int64)
    return rows


def _flag(size: int, rows: Longs) -> Bools:
    flags = np.zeros(size, dtype=np.bool_)
    flags[rows.ravel()] = True
    return flags


def _vetoes(data: Encoded, nodes: Nodes, apart: Longs) -> Vetoes:
    size = len(nodes.first)
    start = np.zeros(size + 1, dtype=np.int32)
    np.cumsum(np.bincount(nodes.of, minlength=size), out=start[1:])
    order = np.empty(data.size, dtype=np.int32)
    fast(group_rows, data.size)(nodes.of, start[:-1].copy(), order)
    low, high = apart.min(axis=1, initial=size), apart.max(axis=1, initial=0)
    return Vetoes(
        nhs=verified_nhs(data, nodes.columns),
        upn=verified_upn(data, nodes.columns),
        child=nodes.child,
        start=start,
        source=data.source[order],
        local=data.local_id[order],
        apart=np.unique(low.astype(np.int64) * size + high),
        flagged=_flag(size, apart),
    )
