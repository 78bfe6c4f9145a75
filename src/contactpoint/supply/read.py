"""Read a delivery file, CSV or Parquet, into one table of text under its contract's columns."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from contactpoint.domain.errors import DeliveryRefused
from contactpoint.supply.contracts import Contract
from contactpoint.supply.opening import MOST_BYTES, GivenFile, open_file, unpacked
from contactpoint.supply.parquet import MARK, parquet_as_csv
from contactpoint.supply.scan import Scan, scan_csv, whole_records

LINE: Final = "line"
REJECT_COLUMNS: Final = ("rejected_line", "rejected_field", "rejected_reason")
"""Columns that a rejects file has beyond its contract's; ignored when it comes back."""

PIECE: Final = 64 * 1024 * 1024
"""Bytes that are parsed at once."""

REJECTION_SCHEMA: Final = {LINE: pl.Int64(), "field": pl.String(), "reason": pl.String()}
# What a spreadsheet would run as a formula (OWASP, CSV injection). The rejects file puts an apostrophe before
# it, and one apostrophe is taken off again here, so that data comes back as it was. The last four are the
# wide forms that Japanese spreadsheets run.
_RUNS: Final = r"[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]"
FORMULA: Final = f"^'*{_RUNS}"
_ESCAPED: Final = f"^'+{_RUNS}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a file holds.

    `rows` has the contract's columns as text (blank is null) and `line`: the physical line a record begins on
    in a CSV, the row number in Parquet. `unreadable` are the records whose cells do not fit the header,
    padded or cut to it; `rejections` says so of each.
    """

    rows: pl.DataFrame
    unreadable: pl.DataFrame
    rejections: pl.DataFrame

    @property
    def size(self) -> int:
        """Records in the file."""
        return self.rows.height + self.unreadable.height


def read_table(path: Path, contract: Contract, *, most_bytes: int = MOST_BYTES) -> Table:
    """Read a CSV (RFC 4180, UTF-8; also packed with gzip) or Parquet file of one contract.

    Raises:
        DeliveryRefused: the file cannot be read or is too large, or its columns are not the contract's.
    """
    return read_given(open_file(path, most_bytes=most_bytes), contract, most_bytes=most_bytes)


def read_given(given: GivenFile, contract: Contract, *, most_bytes: int = MOST_BYTES) -> Table:
    """The same for a file that is open already."""
    tables = list(read_pieces(given, contract, most_bytes=most_bytes))
    return Table(
        rows=pl.concat([table.rows for table in tables]),
        unreadable=pl.concat([table.unreadable for table in tables]),
        rejections=pl.concat([table.rejections for table in tables]),
    )


def read_pieces(
    given: GivenFile, contract: Contract, *, most_bytes: int = MOST_BYTES, piece: int = PIECE
) -> Iterator[Table]:
    """The same, a piece of about `piece` bytes at a time, in order: parsed text takes ten times its size."""
    if given.raw.startswith(MARK):
        yield from _numbered(_csv_pieces(parquet_as_csv(given, most_bytes=most_bytes), contract, piece))
    else:
        yield from _csv_pieces(unpacked(given, most_bytes=most_bytes), contract, piece)


def _numbered(tables: Iterator[Table]) -> Iterator[Table]:
    """Rows of a Parquet file have no lines but their numbers."""
    read = 0
    for table in tables:
        numbers = pl.int_range(read + 1, read + pl.len() + 1, dtype=pl.Int64).alias(LINE)
        yield replace(table, rows=table.rows.with_columns(numbers))
        read += table.rows.height


def _csv_pieces(data: bytes, contract: Contract, piece: int) -> Iterator[Table]:
    header: tuple[str, ...] | None = None
    for raw, before in whole_records(data, piece):
        scan = scan_csv(raw, after=header, before=before)
        if header is None:
            header = scan.header
            check_header(header, contract)
        yield _csv(scan, contract)


def check_header(found: tuple[str, ...], contract: Contract) -> None:
    """Refuse a header that is not the contract's; the order of columns is free (R17: nothing undeclared).

    Raises:
        DeliveryRefused: a column is missing, unknown or there twice.
    """
    names = [name for name in found if name not in REJECT_COLUMNS]
    problems = {
        "there twice": sorted({name for name in names if names.count(name) > 1}),
        "missing": [name for name in contract.names if name not in names],
        "not in the contract": sorted(set(names) - set(contract.names)),
    }
    words = [
        f"{', '.join(repr(name)[:42] for name in which[:6])} {'is' if len(which) == 1 else 'are'} {what}"
        for what, which in problems.items()
        if which
    ]
    if words:
        raise DeliveryRefused(
            f"The columns are not those of {contract.title}: {'; '.join(words)}. "
            f"The first line must be: {','.join(contract.names)}"
        )


def _csv(scan: Scan, contract: Contract) -> Table:
    fits = scan.cells == len(scan.header)
    body = scan.data[scan.starts[0] :] if len(scan.starts) else b""
    if not fits.all() or len(body) != int((scan.ends - scan.starts).sum()):
        spans = zip(scan.starts[fits], scan.ends[fits], strict=True)
        body = b"".join(scan.data[start:end] for start, end in spans)
    rows = _parse(body, scan.header).with_columns(pl.Series(LINE, scan.lines[fits], dtype=pl.Int64))
    return Table(
        rows=_tidy(rows, scan.header, contract),
        unreadable=_tidy(_unreadable(scan, ~fits), scan.header, contract),
        rejections=_misfits(scan, ~fits),
    )


def _parse(body: bytes, header: tuple[str, ...]) -> pl.DataFrame:
    if not body:
        return pl.DataFrame(schema=dict.fromkeys(header, pl.String()))
    return pl.read_csv(body, has_header=False, new_columns=list(header), infer_schema=False)


def _unreadable(scan: Scan, misfit: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> pl.DataFrame:
    width = len(scan.header)
    cells = [(scan.text_of(int(at)) + [""] * width)[:width] for at in np.flatnonzero(misfit)]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(scan.header, pl.String()), orient="row")
    return frame.with_columns(pl.Series(LINE, scan.lines[misfit], dtype=pl.Int64))


def _misfits(scan: Scan, misfit: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> pl.DataFrame:
    width = len(scan.header)
    reasons = [f"It has {count} cells; the header has {width}." for count in scan.cells[misfit]]
    return pl.DataFrame(
        {LINE: scan.lines[misfit], "field": [""] * len(reasons), "reason": reasons}, schema=REJECTION_SCHEMA
    )


def _tidy(frame: pl.DataFrame, header: tuple[str, ...], contract: Contract) -> pl.DataFrame:
    """Take the contract's columns, strip them, and make blanks null."""
    text = [pl.col(name) for name in contract.names]
    if REJECT_COLUMNS[0] in header:
        text = [
            pl.when(column.str.contains(_ESCAPED)).then(column.str.slice(1)).otherwise(column).alias(name)
            for name, column in zip(contract.names, text, strict=True)
        ]
    stripped = [column.str.strip_chars().replace("", None) for column in text]
    return frame.select(*stripped, pl.col(LINE))
