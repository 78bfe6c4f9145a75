"""Which pairs of nodes are worth comparing: several keys, sorted integer blocks, none of which can explode.

A block is all nodes with one key. One with more than MOST nodes (every Smith, 1 January) is not paired out
but walked in a sorted window, so that the number of pairs grows with the number of nodes whatever the names.
The pairs are never all there at once: they are made a task at a time, and one that an earlier key has made
already is not made again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from contactpoint.linking.engine.collapse import Nodes, mixed
from contactpoint.linking.engine.encode import Encoded
from contactpoint.linking.engine.loops import Bools, Hashes, Ints, Longs, fast, pair_out
from contactpoint.linking.engine.texts import MISSING

MOST: Final = 50
WINDOW: Final = 12
RARE_MOST: Final = 12
"""Where a larger block says nothing (a name all over the country, a telephone of an institution), none."""

TASK: Final = 300_000
"""Pairs a task, about: small enough that memory stays small and every core stays busy."""

Key = tuple[list[Ints], Bools, int]
Marks = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks of one key.

    `nodes` in the order of the blocks; `ends` says for each where its block ends and `reach` how many places
    ahead it is paired; `tasks` are the places where tasks begin, and the end.
    """

    key: int
    nodes: Ints
    ends: Longs
    reach: Ints
    tasks: Longs


class Pairing:
    """Makes the candidate pairs of nodes, key by key and task by task."""

    def __init__(self, data: Encoded, nodes: Nodes) -> None:
        """Work out the order in which oversized blocks are walked."""
        self.size = len(nodes.first)
        self._pair_out = fast(pair_out, len(nodes.of))
        self._keys = list(keys(data, nodes))
        self.kinds = len(self._keys)
        self._walk = _walk(data, nodes)
        self._rank = np.empty(self.size, dtype=np.uint64)
        self._rank[self._walk] = np.arange(self.size, dtype=np.uint64)
        self._marks: Marks = np.zeros((self.size, len(self._keys)), dtype=np.uint32)

    def __iter__(self) -> Iterator[Blocks]:
        """Yield the blocks of each key in turn; `pairs` of one needs those before it to have been yielded."""
        for place in range(len(self._keys)):
            yield self._blocks(place)

    def _blocks(self, place: int) -> Blocks:
        """Sort the nodes by the hash of their key and, within it, in the order of the walk.

        Both stand in one number. The high bits of the hash make the block: should two keys ever share them,
        a few more pairs are compared. The low bits mark the nodes for `pair_out`.
        """
        parts, held, most = self._keys[place]
        self._keys[place] = ([], held, most)
        rows = np.flatnonzero(held)
        hashes = mixed([part[rows] for part in parts], place)
        bits = np.uint64(max(1, (max(1, self.size) - 1).bit_length()))
        low = (np.uint64(1) << bits) - np.uint64(1)
        packed = (hashes & ~low) | self._rank[rows]
        packed.sort()
        nodes = self._walk[(packed & low).astype(np.int64)]
        block = packed >> bits
        starts = np.flatnonzero(np.append(True, block[1:] != block[:-1])) if len(block) else np.empty(0, int)
        lengths = np.diff(np.append(starts, len(block)))
        narrow = 0 if most == RARE_MOST else WINDOW - 1
        reach = np.repeat(np.where(lengths > most, narrow, lengths), lengths).astype(np.int32)
        self._mark(place, rows, hashes, nodes[np.repeat(lengths > most, lengths)])
        ends = np.repeat(starts + lengths, lengths)
        ahead = np.cumsum(np.minimum(reach, ends - 1 - np.arange(len(ends))))
        cuts = np.searchsorted(ahead, np.arange(TASK, int(ahead[-1]) if len(ahead) else 0, TASK))
        tasks = np.unique(np.concatenate([[0], cuts, [len(ends)]]))
        return Blocks(place, nodes, ends, reach, tasks)

    def _mark(self, place: int, rows: Longs, hashes: Hashes, oversized: Ints) -> None:
        marks = (hashes >> np.uint64(8)).astype(np.uint32)
        self._marks[rows, place] = np.maximum(marks, 1)
        self._marks[oversized, place] = 0

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


