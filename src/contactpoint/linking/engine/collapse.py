"""Records alike in name, birth date, sex and home become one node before any pair is compared.

Half of all records go this way. A group stays apart where anything else in it disagrees: two verified
identifiers, two middle or known-as names, two local ids of one source, two children already published, or a
person's "apart".
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from contactpoint.linking.engine.encode import Columns, Encoded
from contactpoint.linking.engine.vocabulary import MISSING, Bools, Ints, Longs

SINGLY: Final = (
    "middle_names",
    "former_surname",
    "known_as",
    "mother_former_surname",
    "suffix",
    "uprn",
    "phone",
    "email",
    "other",
    "death",
)
AGREEING: Final = ("middle_names", "known_as", "suffix", "birth_order")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """Groups of records to compare as one.

    `of` gives the node of each record, `first` the first record of each node; nodes are numbered in the order
    of their first records. `row` says which record each field of a node was taken from, by column name.
    """

    of: Longs
    first: Longs
    columns: Columns
    child: Longs
    row: dict[str, Longs]


def collapse(data: Encoded, apart: Bools) -> Nodes:
    """Group the records of `data`; records flagged in `apart` stay alone."""
    keys = _keys(data, apart)
    group = dense(keys)
    group = dense(
        np.where(_disagree(data, group)[group], group.max(initial=0) + 1 + np.arange(len(group)), group)
    )
    first = _first_of(group)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return _nodes(data, rank[group], first[order])


def _keys(data: Encoded, apart: Bools) -> Longs:
    """One row a record: what must be equal; a record that cannot be collapsed gets a key of its own."""
    columns = data.columns
    joined = np.append(data.vocabulary.joined, np.int32(MISSING))
    place = np.where(columns.house >= 0, columns.house, columns.street + (columns.house.max(initial=0) + 1))
    whole = (
        (columns.birth % 100 > 0) & (columns.forename >= 0) & (columns.surname >= 0) & (columns.postcode >= 0)
    )
    whole &= (columns.street >= 0) & (columns.sex > 0) & ~apart
    parts = [
        joined[columns.forename],
        joined[columns.surname],
        columns.birth,
        columns.sex,
        columns.postcode,
        place,
        np.where(whole, MISSING, np.arange(len(place))),
    ]
    return np.stack([part.astype(np.int64) for part in parts], axis=1)


def dense(keys: Longs) -> Longs:
    """Number the distinct rows (or values) of `keys` from 0."""
    if not len(keys):
        return np.empty(0, dtype=np.int64)
    table = keys.reshape(len(keys), -1)
    order = np.lexsort(table.T[::-1])
    ordered = table[order]
    fresh = np.ones(len(table), dtype=np.bool_)
    fresh[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    numbers = np.empty(len(table), dtype=np.int64)
    numbers[order] = np.cumsum(fresh) - 1
    return numbers


def _first_of(group: Longs) -> Longs:
    first = np.full(group.max(initial=-1) + 1, len(group), dtype=np.int64)
    np.minimum.at(first, group, np.arange(len(group)))
    return first


def _disagree(data: Encoded, group: Longs) -> Bools:
    """Flag the groups that hold two values of something a child has one of."""
    columns, codes = data.columns, data.codes
    size = int(group.max(initial=-1)) + 1
    nhs = np.where(np.append(codes.nhs_verified, False)[columns.nhs_number], columns.nhs_number, MISSING)
    upn = np.where(np.append(codes.upn_verified, False)[columns.upn], columns.upn, MISSING)
    flags = np.zeros(size, dtype=np.bool_)
    for values in (nhs, upn, data.child, *(getattr(columns, name) for name in AGREEING)):
        flags |= _spread(group, values.astype(np.int64), size)
    pairs = np.unique(
        np.stack([group, data.source.astype(np.int64), data.local_id.astype(np.int64)], axis=1), axis=0
    )
    twice = (pairs[1:, :2] == pairs[:-1, :2]).all(axis=1)
    flags[pairs[1:][twice, 0]] = True
    return flags


def _spread(group: Longs, values: Longs, size: int) -> Bools:
    """Flag the groups in which the values that are there differ."""
    held = values != MISSING
    low = np.full(size, np.iinfo(np.int64).max)
    high = np.full(size, np.iinfo(np.int64).min)
    np.minimum.at(low, group[held], values[held])
    np.maximum.at(high, group[held], values[held])
    return low < high


def _nodes(data: Encoded, of: Longs, first: Longs) -> Nodes:
    columns, size = data.columns, len(first)
    row: dict[str, Longs] = {}
    for name in SINGLY:
        row[name] = _source_row(of, first, getattr(columns, name) > (0 if name == "death" else MISSING))
    verified = np.append(data.codes.nhs_verified, False)[columns.nhs_number]
    row["nhs_number"] = _source_row(of, _source_row(of, first, columns.nhs_number >= 0), verified)
    verified = np.append(data.codes.upn_verified, False)[columns.upn]
    row["upn"] = _source_row(of, _source_row(of, first, columns.upn >= 0), verified)
    carer = _source_row(of, first, (columns.carer_forename >= 0) & (columns.carer_surname >= 0))
    row["carer_forename"] = row["carer_surname"] = carer
    born = _source_row(of, first, (columns.multiple > 0) & (columns.birth_order >= 0))
    row["birth_order"] = row["multiple"] = born
    merged = replace(
        columns.take(first), **{name: getattr(columns, name)[rows] for name, rows in row.items()}
    )
    child = np.full(size, MISSING, dtype=np.int64)
    np.maximum.at(child, of, data.child)
    return Nodes(of=of, first=first, columns=merged, child=child, row=row)


def _source_row(of: Longs, otherwise: Longs, held: Bools) -> Longs:
    """For each node the first of its records where `held`, else what `otherwise` says."""
    found = np.full(len(otherwise), len(of), dtype=np.int64)
    places = np.flatnonzero(held)
    np.minimum.at(found, of[places], places)
    return np.where(found < len(of), found, otherwise)


def joined_codes(data: Encoded, names: Ints) -> Ints:
    """Return the joined-name codes of a column of vocabulary codes."""
    return np.append(data.vocabulary.joined, np.int32(MISSING))[names]
