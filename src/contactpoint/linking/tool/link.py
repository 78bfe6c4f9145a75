"""Records into clusters of one person each, with the evidence: for the command and for Python."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.people import PERSON_COLUMNS
from contactpoint.linking.engine.estimate import fit
from contactpoint.linking.engine.propose import propose
from contactpoint.linking.engine.results import Proposal
from contactpoint.linking.model.levels import Levels
from contactpoint.linking.model.normalise import profile_from
from contactpoint.linking.model.score import Decision, decide, score_profiles
from contactpoint.linking.model.weights import Model, default_model

ENOUGH_TO_LEARN: Final = 2_000
"""With more records than this a model is learnt from them; with fewer the default model says more."""

LEAST_POPULATION: Final = 10_000
"""Strangers allowed for however few the records: a common name and nothing else links no two rows."""

Tell = Callable[[str, float], None]
_DECISIONS: Final = {Decision.LINK: "same", Decision.REVIEW: "review", Decision.NEW: "different"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What linking found.

    `records`: the records with their `cluster`, numbered from 1, sorted by source and local id. `pairs` and
    `reviews`, heaviest first: `source_a`, `local_id_a`, `source_b`, `local_id_b`, `weight` (bits),
    `probability`, `levels`; pairs with a `decision` (same, review, different), reviews with a `kind`.
    `learnt` says whether the model was learnt from these records.
    """

    records: pl.DataFrame
    pairs: pl.DataFrame
    reviews: pl.DataFrame
    model: Model
    learnt: bool

    @property
    def clusters(self) -> pl.DataFrame:
        """Exactly `source`, `local_id`, `cluster`."""
        return self.records.select("source", "local_id", "cluster")


def link_records(
    records: pl.DataFrame,
    *,
    model: Model | None = None,
    unique_within: Collection[str] = (),
    progress: Tell | None = None,
) -> Linked:
    """Link and de-duplicate.

    Args:
        records: `source`, `local_id` and any of the person columns, all text; no two rows with one source and
            local id. The order of rows never matters.
        model: what to decide with; None learns from the records where there are more than ENOUGH_TO_LEARN.
        unique_within: the sources that list nobody twice.
        progress: told what is being done.

    Raises:
        InvalidInput: a column is missing, or `unique_within` names a source that is not there.
    """
    tell = progress or (lambda _what, _share: None)
    unknown = sorted(set(unique_within) - set(records["source"].unique().to_list()))
    if unknown:
        there = ", ".join(records["source"].unique().sort().to_list())
        raise InvalidInput(f"There is no source {unknown[0]!r} to be unique within. There are: {there}.")
    frame = _in_order_of_content(records)
    tell("learning", 0.0)
    chosen = model or model_for(frame, unique_within)
    alike = _alike(frame, chosen, unique_within)
    heads = frame.filter(pl.Series(alike == np.arange(len(alike))))
    proposal = propose(
        heads,
        chosen,
        unique=unique_within,
        pairs=True,
        progress=lambda what, share: tell(what, 0.3 + 0.7 * share),
    )
    return Linked(
        records=_clustered(frame, alike, proposal),
        pairs=_pairs(frame, alike, proposal, chosen),
        reviews=_named(proposal.reviews.select("record_a", "record_b", "weight", "levels", "kind"), frame),
        model=chosen,
        learnt=model is None and frame.height > ENOUGH_TO_LEARN,
    )


def model_for(frame: pl.DataFrame, unique_within: Collection[str]) -> Model:
    """Return the model for these records: learnt from them if there are enough, else the default one."""
    largest = int(frame["source"].value_counts()["count"].max() or 0)  # type: ignore[arg-type]
    population = max(LEAST_POPULATION, largest)
    if frame.height > ENOUGH_TO_LEARN:
        return fit(frame, default_model(), population=population, unique=unique_within)
    return default_model().for_population(population)


def _in_order_of_content(records: pl.DataFrame) -> pl.DataFrame:
    """Number the records by what they say, so that neither row order nor row numbers decide anything."""
    absent = [name for name in ("source", "local_id") if name not in records.columns]
    if absent:
        raise InvalidInput(f"The records lack the columns {', '.join(absent)}.")
    held = [name for name in PERSON_COLUMNS if name in records.columns]
    blank = [pl.lit(None, pl.String).alias(name) for name in PERSON_COLUMNS if name not in held]
    frame = records.select(
        pl.col("source", "local_id").cast(pl.String), *(pl.col(name).cast(pl.String) for name in held), *blank
    ).sort("source", *PERSON_COLUMNS, "local_id")
    return frame.rename({"local_id": "own_id"}).with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("record"),
        pl.int_range(pl.len(), dtype=pl.Int64).cast(pl.String).str.zfill(12).alias("local_id"),
    )