def candidates(data: Encoded, nodes: Nodes) -> Longs:
    """Return all candidate pairs as sorted distinct numbers one * len(nodes) + two, one < two."""
    pairing = Pairing(data, nodes)
    found = [np.empty(0, dtype=np.int64)]
    for blocks in pairing:
        for begin, end in zip(blocks.tasks, blocks.tasks[1:], strict=False):
            one, two = pairing.pairs(blocks, begin, end)
            found.append(one * np.int64(pairing.size) + two)
    return np.unique(np.concatenate(found))


def keys(data: Encoded, nodes: Nodes) -> Iterator[Key]:
    """Yield each kind of evidence: its parts, the nodes that have it, and the largest block to pair out."""
    columns, codes = nodes.columns, data.codes
    sound = np.append(data.vocabulary.key, np.int32(MISSING))
    forename, surname = sound[columns.forename], sound[columns.surname]
    # A postcode of a form that has no districts is its own.
    whole_only = np.arange(len(codes.places), dtype=np.int32) + np.int32(len(codes.places))
    districts = np.where(codes.places[:, 1] >= 0, codes.places[:, 1], whole_only)
    district = np.append(districts, np.int32(MISSING))[columns.postcode]
    year, month, day = columns.birth // 10000, columns.birth // 100 % 100, columns.birth % 100
    whole = day > 0
    # Day and month in order, so that a swap stays in its block.
    date = (year * 100 + np.minimum(month, day)) * 100 + np.maximum(month, day)
    low, high = np.minimum(forename, surname), np.maximum(forename, surname)
    here = district >= 0

    def key(held: Bools, *parts: Ints, most: int = MOST) -> Key:
        return (list(parts), held, most)

    yield key(columns.nhs_number >= 0, columns.nhs_number)
    yield key(columns.upn >= 0, columns.upn)
    yield key(columns.other >= 0, columns.other)
    yield key(whole & (forename >= 0), date, forename)
    yield key(whole & (surname >= 0), date, surname)
    yield key(whole & (low >= 0), date, low, high)
    yield key(whole & (columns.postcode >= 0), date, columns.postcode)
    yield key(whole & here, date, district, columns.sex)
    yield key((columns.phone >= 0) & (year > 0), columns.phone, year, most=RARE_MOST)
    yield key((columns.email >= 0) & (year > 0), columns.email, year, most=RARE_MOST)
    yield key((forename >= 0) & (columns.postcode >= 0), columns.postcode, forename)
    yield key((low >= 0) & here, low, high, district)
    yield key((forename >= 0) & (surname >= 0) & (month > 0), forename, surname, year, month)
    yield key((forename >= 0) & (surname >= 0) & whole, forename, surname, month, day)
    yield key((forename >= 0) & (surname >= 0), forename, surname, most=RARE_MOST)
    yield key((surname >= 0) & (columns.postcode >= 0), columns.postcode, surname)


def _walk(data: Encoded, nodes: Nodes) -> Ints:
    """The order in which an oversized block is walked: neighbours share surname, place and forename."""
    columns = nodes.columns
    joined = np.append(data.vocabulary.joined, np.int32(MISSING))
    parts = (joined[columns.surname], columns.postcode, joined[columns.forename])
    order = np.zeros(len(nodes.first), dtype=np.uint64)
    room = 64
    for part in parts:
        wide = int(part.max(initial=0) + 1).bit_length()
        room -= wide
        order = (order << np.uint64(wide)) | (part + 1).astype(np.uint64)
    if room < 0:
        return np.lexsort(parts[::-1]).astype(np.int32)
    return np.argsort(order, kind="stable").astype(np.int32)
