"""The records as they came: checked, in an order that does not depend on it, read a column at a time."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.people import PERSON_COLUMNS
from contactpoint.linking.engine.loops import Hashes, Ints, Longs, fast, flag_bytes, pack_bytes
from contactpoint.linking.engine.sorting import ascending
from contactpoint.linking.engine.texts import MISSING, Characters, Normal, coded, distinct, is_ascii

KEY_COLUMNS: Final = ("record", "child", "source", "local_id")
MOST_BYTES: Final = 32
"""Longer local ids are ranked by Polars, which takes longer."""

WORD: Final = 64

READ_AT_ONCE: Final = 2_000_000

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
    table = Table(records)
    numbers, child = record_numbers(table), table.read("child", pl.Int64)
    texts = [table.read(name, pl.String).alias(name) for name in ("source", "local_id")]
    return pl.DataFrame([pl.Series("record", numbers), child.alias("child"), *texts])


def record_numbers(table: "Table") -> Longs:
    """Return the number of each record.

    Raises:
        InvalidInput: a column of KEY_COLUMNS is missing or null, or a record number is given twice.
    """
    absent = [name for name in ("record", "source", "local_id") if name not in table.names]
    if absent:
        raise InvalidInput(f"The records lack the columns {', '.join(absent)}.")
    nulls = table.records.lazy().select(pl.col("record", "source", "local_id").null_count())
    if any(nulls.collect(engine="streaming").row(0)):
        raise InvalidInput("Every record needs a record number, a source and a local id.")
    numbers = table.read("record", pl.Int64).to_numpy()
    ordered = numbers if bool((numbers[1:] > numbers[:-1]).all()) else np.sort(numbers)
    if bool((ordered[1:] == ordered[:-1]).any()):
        raise InvalidInput("A record number is given twice.")
    return numbers


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


class Table:
    """The records as they came, read a piece of a column at a time."""

    def __init__(self, records: Records) -> None:
        """Look at the columns, not yet at the rows."""
        self.records = records
        self.names = frozenset(records.collect_schema().names())
        self.size = int(records.lazy().select(pl.len()).collect().item())

    def read(self, name: str, kind: type[pl.DataType], begin: int = 0, size: int | None = None) -> pl.Series:
        """Return a column, or `size` rows of it from `begin`; null where there is none."""
        if name not in self.names:
            rows = self.size if size is None else min(size, self.size - begin)
            return pl.Series(name, [None], dtype=kind).new_from_index(0, rows)
        part = self.records.lazy().slice(begin, size)
        return part.select(pl.col(name).cast(kind)).collect().to_series()

    def pieces(self, name: str) -> Iterator[pl.Series]:
        """Yield a column as it came, piece by piece."""
        part = self.records.lazy().select(pl.col(name).cast(pl.String))
        # One reading of the files, the next piece made while this one is looked at.
        for piece in part.collect_batches(chunk_size=READ_AT_ONCE, maintain_order=True):
            yield piece.to_series()

    def distinct(self, name: str) -> tuple[Ints, pl.Series]:
        """Return a code per row and the distinct texts without blanks around them."""
        if name not in self.names:
            return np.zeros(self.size, dtype=np.int32), pl.Series([None], dtype=pl.String)
        codes, texts = distinct(self.pieces(name))
        texts = texts.str.strip_chars()
        return codes, pl.select(pl.when(texts != "").then(texts)).to_series()

    def coded(
        self, name: str, *normals: Normal, keep: bool = True, ordered: bool = False
    ) -> list[tuple[Ints, pl.Series]]:
        """Return for each normal form a code per row and the distinct normal texts (texts.coded)."""
        if name not in self.names:
            missing = np.full(self.size, MISSING, dtype=np.int32)
            return [(missing, pl.Series([], dtype=pl.String)) for _ in normals]
        return coded(self.pieces(name), *normals, keep=keep, ordered=ordered)


def order_of(table: Table, numbers: Longs, source: Ints) -> tuple[Ints, Ints]:
    """Return the rows in order of source, local id and record, and a number for each local id."""
    bits = int(source.max(initial=0)).bit_length()
    words = as_words(table, WORD - bits) or [table.read("local_id", pl.String).rank("dense").to_numpy()]
    words[0] = words[0].astype(np.uint64) | source.astype(np.uint64) << np.uint64(WORD - bits)
    ordered, order = ascending(words[0])
    fresh = np.zeros(len(order), dtype=np.bool_)
    fresh[1:] = ordered[1:] != ordered[:-1]
    del ordered
    # What the first word leaves open is little: rows of one local id, or ids that are long.
    alike = np.flatnonzero(~fresh | ~np.append(fresh[1:], True))
    rows = order[alike]
    order[alike] = rows[np.lexsort((numbers[rows], *(word[rows] for word in words[::-1])))]
    for word in words[1:]:
        fresh[1:] |= word[order[1:]] != word[order[:-1]]
    return order, np.cumsum(fresh, dtype=np.int32)


def as_words(table: Table, room: int) -> list[Hashes]:
    """Return short plain local ids as columns of numbers that sort as they do, or none for other texts.

    Of each place in the text only the characters that ever stand there count, so that most ids are one
    number. The first number has `room` bits.
    """
    longest, seen = 0, np.zeros((MOST_BYTES, 256), dtype=np.bool_)
    for piece in table.pieces("local_id"):
        size = int(piece.str.len_bytes().max() or 0)  # type: ignore[arg-type]
        plain = size <= MOST_BYTES and bool(is_ascii(piece).all())
        if not plain or piece.str.contains("\0", literal=True).any():
            return []
        longest = max(longest, size)
        fast(flag_bytes, len(piece))(_bytes_of(piece, max(1, size)), seen)
    seen[:, 0] = True
    ranks = np.cumsum(seen, axis=1).astype(np.uint64) - np.uint64(1)
    widths = np.array([int(row[-1]).bit_length() for row in ranks[: max(1, longest)]], dtype=np.int32)
    cuts = _cuts(widths, room)
    words = [np.zeros(table.size, dtype=np.uint64) for _ in cuts[1:]]
    begin = 0
    for piece in table.pieces("local_id"):
        held = _bytes_of(piece, len(widths))
        for word, first, last in zip(words, cuts, cuts[1:], strict=False):
            fast(pack_bytes, len(piece))(held, first, last, ranks, widths, word[begin : begin + len(piece)])
        begin += len(piece)
    return words


def _bytes_of(texts: pl.Series, width: int) -> Characters:
    """Return a row of `width` bytes a text, 0 after its end."""
    joined = texts.str.pad_end(width, "\0").str.join("").item() or ""
    return np.frombuffer(joined.encode(), dtype=np.uint8).reshape(len(texts), width)


def _cuts(widths: Ints, room: int) -> list[int]:
    """Return the places at which the words begin, and the end; the first has `room` bits."""
    cuts, used = [0], WORD - room
    for place, width in enumerate(widths.tolist()):
        if used + width > WORD:
            cuts.append(place)
            used = 0
        used += width
    return [*cuts, len(widths)]
