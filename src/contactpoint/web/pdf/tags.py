"""The structure of a PDF: what each piece is, in the order in which it is read out (ISO 32000, 14.7)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pydyf

from contactpoint.web.pdf.text import said


class Tag(StrEnum):
    """What a piece is."""

    DOCUMENT = "Document"
    TITLE = "H1"
    HEADING = "H2"
    PARAGRAPH = "P"
    FIGURE = "Figure"
    TABLE = "Table"
    ROW = "TR"
    HEAD = "TH"
    CELL = "TD"


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece on a page, by its number there."""

    page: int
    number: int


@dataclass(slots=True)
class Element:
    """A piece of the structure. `attributes` are those of a cell or a drawing, `alt` says what it shows."""

    tag: Tag
    kids: "list[Element | Mark]" = field(default_factory=list)
    attributes: Mapping[str, object] = field(default_factory=dict)
    alt: str = ""

    def add(self, tag: Tag, *, alt: str = "", **attributes: object) -> "Element":
        """Put one more into it."""
        made = Element(tag, alt=alt, attributes=attributes)
        self.kids.append(made)
        return made


def write_structure(pdf: pydyf.PDF, root: Element, pages: Sequence[pydyf.Dictionary]) -> None:
    """Put the structure into a file, with what each piece of each page belongs to."""
    top = pydyf.Dictionary({"Type": "/StructTreeRoot"})
    pdf.add_object(top)
    belongs: dict[Mark, bytes] = {}
    whole = _write(pdf, root, top, pages, belongs)
    top["K"] = whole.reference
    numbers: list[object] = []
    for page in range(len(pages)):
        held = [belongs[mark] for mark in sorted(belongs, key=lambda one: one.number) if mark.page == page]
        numbers += [page, pydyf.Array(held)]
    parents = pydyf.Dictionary({"Nums": pydyf.Array(numbers)})
    pdf.add_object(parents)
    top["ParentTree"] = parents.reference
    pdf.catalog["StructTreeRoot"] = top.reference
    pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})


def _write(
    pdf: pydyf.PDF,
    element: Element,
    parent: pydyf.Dictionary,
    pages: Sequence[pydyf.Dictionary],
    belongs: dict[Mark, bytes],
) -> pydyf.Dictionary:
    made = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{element.tag}", "P": parent.reference})
    pdf.add_object(made)
    if element.alt:
        made["Alt"] = said(element.alt)
    if element.attributes:
        made["A"] = pydyf.Dictionary(dict(element.attributes))
    made["K"] = pydyf.Array(list(_kids(pdf, element, made, pages, belongs)))
    return made


def _kids(
    pdf: pydyf.PDF,
    element: Element,
    made: pydyf.Dictionary,
    pages: Sequence[pydyf.Dictionary],
    belongs: dict[Mark, bytes],
) -> Iterator[object]:
    for kid in element.kids:
        if isinstance(kid, Element):
            yield _write(pdf, kid, made, pages, belongs).reference
        else:
            belongs[kid] = made.reference
            page = pages[kid.page].reference
            yield pydyf.Dictionary({"Type": "/MCR", "Pg": page, "MCID": kid.number})
