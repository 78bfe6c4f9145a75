"""Records as columns of integers, in an order that does not depend on how they came."""

import os
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from contactpoint.linking.engine.loops import Bools, Ints, Longs
from contactpoint.linking.engine.scratch import Column, Columns, narrow
from contactpoint.linking.engine.sorting import taken
from contactpoint.linking.engine.table import Records, Table, order_of, record_numbers
from contactpoint.linking.engine.texts import (
    MISSING,
    Characters,
    Normal,
    births_in_order,
    characters,
    checked_codes,
    emails,
    houses,
    nhs_numbers_valid,
    phones,
    places,
    plains,
    postcodes,
    upns_permanent,
    uprns,
)
from contactpoint.linking.engine.vocabulary import Vocabulary, build_vocabulary
from contactpoint.linking.model.normalise import parse_date, parse_identifiers
from contactpoint.linking.model.weights import Model

NAME_COLUMNS: Final = (
    "forename",
    "middle_names",
    "surname",
    "former_surname",
    "known_as",
    "carer_forename",
    "carer_surname",
    "mother_former_surname",
)


FIELDS: Final = (
    "birth",
    "sex",
    "postcode",
    "house",
    "street",
    "uprn",
    "nhs_number",
    "upn",
    "forename",
    "surname",
    "single",
    "context",
    "twin",
    "phone",
    "together",
    "email",
    "former_surname",
    "middle_names",
    "known_as",
    "carer_forename",
    "carer_surname",
    "mother_former_surname",
    "suffix",
    "other",
    "birth_order",
    "multiple",
    "death",
)
"""What a row of the kernel holds: columns by name, its context and twin, and the excess of its two names.

Those asked first stand first, in one line of the processor's cache.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """What the codes of places and identifiers stand for.

    `places` has a row a postcode: sector, district and area codes, and whether it is no finer than a sector
    (parse_postcode). The character tables hold the texts
    themselves (texts.characters), to see one slip. `others` lists (scheme, value) codes by row,
    MISSING after; `other_text` holds the characters of the values.
    """

    places: Ints
    postcode_text: Characters
    nhs_text: Characters
    nhs_verified: Bools
    upn_text: Characters
    upn_verified: Bools
    others: Ints
    other_text: Characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """Records ready for the engine: keys, columns, and the tables that the codes point into.

    `columns` hold one integer a row and field, MISSING (-1) or 0 for dates and sex where there is none: name
    columns are codes of the vocabulary; dates are year, month, day as yyyymmdd; `other` is an index of
    `Codes.others`. `source` numbers the sources that list nobody twice from 0 to `listing` - 1. In any other
    source each local id counts as a source of its own, so that nothing forbids two of its records to be one
    person. `child` is None if no record has one yet.
    """

    size: int
    record: Column
    child: Column | None
    keys: Columns
    listing: int
    columns: Columns
    codes: Codes
    vocabulary: Vocabulary

    @property
    def source(self) -> Ints:
        """The number of each record's source."""
        return self.keys.source

    @property
    def local_id(self) -> Ints:
        """The number of each record's local id."""
        return self.keys.local_id

    def children(self) -> Longs:
        """Return the published child of each record, MISSING where there is none."""
        return np.full(self.size, MISSING, dtype=np.int64) if self.child is None else self.child.longs()


def encode(records: Records, model: Model, unique: Collection[str] | None = None) -> Encoded:
    """Encode records; `unique` names the sources that list nobody twice (None: all).

    Whatever order the rows come in, they are encoded in the order of `table.prepare`. Columns are read one
    at a time, on every core.

    Raises:
        InvalidInput: a column of KEY_COLUMNS is missing or null, or a record number is given twice.
    """
    table = Table(records)
    numbers = record_numbers(table)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        # What names there are does not hang on the order, which is found here meanwhile.
        names = {name: pool.submit(_distinct, table, name) for name in NAME_COLUMNS}
        order, keys = _in_order(table, numbers, unique)
        made = _encoded(table, order, model, names, pool)
    return Encoded(
        size=table.size,
        record=keys.record,
        child=keys.child,
        keys=keys.columns,
        listing=keys.listing,
        columns=Columns(made.columns),
        codes=Codes(**made.tables),
        vocabulary=made.vocabulary,
    )


