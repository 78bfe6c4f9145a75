"""Read a delivery file, CSV or Parquet, into one table of text under its contract's columns."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from contactpoint.domain.errors import DeliveryRefused
from contactpoint.supply.contracts import Contract
from contactpoint.supply.mapping import AS_DECLARED, FeedMapping
from contactpoint.supply.opening import MOST_BYTES, GivenFile, open_file, unpacked
from contactpoint.supply.parquet import MARK, parquet_as_csv
from contactpoint.supply.scan import Scan, scan_csv, whole_records

LINE: Final = "line"
REJECT_COLUMNS: Final = ("rejected_line", "rejected_field", "rejected_reason")
"""Columns that a rejects file has beyond its contract's; ignored when it comes back."""

PIECE: Final = 64 * 1024 * 1024
"""Bytes that are parsed at once."""

FIRST_LINE: Final = " The first line must be: "

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


def read_given(
    given: GivenFile,
    contract: Contract,
    *,
    mapping: FeedMapping = AS_DECLARED,
    most_bytes: int = MOST_BYTES,
) -> Table:
    """The same for a file that is open already, by the mapping of its source."""
    tables = list(read_pieces(given, contract, mapping=mapping, most_bytes=most_bytes))
    return Table(
        rows=pl.concat([table.rows for table in tables]),
        unreadable=pl.concat([table.unreadable for table in tables]),
        rejections=pl.concat([table.rejections for table in tables]),
    )


def read_pieces(
    given: GivenFile,
    contract: Contract,
    *,
    mapping: FeedMapping = AS_DECLARED,
    most_bytes: int = MOST_BYTES,
    piece: int = PIECE,
) -> Iterator[Table]:
    """The same, a piece of about `piece` bytes at a time, in order: parsed text takes ten times its size."""
    if given.raw.startswith(MARK):
        data = parquet_as_csv(given, most_bytes=most_bytes)
        yield from _numbered(_csv_pieces(data, contract, mapping, piece))
    else:
        yield from _csv_pieces(unpacked(given, most_bytes=most_bytes), contract, mapping, piece)


def _numbered(tables: Iterator[Table]) -> Iterator[Table]:
    """Rows of a Parquet file have no lines but their numbers."""
    read = 0
    for table in tables:
        numbers = pl.int_range(read + 1, read + pl.len() + 1, dtype=pl.Int64).alias(LINE)
        yield replace(table, rows=table.rows.with_columns(numbers))
        read += table.rows.height


def _csv_pieces(data: bytes, contract: Contract, mapping: FeedMapping, piece: int) -> Iterator[Table]:
    header: tuple[str, ...] | None = None
    by = mapping
    for raw, before in whole_records(data, piece):
        scan = scan_csv(raw, after=header, before=before)
        if header is None:
            header = scan.header
            # Rejected rows go out under the contract's own names, and come back as they went.
            by = AS_DECLARED if REJECT_COLUMNS[0] in header else mapping
            check_header(header, contract, by)
        yield _csv(scan, contract, by)


def check_header(found: tuple[str, ...], contract: Contract, mapping: FeedMapping = AS_DECLARED) -> None:
    """Refuse a header that is not the contract's, in the names that its source has for them.

    The order of columns is free; nothing undeclared is read (R17).

    Raises:
        DeliveryRefused: a column is missing, unknown or there twice.
    """
    names = [name for name in found if name not in REJECT_COLUMNS]
    expected = mapping.header(contract)
    problems = {
        "there twice": sorted({name for name in names if names.count(name) > 1}),
        "missing": [name for name in expected if name not in names],
        "not in the contract": sorted(set(names) - set(expected)) if _is_a_header(names, expected) else [],
    }
    words = [
        f"{', '.join(repr(name)[:42] for name in which[:6])} {'is' if len(which) == 1 else 'are'} {what}"
        for what, which in problems.items()
        if which
    ]
    if words:
        raise DeliveryRefused(
            f"The columns are not those of {contract.title}: {'; '.join(words)}."
            f"{FIRST_LINE}{','.join(expected)}"
        )


def _is_a_header(names: list[str], expected: tuple[str, ...]) -> bool:
    """Whether a first line names columns: of a row of somebody's data nobody is told what is in it."""
    return 2 * sum(name in expected for name in set(names)) >= len(expected)


def _csv(scan: Scan, contract: Contract, mapping: FeedMapping) -> Table:
    fits = scan.cells == len(scan.header)
    body = scan.data[scan.starts[0] :] if len(scan.starts) else b""
    if not fits.all() or len(body) != int((scan.ends - scan.starts).sum()):
        spans = zip(scan.starts[fits], scan.ends[fits], strict=True)
        body = b"".join(scan.data[start:end] for start, end in spans)
    rows = _parse(body, scan.header).with_columns(pl.Series(LINE, scan.lines[fits], dtype=pl.Int64))
    return Table(
        rows=_tidy(rows, scan.header, contract, mapping),
        unreadable=_tidy(_unreadable(scan, ~fits), scan.header, contract, mapping),
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


def _tidy(
    frame: pl.DataFrame, header: tuple[str, ...], contract: Contract, mapping: FeedMapping
) -> pl.DataFrame:
    """Take the contract's columns, strip them, and make blanks null."""
    if REJECT_COLUMNS[0] in header:
        frame = frame.with_columns(
            pl.when(pl.col(name).str.contains(_ESCAPED))
            .then(pl.col(name).str.slice(1))
            .otherwise(pl.col(name))
            .alias(name)
            for name in contract.names
        )
    return frame.select(*mapping.cells(contract), pl.col(LINE))
