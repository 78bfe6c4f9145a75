"""The large engine: the kernel and the union-find compiled by numba, over slices on every core."""

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numba.extending import register_jitable

from contactpoint.linking.engine import cluster as plain
from contactpoint.linking.engine.block import Blocks, Pairing
from contactpoint.linking.engine.caching import numba_for_this_text
from contactpoint.linking.engine.collapse import Nodes
from contactpoint.linking.engine.context import Contexts, ForenameLevels
from contactpoint.linking.engine.encode import FIELDS, Encoded
from contactpoint.linking.engine.kernel import forename_levels, score_pairs
from contactpoint.linking.engine.kernel_fields import Tables
from contactpoint.linking.engine.kernel_names import (
    NICKNAMES,
    SPELLINGS,
    SURNAMES,
    W_FORENAME_RARITY,
    W_INITIAL,
    W_JOINED,
    W_LETTERS,
    W_LISTED,
    W_ONE_LETTER,
    W_OTHER_SOUND,
    W_SIZE,
    W_SOUND,
    W_START,
    W_SURNAME_RARITY,
    W_WORD,
    WIDTH,
    Words,
)
from contactpoint.linking.engine.loops import Bools, Ints, Longs
from contactpoint.linking.engine.scalar import DIGITS, LEVEL_BYTES, Bytes, Floats, Scores
from contactpoint.linking.engine.scratch import SPILL
from contactpoint.linking.engine.sorting import ascending
from contactpoint.linking.engine.texts import MISSING
from contactpoint.linking.engine.vocabulary import Vocabulary
from contactpoint.linking.model.levels import CARER, COMPARISONS, FORENAME, MIDDLE, SURNAME, Context
from contactpoint.linking.model.normalise import MOST_WORDS
from contactpoint.linking.model.score import RARE_FORENAMES, RARE_SURNAMES
from contactpoint.linking.model.weights import ALTERNATIVES, SAME, STRANGER, Model

SLICE: Final = 250_000
"""Pairs a task: small enough that memory stays small and both cores stay busy."""

LONG_SLICE: Final = 1_000_000
"""The same where each column has to be read for every task."""


for _function in (plain.find, plain.forbidden, plain.barrier):
    register_jitable(_function)
compiled_cluster: Final = numba_for_this_text().njit(cache=True, nogil=True)(plain.cluster)
compiled_barriers: Final = numba_for_this_text().njit(cache=True, nogil=True)(plain.barriers)

NO_LEVELS: Final[Bytes] = np.empty((0, LEVEL_BYTES), dtype=np.uint8)


Ends = tuple[Ints, Ints, Ints]
Rows = Callable[[Ints, Ints], Ends]
"""Returns rows of FIELDS, and which of them each end of some pairs of places is."""

FILL: Final = 8_192
"""Rows of a table that are filled at once."""


class Kernel:
    """The compiled model over rows of FIELDS."""

    def __init__(self, data: Encoded, words: Words, model: Model, rows: Rows, least: float) -> None:
        """Look pairs up by `rows`; those that cannot reach `least` bits get -inf."""
        self._words, self._tables = words, _tables(data)
        self._weights, self._priors, self._gains = _weights(model), np.array(model.priors), _gains(model)
        self._variant, self._least, self._rows = model.rarity.variant, least, rows
        self._slice = SLICE if data.size < SPILL else LONG_SLICE

    def score(self, rows: Ints, one: Ints, two: Ints, levels: Bytes) -> Floats:
        """Return the weights of pairs of `rows`; write their levels if `levels` has any rows."""
        weight = np.empty(len(one), dtype=np.float64)
        score_pairs(
            self._words, rows, self._tables, self._weights, self._priors, self._gains, self._variant,
            self._least, one, two, weight, levels,
        )  # fmt: skip
        return weight

    def score_places(self, one: Ints | Longs, two: Ints | Longs) -> Scores:
        """Score pairs of places, slice by slice on every core: a Scorer."""
        levels = np.zeros((len(one), LEVEL_BYTES), dtype=np.uint8)
        weight = np.empty(len(one), dtype=np.float64)

        def slice_at(place: int) -> None:
            part = slice(place, place + self._slice)
            ends = (end[part].astype(np.int32, copy=False) for end in (one, two))
            weight[part] = self.score(*self._rows(*ends), levels[part])

        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            list(pool.map(slice_at, range(0, len(one), self._slice)))
        return Scores(weight=weight, levels=levels)

    def edges(
        self, table: Ints, pairing: Pairing, tell: Callable[[float], None]
    ) -> tuple[Ints, Ints, Floats]:
        """Score the candidate pairs of the nodes of a table; return those that reach `least`, in no order."""
        edges = [(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float64))]
        at_work: Iterable[tuple[Ints, Ints, Floats]] = ()
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            for blocks in pairing:
                # The pool was busy with the key before while the blocks of this one were made here.
                edges += at_work

                def task(begin: int, end: int, blocks: Blocks = blocks) -> tuple[Ints, Ints, Floats]:
                    one, two = pairing.pairs(blocks, begin, end)
                    weight = np.round(self.score(table, one, two, NO_LEVELS), DIGITS)
                    kept = np.flatnonzero(weight >= self._least)
                    return one[kept], two[kept], weight[kept]

                at_work = pool.map(task, blocks.tasks[:-1].tolist(), blocks.tasks[1:].tolist())
                tell((blocks.key + 1) / pairing.kinds)
            edges += at_work
        one, two, weight = (np.concatenate(parts) for parts in zip(*edges, strict=True))
        return one, two, weight


