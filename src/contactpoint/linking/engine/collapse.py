"""Records alike in name, birth date, sex and home become one node before any pair is compared.

Half of all records go this way. A group stays apart where anything else in it disagrees: two verified
identifiers, two middle or known-as names, two local ids of one source, two children already published, or a
person's "apart".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from contactpoint.linking.engine.encode import FIELDS, Encoded
from contactpoint.linking.engine.loops import (
    SMALL,
    Bools,
    Hashes,
    Ints,
    Longs,
    fast,
    first_held,
    flag_spread,
    flag_twice,
    mix,
    part,
)
from contactpoint.linking.engine.scratch import Columns
from contactpoint.linking.engine.sorting import ascending
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
ALIKE: Final = ("forename", "surname", "single", "birth", "sex", "house", "street", "postcode")
AGREEING: Final = ("middle_names", "known_as", "suffix", "birth_order")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """Groups of records to compare as one.

    `of` gives the node of each record, `first` the first record of each node; nodes are numbered by their
    names and places (`_walk`), equal ones by their first records. `table` has a row a node, a column a field
    (FIELDS), `columns` are its columns by name. `row` says which record each field was taken from, by column
    name; empty unless asked for.
    """

    of: Ints
    first: Ints
    table: Ints
    child: Longs
    row: dict[str, Ints]

    @property
    def columns(self) -> Columns:
        """The columns of the table by name."""
        return Columns({name: self.table[:, place] for place, name in enumerate(FIELDS)})


def collapse(data: Encoded, apart: Bools, *, rows: bool = True) -> Nodes:
    """Group the records of `data`; those flagged in `apart` stay alone. `rows`: whether to fill Nodes.row."""
    group, heads = _alike(data, apart)
    size = len(heads)
    flags = _disagree(data, group, size)
    of, first = np.empty(len(group), dtype=np.int32), np.empty(len(group), dtype=np.int32)
    numbers = np.full(size, MISSING, dtype=np.int32)
    most = fast(part, len(group))(group, flags, numbers, of, first)
    order = _walk(data, first[:most])
    numbers = np.empty(most, dtype=np.int32)
    numbers[order] = np.arange(most, dtype=np.int32)
    return _nodes(data, numbers[of], first[order], rows=rows)


def _alike(data: Encoded, apart: Bools) -> tuple[Ints, Ints]:
    """Number the records by what must be equal; a record that cannot be collapsed has a number of its own."""
    columns = data.columns
    joined = np.append(data.vocabulary.joined, np.int32(MISSING))

    def place() -> Ints:
        house, street = columns.house, columns.street
        return np.where(house >= 0, house, street + (house.max(initial=0) + 1))

    whole = ~apart
    for name, least in (("birth", 1), ("forename", 0), ("surname", 0), ("postcode", 0), ("street", 0)):
        values = getattr(columns, name)
        whole &= (values % 100 if name == "birth" else values) >= least
    whole &= columns.sex > 0
    return dense(
        lambda: joined[columns.forename],
        lambda: joined[columns.surname],
        lambda: columns.birth,
        lambda: columns.sex,
        lambda: columns.postcode,
        place,
        lambda: np.where(whole, np.int32(MISSING), np.arange(data.size, dtype=np.int32)),
    )


def dense(*columns: Callable[[], Ints | Longs]) -> tuple[Ints, Ints]:
    """Number the distinct rows of some columns in the order in which they come; return the first of each.

    Rows are looked up by a hash, and what was found is compared: should two different rows ever share one,
    another hash is taken. Each column is made when it is looked at, so that one at a time takes memory.
    """
    seed = 0
    codes, heads = numbered(mixed(columns, seed))
    while not all(_holds(column(), codes, heads) for column in columns):
        seed += 1
        codes, heads = numbered(mixed(columns, seed))
    return codes, heads


def _holds(column: Ints | Longs, codes: Ints, heads: Ints) -> bool:
    return bool((column == column[heads][codes]).all())


def mixed(columns: Sequence[Callable[[], Ints | Longs]], seed: int) -> Hashes:
    """Return one number of 64 bits for each row (as SplitMix64 ends; Steele, Lea and Flood, 2014)."""
    values = columns[0]()
    found = np.full(len(values), seed, dtype=np.uint64)
    for place, column in enumerate(columns):
        values = column() if place else values
        if len(found) > SMALL:
            fast(mix, len(found))(found, values)
        else:
            mix_few(found, values)
    return found


def mix_few(found: Hashes, values: Ints | Longs) -> None:
    """loops.mix, a step at a time over all rows: what does few rows quickly."""
    found *= np.uint64(0x9E3779B97F4A7C15)
    found += values.astype(np.int64).view(np.uint64)
    found ^= found >> np.uint64(30)
    found *= np.uint64(0xBF58476D1CE4E5B9)
    found ^= found >> np.uint64(27)
    found *= np.uint64(0x94D049BB133111EB)
    found ^= found >> np.uint64(31)


def _disagree(data: Encoded, group: Ints, size: int) -> Bools:
    """Flag the groups that hold two values of something a child has one of."""
    columns = data.columns
    flags = np.zeros(size, dtype=np.bool_)
    spread = fast(flag_spread, len(group))

    def look(values: Ints | Longs) -> None:
        spread(group, values, MISSING, np.full(size, MISSING, dtype=values.dtype), flags)

    look(verified_nhs(data, columns))
    look(verified_upn(data, columns))
    if data.child is not None:
        look(data.children())
    for name in AGREEING:
        look(getattr(columns, name))
    seen = np.full(size, MISSING, dtype=np.int32)
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


def _nodes(data: Encoded, of: Ints, first: Ints, *, rows: bool) -> Nodes:
    columns = data.columns
    table = np.full((len(first), len(FIELDS)), MISSING, dtype=np.int32)
    row: dict[str, Ints] = {}

    def held(values: Ints, missing: int = MISSING, otherwise: Ints = first) -> Ints:
        """For each node the first of its records whose value is above `missing`, else `otherwise`."""
        found = np.full(len(first), MISSING, dtype=np.int32)
        fast(first_held, len(of))(of, values, missing, found)
        return np.where(found >= 0, found, otherwise)

    def take(names: Sequence[str], places: Ints) -> None:
        for name in names:
            table[:, FIELDS.index(name)] = getattr(columns, name)[places]
            if rows:
                row[name] = places

    for name in SINGLY:
        take([name], held(getattr(columns, name), 0 if name == "death" else MISSING))
    take(["nhs_number"], held(verified_nhs(data, columns), otherwise=held(columns.nhs_number)))
    take(["upn"], held(verified_upn(data, columns), otherwise=held(columns.upn)))
    carers = ["carer_forename", "carer_surname"]
    take(carers, held(np.minimum(columns.carer_forename, columns.carer_surname)))
    order = np.where(columns.multiple > 0, columns.birth_order, np.int32(MISSING))
    take(["birth_order", "multiple"], held(order))
    for name in ALIKE:
        table[:, FIELDS.index(name)] = getattr(columns, name)[first]
    child = np.full(len(first), MISSING, dtype=np.int64)
    if data.child is not None:
        np.maximum.at(child, of, data.children())
    return Nodes(of=of, first=first, table=table, child=child, row=row)


def joined_codes(data: Encoded, names: Ints) -> Ints:
    """Return the joined-name codes of a column of vocabulary codes."""
    return np.append(data.vocabulary.joined, np.int32(MISSING))[names]


def _walk(data: Encoded, rows: Ints) -> Ints:
    """Return the order in which to number nodes: neighbours share surname, place and forename.

    Those that are compared then lie near each other, and so do those that an oversized block is walked by.
    """
    columns = data.columns
    joined = np.append(data.vocabulary.joined, np.int32(MISSING))
    parts = (joined[columns.surname[rows]], columns.postcode[rows], joined[columns.forename[rows]])
    order = np.zeros(len(rows), dtype=np.uint64)
    room = 64
    for codes in parts:
        wide = int(codes.max(initial=0) + 1).bit_length()
        room -= wide
        order = (order << np.uint64(wide)) | (codes + 1).astype(np.uint64)
    if room < 0:
        return np.lexsort(parts[::-1]).astype(np.int32)
    return ascending(order)[1]
