"""Records as columns of integers, in an order that does not depend on how they came."""

import os
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Self

import numpy as np
import polars as pl

from contactpoint.linking.engine.loops import Bools, Ints, Longs
from contactpoint.linking.engine.table import Records, Table, column_names, key_columns, order_of
from contactpoint.linking.engine.texts import (
    MISSING,
    Characters,
    births_in_order,
    characters,
    checked_codes,
    coded,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """One integer a row and field; MISSING (-1) or 0 for dates and sex where there is none.

    Name columns are codes of the vocabulary; dates are year, month, day as yyyymmdd; `other` is an index of
    `Codes.others`.
    """

    forename: Ints
    middle_names: Ints
    surname: Ints
    single: Ints
    former_surname: Ints
    known_as: Ints
    carer_forename: Ints
    carer_surname: Ints
    mother_former_surname: Ints
    suffix: Ints
    birth: Ints
    sex: Ints
    uprn: Ints
    house: Ints
    street: Ints
    postcode: Ints
    phone: Ints
    email: Ints
    nhs_number: Ints
    upn: Ints
    other: Ints
    birth_order: Ints
    multiple: Ints
    death: Ints

    def take(self, rows: Longs) -> Self:
        """Return these rows, in this order."""
        return replace(self, **{field.name: getattr(self, field.name)[rows] for field in fields(self)})


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

    `source` numbers the sources that list nobody twice from 0 to `listing` - 1. In any other source each
    local id counts as a source of its own, so that nothing forbids two of its records to be one person.
    """

    record: Longs
    child: Longs
    source: Ints
    local_id: Ints
    listing: int
    columns: Columns
    codes: Codes
    vocabulary: Vocabulary


def encode(records: Records, model: Model, unique: Collection[str] | None = None) -> Encoded:
    """Encode records; `unique` names the sources that list nobody twice (None: all).

    Whatever order the rows come in, they are encoded in the order of `table.prepare`. Columns are read one
    at a time, on every core.

    Raises:
        InvalidInput: a column of KEY_COLUMNS is missing or null, or a record number is given twice.
    """
    keys = key_columns(records)
    source, names = coded(keys["source"], lambda texts: texts, ordered=True)
    order, local_id = order_of(keys, source)
    table = Table(records, frozenset(column_names(records)), order)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        work = {name: pool.submit(make, table) for name, make in _WORK.items()}
        vocabulary, columns = _names(table, pool, model)
        for task in work.values():
            columns |= task.result()[0]
        codes = Codes(**{name: values for task in work.values() for name, values in task.result()[1].items()})
    numbers, listing = _sources(source[order], names.to_list(), local_id, unique)
    return Encoded(
        record=keys["record"].to_numpy()[order],
        child=keys["child"].fill_null(MISSING).to_numpy()[order],
        source=numbers,
        local_id=local_id,
        listing=listing,
        columns=Columns(**columns),
        codes=codes,
        vocabulary=vocabulary,
    )


Made = tuple[dict[str, Ints], dict[str, Any]]
"""Columns, and tables of what their codes stand for, by the names of their fields."""


def _names(table: Table, pool: ThreadPoolExecutor, model: Model) -> tuple[Vocabulary, dict[str, Ints]]:
    found = list(pool.map(table.distinct, NAME_COLUMNS))
    vocabulary, codes = build_vocabulary((texts for _, texts in found), model)
    names = {name: codes[place][found[place][0]] for place, name in enumerate(NAME_COLUMNS)}
    single = (names["surname"] >= 0) & (names["forename"] >= 0)
    single[single] = (
        vocabulary.joined[names["surname"][single]] == vocabulary.joined[names["forename"][single]]
    )
    names["surname"][single] = MISSING
    rows, forenames = found[NAME_COLUMNS.index("forename")]
    alone = forenames.is_null().to_numpy()[rows]
    names["single"] = np.where(alone, names["surname"], np.int32(MISSING))
    return vocabulary, names


def _homes(table: Table) -> Made:
    rows, addresses = table.distinct("address")
    house, street = coded(addresses, houses)[0], coded(addresses, plains)[0]
    return {"house": house[rows], "street": street[rows]}, {}


def _postcodes(table: Table) -> Made:
    codes, texts = table.coded("postcode", postcodes, ordered=True)
    return {"postcode": codes}, {"places": places(texts), "postcode_text": characters(texts)}


def _nhs_numbers(table: Table) -> Made:
    codes, texts = table.coded("nhs_number", checked_codes)
    return {"nhs_number": codes}, {"nhs_text": characters(texts), "nhs_verified": nhs_numbers_valid(texts)}


def _upns(table: Table) -> Made:
    codes, texts = table.coded("upn", checked_codes)
    return {"upn": codes}, {"upn_text": characters(texts), "upn_verified": upns_permanent(texts)}


def _contacts(table: Table) -> Made:
    made = {"uprn": uprns, "phone": phones, "email": emails, "suffix": plains, "birth_order": births_in_order}
    return {name: table.coded(name, normal)[0] for name, normal in made.items()}, {}


def _facts(table: Table) -> Made:
    sex, sexes = table.distinct("sex")
    multiple, marks = table.distinct("multiple_birth")
    columns = {
        "birth": _dates(*table.distinct("date_of_birth")),
        "death": _dates(*table.distinct("date_of_death")),
        "sex": np.array([{"M": 1, "F": 2}.get(text, 0) for text in sexes.to_list()], dtype=np.int32)[sex],
        "multiple": np.array([(text or "").upper() == "Y" for text in marks.to_list()], dtype=np.int32)[
            multiple
        ],
    }
    return columns, {}


def _identifiers(table: Table) -> Made:
    codes, texts = table.coded("other_identifiers", _identifier_texts)
    others, values = _others(texts.to_list())
    width = max([1, *map(len, values)])
    return {"other": codes}, {
        "others": others,
        "other_text": characters(pl.Series(values, dtype=pl.String), width),
    }


_WORK: Final[dict[str, Callable[[Table], Made]]] = {
    "homes": _homes,
    "upns": _upns,
    "nhs_numbers": _nhs_numbers,
    "postcodes": _postcodes,
    "contacts": _contacts,
    "facts": _facts,
    "identifiers": _identifiers,
}


def _sources(
    source: Ints, names: list[str], local_id: Ints, unique: Collection[str] | None
) -> tuple[Ints, int]:
    listing = [name for name in names if unique is None or name in unique]
    places = {name: place for place, name in enumerate(listing)}
    codes = np.array([places.get(name, MISSING) for name in names], dtype=np.int32)[source]
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
    return np.array(codes, dtype=np.int32)[rows]
