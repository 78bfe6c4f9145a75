"""Learn a model from records without labels: confirmed pairs, families inside one source, and chance.

Same child: pairs from two sources that share a verified NHS number or UPN, each counted by the chance the
present model gives it (a number may be a brother's). Where there are too few, the candidate pairs themselves,
counted by that chance, a few rounds (expectation-maximisation; Winkler, 1988). Twins and siblings: one last
name and home in one source, the same or another birth date. Strangers: pairs drawn evenly.
"""

from collections import Counter
from collections.abc import Callable, Collection
from typing import Final

import numpy as np
import polars as pl

from contactpoint.linking.engine.block import Pairing
from contactpoint.linking.engine.collapse import (
    collapse,
    dense,
    joined_codes,
    mixed,
    verified_nhs,
    verified_upn,
)
from contactpoint.linking.engine.context import Contexts
from contactpoint.linking.engine.encode import Encoded, encode
from contactpoint.linking.engine.loops import SMALL, Hashes, Ints, Longs
from contactpoint.linking.engine.posteriors import posteriors
from contactpoint.linking.engine.scalar import Bytes, Floats, Scorer, Scores, record_profiles, scalar_scorer
from contactpoint.linking.engine.table import Records, prepare
from contactpoint.linking.engine.texts import MISSING
from contactpoint.linking.model.estimate import Counts, count_rarity, reestimate, with_kin, with_rarity
from contactpoint.linking.model.levels import (
    BIRTH,
    COMPARISONS,
    FORENAME,
    HOME,
    NAMES,
    NHS,
    SURNAME,
    TWINS,
    UPN,
    Birth,
    Forename,
    Home,
)
from contactpoint.linking.model.weights import SAME, Model

MOST_PAIRS: Final = 1_000_000
ENOUGH: Final = 200
ROUNDS: Final = 3
FAMILIES: Final = 0.2
LEAST_SEEN: Final = 0.001
"""Siblings for one certain same, in pairs of one home, from which the stated shares hold; the least left."""

REACH: Final = 3


def fit(
    records: Records,
    model: Model,
    *,
    population: int | None = None,
    unique: Collection[str] | None = None,
) -> Model:
    """Return a new version of `model` learnt from `records` (columns as for `propose`).

    Args:
        records: what to learn from; no labels are needed.
        model: what to believe before looking.
        population: how many children the records speak of; by default as many as the largest source lists.
        unique: the sources that list nobody twice; all when None. Only these tell twins and siblings.

    Raises:
        InvalidInput: as `propose`.
    """
    data = encode(records, model, unique)
    frame = prepare(records) if data.size <= SMALL else None
    sources = records.lazy().group_by("source").len().collect()
    largest = int(sources["len"].max() or 1)  # type: ignore[arg-type]
    rarity = count_rarity(_name_counts(data), model.rarity)
    lists = f"{sources['len'].sum():,} records of {sources.height:,} source{'s' * (sources.height > 1)}"
    model = with_rarity(model, rarity, population or largest, lists)
    counts = {
        "twin": _count(data, frame, model, _kin(data, twins=True), (SURNAME, BIRTH, HOME, NHS, UPN, TWINS)),
        "sibling": _count(
            data, frame, model, _kin(data, twins=False), (SURNAME, BIRTH, HOME, NHS, UPN, TWINS)
        ),
        "stranger": _count(data, frame, model, _chance(data), (NHS, UPN, TWINS)),
    }
    by_nhs, by_upn = (_confirmed(data, find(data, data.columns)) for find in (verified_nhs, verified_upn))
    if len(by_nhs) + len(by_upn) >= ENOUGH:
        same = _sum(
            _count(data, frame, model, by_nhs, (NHS, TWINS), weighted=True),
            _count(data, frame, model, by_upn, (UPN, TWINS), weighted=True),
        )
        return reestimate(model, {**counts, "same": same})
    model = reestimate(model, counts)
    return _by_expectation(data, frame, model)


def _by_expectation(data: Encoded, frame: pl.DataFrame | None, model: Model) -> Model:
    """Learn from candidate pairs, each counted by its chance; their levels are the same in every round."""
    if data.listing < len(np.unique(data.source)):
        seen = _families_seen(_levels(data, frame, model, _households(data)))
    else:
        seen = _families_listed(data, model)
    model = with_kin(model, model.twin * seen, model.sibling * seen)
    levels = _levels(data, frame, model, _blocked(data))
    for _ in range(ROUNDS):
        share = posteriors(levels, model)[:, SAME]
        counts = _tally(levels, share, (BIRTH, TWINS))
        model = reestimate(model, {"same": {**counts, **_births(levels, share)}})
    return model


