"""Which pairs of nodes are worth comparing: several keys, sorted integer blocks, none of which can explode.

A block is all nodes with one key. One with more than MOST nodes (every Smith, 1 January) is not paired out
but walked in a window, in the order of the nodes (their names and places), so that the number of pairs grows
with the number of nodes whatever the names.
The pairs are never all there at once: they are made a task at a time, and one that an earlier key has made
already is not made again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from contactpoint.linking.engine.collapse import Nodes, mixed
from contactpoint.linking.engine.encode import Encoded
from contactpoint.linking.engine.loops import Bools, Ints, Longs, fast, pair_out
from contactpoint.linking.engine.sorting import sort
from contactpoint.linking.engine.texts import MISSING

MOST: Final = 50
WINDOW: Final = 12
RARE_MOST: Final = 12
"""Where a larger block says nothing (a name all over the country, a telephone of an institution), none."""

TASK: Final = 300_000
"""Pairs a task, about: small enough that memory stays small and every core stays busy."""

Parts = tuple[Callable[[], Ints], ...]
Key = tuple[Callable[[], Bools], Parts, int]
Marks = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks of one key.

    `nodes` in the order of the blocks; `ends` says for each where its block ends and `reach` how many places
    ahead it is paired; `tasks` are the places where tasks begin, and the end.
    """

    key: int
    nodes: Ints
    ends: Ints
    reach: Ints
    tasks: Longs


class Pairing:
    """Makes the candidate pairs of nodes, key by key and task by task."""

    def __init__(self, data: Encoded, nodes: Nodes) -> None:
        """Look up what keys ask of the nodes."""
        self.size = len(nodes.first)
        self._pair_out = fast(pair_out, len(nodes.of))
        self._keys = keys(data, nodes)
        self.kinds = len(self._keys)
        self._marks: Marks = np.zeros((self.size, len(self._keys)), dtype=np.uint32)

    def __iter__(self) -> Iterator[Blocks]:
        """Yield the blocks of each key in turn; `pairs` of one needs those before it to have been yielded."""
        for place in range(len(self._keys)):
            yield self._blocks(place)
        self._keys = []

    def _blocks(self, place: int) -> Blocks:
        """Sort the nodes by the hash of their key and, within it, by their number.

        Both stand in one number. The high bits of the hash make the block: should two keys ever share them,
        a few more pairs are compared. The low bits mark the nodes for `pair_out`.
        """
        held, parts, most = self._keys[place]
        rows = np.flatnonzero(held()).astype(np.int32)
        hashes = mixed([_at(part, rows) for part in parts], place)
        marks = np.maximum((hashes >> np.uint64(8)).astype(np.uint32), 1)
        bits = np.uint64(max(1, (max(1, self.size) - 1).bit_length()))
        low = (np.uint64(1) << bits) - np.uint64(1)
        hashes &= ~low
        hashes |= rows.astype(np.uint64)
        hashes = sort(hashes)
        nodes = (hashes & low).astype(np.int32)
        hashes >>= bits
        fresh = np.ones(len(hashes), dtype=np.bool_)
        fresh[1:] = hashes[1:] != hashes[:-1]
        del hashes
        starts = np.flatnonzero(fresh)
        lengths = np.diff(np.append(starts, len(fresh))).astype(np.int32)
        narrow = 0 if most == RARE_MOST else WINDOW - 1
        reach = np.repeat(np.where(lengths > most, np.int32(narrow), lengths), lengths)
        self._marks[rows, place] = marks
        self._marks[nodes[np.repeat(lengths > most, lengths)], place] = 0
        ends = np.repeat((starts + lengths).astype(np.int32), lengths)
        ahead = np.minimum(reach, ends - np.arange(1, len(ends) + 1, dtype=np.int32))
        ahead = np.cumsum(ahead, dtype=np.int64)
        cuts = np.searchsorted(ahead, np.arange(TASK, int(ahead[-1]) if len(ahead) else 0, TASK))
        tasks = np.unique(np.concatenate([[0], cuts, [len(ends)]]))
        return Blocks(place, nodes, ends, reach, tasks)

    def pairs(self, blocks: Blocks, begin: int, end: int) -> tuple[Ints, Ints]:
        """Return the pairs (one < two) of the places from begin to end that no earlier key has made."""
        most = int(
            np.minimum(blocks.reach[begin:end], blocks.ends[begin:end] - np.arange(begin, end) - 1).sum()
        )
        one, two = np.empty(most, dtype=np.int32), np.empty(most, dtype=np.int32)
        count = self._pair_out(
            blocks.nodes, blocks.ends, blocks.reach, begin, end, self._marks, blocks.key, one, two
        )
        return one[:count], two[:count]


