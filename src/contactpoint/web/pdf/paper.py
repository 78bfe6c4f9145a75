"""Pages that are written from the top down, each piece marked as what it is, and put together into a file."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from typing import Final

import pydyf

from contactpoint.web.pdf.tags import Element, Mark, Tag, write_structure
from contactpoint.web.pdf.text import NAMES, Font, said, shown, width_of

WIDTH, HEIGHT = 595.0, 842.0
LEFT: Final = 50.0
RIGHT: Final = WIDTH - LEFT
_TOP, _BOTTOM, _FOOT = HEIGHT - 50.0, 60.0, 34.0
_SMALL: Final = 8.5
INK, GREY = (0.04, 0.05, 0.05), (0.69, 0.71, 0.71)


class Paper:
    """Pages of A4. `y` is how far up the page the next piece stands."""

    def __init__(self) -> None:
        self.root = Element(Tag.DOCUMENT)
        self._pages: list[pydyf.Stream] = []
        self._marks = 0
        self.y = 0.0
        self.turn()

    def turn(self) -> None:
        """Begin a page."""
        self._pages.append(pydyf.Stream())
        self._marks, self.y = 0, _TOP

    def has_room(self, height: float) -> bool:
        """Whether so much still fits on the page."""
        return self.y - height >= _BOTTOM

    @property
    def pen(self) -> pydyf.Stream:
        """The page that is written."""
        return self._pages[-1]

    @contextmanager
    def marked(self, element: Element) -> Iterator[None]:
        """Whatever is drawn inside belongs to that piece."""
        mark = Mark(len(self._pages) - 1, self._marks)
        self._marks += 1
        element.kids.append(mark)
        self.pen.begin_marked_content(element.tag, pydyf.Dictionary({"MCID": mark.number}).data)
        yield
        self.pen.end_marked_content()

    @contextmanager
    def unread(self) -> Iterator[None]:
        """Whatever is drawn inside is not read out: lines, and what is said again on each page."""
        self.pen.begin_marked_content("Artifact")
        yield
        self.pen.end_marked_content()

    def write_lines(self, lines: Sequence[str], step: float, *, font: Font, size: float) -> None:
        """Write lines below each other, which are read out as one."""
        for place, line in enumerate(lines, start=1):
            self.y -= step
            self.write(line if place == len(lines) else f"{line} ", LEFT, self.y, font=font, size=size)

    def write(
        self,
        text: str,
        x: float,
        y: float,
        *,
        font: Font = Font.PLAIN,
        size: float = 10.0,
        to_right: bool = False,
    ) -> None:
        """Write a line that begins, or ends, at a place."""
        _write(self.pen, text, x - width_of(text, font, size) if to_right else x, y, font, size)

    def rule(self, y: float, *, width: float = 0.5) -> None:
        """Draw a line across the page."""
        with self.unread():
            self.pen.set_color_rgb(*GREY, stroke=True)
            self.pen.set_line_width(width)
            self.pen.move_to(LEFT, y)
            self.pen.line_to(RIGHT, y)
            self.pen.stroke()

    def finish(self, *, title: str, foot: str, made: date) -> bytes:
        """Number the pages and put the file together: it says what it is, when it was made, and no more."""
        pdf = pydyf.PDF()
        fonts = pydyf.Dictionary({font.value: _font(pdf, name).reference for font, name in NAMES.items()})
        pages = [
            self._bind(pdf, place, stream, fonts, foot) for place, stream in enumerate(self._pages, start=1)
        ]
        write_structure(pdf, self.root, pages)
        pdf.catalog["Lang"] = said("en-GB")
        pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
        pdf.info["Title"] = said(title)
        pdf.info["Creator"] = said("ContactPoint")
        pdf.info["CreationDate"] = pydyf.String(f"D:{made:%Y%m%d}")
        written = BytesIO()
        pdf.write(written, identifier=True)
        return written.getvalue()

    def _bind(
        self, pdf: pydyf.PDF, place: int, stream: pydyf.Stream, fonts: pydyf.Dictionary, foot: str
    ) -> pydyf.Dictionary:
        number = f"Page {place} of {len(self._pages)}"
        stream.begin_marked_content("Artifact")
        _write(stream, foot, LEFT, _FOOT, Font.PLAIN, _SMALL)
        ends = RIGHT - width_of(number, Font.PLAIN, _SMALL)
        _write(stream, number, ends, _FOOT, Font.PLAIN, _SMALL)
        stream.end_marked_content()
        pdf.add_object(stream)
        page = pydyf.Dictionary(
            {
                "Type": "/Page",
                "Parent": pdf.pages.reference,
                "MediaBox": pydyf.Array([0, 0, WIDTH, HEIGHT]),
                "Contents": stream.reference,
                "Resources": pydyf.Dictionary({"Font": fonts}),
                "StructParents": place - 1,
                "Tabs": "/S",
            }
        )
        pdf.add_page(page)
        return page


def _write(stream: pydyf.Stream, text: str, x: float, y: float, font: Font, size: float) -> None:
    stream.begin_text()
    stream.set_color_rgb(*INK)
    stream.set_font_size(font.value, size)
    stream.set_text_matrix(1, 0, 0, 1, x, y)
    stream.stream.append(shown(text) + b" Tj")
    stream.end_text()


def _font(pdf: pydyf.PDF, name: str) -> pydyf.Dictionary:
    font = pydyf.Dictionary(
        {"Type": "/Font", "Subtype": "/Type1", "BaseFont": f"/{name}", "Encoding": "/WinAnsiEncoding"}
    )
    pdf.add_object(font)
    return font
