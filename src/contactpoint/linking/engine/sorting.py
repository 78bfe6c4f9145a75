"""Sorting whole numbers, and reading them out of order: what a country spends most of its seconds on.

For few rows numpy does it; for many what is compiled takes a third of numpy's time, and less memory, because
it needs no copy of the places as numbers of 64 bits.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from contactpoint.linking.engine.loops import SMALL, Hashes, Ints, Longs, fast

DIGIT: Final = 256
DIGITS: Final = 8
"""A number of 64 bits is sorted by its bytes, the lowest first."""


def taken(values: npt.NDArray[Any], places: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return values[places]."""
    found = np.empty(len(places), dtype=values.dtype)
    if len(places) > SMALL:
        fast(gather, len(places))(values, places, found)
    else:
        found[:] = values[places]
    return found


def ascending(keys: Hashes) -> tuple[Hashes, Ints]:
    """Return the keys in ascending order and the row of each; equal ones stay in their order."""
    if len(keys) <= SMALL:
        order = np.argsort(keys, kind="stable").astype(np.int32)
        return keys[order], order
    rows = np.arange(len(keys), dtype=np.int32)
    other, others = np.empty_like(keys), np.empty_like(rows)
    keys = keys.copy()
    moved = fast(by_bytes, len(keys))(keys, rows, other, others, counted(keys))
    return (other, others) if moved else (keys, rows)


def sort(keys: Hashes) -> Hashes:
    """Return the keys in ascending order; they may be moved in place."""
    if len(keys) <= SMALL:
        return np.sort(keys)
    other, none = np.empty_like(keys), np.empty(0, dtype=np.int32)
    moved = fast(by_bytes, len(keys))(keys, none, other, none, counted(keys))
    return other if moved else keys


def heaviest_first(weights: npt.NDArray[np.float64]) -> Ints:
    """Return the rows of some weights from the greatest down; equal ones stay in their order.

    Numbers below nothing sort by the complement of their bits, others by their bits with the sign turned.
    """
    bits = (0.0 - weights).view(np.uint64)
    sign = np.uint64(1) << np.uint64(63)
    return ascending(np.where(bits & sign, ~bits, bits | sign))[1]


def counted(keys: Hashes) -> Longs:
    """Return how often each byte stands in each place of the keys."""
    counts = np.zeros((DIGITS, DIGIT), dtype=np.int64)
    fast(count_bytes, len(keys))(keys, counts)
    return counts


def gather(values: npt.NDArray[Any], places: Ints, found: npt.NDArray[Any]) -> None:
    """Write the values at some places into `found`."""
    for row in range(len(places)):
        found[row] = values[places[row]]


def count_bytes(keys: Hashes, counts: Longs) -> None:
    """Add up how often each byte stands in each place of the keys, the lowest place first."""
    for row in range(len(keys)):
        key = keys[row]
        for place in range(8):
            counts[place, (key >> np.uint64(8 * place)) & np.uint64(255)] += 1


def by_bytes(keys: Hashes, rows: Ints, other: Hashes, others: Ints, counts: Longs) -> bool:
    """Sort keys, and rows with them if there are any; say whether the answer is in `other` and `others`.

    One place at a time, from the lowest, each keeping the order of the one before; a place where all keys
    have the same byte is passed over.
    """
    moved = False
    with_rows = len(rows) > 0
    for place in range(8):
        if counts[place].max() == len(keys):
            continue
        at = np.cumsum(counts[place]) - counts[place]
        shift = np.uint64(8 * place)
        for row in range(len(keys)):
            byte = (keys[row] >> shift) & np.uint64(255)
            other[at[byte]] = keys[row]
            if with_rows:
                others[at[byte]] = rows[row]
            at[byte] += 1
        keys, other = other, keys
        rows, others = others, rows
        moved = not moved
    return moved