def _at(part: Callable[[], Ints], rows: Ints) -> Callable[[], Ints]:
    return lambda: part()[rows]


def candidates(data: Encoded, nodes: Nodes) -> Longs:
    """Return all candidate pairs as sorted distinct numbers one * len(nodes) + two, one < two."""
    pairing = Pairing(data, nodes)
    found = [np.empty(0, dtype=np.int64)]
    for blocks in pairing:
        for begin, end in zip(blocks.tasks, blocks.tasks[1:], strict=False):
            one, two = pairing.pairs(blocks, begin, end)
            found.append(one * np.int64(pairing.size) + two)
    return np.unique(np.concatenate(found))


def keys(data: Encoded, nodes: Nodes) -> list[Key]:
    """Return each kind of evidence: the nodes that have it, its parts, and the largest block to pair out.

    What a key asks is worked out when it is asked.
    """
    columns, codes = nodes.columns, data.codes
    sound = np.append(data.vocabulary.key, np.int32(MISSING))
    forename, surname = sound[columns.forename], sound[columns.surname]
    low, high = np.minimum(forename, surname), np.maximum(forename, surname)
    # A postcode of a form that has no districts is its own.
    whole_only = np.arange(len(codes.places), dtype=np.int32) + np.int32(len(codes.places))
    districts = np.append(
        np.where(codes.places[:, 1] >= 0, codes.places[:, 1], whole_only), np.int32(MISSING)
    )
    year, month, day = columns.birth // 10000, columns.birth // 100 % 100, columns.birth % 100
    # Day and month in order, so that a swap stays in its block.
    date = (year * 100 + np.minimum(month, day)) * 100 + np.maximum(month, day)
    year, month, day = year.astype(np.int16), month.astype(np.int8), day.astype(np.int8)
    names: Parts = (lambda: forename, lambda: surname)
    pair: Parts = (lambda: low, lambda: high)

    def dated() -> Ints:
        return date

    def place() -> Ints:
        return columns.postcode

    def district() -> Ints:
        return districts[columns.postcode]

    def born() -> tuple[Callable[[], Ints], ...]:
        return (lambda: year.astype(np.int32), lambda: month.astype(np.int32), lambda: day.astype(np.int32))

    in_year, in_month, on_day = born()

    def key(held: Callable[[], Bools], *parts: Callable[[], Ints], most: int = MOST) -> Key:
        return held, parts, most

    return [
        key(lambda: columns.nhs_number >= 0, lambda: columns.nhs_number),
        key(lambda: columns.upn >= 0, lambda: columns.upn),
        key(lambda: columns.other >= 0, lambda: columns.other),
        key(lambda: (day > 0) & (forename >= 0), dated, names[0]),
        key(lambda: (day > 0) & (surname >= 0), dated, names[1]),
        key(lambda: (day > 0) & (low >= 0), dated, *pair),
        key(lambda: (day > 0) & (columns.postcode >= 0), dated, place),
        key(lambda: (day > 0) & (district() >= 0), dated, district, lambda: columns.sex),
        key(lambda: (columns.phone >= 0) & (year > 0), lambda: columns.phone, in_year, most=RARE_MOST),
        key(lambda: (columns.email >= 0) & (year > 0), lambda: columns.email, in_year, most=RARE_MOST),
        key(lambda: (forename >= 0) & (columns.postcode >= 0), place, names[0]),
        key(lambda: (low >= 0) & (district() >= 0), *pair, district),
        key(lambda: (low >= 0) & (month > 0), *names, in_year, in_month),
        key(lambda: (low >= 0) & (day > 0), *names, in_month, on_day),
        key(lambda: low >= 0, *names, most=RARE_MOST),
        key(lambda: (surname >= 0) & (columns.postcode >= 0), place, names[1]),
    ]