def _alike(
    frame: pl.DataFrame, model: Model, unique_within: Collection[str]
) -> "np.typing.NDArray[np.int64]":
    """Return for each record the first one that says exactly the same, if that much makes them one person.

    Only within sources that may list somebody twice. Thousands of copies of one row would otherwise be
    compared with each other.
    """
    first = frame.select(pl.col("record").first().over("source", *PERSON_COLUMNS)).to_series()
    own = frame["record"]
    copied = frame.filter((first != own) & ~pl.col("source").is_in(list(unique_within)))
    heads = first.gather(copied["record"]).unique().sort()
    certain = []
    for row in frame[heads].iter_rows(named=True):
        profile = profile_from(row)
        found = score_profiles(profile, profile, model)
        if decide(found.levels, found.weight, model) is Decision.LINK:
            certain.append(row["record"])
    head = np.array(own.to_list(), dtype=np.int64)
    rows = copied["record"].filter(first.gather(copied["record"]).is_in(certain)).to_numpy()
    head[rows] = first.to_numpy()[rows]
    return head


def _clustered(frame: pl.DataFrame, alike: "np.typing.NDArray[np.int64]", proposal: Proposal) -> pl.DataFrame:
    """Put every record into a cluster, numbered in the order of sources and local ids."""
    number = pl.DataFrame({"record": frame["record"], "head": alike}).join(
        proposal.links.select(pl.col("record").alias("head"), pl.col("cluster").alias("found")), on="head"
    )
    whole = (
        frame.join(number.select("record", "found"), on="record")
        .drop("local_id")
        .rename({"own_id": "local_id"})
    )
    digits = pl.col("local_id").str.contains(r"^[0-9]+$")
    padded = pl.when(digits).then(pl.col("local_id").str.zfill(20)).otherwise(pl.col("local_id"))
    whole = whole.sort("source", padded, "local_id").with_row_index("row")
    whole = whole.with_columns(pl.col("row").min().over("found").alias("place"))
    return whole.with_columns(pl.col("place").rank("dense").cast(pl.Int64).alias("cluster")).select(
        "source", "local_id", "cluster", *PERSON_COLUMNS
    )


def _pairs(
    frame: pl.DataFrame, alike: "np.typing.NDArray[np.int64]", proposal: Proposal, model: Model
) -> pl.DataFrame:
    """Return every scored pair, the links inside a group of like records, and the exact copies."""
    inside = proposal.links.filter(pl.col("partner").is_not_null()).select(
        pl.min_horizontal("record", "partner").alias("record_a"),
        pl.max_horizontal("record", "partner").alias("record_b"),
        "weight",
        "levels",
    )
    pairs = pl.concat([proposal.pairs, inside, _copies(frame, alike, model)])
    pairs = pairs.with_columns(
        pl.min_horizontal("record_a", "record_b").alias("record_a"),
        pl.max_horizontal("record_a", "record_b").alias("record_b"),
    ).unique(["record_a", "record_b"], keep="first", maintain_order=True)
    rows = pairs.select("levels", "weight").iter_rows()
    told = [_DECISIONS[decide(Levels.unpack(levels), weight, model)] for levels, weight in rows]
    return _named(pairs.with_columns(pl.Series("decision", told, dtype=pl.String)), frame)


def _copies(frame: pl.DataFrame, alike: "np.typing.NDArray[np.int64]", model: Model) -> pl.DataFrame:
    rows = np.flatnonzero(alike != np.arange(len(alike)))
    heads = alike[rows].tolist()
    scored = {}
    for row in frame[sorted(set(heads))].iter_rows(named=True):
        profile = profile_from(row)
        scored[row["record"]] = score_profiles(profile, profile, model)
    return pl.DataFrame(
        {
            "record_a": heads,
            "record_b": rows.tolist(),
            "weight": [scored[head].weight for head in heads],
            "levels": [scored[head].levels.pack() for head in heads],
        },
        schema={"record_a": pl.Int64, "record_b": pl.Int64, "weight": pl.Float64, "levels": pl.Binary},
    )


def _named(pairs: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Put sources and local ids in the place of record numbers, and add the probability."""
    for end in ("a", "b"):
        keys = frame.select(
            pl.col("record").alias(f"record_{end}"),
            pl.col("source").alias(f"source_{end}"),
            pl.col("own_id").alias(f"local_id_{end}"),
        )
        pairs = pairs.join(keys, on=f"record_{end}", how="left", maintain_order="left")
    bits = pl.col("weight").clip(-500, 500)
    names = ["source_a", "local_id_a", "source_b", "local_id_b"]
    rest = [name for name in pairs.columns if name not in {*names, "record_a", "record_b", "weight"}]
    return pairs.sort("weight", *names, descending=[True, *[False] * 4]).select(
        *names, "weight", (1 / (1 + pl.lit(2.0).pow(-bits))).alias("probability"), *rest
    )
