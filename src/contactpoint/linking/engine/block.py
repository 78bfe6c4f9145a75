"""Which pairs of nodes are worth comparing: several keys, sorted integer blocks, none of which can explode.

A block is all nodes with one key. One with more than MOST nodes (every Smith, 1 January) is not paired out
but walked in a sorted window, so that the number of pairs grows with the number of nodes whatever the names.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from contactpoint.linking.engine.collapse import Nodes
from contactpoint.linking.engine.encode import Encoded
from contactpoint.linking.engine.vocabulary import MISSING, Bools, Ints, Longs

MOST: Final = 50
WINDOW: Final = 12
RARE_MOST: Final = 12

Key = tuple[list[Longs], Bools, int]


def candidates(data: Encoded, nodes: Nodes) -> Longs:
    """Return the candidate pairs as sorted distinct numbers one * len(nodes) + two, one < two."""
    size = len(nodes.first)
    order_by = _order_within(data, nodes)
    found = [_pairs_of(key, order_by, size) for key in keys(data, nodes)]
    return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)


def keys(data: Encoded, nodes: Nodes) -> Iterator[Key]:
    """Yield each kind of evidence: its parts, the nodes that have it, and the largest block to pair out."""
    columns, codes = nodes.columns, data.codes
    sound = np.append(data.vocabulary.key, np.int32(MISSING))
    forename, surname = sound[columns.forename], sound[columns.surname]
    places = np.concatenate([codes.places, np.full((1, 4), MISSING, dtype=np.int32)])[columns.postcode]
    year, month, day = columns.birth // 10000, columns.birth // 100 % 100, columns.birth % 100
    whole = day > 0
    # Day and month in order, so that a swap stays in its block.
    date = (year * 100 + np.minimum(month, day)) * 100 + np.maximum(month, day)
    low, high = np.minimum(forename, surname), np.maximum(forename, surname)
    here = places[:, 1] >= 0

    def key(held: Bools, *parts: Ints, most: int = MOST) -> Key:
        return ([part.astype(np.int64) for part in parts], held, most)

    yield key(columns.nhs_number >= 0, columns.nhs_number)
    yield key(columns.upn >= 0, columns.upn)
    yield key(columns.other >= 0, columns.other)
    yield key(whole & (forename >= 0), date, forename)
    yield key(whole & (surname >= 0), date, surname)
    yield key(whole & (low >= 0), date, low, high)
    yield key(whole & (columns.postcode >= 0), date, columns.postcode)
    yield key(whole & here, date, places[:, 1], columns.sex)
    yield key((columns.phone >= 0) & (year > 0), columns.phone, year)
    yield key((columns.email >= 0) & (year > 0), columns.email, year)
    yield key((forename >= 0) & (columns.postcode >= 0), columns.postcode, forename)
    yield key((low >= 0) & here, low, high, places[:, 1])
    yield key((forename >= 0) & (surname >= 0) & (month > 0), forename, surname, year, month)
    yield key((forename >= 0) & (surname >= 0) & whole, forename, surname, month, day)
    yield key((forename >= 0) & (surname >= 0), forename, surname, most=RARE_MOST)
    yield key((forename < 0) & (surname >= 0) & (columns.postcode >= 0), columns.postcode, surname, year)


def _order_within(data: Encoded, nodes: Nodes) -> list[Longs]:
    """The order in which an oversized block is walked: neighbours share surname, place and forename."""
    columns = nodes.columns
    joined = np.append(data.vocabulary.joined, np.int32(MISSING))
    parts = (joined[columns.surname], columns.postcode, joined[columns.forename], columns.birth)
    return [part.astype(np.int64) for part in parts]


def _pairs_of(key: Key, order_by: list[Longs], size: int) -> Longs:
    """Return one key's pairs, each once."""
    parts, held, most = key
    rows = np.flatnonzero(held)
    rows = rows[np.lexsort(tuple(part[rows] for part in (*order_by[::-1], *parts[::-1])))]
    fresh = np.ones(len(rows), dtype=np.bool_)
    fresh[1:] = False
    for part in parts:
        values = part[rows]
        fresh[1:] |= values[1:] != values[:-1]
    starts = np.flatnonzero(fresh)
    lengths = np.diff(np.append(starts, len(rows)))
    reach = np.where(lengths > most, 0 if most == RARE_MOST else WINDOW, lengths)
    block = np.cumsum(fresh) - 1
    ends = (starts + lengths)[block] if len(rows) else starts
    found = []
    for step in range(1, int(reach.max(initial=1))):
        places = np.flatnonzero((np.arange(len(rows)) + step < ends) & (step < reach[block]))
        if not len(places):
            continue
        one, two = rows[places], rows[places + step]
        found.append(np.minimum(one, two) * size + np.maximum(one, two))
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)