def _births(levels: Bytes, share: Floats) -> Counts:
    """Count birth dates among pairs of one home: elsewhere a namesake would pass for a wrong birth date."""
    at_home = levels[:, HOME] == Home.SAME
    return {NAMES[BIRTH]: _tally(levels[at_home], share[at_home], ())[NAMES[BIRTH]]}


def _levels(data: Encoded, frame: pl.DataFrame | None, model: Model, pairs: Longs) -> Bytes:
    return _scorer(frame, data, model)(pairs[:, 0], pairs[:, 1]).levels


def _families_seen(levels: Bytes) -> float:
    """Return how far to believe in twins and siblings, 0..1, from pairs of one last name and home.

    Where brothers and sisters are listed, many such pairs have another forename and birth date. Where hardly
    any have (a register of adults, a test deck), another forename is a mistake sooner than a twin.
    """
    forename, birth = levels[:, FORENAME], levels[:, BIRTH]
    same = int(((forename == Forename.EXACT) & (birth == Birth.EXACT)).sum())
    kin = int(((forename == Forename.DIFFERENT) & (birth >= Birth.DAY_MONTH)).sum())
    return max(LEAST_SEEN, min(1.0, kin / same / FAMILIES)) if same >= ENOUGH else 1.0


def _families_listed(data: Encoded, model: Model) -> float:
    """Return the same from what each source lists itself, where it is known to list nobody twice.

    Two of one source and one home are then two people, so their number tells what there is of kin.
    """
    listed = len(_housed(data))
    kin = sum(len(_kin(data, twins=twins)) for twins in (True, False))
    stated = (model.twin + model.sibling) * FAMILIES
    return max(LEAST_SEEN, min(1.0, 2 * kin / listed / stated)) if listed >= ENOUGH else 1.0


def _name_counts(data: Encoded) -> dict[tuple[str, str], int]:
    """Count children by name: a forename, last name and birth date together are taken for one child."""
    texts = [*data.vocabulary.joined_texts, ""]
    table = np.stack(
        [
            joined_codes(data, data.columns.forename),
            joined_codes(data, data.columns.surname),
            data.columns.birth,
        ],
        axis=1,
    )
    children = np.unique(table, axis=0)[:, :2]
    pairs, numbers = np.unique(children, axis=0, return_counts=True)
    return {
        (texts[forename], texts[surname]): number
        for (forename, surname), number in zip(pairs.tolist(), numbers.tolist(), strict=True)
    }


def _confirmed(data: Encoded, identifier: Ints) -> Longs:
    """Pairs of rows from two sources whose valid identifier is the same."""
    rows = np.flatnonzero(identifier >= 0)
    return _neighbours(data, rows, identifier[rows], one_source=False)


def _housed(data: Encoded) -> Longs:
    """Rows with a last name, home and birth date, of sources that list nobody twice."""
    columns = data.columns
    held = (data.source < data.listing) & (joined_codes(data, columns.surname) >= 0) & (columns.postcode >= 0)
    return np.flatnonzero(held & (columns.house >= 0) & (columns.birth % 100 > 0))


def _kin(data: Encoded, *, twins: bool) -> Longs:
    """Pairs of rows of one source with one last name and home, born on the same day or not."""
    columns, rows = data.columns, _housed(data)
    surname = joined_codes(data, columns.surname)
    keys = (data.source, surname, columns.postcode, columns.house)
    family = dense(*(lambda key=key: key[rows] for key in keys))[0]
    pairs = _neighbours(data, rows, family, one_source=True)
    wanted = (columns.birth[pairs[:, 0]] == columns.birth[pairs[:, 1]]) == twins
    chosen: Longs = pairs[wanted]
    return chosen


def _neighbours(data: Encoded, rows: Longs, key: Ints | Longs, *, one_source: bool) -> Longs:
    """Pairs of rows with equal keys, at most REACH apart among them, of one source or of two."""
    order = np.argsort(key, kind="stable")
    rows, key = rows[order], key[order]
    found = [np.empty((0, 2), dtype=np.int64)]
    for step in range(1, REACH + 1):
        equal = key[step:] == key[:-step]
        one, two = rows[:-step][equal], rows[step:][equal]
        wanted = (data.source[one] == data.source[two]) == one_source
        wanted &= data.local_id[one] != data.local_id[two]
        found.append(np.stack([one[wanted], two[wanted]], axis=1))
    pairs = np.concatenate(found)
    # The order of the keys is that of the rows as they came; that of the pairs must not be.
    return _thin(pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))])