@dataclass(frozen=True, slots=True)
class _Keys:
    """What names a record, in the order of the records."""

    record: Column
    child: Column | None
    columns: Columns
    listing: int


def _in_order(table: Table, numbers: Longs, unique: Collection[str] | None) -> tuple[Ints, _Keys]:
    """Return the rows in their order, and what names the records in it."""
    ((source, names),) = table.coded("source", _as_it_is, ordered=True)
    order, local_id = order_of(table, numbers, source)
    source, listing = _sources(taken(source, order), names.to_list(), local_id, unique)
    columns = Columns({"source": Column(source), "local_id": Column(local_id)})
    return order, _Keys(Column(taken(numbers, order)), _children(table, order), columns, listing)


def _as_it_is(texts: pl.Series) -> pl.Series:
    return texts


def _children(table: Table, order: Ints) -> Column | None:
    """Return the published child of each record, or None where no record has one."""
    if "child" not in table.names:
        return None
    child = table.read("child", pl.Int64)
    return (
        Column(taken(child.fill_null(MISSING).to_numpy(), order)) if child.null_count() < table.size else None
    )


def _distinct(table: Table, name: str) -> tuple[Column, pl.Series]:
    """Return the codes of a column's texts, which wait, and the texts."""
    codes, texts = table.distinct(name)
    return Column(codes), texts


Found = tuple[Column, pl.Series]
"""The codes of a column's texts, and the texts."""

Made = tuple[dict[str, Ints], dict[str, Any]]
"""Columns in the order of the rows, and tables of what their codes stand for, by name."""


@dataclass(slots=True)
class _Encoding:
    """What `_encoded` makes: the columns in order, what their codes stand for, and the vocabulary."""

    columns: dict[str, Column]
    tables: dict[str, Any]
    vocabulary: Vocabulary


def _encoded(
    table: Table, order: Ints, model: Model, names: Mapping[str, Future[Found]], pool: Executor
) -> _Encoding:
    """Encode all person columns, as many at a time as there are cores."""
    columns: dict[str, Column] = {}
    tables: dict[str, Any] = {}

    def keep(made: Made) -> None:
        # Narrow first: the fewer bytes, the fewer of them have to be fetched from afar.
        columns.update({name: Column(taken(narrow(values), order)) for name, values in made[0].items()})
        tables.update(made[1])

    def encode_with(make: Callable[[Table], Made]) -> None:
        keep(make(table))

    work = [pool.submit(encode_with, make) for make in _WORK]
    # The pool does the other columns while the names are made normal here.
    vocabulary = _names({name: task.result() for name, task in names.items()}, keep, model)
    for task in work:
        task.result()
    return _Encoding(columns, tables, vocabulary)


def _names(found: dict[str, Found], keep: Callable[[Made], None], model: Model) -> Vocabulary:
    """Code the names, given the codes and texts of each column; return what the codes stand for."""
    vocabulary, codes = build_vocabulary((texts for _, texts in found.values()), model)

    def coded(name: str, code: Ints) -> Ints:
        return taken(code, found[name][0].read())

    names = dict(zip(found, codes, strict=True))
    forename, surname = (coded(name, names.pop(name)) for name in ("forename", "surname"))
    joined = np.append(vocabulary.joined, np.int32(MISSING))
    surname[(taken(joined, surname) == taken(joined, forename)) & (surname >= 0)] = MISSING
    alone = coded("forename", found["forename"][1].is_null().to_numpy())
    keep(({"forename": forename, "surname": surname}, {}))
    keep(({"single": np.where(alone, surname, np.int32(MISSING))}, {}))
    for name, code in names.items():
        keep(({name: coded(name, code)}, {}))
    return vocabulary


def _homes(table: Table) -> Made:
    (house, _), (street, _) = table.coded("address", houses, plains, keep=False)
    return {"house": house, "street": street}, {}


