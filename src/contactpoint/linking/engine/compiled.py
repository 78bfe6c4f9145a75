"""The large engine: the kernel and the union-find compiled by numba, over slices on every core."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numba
import numpy as np
from numba.extending import register_jitable

from contactpoint.linking.engine import cluster as plain
from contactpoint.linking.engine.context import Contexts
from contactpoint.linking.engine.encode import Columns, Encoded
from contactpoint.linking.engine.kernel import score_pairs
from contactpoint.linking.engine.kernel_fields import Rows, Tables
from contactpoint.linking.engine.kernel_names import Words
from contactpoint.linking.engine.scalar import LEVEL_BYTES, Bytes, Floats, Scorer, Scores
from contactpoint.linking.engine.vocabulary import Ints, Longs, Vocabulary
from contactpoint.linking.model.levels import CARER, COMPARISONS, FORENAME, MIDDLE, SURNAME
from contactpoint.linking.model.score import RARE_FORENAMES, RARE_SURNAMES
from contactpoint.linking.model.weights import ALTERNATIVES, SAME, STRANGER, Model

SLICE: Final = 250_000
"""Pairs a task: small enough that memory stays small and both cores stay busy."""


for _function in (plain.find, plain.forbidden, plain.barrier):
    register_jitable(_function)
compiled_cluster: Final = numba.njit(cache=True, nogil=True)(plain.cluster)
compiled_barriers: Final = numba.njit(cache=True, nogil=True)(plain.barriers)


def compiled_scorer(
    data: Encoded, columns: Columns, contexts: Contexts, model: Model, least: float
) -> Scorer:
    """Return a function that scores pairs of rows of `columns`; -inf where `least` bits cannot be reached."""
    words, tables = word_arrays(data.vocabulary), _tables(data)
    rows = _rows(data, columns, contexts, model)
    weights, priors, gains = _weights(model), np.array(model.priors), _gains(model)

    def score_slice(one: Longs, two: Longs, weight: Floats, levels: Bytes) -> None:
        score_pairs(
            words, rows, tables, weights, priors, gains, model.rarity.variant, least, one, two, weight, levels
        )

    def score(one: Longs, two: Longs) -> Scores:
        weight = np.empty(len(one), dtype=np.float64)
        levels = np.zeros((len(one), LEVEL_BYTES), dtype=np.uint8)
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            tasks = [
                pool.submit(
                    score_slice,
                    one[place : place + SLICE],
                    two[place : place + SLICE],
                    weight[place : place + SLICE],
                    levels[place : place + SLICE],
                )
                for place in range(0, len(one), SLICE)
            ]
            for task in tasks:
                task.result()
        return Scores(weight=weight, levels=levels)

    return score


def word_arrays(vocabulary: Vocabulary) -> Words:
    """Return the vocabulary in the form that the kernel takes."""
    return Words(
        joined=vocabulary.joined,
        sounds=vocabulary.sounds,
        words=vocabulary.words,
        word_size=vocabulary.word_size,
        honorific=vocabulary.honorific,
        one_letter=vocabulary.one_letter,
        start=vocabulary.start,
        characters=vocabulary.characters.copy(),
        forename_rarity=vocabulary.forename_rarity,
        surname_rarity=vocabulary.surname_rarity,
        nickname_pairs=vocabulary.nickname_pairs,
        spelling_pairs=vocabulary.spelling_pairs,
        surname_pairs=vocabulary.surname_pairs,
        size=len(vocabulary.joined_texts),
    )


def _tables(data: Encoded) -> Tables:
    codes = data.codes
    return Tables(
        places=codes.places,
        postcode_text=codes.postcode_text,
        nhs_text=codes.nhs_text,
        nhs_verified=codes.nhs_verified,
        upn_text=codes.upn_text,
        upn_verified=codes.upn_verified,
        others=codes.others,
    )


def _rows(data: Encoded, columns: Columns, contexts: Contexts, model: Model) -> Rows:
    found = (
        columns.forename,
        columns.middle_names,
        columns.surname,
        columns.single,
        columns.former_surname,
        columns.known_as,
        columns.carer_forename,
        columns.carer_surname,
        columns.mother_former_surname,
        columns.suffix,
        columns.birth,
        columns.sex,
        columns.uprn,
        columns.house,
        columns.street,
        columns.postcode,
        columns.phone,
        columns.email,
        columns.nhs_number,
        columns.upn,
        columns.other,
        columns.birth_order,
        columns.multiple,
        columns.death,
        excess_of_pairs(data.vocabulary, columns, model),
        contexts.context,
        contexts.twin,
    )
    return Rows(*(np.ascontiguousarray(column, dtype=np.int32) for column in found))


def excess_of_pairs(vocabulary: Vocabulary, columns: Columns, model: Model) -> Ints:
    """Return for each row how much commoner its two names are together than alone (Rarity.of_pair)."""
    together = np.full(len(columns.forename), model.rarity.together, dtype=np.int32)
    if not model.rarity.pairs:
        return together
    number = {text: place for place, text in enumerate(vocabulary.joined_texts)}
    size = len(number)
    known = {}
    for pair, excess in model.rarity.pairs.items():
        forename, _, surname = pair.partition("|")
        if forename in number and surname in number:
            known[number[forename] * size + number[surname]] = excess
    codes = np.array(sorted(known), dtype=np.int64)
    values = np.array([known[code] for code in codes.tolist()], dtype=np.int32)
    held = np.flatnonzero((columns.forename >= 0) & (columns.surname >= 0))
    joined = vocabulary.joined.astype(np.int64)
    wanted = joined[columns.forename[held]] * size + joined[columns.surname[held]]
    place = np.minimum(np.searchsorted(codes, wanted), max(0, len(codes) - 1))
    found = codes[place] == wanted if len(codes) else np.zeros(len(held), dtype=np.bool_)
    together[held[found]] = values[place[found]]
    return together


def _weights(model: Model) -> Floats:
    most = max(len(kind) for kind in COMPARISONS.values())
    table = np.zeros((len(COMPARISONS), most, len(ALTERNATIVES)), dtype=np.float64)
    for place, rows in enumerate(model.tables):
        table[place, : len(rows)] = rows
    return table


def _gains(model: Model) -> Floats:
    """The most bits that names can add; see kernel.score_pairs."""

    def most(comparison: int, other: int, without: frozenset[int] = frozenset()) -> float:
        rows = model.tables[comparison]
        return max(row[SAME] - row[other] for code, row in enumerate(rows) if code not in without)

    gains = np.zeros(5, dtype=np.float64)
    for other in range(SAME + 1, STRANGER):
        gains[other] = sum(most(comparison, other) for comparison in (FORENAME, MIDDLE, SURNAME, CARER))
    gains[0] = most(FORENAME, STRANGER, frozenset(int(level) for level in RARE_FORENAMES))
    gains[4] = most(SURNAME, STRANGER, frozenset(int(level) for level in RARE_SURNAMES))
    gains[STRANGER] = most(MIDDLE, STRANGER) + most(CARER, STRANGER)
    return gains