def _chance(data: Encoded) -> Longs:
    """Pairs of rows an uneven step apart: as good as drawn, and the same on every run."""
    size = data.size
    one = np.arange(size)
    two = (one * 7919 + size // 2 + 1) % max(1, size)
    return _thin(np.stack([one, two], axis=1)[one != two])


def _blocked(data: Encoded) -> Longs:
    """Candidate pairs of rows from two sources: all if there are few enough, else an even share of them.

    They are never all there at once: each has a number that looks drawn, and those with the least are kept.
    """
    nodes = collapse(data, np.ones(data.size, dtype=np.bool_), rows=False)
    source, pairing = data.source, Pairing(data, nodes)
    kept, drawn = np.empty((0, 2), dtype=np.int32), np.empty(0, dtype=np.uint64)
    for blocks in pairing:
        for begin, end in zip(blocks.tasks, blocks.tasks[1:], strict=False):
            one, two = (nodes.first[ends] for ends in pairing.pairs(blocks, begin, end))
            across = source[one] != source[two]
            pairs = np.sort(np.stack([one[across], two[across]], axis=1), axis=1)
            kept = np.concatenate([kept, pairs])
            drawn = np.concatenate([drawn, mixed([_column(pairs, 0), _column(pairs, 1)], 0)])
            if len(kept) > 2 * MOST_PAIRS:
                kept, drawn = _least(kept, drawn)
    return _least(kept, drawn)[0].astype(np.int64)


def _column(pairs: Ints, place: int) -> Callable[[], Ints]:
    return lambda: pairs[:, place]


def _least(pairs: Ints, drawn: Hashes) -> tuple[Ints, Hashes]:
    """Return the MOST_PAIRS pairs with the least numbers, each once."""
    drawn, places = np.unique(drawn, return_index=True)
    return pairs[places[:MOST_PAIRS]], drawn[:MOST_PAIRS]


def _households(data: Encoded) -> Longs:
    """Pairs of rows with one last name and home, whoever lists them."""
    columns = data.columns
    surname = joined_codes(data, columns.surname)
    rows = np.flatnonzero((surname >= 0) & (columns.postcode >= 0) & (columns.house >= 0))
    keys = [part[rows] for part in (surname, columns.postcode, columns.house)]
    return _neighbours(data, rows, dense(*(lambda key=key: key for key in keys))[0], one_source=False)


def _thin(pairs: Longs) -> Longs:
    """Keep at most MOST_PAIRS, evenly."""
    return pairs[:: max(1, -(-len(pairs) // MOST_PAIRS))]


def _scorer(frame: pl.DataFrame | None, data: Encoded, model: Model) -> Scorer:
    if frame is not None:
        blank = np.zeros(data.size, dtype=np.int32)
        return scalar_scorer(record_profiles(frame), Contexts(context=blank, twin=blank + MISSING), model)
    from contactpoint.linking.engine.compiled import record_kernel, word_arrays  # numba takes a second

    return record_kernel(data, word_arrays(data.vocabulary), model).score_places


def _count(
    data: Encoded,
    frame: pl.DataFrame | None,
    model: Model,
    pairs: Longs,
    without: tuple[int, ...],
    *,
    weighted: bool = False,
) -> Counts:
    """Count the levels of the pairs, each pair once or by its chance of being one child."""
    scores: Scores = _scorer(frame, data, model)(pairs[:, 0], pairs[:, 1])
    share: Floats = 1 / (1 + np.exp2(-np.clip(scores.weight, -60, 60))) if weighted else np.ones(len(pairs))
    return _tally(scores.levels, share, without)


def _tally(levels: Bytes, share: Floats, without: tuple[int, ...]) -> Counts:
    return {
        NAMES[place]: dict(enumerate(np.bincount(levels[:, place], weights=share).tolist()))
        for place in range(len(COMPARISONS))
        if place not in without
    }


def _sum(one: Counts, two: Counts) -> Counts:
    found = {}
    for name in {**one, **two}:
        total: Counter[int] = Counter()
        for counts in (one, two):
            for level, count in counts.get(name, {}).items():
                total[level] += count  # type: ignore[assignment]
        found[name] = dict(total)
    return found
