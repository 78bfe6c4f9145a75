"""The records as they came: checked, in an order that does not depend on it, read a column at a time."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.people import PERSON_COLUMNS
from contactpoint.linking.engine.loops import Hashes, Ints, Longs
from contactpoint.linking.engine.texts import MISSING, Normal, coded, distinct, is_ascii

KEY_COLUMNS: Final = ("record", "child", "source", "local_id")
MOST_BYTES: Final = 32
"""Longer local ids are ranked by Polars, which takes longer."""

READ_AT_ONCE: Final = 5_000_000


Records = pl.DataFrame | pl.LazyFrame
"""A lazy frame (a Parquet file that is scanned) is read a column at a time: that is how a country fits."""


def column_names(records: Records) -> list[str]:
    """Return the names of the columns."""
    return records.collect_schema().names()


def key_columns(records: Records) -> pl.DataFrame:
    """Return KEY_COLUMNS, `child` null where there is none.

    Raises:
        InvalidInput: a column of KEY_COLUMNS is missing or null, or a record number is given twice.
    """
    held = column_names(records)
    absent = [name for name in ("record", "source", "local_id") if name not in held]
    if absent:
        raise InvalidInput(f"The records lack the columns {', '.join(absent)}.")
    child = pl.col("child") if "child" in held else pl.lit(None)
    wanted = records.lazy().with_columns(
        pl.col("record").cast(pl.Int64),
        child.cast(pl.Int64).alias("child"),
        pl.col("source").cast(pl.String),
        pl.col("local_id").cast(pl.String),
    )
    keys = wanted.select(KEY_COLUMNS).collect()
    if any(keys[name].null_count() for name in ("record", "source", "local_id")):
        raise InvalidInput("Every record needs a record number, a source and a local id.")
    if keys["record"].n_unique() != keys.height:
        raise InvalidInput("A record number is given twice.")
    return keys


def prepare(records: Records) -> pl.DataFrame:
    """Return the records with every column there, blanks null, sorted by source, local id and record.

    Raises:
        InvalidInput: as `key_columns`.
    """
    wanted = []
    held = column_names(records)
    for name in PERSON_COLUMNS:
        text = pl.col(name).cast(pl.String).str.strip_chars() if name in held else pl.lit(None, pl.String)
        wanted.append(pl.when(text != "").then(text).otherwise(None).alias(name))
    people = records.lazy().with_columns(wanted).select(PERSON_COLUMNS).collect()
    return pl.concat([key_columns(records), people], how="horizontal").sort("source", "local_id", "record")


@dataclass(frozen=True, slots=True)
class Table:
    """The records as they came, and the order to encode them in."""

    records: Records
    names: frozenset[str]
    order: Longs

    def text(self, name: str) -> pl.Series:
        """Return a column as it came."""
        return self.records.lazy().select(pl.col(name).cast(pl.String)).collect().to_series()

    def distinct(self, name: str) -> tuple[Ints, pl.Series]:
        """Return a code per row, in order, and the distinct texts without blanks around them."""
        if name not in self.names:
            return np.zeros(len(self.order), dtype=np.int32), pl.Series([None], dtype=pl.String)
        codes, texts = distinct(self.text(name))
        texts = texts.str.strip_chars()
        return codes[self.order], pl.select(pl.when(texts != "").then(texts)).to_series()

    def coded(self, name: str, normal: Normal, *, ordered: bool = False) -> tuple[Ints, pl.Series]:
        """Return a code per row, in order, and the distinct normal texts."""
        if name not in self.names:
            return np.full(len(self.order), MISSING, dtype=np.int32), pl.Series([], dtype=pl.String)
        codes, texts = coded(self.text(name), normal, ordered=ordered)
        return codes[self.order], texts


def order_of(keys: pl.DataFrame, source: Ints) -> tuple[Longs, Ints]:
    """Return the rows in order of source, local id and record, and a number for each local id."""
    local_id = keys["local_id"]
    words = _as_words(local_id) or [local_id.rank("dense").to_numpy().astype(np.uint64)]
    order = np.lexsort((keys["record"].to_numpy(), *words[::-1], source))
    fresh = np.zeros(len(order), dtype=np.bool_)
    columns: list[Ints | Hashes] = [source, *words]
    for column in columns:
        values = column[order]
        fresh[1:] |= values[1:] != values[:-1]
    return order, np.cumsum(fresh).astype(np.int32)


def _as_words(texts: pl.Series) -> list[Hashes]:
    """Return short plain texts as columns of numbers that sort as they do, or none for other texts."""
    longest = max(1, int(texts.to_frame("text").select(pl.col("text").str.len_bytes().max()).item() or 0))
    width = 8 * -(-longest // 8)
    if width > MOST_BYTES or not bool(is_ascii(texts).all()) or texts.str.contains("\0", literal=True).any():
        return []
    bytes_ = b"".join(
        str(texts.slice(place, READ_AT_ONCE).str.pad_end(width, "\0").str.join("").item()).encode()
        for place in range(0, len(texts), READ_AT_ONCE)
    )
    table = np.frombuffer(bytes_, dtype=">u8").reshape(len(texts), width // 8)
    return [table[:, place].astype(np.uint64) for place in range(width // 8)]
