"""Records alike in name, birth date, sex and home become one node before any pair is compared.

Half of all records go this way. A group stays apart where anything else in it disagrees: two verified
identifiers, two middle or known-as names, two local ids of one source, two children already published, or a
person's "apart".
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from contactpoint.linking.engine.encode import Columns, Encoded
from contactpoint.linking.engine.loops import (
    Bools,
    Hashes,
    Ints,
    Longs,
    fast,
    first_held,
    flag_spread,
    flag_twice,
    part,
)
from contactpoint.linking.engine.texts import MISSING, numbered

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
    group, size = _alike(data, apart)
    flags = _disagree(data, group, size)
    of, first = np.empty(len(group), dtype=np.int64), np.empty(len(group), dtype=np.int64)
    numbers = np.full(size, MISSING, dtype=np.int64)
    count = fast(part, len(group))(group, flags, numbers, of, first)
    return _nodes(data, of, first[:count].copy())


def _alike(data: Encoded, apart: Bools) -> tuple[Longs, int]:
    """Number the records by what must be equal; a record that cannot be collapsed has a number of its own."""
    columns = data.columns
    joined = np.append(data.vocabulary.joined, np.int32(MISSING))
    place = np.where(columns.house >= 0, columns.house, columns.street + (columns.house.max(initial=0) + 1))
    whole = (
        (columns.birth % 100 > 0) & (columns.forename >= 0) & (columns.surname >= 0) & (columns.postcode >= 0)
    )
    whole &= (columns.street >= 0) & (columns.sex > 0) & ~apart
    return dense(
        joined[columns.forename],
        joined[columns.surname],
        columns.birth,
        columns.sex,
        columns.postcode,
        place,
        np.where(whole, MISSING, np.arange(len(place), dtype=np.int32)),
    )


def dense(*columns: Ints | Longs) -> tuple[Longs, int]:
    """Number the distinct rows of some columns in the order in which they first come; return how many too.

    Rows are looked up by a hash, and what was found is compared: should two different rows ever share one,
    another hash is taken.
    """
    seed = 0
    codes, heads = numbered(mixed(columns, seed))
    while not all(bool((column == column[heads][codes]).all()) for column in columns):
        seed += 1
        codes, heads = numbered(mixed(columns, seed))
    return codes.astype(np.int64), len(heads)


def mixed(columns: Sequence[Ints | Longs], seed: int) -> Hashes:
    """Return one number of 64 bits for each row (as SplitMix64 ends; Steele, Lea and Flood, 2014)."""
    found = np.full(len(columns[0]), seed, dtype=np.uint64)
    for column in columns:
        found = found * np.uint64(0x9E3779B97F4A7C15) + column.astype(np.int64).view(np.uint64)
        found ^= found >> np.uint64(30)
        found *= np.uint64(0xBF58476D1CE4E5B9)
        found ^= found >> np.uint64(27)
        found *= np.uint64(0x94D049BB133111EB)
        found ^= found >> np.uint64(31)
    return found


def _disagree(data: Encoded, group: Longs, size: int) -> Bools:
    """Flag the groups that hold two values of something a child has one of."""
    columns = data.columns
    flags = np.zeros(size, dtype=np.bool_)
    spread = fast(flag_spread, len(group))
    held = (verified_nhs(data, columns), verified_upn(data, columns), data.child)
    for values in (*held, *(getattr(columns, name) for name in AGREEING)):
        spread(group, values, MISSING, np.full(size, MISSING, dtype=values.dtype), flags)
    seen = np.full(size, MISSING, dtype=np.int64)
    fast(flag_twice, len(group))(group, data.source, data.local_id, seen, flags)
    return flags


def verified_nhs(data: Encoded, columns: Columns) -> Ints:
    """Return the NHS numbers that pass their check, MISSING for others."""
    return _only(columns.nhs_number, data.codes.nhs_verified)


def verified_upn(data: Encoded, columns: Columns) -> Ints:
    """Return the permanent UPNs that pass their check, MISSING for others."""
    return _only(columns.upn, data.codes.upn_verified)


def _only(values: Ints, verified: Bools) -> Ints:
    return np.where(np.append(verified, False)[values], values, np.int32(MISSING))


def _nodes(data: Encoded, of: Longs, first: Longs) -> Nodes:
    columns = data.columns

    def held(values: Ints, missing: int = MISSING, otherwise: Longs = first) -> Longs:
        """For each node the first of its records whose value is above `missing`, else `otherwise`."""
        found = np.full(len(first), MISSING, dtype=np.int64)
        fast(first_held, len(of))(of, values, missing, found)
        return np.where(found >= 0, found, otherwise)

    row = {name: held(getattr(columns, name), 0 if name == "death" else MISSING) for name in SINGLY}
    row["nhs_number"] = held(verified_nhs(data, columns), otherwise=held(columns.nhs_number))
    row["upn"] = held(verified_upn(data, columns), otherwise=held(columns.upn))
    row["carer_forename"] = row["carer_surname"] = held(
        np.minimum(columns.carer_forename, columns.carer_surname)
    )
    row["birth_order"] = row["multiple"] = held(
        np.where(columns.multiple > 0, columns.birth_order, np.int32(MISSING))
    )
    merged = replace(
        columns.take(first), **{name: getattr(columns, name)[rows] for name, rows in row.items()}
    )
    child = np.full(len(first), MISSING, dtype=np.int64)
    np.maximum.at(child, of, data.child)
    return Nodes(of=of, first=first, columns=merged, child=child, row=row)


def joined_codes(data: Encoded, names: Ints) -> Ints:
    """Return the joined-name codes of a column of vocabulary codes."""
    return np.append(data.vocabulary.joined, np.int32(MISSING))[names]
