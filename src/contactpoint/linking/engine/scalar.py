"""Candidate pairs scored one by one by the scalar reference: for small inputs, and the tests' oracle."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from contactpoint.domain.people import PERSON_COLUMNS
from contactpoint.linking.engine.block import Pairing
from contactpoint.linking.engine.collapse import Nodes
from contactpoint.linking.engine.context import Contexts, ForenameLevels
from contactpoint.linking.engine.loops import Ints, Longs
from contactpoint.linking.model.compare import compare_forenames
from contactpoint.linking.model.levels import COMPARISONS
from contactpoint.linking.model.normalise import Profile, as_name, profile_from
from contactpoint.linking.model.score import score_profiles
from contactpoint.linking.model.weights import Model

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Weights in bits of pairs, and their levels: a row a pair, the bytes of Levels.pack after the first."""

    weight: Floats
    levels: Bytes


Scorer = Callable[[Ints | Longs, Ints | Longs], Scores]
LEVEL_BYTES: Final = len(COMPARISONS) + 3

DIGITS: Final = 9
"""Weights are rounded to so many: the last digits depend on the order of additions, and ties must not."""


def node_profiles(frame: pl.DataFrame, nodes: Nodes) -> list[Profile]:
    """Return the profile of each node, each field from the record that `collapse` took it from."""
    texts = {name: frame[name].to_list() for name in PERSON_COLUMNS}
    row = {name: nodes.row.get(name, nodes.first).tolist() for name in PERSON_COLUMNS}
    row["other_identifiers"] = nodes.row["other"].tolist()
    row["multiple_birth"] = nodes.row["multiple"].tolist()
    row["date_of_death"] = nodes.row["death"].tolist()
    return [
        profile_from({name: texts[name][row[name][node]] for name in PERSON_COLUMNS})
        for node in range(len(nodes.first))
    ]


def record_profiles(frame: pl.DataFrame) -> list[Profile]:
    """Return the profile of each record."""
    return [profile_from(row) for row in frame.select(PERSON_COLUMNS).iter_rows(named=True)]


def scalar_scorer(profiles: list[Profile], contexts: Contexts, model: Model) -> Scorer:
    """Return a function that scores pairs of places in `profiles`."""

    def score(one: Ints | Longs, two: Ints | Longs) -> Scores:
        weight = np.empty(len(one), dtype=np.float64)
        levels = np.empty((len(one), LEVEL_BYTES), dtype=np.uint8)
        for place, (a, b) in enumerate(zip(one.tolist(), two.tolist(), strict=True)):
            found = score_profiles(profiles[a], profiles[b], model, contexts.of_pair(a, b))
            weight[place] = found.weight
            levels[place] = np.frombuffer(found.levels.pack()[1:], dtype=np.uint8)
        return Scores(weight=weight, levels=levels)

    return score


def scalar_edges(score: Scorer, pairing: Pairing, least: float) -> tuple[Ints, Ints, Floats]:
    """Score every candidate pair; return those that reach `least`, in no order."""
    found = [pairing.pairs(blocks, 0, len(blocks.nodes)) for blocks in pairing]
    one, two = (np.concatenate(ends) for ends in zip(*found, strict=True))
    weight = np.round(score(one, two).weight, DIGITS)
    kept = np.flatnonzero(weight >= least)
    return one[kept], two[kept], weight[kept]


def scalar_forename_levels(frame: pl.DataFrame) -> ForenameLevels:
    """Return a function that compares the forenames of pairs of rows of prepared records."""
    texts = frame["forename"].to_list()

    def levels(one: Ints | Longs, two: Ints | Longs) -> Ints:
        pairs = zip(one.tolist(), two.tolist(), strict=True)
        return np.array(
            [compare_forenames(as_name(texts[a]), as_name(texts[b])) for a, b in pairs], dtype=np.int32
        )

    return levels
