"""One file as it is: CSV, Parquet, gzip; its own columns, all as text."""

import codecs
import csv
import gzip
import io
import os
import zlib
from pathlib import Path
from typing import Final

import polars as pl

from contactpoint.domain.errors import InvalidInput
from contactpoint.linking.tool.mapping import Mapping

LEAST_TWO_BYTES: Final = 8
"""Bytes from which every second one being nought is no chance."""

_GZIP: Final = b"\x1f\x8b"
TEXT_BYTES: Final = 16
"""Bytes that a text takes in memory, however short it is."""


def read_raw(path: Path, mapping: Mapping) -> pl.DataFrame:
    """Return a file's own columns, all as text.

    Raises:
        InvalidInput: it is not there or cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise InvalidInput(f"{path} cannot be read: {fault.strerror}.") from fault
    if data[:2] == _GZIP:
        data = _unpacked(path.name, data)
    if path.name.removesuffix(".gz").endswith(".parquet") or data[:4] == b"PAR1":
        return _read_parquet(path.name, data)
    return _read_csv(path.name, _decoded(path.name, data, mapping.encoding), mapping)


def _room() -> int:
    """Return how many bytes one file may stand for: half of this machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2


def _unpacked(name: str, data: bytes) -> bytes:
    """Unpack, for as long as there is room: a few bytes of gzip can stand for any number."""
    room = _room()
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            found = packed.read(room + 1)
    except (OSError, EOFError, zlib.error) as fault:
        raise InvalidInput(f"{name} is not whole: its gzip ends too soon or is damaged.") from fault
    if len(found) > room:
        raise InvalidInput(f"{name} unpacks to more than half of this machine's memory.")
    return found


def _read_parquet(name: str, data: bytes) -> pl.DataFrame:
    """Read it as text, if there is room: a few bytes of Parquet can stand for any number of rows."""
    try:
        scanned = pl.scan_parquet(io.BytesIO(data))
        schema, rows = scanned.collect_schema(), scanned.select(pl.len()).collect().item()
        if rows * len(schema) * TEXT_BYTES > _room():
            raise InvalidInput(f"{name} holds {rows:,} rows, more than this machine has memory for.")
        return scanned.select(as_text(pl.col(column), kind) for column, kind in schema.items()).collect()
    except pl.exceptions.PolarsError as fault:
        raise InvalidInput(f"{name} is not a Parquet file that can be read.") from fault


def _decoded(name: str, data: bytes, encoding: str) -> bytes:
    """Return the bytes as UTF-8. Text of two bytes a letter is known without being told."""
    if encoding == "utf-8":
        encoding = _two_bytes(data) or "utf-8-sig"
    try:
        text = data.decode(encoding)
    except LookupError as fault:
        raise InvalidInput(f"{encoding!r} is no encoding of text.") from fault
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise InvalidInput(
            f"{name}, line {line}: this is not {encoding.removesuffix('-sig')} text. If it came out of a "
            'spreadsheet, say encoding = "windows-1252" in a mapping.'
        ) from fault
    return text.encode()


def _two_bytes(data: bytes) -> str | None:
    """Say which UTF-16 it is, by its mark, or by the noughts in a line of column names, which are Latin."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = data[:64]
    if len(start) >= LEAST_TWO_BYTES and not any(start[1::2]) and all(start[::2]):
        return "utf-16-le"
    if len(start) >= LEAST_TWO_BYTES and not any(start[::2]) and all(start[1::2]):
        return "utf-16-be"
    return None


def _read_csv(name: str, data: bytes, mapping: Mapping) -> pl.DataFrame:
    separator = mapping.separator or ("\t" if name.removesuffix(".gz").endswith(".tsv") else ",")
    if len(separator.encode()) != 1:
        raise InvalidInput(f"{separator!r} cannot separate columns: it must be one plain character.")
    if not data.strip():
        raise InvalidInput(f"{name} is empty: not even a line of column names.")
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")  # a spreadsheet's "CSV (Macintosh)"
    _check_header(name, data, separator)
    try:
        return pl.read_csv(io.BytesIO(data), separator=separator, infer_schema=False, raise_if_empty=False)
    except pl.exceptions.PolarsError as fault:
        raise InvalidInput(_why_not_csv(name, data, separator)) from fault


def _check_header(name: str, data: bytes, separator: str) -> None:
    first = data.split(b"\n", 1)[0].removesuffix(b"\r").decode()
    try:
        header = next(csv.reader(io.StringIO(first, newline=""), delimiter=separator), [])
    except csv.Error as fault:
        raise InvalidInput(f"{name}, line 1: {fault}.") from fault
    repeated = sorted({column for column in header if header.count(column) > 1})
    if repeated:
        raise InvalidInput(f"{name} has two columns called {repeated[0]!r}.")


def _why_not_csv(name: str, data: bytes, separator: str) -> str:
    """Find the first line that is at fault, slowly: only asked once something is."""
    csv.field_size_limit(1 << 30)
    reader = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=separator, strict=True)
    try:
        width = len(next(reader))
        for row in reader:
            if len(row) > width:
                return f"{name}, line {reader.line_num}: {len(row)} values under {width} column names."
    except csv.Error as fault:
        return f"{name}, line {reader.line_num}: {fault}."
    return f"{name} is not a CSV file that can be read."


def as_text(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """Return a column of any kind as text: dates as year-month-day, whole numbers without a point."""
    if isinstance(kind, pl.Datetime):
        return column.dt.strftime("%Y-%m-%d")
    if kind.is_float():
        whole = column.is_not_nan() & (column == column.floor()) & (column.abs() < 2**53)
        return (
            pl.when(whole)
            .then(column.cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(column.fill_nan(None).cast(pl.String))
        )
    if kind == pl.Boolean:
        return pl.when(column).then(pl.lit("Y")).otherwise(None).alias(column.meta.output_name())
    if kind.is_nested() or kind == pl.Binary:
        return pl.lit(None, pl.String).alias(column.meta.output_name())
    return column.cast(pl.String)
