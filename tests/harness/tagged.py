"""A tagged PDF as a screen reader meets it, read by pypdf, which is not ours."""

from dataclasses import dataclass, field
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import ContentStream


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the structure: what it is, what it says, and what is in it."""

    tag: str
    text: str = ""
    alt: str = ""
    scope: str = ""
    kids: tuple["Piece", ...] = field(default=())

    def all(self, tag: str) -> list["Piece"]:
        """Every piece of a kind within it, in the order in which they are read out."""
        found = [self] if self.tag == tag else []
        return found + [one for kid in self.kids for one in kid.all(tag)]


@dataclass(frozen=True, slots=True)
class Read:
    """A file: its structure, what stands on each page that is not read out, and what it says of itself."""

    root: Piece
    unread: tuple[tuple[str, ...], ...]
    about: dict[str, str]
    language: str
    is_tagged: bool

    @property
    def tables(self) -> dict[str, list[tuple[str, ...]]]:
        """Each table, its head first, by the heading before it."""
        found, heading = {}, ""
        for piece in self.root.kids:
            if piece.tag == "H2":
                heading = piece.text
            elif piece.tag == "Table":
                found[heading] = [tuple(cell.text for cell in row.kids) for row in piece.kids]
        return found


def read_pdf(content: bytes) -> Read:
    """Read a file."""
    reader = PdfReader(BytesIO(content), strict=True)
    pages = [_texts(page, reader) for page in reader.pages]
    by_page = {
        page.indirect_reference.idnum: texts for page, (texts, _) in zip(reader.pages, pages, strict=True)
    }
    catalog = reader.trailer["/Root"]
    return Read(
        root=_piece(catalog["/StructTreeRoot"]["/K"].get_object(), by_page),
        unread=tuple(tuple(unread) for _, unread in pages),
        about={name: str(value) for name, value in reader.metadata.items()},
        language=str(catalog["/Lang"]),
        is_tagged=bool(catalog["/MarkInfo"]["/Marked"]),
    )


def _texts(page, reader):
    """What a page says, by the number of the piece; and what is not read out."""
    said, unread, piece = {}, [], None
    for operands, operator in ContentStream(page["/Contents"].get_object(), reader).operations:
        if operator in {b"BDC", b"BMC"}:
            piece = operands[1]["/MCID"] if operator == b"BDC" else None
        elif operator == b"Tj":
            text = operands[0].original_bytes.decode("cp1252")
            if piece is None:
                unread.append(text)
            else:
                said[piece] = said.get(piece, "") + text
    return said, unread


def _piece(element, by_page):
    text, kids = "", []
    for kid in element["/K"]:
        found = kid.get_object()
        if found["/Type"] == "/MCR":
            text += by_page[found.raw_get("/Pg").idnum].get(found["/MCID"], "")
        else:
            kids.append(_piece(found, by_page))
    attributes = element.get("/A", {})
    return Piece(
        tag=element["/S"].removeprefix("/"),
        text=text,
        alt=str(element.get("/Alt", "")),
        scope=str(attributes.get("/Scope", "")),
        kids=tuple(kids),
    )
