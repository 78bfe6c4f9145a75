"""Text in a PDF: how wide it is, where its lines break, and how it is written down.

Helvetica is one of the fonts that every reader brings along, so no font is carried. It has the letters of
Windows-1252; of others the plain letter is shown.
"""

import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import Final


class Font(StrEnum):
    """A font by its name in the file."""

    PLAIN = "F1"
    BOLD = "F2"


NAMES: Final = {Font.PLAIN: "Helvetica", Font.BOLD: "Helvetica-Bold"}
# In thousandths of the size, from the space to the tilde: Adobe's metrics of the two fonts.
_PLAIN: Final = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778,
    722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278,
    278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_BOLD: Final = (
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778,
    722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333,
    278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
    611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
)  # fmt: skip
_WIDTHS: Final = {Font.PLAIN: _PLAIN, Font.BOLD: _BOLD}
_FIRST: Final = ord(" ")
_OTHERWISE: Final = 556


def width_of(text: str, font: Font, size: float) -> float:
    """How wide a line is, in points."""
    widths = _WIDTHS[font]
    places = (ord(_base(letter)) - _FIRST for letter in text)
    thousandths = sum(widths[place] if 0 <= place < len(widths) else _OTHERWISE for place in places)
    return thousandths * size / 1000


def lines_of(text: str, font: Font, size: float, width: float) -> Iterator[str]:
    """Break a text into lines of at most a width; a longer word has a line to itself."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and width_of(longer, font, size) > width:
            yield line
            line = word
        else:
            line = longer
    yield line


def shown(text: str) -> bytes:
    """A string as the page shows it, in the letters of Windows-1252."""
    letters = "".join(one if _is_known(one) else _base(one) for one in text)
    return b"<" + letters.encode("cp1252", errors="replace").hex().encode() + b">"


def said(text: str) -> bytes:
    """A string of whatever letters, for whoever reads the file rather than looks at it."""
    return b"<" + (b"\xfe\xff" + text.encode("utf-16-be")).hex().encode() + b">"


def _is_known(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0]
