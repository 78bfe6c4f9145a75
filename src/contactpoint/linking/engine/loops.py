"""Loops over rows that no vector operation says well: plain Python for few rows, compiled for many.

The same text runs both ways (`fast`): a few rows wait for no compiler, and millions for no interpreter.
Every one of them goes through its rows once, in their order, and its answer depends on nothing else.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from contactpoint.linking.engine.caching import numba_for_this_text

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]

SMALL: Final = 3_000
"""Up to this many rows plain Python is sooner done than a compiler is started."""


def fast(function: Callable[..., Any], size: int) -> Callable[..., Any]:
    """Return `function`, compiled if `size` rows are worth it."""
    return _compiled(function) if size > SMALL else function


@cache
def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    made: Callable[..., Any] = numba_for_this_text().njit(cache=True, nogil=True)(function)
    return made


def number(hashes: Hashes, codes: Ints, heads: Ints, slots: Ints, known: Hashes, count: int) -> int:
    """Number values on from `count` in the order in which they first come; return how many there are now.

    Writes the number of each row into `codes` and the first row of each new number into `heads`. `known`
    holds the value of each number and `slots` their numbers by value: a power of two, -1 where free, at least
    twice as many as there may be values.
    """
    before = count
    mask = len(slots) - 1
    for row in range(len(hashes)):
        value = hashes[row]
        place = np.int64(value >> np.uint64(20)) & mask
        while slots[place] >= 0 and known[slots[place]] != value:
            place = (place + 1) & mask
        if slots[place] < 0:
            slots[place] = count
            known[count] = value
            heads[count - before] = row
            count += 1
        codes[row] = slots[place]
    return count


def look_up(known: Hashes, count: int, slots: Ints) -> None:
    """Enter the first `count` values of `known` into `slots`, which are all free, by `number`'s rule."""
    mask = len(slots) - 1
    for code in range(count):
        place = np.int64(known[code] >> np.uint64(20)) & mask
        while slots[place] >= 0:
            place = (place + 1) & mask
        slots[place] = code


def mix(found: Hashes, values: Ints | Longs) -> None:
    """Mix a value into the hash of each row (as SplitMix64 ends; Steele, Lea and Flood, 2014)."""
    for row in range(len(found)):
        one = found[row] * np.uint64(0x9E3779B97F4A7C15) + np.uint64(np.int64(values[row]))
        one = (one ^ (one >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        one = (one ^ (one >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        found[row] = one ^ (one >> np.uint64(31))


def flag_bytes(table: npt.NDArray[np.uint8], seen: npt.NDArray[np.bool_]) -> None:
    """Flag the bytes that stand in each column of `table`: seen[column, byte]."""
    for row in range(len(table)):
        for place in range(table.shape[1]):
            seen[place, table[row, place]] = True


def pack_bytes(
    table: npt.NDArray[np.uint8], first: int, last: int, ranks: Hashes, widths: Ints, word: Hashes
) -> None:
    """Write the ranks of the bytes in the columns from first to last one after another into one number."""
    for row in range(len(table)):
        made = np.uint64(0)
        for place in range(first, last):
            made = (made << np.uint64(widths[place])) | ranks[place, table[row, place]]
        word[row] = made


def flag_spread(group: Ints, values: Ints, missing: int, first: Ints, flags: Bools) -> None:
    """Flag the groups in which the values above `missing` differ. `first`, one a group, is all missing."""
    for row in range(len(group)):
        value = values[row]
        if value > missing:
            place = group[row]
            if first[place] <= missing:
                first[place] = value
            elif first[place] != value:
                flags[place] = True


def flag_twice(group: Ints, source: Ints, local: Ints, seen: Ints, flags: Bools) -> None:
    """Flag the groups that hold two local ids of one source. Rows come source by source; `seen` is all -1."""
    for row in range(len(group)):
        place = group[row]
        before = seen[place]
        if before >= 0 and source[before] == source[row] and local[before] != local[row]:
            flags[place] = True
        seen[place] = row


def part(group: Ints, flags: Bools, numbers: Ints, of: Ints, first: Ints) -> int:
    """Number groups anew by first row, each row of a flagged group alone; return how many there are.

    `numbers` has a place for each group, all -1; `of` gets the new number of each row and `first` the first
    row of each.
    """
    count = 0
    for row in range(len(group)):
        place = group[row]
        if flags[place] or numbers[place] < 0:
            numbers[place] = count
            first[count] = row
            count += 1
        of[row] = numbers[place]
    return count


def first_held(of: Ints, values: Ints, missing: int, found: Ints) -> None:
    """Note in `found` the first row of each group whose value is above `missing`. `found` is all -1."""
    for row in range(len(of)):
        if values[row] > missing and found[of[row]] < 0:
            found[of[row]] = row


def group_rows(of: Ints, places: Ints, order: Ints) -> None:
    """Write into `order` the rows of each group, group by group; `places`, where each begins, moves."""
    for row in range(len(of)):
        order[places[of[row]]] = row
        places[of[row]] += 1


def pair_out(
    nodes: Ints,
    ends: Ints,
    reach: Ints,
    begin: int,
    end: int,
    marks: npt.NDArray[np.uint32],
    key: int,
    one: Ints,
    two: Ints,
) -> int:
    """Write the pairs of the places from begin to end, each with those ahead in its block; return how many.

    `marks` tell for each node and key its block, 0 where there is none or one too large to be paired out: two
    nodes that share the mark of an earlier key are a pair already.
    """
    count = 0
    for place in range(begin, end):
        a = nodes[place]
        for other in range(place + 1, min(ends[place], place + reach[place] + 1)):
            b = nodes[other]
            fresh = True
            for earlier in range(key):
                if marks[a, earlier] != 0 and marks[a, earlier] == marks[b, earlier]:
                    fresh = False
                    break
            if fresh:
                one[count], two[count] = min(a, b), max(a, b)
                count += 1
    return count
