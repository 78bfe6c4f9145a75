"""Where each record of a CSV file begins and ends, and on which physical line, before anything is parsed.

Parsers disagree about broken files: some fill short rows with nothing, some fold the rest of a file into one
cell after a lost quotation mark. So the structure is checked first, over the bytes (RFC 4180): whatever is
accepted afterwards means the same to every reader.
"""

import codecs
import csv
import io
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


def scan_csv(raw: bytes, *, most_cells: int = MOST_CELLS) -> Scan:
    """Find the records of a CSV file in UTF-8, with or without a byte-order mark.

    Raises:
        DeliveryRefused: the file is empty, not UTF-8, not separated by commas, has more cells than
            `most_cells`, or a quotation mark is lost.
    """
    data = raw.removeprefix(codecs.BOM_UTF8)
    _check_encoding(data)
    _check_delimiter(data)
    _check_cells(data, most_cells)
    view = np.frombuffer(data, dtype=np.uint8)
    newlines = np.flatnonzero(view == _NEWLINE)
    inside = np.bitwise_xor.accumulate((view == _QUOTE).view(np.uint8)).view(np.bool_)
    _check_quotes(view, inside, newlines)
    breaks = newlines[~inside[newlines]]
    starts = np.concatenate(([0], breaks + 1))
    ends = np.concatenate((breaks + 1, [len(view)]))
    ends, starts = ends[starts < len(view)], starts[starts < len(view)]
    blank = _is_blank(view, starts, ends)
    starts, ends = starts[~blank], ends[~blank]
    if not len(starts):
        raise DeliveryRefused("The file is empty: its first line must hold the column names.")
    commas = np.flatnonzero((view == _COMMA) & ~inside)
    cells = np.searchsorted(commas, ends) - np.searchsorted(commas, starts) + 1
    lines = np.searchsorted(newlines, starts) + 1
    _check_widths(starts, ends, lines, cells)
    header = _header(data[starts[0] : ends[0]].decode())
    _check_end(data, lines, cells)
    return Scan(data=data, header=header, starts=starts[1:], ends=ends[1:], lines=lines[1:], cells=cells[1:])


def _check_encoding(data: bytes) -> None:
    if not data.strip():
        raise DeliveryRefused("The file is empty: its first line must hold the column names.")
    zero = data.find(b"\0")
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or -1 < zero < _START_OF_FILE:
        raise DeliveryRefused('This is not a text file in UTF-8. Save it as "CSV UTF-8" and send it again.')
    if zero >= 0:
        line = data.count(b"\n", 0, zero) + 1
        raise DeliveryRefused(
            f"Line {line} holds a zero byte, which no text has. The file was damaged on its way: send it "
            "again."
        )
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DeliveryRefused(
            f'Line {line} is not in UTF-8 (perhaps the file is in Windows-1252). Save it as "CSV UTF-8" '
            "and send it again."
        ) from None
    if b"\n" not in data and b"\r" in data:
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
    view: npt.NDArray[np.uint8], inside: npt.NDArray[np.bool_], newlines: npt.NDArray[np.int64]
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
        line = int(np.searchsorted(newlines, bad[0])) + 1
        raise DeliveryRefused(
            f"Line {line} holds a quotation mark in the middle of a cell. Put the whole cell in quotation "
            f"marks "
            "and write each mark inside it twice."
        )
    if len(quotes) % 2:
        line = int(np.searchsorted(newlines, quotes[-1])) + 1
        raise DeliveryRefused(
            f"The quotation mark opened on line {line} is never closed: the file may have been cut short."
        )


def _check_widths(
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    lines: npt.NDArray[np.int64],
    cells: npt.NDArray[np.int64],
) -> None:
    """Refuse what no contract could hold, before any of it is turned into text."""
    if cells[0] > MOST_COLUMNS:
        raise DeliveryRefused(
            f"The first line has {cells[0]:,} columns. No feed has more than {MOST_COLUMNS}: this is another "
            "file."
        )
    long = np.flatnonzero(ends - starts > LONGEST_RECORD)
    if len(long):
        at = int(long[0])
        raise DeliveryRefused(
            f"The record on line {lines[at]} is {ends[at] - starts[at]:,} bytes long. Perhaps a "
            "quotation mark "
            "is missing there, or a whole document was put into a cell."
        )


def _check_end(data: bytes, lines: npt.NDArray[np.int64], cells: npt.NDArray[np.int64]) -> None:
    """Refuse a file whose last line stops before its last cell and has no line end: the rest is missing."""
    if len(cells) > 1 and cells[-1] < cells[0] and not data.endswith((b"\n", b"\r")):
        raise DeliveryRefused(
            f"The last line, {lines[-1]}, stops after {cells[-1]} of {cells[0]} cells: the file was cut "
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