def _postcodes(table: Table) -> Made:
    ((codes, texts),) = table.coded("postcode", postcodes, ordered=True)
    return {"postcode": codes}, {"places": places(texts), "postcode_text": characters(texts)}


def _nhs_numbers(table: Table) -> Made:
    ((codes, texts),) = table.coded("nhs_number", checked_codes)
    return {"nhs_number": codes}, {"nhs_text": characters(texts), "nhs_verified": nhs_numbers_valid(texts)}


def _upns(table: Table) -> Made:
    ((codes, texts),) = table.coded("upn", checked_codes)
    return {"upn": codes}, {"upn_text": characters(texts), "upn_verified": upns_permanent(texts)}


def _plain(name: str, normal: Normal) -> Callable[[Table], Made]:
    def make(table: Table) -> Made:
        return {name: table.coded(name, normal, keep=False)[0][0]}, {}

    return make


def _dates_of(column: str, name: str) -> Callable[[Table], Made]:
    def make(table: Table) -> Made:
        return {name: _dates(*table.distinct(column))}, {}

    return make


def _facts(table: Table) -> Made:
    sex, sexes = table.distinct("sex")
    multiple, marks = table.distinct("multiple_birth")
    codes = np.array([{"M": 1, "F": 2}.get(text, 0) for text in sexes.to_list()], dtype=np.int32)
    flags = np.array([(text or "").upper() == "Y" for text in marks.to_list()], dtype=np.int32)
    return {"sex": taken(codes, sex), "multiple": taken(flags, multiple)}, {}


def _identifiers(table: Table) -> Made:
    ((codes, texts),) = table.coded("other_identifiers", _identifier_texts)
    others, values = _others(texts.to_list())
    width = max([1, *map(len, values)])
    return {"other": codes}, {
        "others": others,
        "other_text": characters(pl.Series(values, dtype=pl.String), width),
    }


_WORK: Final[tuple[Callable[[Table], Made], ...]] = (
    _homes,
    _upns,
    _nhs_numbers,
    _postcodes,
    _plain("uprn", uprns),
    _plain("phone", phones),
    _plain("email", emails),
    _plain("suffix", plains),
    _plain("birth_order", births_in_order),
    _dates_of("date_of_birth", "birth"),
    _dates_of("date_of_death", "death"),
    _facts,
    _identifiers,
)


def _sources(
    source: Ints, names: list[str], local_id: Ints, unique: Collection[str] | None
) -> tuple[Ints, int]:
    listing = [name for name in names if unique is None or name in unique]
    places = {name: place for place, name in enumerate(listing)}
    codes = taken(np.array([places.get(name, MISSING) for name in names], dtype=np.int32), source)
    return np.where(codes < 0, local_id + np.int32(len(listing)), codes), len(listing)


def _identifier_texts(texts: pl.Series) -> pl.Series:
    made = [
        None if text is None else ";".join(f"{scheme}:{value}" for scheme, value in parse_identifiers(text))
        for text in texts.to_list()
    ]
    return pl.Series(made, dtype=pl.String)


def _others(texts: list[str]) -> tuple[Ints, list[str]]:
    """Return (scheme, value) codes of each text, two columns a pair, MISSING after; and the values."""
    rows = [[pair.split(":", 1) for pair in text.split(";")] for text in texts]
    schemes = {name: place for place, name in enumerate(sorted({pair[0] for row in rows for pair in row}))}
    values = {name: place for place, name in enumerate(sorted({pair[1] for row in rows for pair in row}))}
    table = np.full((len(rows), 2 * max([1, *map(len, rows)])), MISSING, dtype=np.int32)
    for place, row in enumerate(rows):
        for pair, (scheme, value) in enumerate(row):
            table[place, 2 * pair : 2 * pair + 2] = (schemes[scheme], values[value])
    return table, list(values)


def _dates(rows: Ints, texts: pl.Series) -> Ints:
    parts = [parse_date(text) for text in texts.to_list()]
    codes = [year * 10000 + month * 100 + day for year, month, day in parts]
    return taken(np.array(codes, dtype=np.int32), rows)
