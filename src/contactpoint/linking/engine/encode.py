"""Records as columns of integers, in an order that does not depend on how they came."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Final, Self

import numpy as np
import polars as pl

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.identifiers import nhs_number_is_valid
from contactpoint.domain.people import PERSON_COLUMNS
from contactpoint.linking.engine.vocabulary import (
    MISSING,
    Bools,
    Ints,
    Longs,
    Vocabulary,
    apply_codes,
    build_vocabulary,
    code_column,
)
from contactpoint.linking.model.normalise import (
    CODE_WIDTH,
    Postcode,
    checked_code,
    digits,
    house_of,
    parse_date,
    parse_identifiers,
    parse_postcode,
    phone_of,
    plain,
    upn_is_permanent,
)
from contactpoint.linking.model.weights import Model

KEY_COLUMNS: Final = ("record", "child", "source", "local_id")
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


def prepare(records: pl.DataFrame) -> pl.DataFrame:
    """Return the records with every column there, blanks null, sorted by source, local id and record.

    Raises:
        InvalidInput: a column of KEY_COLUMNS is missing or null, or a record number is given twice.
    """
    absent = [name for name in ("record", "source", "local_id") if name not in records.columns]
    if absent:
        raise InvalidInput(f"The records lack the columns {', '.join(absent)}.")
    wanted = [
        pl.col("record").cast(pl.Int64),
        (pl.col("child") if "child" in records.columns else pl.lit(None)).cast(pl.Int64).alias("child"),
        pl.col("source").cast(pl.String),
        pl.col("local_id").cast(pl.String),
    ]
    for name in PERSON_COLUMNS:
        text = (
            pl.col(name).cast(pl.String).str.strip_chars()
            if name in records.columns
            else pl.lit(None, pl.String)
        )
        wanted.append(pl.when(text != "").then(text).otherwise(None).alias(name))
    frame = records.select(wanted).sort("source", "local_id", "record")
    if frame.select(pl.col("record", "source", "local_id").is_null().any()).row(0) != (False,) * 3:
        raise InvalidInput("Every record needs a record number, a source and a local id.")
    if frame["record"].n_unique() != frame.height:
        raise InvalidInput("A record number is given twice.")
    return frame


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
    themselves (code points, 0 after the end), to see one slip. `others` lists (scheme, value) codes by row,
    MISSING after.
    """

    places: Ints
    postcode_text: Ints
    nhs_text: Ints
    nhs_verified: Bools
    upn_text: Ints
    upn_verified: Bools
    others: Ints


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


def encode(frame: pl.DataFrame, model: Model, unique: Collection[str] | None = None) -> Encoded:
    """Encode what `prepare` returned; `unique` names the sources that list nobody twice (None: all)."""
    vocabulary, numbers = build_vocabulary((frame[name] for name in NAME_COLUMNS), model)
    names = {name: apply_codes(frame[name], numbers) for name in NAME_COLUMNS}
    single = (names["surname"] >= 0) & (names["forename"] >= 0)
    single[single] = (
        vocabulary.joined[names["surname"][single]] == vocabulary.joined[names["forename"][single]]
    )
    names["surname"][single] = MISSING
    names["single"] = np.where(frame["forename"].is_null().to_numpy(), names["surname"], MISSING).astype(
        np.int32
    )
    postcode, postcodes = code_column(frame["postcode"], lambda text: parse_postcode(text).full)
    nhs, nhs_numbers = code_column(frame["nhs_number"], checked_code)
    upn, upns = code_column(frame["upn"], checked_code)
    other, others = code_column(frame["other_identifiers"], _identifiers_text)
    columns = Columns(
        **names,
        suffix=code_column(frame["suffix"], plain)[0],
        birth=_dates(frame["date_of_birth"]),
        sex=frame["sex"]
        .replace_strict({"M": 1, "F": 2}, default=0, return_dtype=pl.Int32)
        .fill_null(0)
        .to_numpy(),
        uprn=code_column(frame["uprn"], lambda text: digits(text).lstrip("0"))[0],
        house=_houses(frame["address"]),
        street=_streets(frame["address"]),
        postcode=postcode,
        phone=code_column(frame["phone"], phone_of)[0],
        email=code_column(frame["email"], lambda text: text.strip().casefold()[:200])[0],
        nhs_number=nhs,
        upn=upn,
        other=other,
        birth_order=code_column(frame["birth_order"], lambda text: digits(text)[:2])[0],
        multiple=(frame["multiple_birth"].str.to_uppercase() == "Y")
        .fill_null(value=False)
        .cast(pl.Int32)
        .to_numpy(),
        death=_dates(frame["date_of_death"]),
    )
    local_id = (
        frame.select(pl.struct("source", "local_id").rank("dense").cast(pl.Int32)).to_series().to_numpy()
    )
    source, listing = _sources(frame["source"], local_id, unique)
    return Encoded(
        record=frame["record"].to_numpy(),
        child=frame["child"].fill_null(MISSING).to_numpy(),
        source=source,
        local_id=local_id,
        listing=listing,
        columns=columns,
        codes=_codes(postcodes, nhs_numbers, upns, others),
        vocabulary=vocabulary,
    )