def node_kernel(
    data: Encoded, nodes: Nodes, words: Words, contexts: Contexts, model: Model, least: float
) -> Kernel:
    """Return the kernel over the nodes, whose table gets what only the kernel asks."""
    table, excess = nodes.table, Excess(data.vocabulary, model)
    table[:, FIELDS.index("context")] = contexts.context
    table[:, FIELDS.index("twin")] = contexts.twin
    table[:, FIELDS.index("together")] = excess.of(nodes.columns.forename, nodes.columns.surname)
    return Kernel(data, words, model, lambda one, two: (table, one, two), least)


def record_kernel(
    data: Encoded, words: Words, model: Model, of: Ints | None = None, contexts: Contexts | None = None
) -> Kernel:
    """Return the kernel over single records, in the contexts of their nodes."""
    excess = Excess(data.vocabulary, model)

    def rows(one: Ints, two: Ints) -> Ends:
        places, numbers = once(np.concatenate([one, two]))
        columns = {name: data.columns.take(name, places) for name in FIELDS if name in data.columns}
        columns["context"] = np.full(len(places), Context.UNKNOWN, dtype=np.int32)
        columns["twin"] = np.full(len(places), MISSING, dtype=np.int32)
        if of is not None and contexts is not None:
            node = of[places]
            columns["context"], columns["twin"] = contexts.context[node], contexts.twin[node]
        columns["together"] = excess.of(columns["forename"], columns["surname"])
        return _side_by_side(columns), numbers[: len(one)], numbers[len(one) :]

    return Kernel(data, words, model, rows, -np.inf)


def once(places: Ints) -> tuple[Ints, Ints]:
    """Return the distinct places in ascending order, and which of them each is."""
    ordered, order = ascending(places.astype(np.uint64))
    fresh = np.ones(len(ordered), dtype=np.bool_)
    fresh[1:] = ordered[1:] != ordered[:-1]
    numbers = np.empty(len(places), dtype=np.int32)
    numbers[order] = np.cumsum(fresh, dtype=np.int32) - np.int32(1)
    return ordered[fresh].astype(np.int32), numbers


def _side_by_side(columns: Mapping[str, Ints]) -> Ints:
    """Return the columns as rows of FIELDS, some at a time so that they stay near the core."""
    size = len(columns["context"])
    table = np.empty((size, len(FIELDS)), dtype=np.int32)
    for begin in range(0, size, FILL):
        for place, name in enumerate(FIELDS):
            table[begin : begin + FILL, place] = columns[name][begin : begin + FILL]
    return table


def compiled_forename_levels(data: Encoded, words: Words) -> ForenameLevels:
    """Return a function that compares the forenames of pairs of records."""

    def levels(one: Ints | Longs, two: Ints | Longs) -> Ints:
        names = data.columns.forename
        found = np.empty(len(one), dtype=np.int32)
        forename_levels(words, names[one], names[two], found)
        return found

    return levels


