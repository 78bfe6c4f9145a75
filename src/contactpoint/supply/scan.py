"""Where each record of a CSV file begins and ends, and on which physical line, before anything is parsed.

Parsers disagree about broken files: some fill short rows with nothing, some fold the rest of a file into one
cell after a lost quotation mark. So the structure is checked first, over the bytes (RFC 4180): whatever is
accepted afterwards means the same to every reader.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from contactpoint.domain.errors import DeliveryRefused

_QUOTE, _COMMA, _NEWLINE, _RETURN = b'",\n\r'
LONGEST_RECORD: Final = 100_000
"""Bytes in one record: twenty times what the longest cells of the widest contract come to."""

MOST_COLUMNS: Final = 200
MOST_CELLS: Final = 128 * 1024 * 1024
"""Cells in one file: each takes fifty bytes of memory, however empty. A feed of 512 MB has 80 million."""

_START_OF_FILE: Final = 4096  # a zero byte here means another encoding, later on it means damage
_OTHER_DELIMITERS: Final = {b";": "semicolons", b"\t": "tabs", b"|": "upright bars"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A file's structure: `header`, and of each later record its bytes, first line and number of cells."""

    data: bytes
    header: tuple[str, ...]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]
    cells: npt.NDArray[np.int64]

    def text_of(self, record: int) -> list[str]:
        """The cells of one record."""
        raw = self.data[self.starts[record] : self.ends[record]].decode()
        return next(csv.reader(io.StringIO(raw, newline="")), [])


def scan_csv(
    raw: bytes, *, most_cells: int = MOST_CELLS, after: tuple[str, ...] | None = None, before: int = 0
) -> Scan:
    """Find the records of a CSV file in UTF-8, with or without a byte-order mark.

    Args:
        raw: the file, or a later piece of it, of whole records.
        most_cells: how many cells may be looked at together.
        after: the header, where this is a later piece, which has none.
        before: physical lines before the piece.

    Raises:
        DeliveryRefused: the file is empty, not UTF-8, not separated by commas, has more cells than
            `most_cells`, or a quotation mark is lost.
    """
    data = raw.removeprefix(codecs.BOM_UTF8) if after is None else raw
    _check_encoding(data, before, later=after is not None)
    if after is None:
        _check_delimiter(data)
    _check_cells(data, most_cells)
    view = np.frombuffer(data, dtype=np.uint8)
    newlines = np.flatnonzero(view == _NEWLINE)
    inside = np.bitwise_xor.accumulate((view == _QUOTE).view(np.uint8)).view(np.bool_)
    _check_quotes(view, inside, newlines, before)
    breaks = newlines[~inside[newlines]]
    starts = np.concatenate(([0], breaks + 1))
    ends = np.concatenate((breaks + 1, [len(view)]))
    ends, starts = ends[starts < len(view)], starts[starts < len(view)]
    blank = _is_blank(view, starts, ends)
    starts, ends = starts[~blank], ends[~blank]
    if not len(starts) and after is None:
        raise DeliveryRefused("The file is empty: its first line must hold the column names.")
    commas = np.flatnonzero((view == _COMMA) & ~inside)
    cells = np.searchsorted(commas, ends) - np.searchsorted(commas, starts) + 1
    lines = np.searchsorted(newlines, starts) + 1 + before
    if after is not None:
        _check_lengths(starts, ends, lines)
        _check_end(data, lines, cells, len(after))
        return Scan(data=data, header=after, starts=starts, ends=ends, lines=lines, cells=cells)
    _check_width(int(cells[0]))
    _check_lengths(starts, ends, lines)
    header = _header(data[starts[0] : ends[0]].decode())
    _check_end(data, lines[1:], cells[1:], len(header))
    return Scan(data=data, header=header, starts=starts[1:], ends=ends[1:], lines=lines[1:], cells=cells[1:])


def whole_records(data: bytes, piece: int) -> Iterator[tuple[bytes, int]]:
    """Cut a file after records, into pieces of about `piece` bytes, and say how many lines stand before each.

    A piece that would end within quotation marks grows as far as the longest record may reach; what is longer
    is not cut further, because whoever scans it refuses it.
    """
    start = before = 0
    while start < len(data) or not start:
        end = looked = start
        quotes = 0
        while end == start and looked < len(data) and looked - start <= max(piece, LONGEST_RECORD):
            block = data[looked : looked + piece]
            end = _last_break(block, looked, quotes) or start
            quotes += block.count(b'"')
            looked += len(block)
        if looked >= len(data):
            end = len(data)
        end = looked if end == start else end
        yield data[start:end], before
        if end >= len(data):
            return
        before += data.count(b"\n", start, end)
        start = end


def _last_break(block: bytes, at: int, quotes: int) -> int:
    """Where the last line ends of a block at `at`, after so many quotation marks; 0 if none ends there."""
    view = np.frombuffer(block, dtype=np.uint8)
    inside = np.bitwise_xor.accumulate((view == _QUOTE).view(np.uint8)) ^ (quotes % 2)
    breaks = np.flatnonzero((view == _NEWLINE) & (inside == 0))
    return at + int(breaks[-1]) + 1 if len(breaks) else 0