def _sources(names: pl.Series, local_id: Ints, unique: Collection[str] | None) -> tuple[Ints, int]:
    listing = sorted(set(names.unique().to_list()) & set(names if unique is None else unique))
    codes = apply_codes(names, {name: place for place, name in enumerate(listing)})
    return np.where(codes < 0, local_id + len(listing), codes).astype(np.int32), len(listing)


def _codes(postcodes: list[str], nhs_numbers: list[str], upns: list[str], others: list[str]) -> Codes:
    return Codes(
        places=_places([parse_postcode(text) for text in postcodes]),
        postcode_text=characters(postcodes),
        nhs_text=characters(nhs_numbers),
        nhs_verified=np.array([nhs_number_is_valid(text) for text in nhs_numbers], dtype=np.bool_),
        upn_text=characters(upns),
        upn_verified=np.array([upn_is_permanent(text) for text in upns], dtype=np.bool_),
        others=_others(others),
    )


def characters(texts: list[str]) -> Ints:
    """Return a row of code points a text, cut or filled with 0 to CODE_WIDTH."""
    width = CODE_WIDTH
    table = np.zeros((len(texts), width), dtype=np.int32)
    for place, text in enumerate(texts):
        points = [ord(character) for character in text[:width]]
        table[place, : len(points)] = points
    return table


def _identifiers_text(text: str) -> str:
    return ";".join(f"{scheme}:{value}" for scheme, value in parse_identifiers(text))


def _others(texts: list[str]) -> Ints:
    """Return (scheme, value) codes of each text, two columns a pair, MISSING after the last."""
    rows = [[pair.split(":", 1) for pair in text.split(";")] for text in texts]
    schemes = {name: place for place, name in enumerate(sorted({pair[0] for row in rows for pair in row}))}
    values = {name: place for place, name in enumerate(sorted({pair[1] for row in rows for pair in row}))}
    table = np.full((len(rows), 2 * max([1, *map(len, rows)])), MISSING, dtype=np.int32)
    for place, row in enumerate(rows):
        for pair, (scheme, value) in enumerate(row):
            table[place, 2 * pair : 2 * pair + 2] = (schemes[scheme], values[value])
    return table


def _places(postcodes: list[Postcode]) -> Ints:
    columns = []
    for level in ("sector", "district", "area"):
        texts = [getattr(postcode, level) for postcode in postcodes]
        number = {text: place for place, text in enumerate(sorted(set(texts) - {""}))}
        columns.append([number.get(text, MISSING) for text in texts])
    columns.append([int(postcode.is_coarse) for postcode in postcodes])
    return np.array(columns, dtype=np.int32).reshape(4, len(postcodes)).T.copy()


def _dates(values: pl.Series) -> Ints:
    codes = {}
    for text in values.drop_nulls().unique().to_list():
        year, month, day = parse_date(text)
        codes[text] = year * 10000 + month * 100 + day
    found = apply_codes(values, codes)
    return np.where(found < 0, 0, found).astype(np.int32)


def _is_plain(values: pl.Series) -> bool:
    return values.str.len_bytes().sum() == values.str.len_chars().sum()


def _houses(values: pl.Series) -> Ints:
    """Codes of the numbers in addresses; plain ASCII goes through Polars, other letters one by one."""
    if not _is_plain(values):
        return code_column(values, house_of)[0]
    found = values.str.head(200).str.to_lowercase().str.extract_all(r"[0-9]+[a-z]?").list.join(" ")
    return _rank(found)


def _streets(values: pl.Series) -> Ints:
    if not _is_plain(values):
        return code_column(values, plain)[0]
    return _rank(values.str.head(200).str.to_lowercase().str.replace_all(r"[^a-z0-9]+", ""))


def _rank(texts: pl.Series) -> Ints:
    """Dense codes in text order; null and "" are MISSING."""
    ranked = pl.select(pl.when(texts != "").then(texts).otherwise(None)).to_series().rank("dense")
    return (ranked.cast(pl.Int32) - 1).fill_null(MISSING).to_numpy().astype(np.int32)