def word_arrays(vocabulary: Vocabulary) -> Words:
    """Return the vocabulary in the form that the kernel takes."""
    pairs = (vocabulary.nickname_pairs, vocabulary.spelling_pairs, vocabulary.surname_pairs)
    size = len(vocabulary.joined_texts)
    listed = np.zeros(len(vocabulary.joined), dtype=np.int32)
    for bit, table in zip((NICKNAMES, SPELLINGS, SURNAMES), pairs, strict=True):
        listed |= np.isin(vocabulary.joined, table // max(1, size)).astype(np.int32) * np.int32(bit)
    columns: dict[int, Ints | Longs | Bools] = {
        W_JOINED: vocabulary.joined,
        W_START: vocabulary.start[:-1],
        W_SIZE: np.diff(vocabulary.start),
        W_LETTERS: _letters(vocabulary),
        W_LISTED: listed,
        W_ONE_LETTER: vocabulary.one_letter,
        W_INITIAL: vocabulary.initial,
        W_FORENAME_RARITY: vocabulary.forename_rarity,
        W_SURNAME_RARITY: vocabulary.surname_rarity,
    }
    names = np.full((len(vocabulary.joined), WIDTH), MISSING, dtype=np.int32)
    for column, values in columns.items():
        names[:, column] = values
    names[:, W_SOUND : W_OTHER_SOUND + 1] = vocabulary.sounds
    names[:, W_WORD : W_WORD + MOST_WORDS] = vocabulary.words
    return Words(
        names, vocabulary.word_size, vocabulary.honorific, vocabulary.characters.copy(), *pairs, size
    )


def _letters(vocabulary: Vocabulary) -> Ints:
    """Return for each name a bit for each letter that occurs in it, 31 of them, several letters to a bit."""
    bits = np.int32(1) << (vocabulary.characters % 31).astype(np.int32)
    found = np.zeros(len(vocabulary.joined), dtype=np.int32)
    np.bitwise_or.at(found, np.repeat(np.arange(len(found)), np.diff(vocabulary.start)), bits)
    return found


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
        other_text=codes.other_text,
    )


class Excess:
    """How much commoner two names are together than alone (Rarity.of_pair)."""

    def __init__(self, vocabulary: Vocabulary, model: Model) -> None:
        """Look up the pairs that the model lists."""
        self._together, self._joined = model.rarity.together, vocabulary.joined.astype(np.int64)
        number = (
            {text: place for place, text in enumerate(vocabulary.joined_texts)} if model.rarity.pairs else {}
        )
        self._size = len(number)
        known = {}
        for pair, excess in model.rarity.pairs.items():
            forename, _, surname = pair.partition("|")
            if forename in number and surname in number:
                known[number[forename] * self._size + number[surname]] = excess
        self._codes = np.array(sorted(known), dtype=np.int64)
        self._values = np.array([known[code] for code in self._codes.tolist()], dtype=np.int32)

    def of(self, forename: Ints, surname: Ints) -> Ints:
        """Return the excess of each pair of names, given as codes."""
        together = np.full(len(forename), self._together, dtype=np.int32)
        if not len(self._codes):
            return together
        held = np.flatnonzero((forename >= 0) & (surname >= 0))
        wanted = self._joined[forename[held]] * self._size + self._joined[surname[held]]
        place = np.minimum(np.searchsorted(self._codes, wanted), len(self._codes) - 1)
        found = self._codes[place] == wanted
        together[held[found]] = self._values[place[found]]
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

    gains = np.zeros(9, dtype=np.float64)
    for other in range(SAME + 1, STRANGER):
        gains[other] = sum(most(comparison, other) for comparison in (FORENAME, MIDDLE, SURNAME, CARER))
        gains[other + 4] = most(MIDDLE, other) + most(CARER, other)
        gains[other + 6] = gains[other + 4] + most(SURNAME, other)
    gains[0] = most(FORENAME, STRANGER, frozenset(int(level) for level in RARE_FORENAMES))
    gains[4] = most(SURNAME, STRANGER, frozenset(int(level) for level in RARE_SURNAMES))
    gains[STRANGER] = most(MIDDLE, STRANGER) + most(CARER, STRANGER)
    return gains