def _check_encoding(data: bytes, before: int, *, later: bool) -> None:
    if not later and not data.strip():
        raise DeliveryRefused("The file is empty: its first line must hold the column names.")
    zero = data.find(b"\0")
    utf16 = data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or -1 < zero < _START_OF_FILE
    if not later and utf16:
        raise DeliveryRefused('This is not a text file in UTF-8. Save it as "CSV UTF-8" and send it again.')
    if zero >= 0:
        line = data.count(b"\n", 0, zero) + 1 + before
        raise DeliveryRefused(
            f"Line {line} holds a zero byte, which no text has. The file was damaged on its way: send it "
            "again."
        )
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1 + before
        raise DeliveryRefused(
            f'Line {line} is not in UTF-8 (perhaps the file is in Windows-1252). Save it as "CSV UTF-8" '
            "and send it again."
        ) from None
    if not later and b"\n" not in data and b"\r" in data:
        raise DeliveryRefused("Lines end in carriage returns only. Save the file with line feeds.")


def _check_delimiter(data: bytes) -> None:
    """Look at the first line alone: with another delimiter, quotation marks stand in odd places."""
    first = data.lstrip()[:LONGEST_RECORD].partition(b"\n")[0]
    for mark, words in _OTHER_DELIMITERS.items():
        if mark in first and b"," not in first:
            raise DeliveryRefused(f"Columns are separated by {words}. Save the file with commas.")


def _check_cells(data: bytes, most_cells: int) -> None:
    """Refuse more marks than could be looked at: a file of commas, line ends or quotation marks alone."""
    cells = data.count(b",") + data.count(b"\n") + data.count(b'"') // 2
    if cells > most_cells:
        raise DeliveryRefused(
            f"The file has {cells:,} cells and blank lines, most of them surely empty. No more than "
            f"{most_cells:,} are read at once: send what changed as delta files."
        )


def _check_quotes(
    view: npt.NDArray[np.uint8],
    inside: npt.NDArray[np.bool_],
    newlines: npt.NDArray[np.int64],
    passed: int,
) -> None:
    """Refuse a quotation mark that opens in the middle of a cell, closes before its end, or never closes."""
    quotes = np.flatnonzero(view == _QUOTE)
    if not len(quotes):
        return
    opening = inside[quotes]
    before = np.where(quotes > 0, view[quotes - 1], _NEWLINE)
    after = np.where(quotes < len(view) - 1, view[np.minimum(quotes + 1, len(view) - 1)], _NEWLINE)
    opens_badly = opening & ~np.isin(before, (_COMMA, _NEWLINE, _QUOTE))
    closes_badly = ~opening & ~np.isin(after, (_COMMA, _NEWLINE, _RETURN, _QUOTE))
    bad = quotes[opens_badly | closes_badly]
    if len(bad):
        line = int(np.searchsorted(newlines, bad[0])) + 1 + passed
        raise DeliveryRefused(
            f"Line {line} holds a quotation mark in the middle of a cell. Put the whole cell in quotation "
            f"marks "
            "and write each mark inside it twice."
        )
    if len(quotes) % 2:
        line = int(np.searchsorted(newlines, quotes[-1])) + 1 + passed
        raise DeliveryRefused(
            f"The quotation mark opened on line {line} is never closed: the file may have been cut short."
        )


def _check_width(columns: int) -> None:
    """Refuse what no contract could hold, before any of it is turned into text."""
    if columns > MOST_COLUMNS:
        raise DeliveryRefused(
            f"The first line has {columns:,} columns. No feed has more than {MOST_COLUMNS}: this is another "
            "file."
        )


def _check_lengths(
    starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64], lines: npt.NDArray[np.int64]
) -> None:
    """Refuse a record that is a document, or the rest of the file."""
    long = np.flatnonzero(ends - starts > LONGEST_RECORD)
    if len(long):
        at = int(long[0])
        raise DeliveryRefused(
            f"The record on line {lines[at]} is {ends[at] - starts[at]:,} bytes long. Perhaps a "
            "quotation mark "
            "is missing there, or a whole document was put into a cell."
        )


def _check_end(data: bytes, lines: npt.NDArray[np.int64], cells: npt.NDArray[np.int64], width: int) -> None:
    """Refuse a file whose last line stops before its last cell and has no line end: the rest is missing."""
    if len(cells) and cells[-1] < width and not data.endswith((b"\n", b"\r")):
        raise DeliveryRefused(
            f"The last line, {lines[-1]}, stops after {cells[-1]} of {width} cells: the file was cut "
            "short. "
            "Send it again whole."
        )


def _is_blank(
    view: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    length = ends - starts
    first = view[starts]
    return np.asarray((first == _NEWLINE) | ((length <= 2) & (first == _RETURN)), dtype=np.bool_)


def _header(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in next(csv.reader(io.StringIO(text, newline=""))))
