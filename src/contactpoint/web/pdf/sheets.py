"""A dashboard laid out on paper: the same figures as its page and its CSV, in the same words."""

from datetime import date
from typing import Final

import pydyf

from contactpoint.web.pdf.paper import INK, LEFT, RIGHT, Paper
from contactpoint.web.pdf.tags import Element, Tag
from contactpoint.web.pdf.text import Font, lines_of, width_of
from contactpoint.web.presenters.charts import BOTTOM, TOP, WIDTH, Chart, Drawing, NamedBars
from contactpoint.web.presenters.sheets import Sheet
from contactpoint.web.presenters.tables import Table
from contactpoint.web.presenters.words import day_words

_ACROSS: Final = RIGHT - LEFT
_SCALE: Final = _ACROSS / WIDTH
_CHART_HEIGHT: Final = 220
_FILLED, _PAPER = (0.063, 0.329, 0.373), (1, 1, 1)
_BODY, _CELL, _LINE, _GAP = 10.0, 9.5, 13.0, 14.0
_TABLE, _PRINTED = "/Table", "/Layout"


def pdf_of(sheet: Sheet, made: date) -> bytes:
    """The file, which says when it was made."""
    paper = Paper()
    _text(paper, Tag.TITLE, sheet.title, Font.BOLD, 20)
    _text(paper, Tag.PARAGRAPH, sheet.lead)
    _text(paper, Tag.PARAGRAPH, f"Made on {day_words(made)} by ContactPoint.")
    _table(paper, Table(caption="In all", columns=("Figure", "Number"), rows=sheet.facts))
    for one in sheet.drawings:
        _drawing(paper, one)
    for table in sheet.tables:
        _table(paper, table)
    _text(paper, Tag.HEADING, "How this is counted", Font.BOLD, 13, keep=4 * _LINE)
    for note in sheet.notes:
        _text(paper, Tag.PARAGRAPH, note)
    return paper.finish(title=f"ContactPoint: {sheet.title}", foot=f"ContactPoint. {sheet.title}", made=made)


def _text(
    paper: Paper, tag: Tag, text: str, font: Font = Font.PLAIN, size: float = _BODY, *, keep: float = 0
) -> None:
    """Write a paragraph or a heading, which stays together with so much of what comes after it."""
    height = size * 1.3
    if tag is Tag.HEADING:
        paper.y -= _GAP
    lines = list(lines_of(text, font, size, _ACROSS))
    if not paper.has_room(height * len(lines) + keep):
        paper.turn()
    element = paper.root.add(tag)
    with paper.marked(element):
        paper.write_lines(lines, height, font=font, size=size)
    paper.y -= size * 0.6


def _drawing(paper: Paper, one: Drawing) -> None:
    """Draw a chart under its name, on one page with it."""
    height = one.lying.height if one.lying else _CHART_HEIGHT
    _text(paper, Tag.HEADING, one.title, Font.BOLD, 13, keep=height * _SCALE + 2 * _GAP)
    if one.upright:
        _chart(paper, one.upright)
    elif one.lying:
        _named_bars(paper, one.lying)
    _text(paper, Tag.PARAGRAPH, one.how)


def _named_bars(paper: Paper, chart: NamedBars) -> None:
    """Draw what templates/web/_named_bars.html draws; who cannot see it is told what it shows."""
    height, top, pen, size = chart.height * _SCALE, paper.y, paper.pen, 16 * _SCALE
    box = pydyf.Array([LEFT, top - height, RIGHT, top])
    with paper.marked(paper.root.add(Tag.FIGURE, alt=chart.in_words, O=_PRINTED, BBox=box)):
        pen.set_color_rgb(*INK, stroke=True)
        for bar in chart.bars:
            low, thick = top - (bar.y + chart.thick) * _SCALE, chart.thick * _SCALE
            paper.write(bar.name, LEFT, top - bar.text_y * _SCALE, size=size)
            paper.write(bar.words, RIGHT, top - bar.text_y * _SCALE, size=size, to_right=True)
            pen.set_line_width(0.8)
            pen.set_color_rgb(*_PAPER)
            pen.rectangle(LEFT, low, _ACROSS, thick)
            pen.fill_and_stroke()
            pen.set_color_rgb(*_FILLED)
            pen.rectangle(LEFT, low, bar.filled * _SCALE, thick)
            pen.fill()
            if bar.mark is not None:
                pen.set_line_width(2.5)
                pen.move_to(LEFT + bar.mark * _SCALE, top - bar.mark_start * _SCALE)
                pen.line_to(LEFT + bar.mark * _SCALE, top - bar.mark_end * _SCALE)
                pen.stroke()
    paper.y -= height


def _chart(paper: Paper, chart: Chart) -> None:
    """Draw what templates/web/_chart.html draws; who cannot see it is told what it shows."""
    height = _CHART_HEIGHT * _SCALE
    box = pydyf.Array([LEFT, paper.y - height, RIGHT, paper.y])
    figure = paper.root.add(Tag.FIGURE, alt=chart.in_words, O=_PRINTED, BBox=box)
    top, pen = paper.y, paper.pen

    def up(y: float) -> float:
        return top - y * _SCALE

    with paper.marked(figure):
        for y, width in ((TOP, 0.5), (BOTTOM, 1.5)):
            pen.set_color_rgb(*INK, stroke=True)
            pen.set_line_width(width)
            pen.move_to(LEFT + 90 * _SCALE, up(y))
            pen.line_to(RIGHT, up(y))
            pen.stroke()
        for bar in chart.bars:
            x, width = LEFT + bar.x * _SCALE, bar.width * _SCALE
            pen.set_color_rgb(*_FILLED)
            pen.rectangle(x, up(bar.filled_y + bar.filled_height), width, bar.filled_height * _SCALE)
            pen.fill()
            pen.set_line_width(1)
            pen.set_color_rgb(*_PAPER)
            pen.rectangle(x, up(bar.outlined_y + bar.outlined_height), width, bar.outlined_height * _SCALE)
            pen.fill_and_stroke()
        edge, size = LEFT + 82 * _SCALE, 18 * _SCALE
        paper.write(chart.most, edge, up(30), size=size, to_right=True)
        paper.write("0", edge, up(186), size=size, to_right=True)
        paper.write(chart.first, LEFT + 90 * _SCALE, up(208), size=size)
        paper.write(chart.last, RIGHT, up(208), size=size, to_right=True)
    paper.y -= height


def _table(paper: Paper, table: Table) -> None:
    """Write a table; its head is written again on each page, and read out once."""
    rights = _rights(table)
    first = rights[0] - LEFT if rights else _ACROSS
    _text(paper, Tag.HEADING, table.caption, Font.BOLD, 13, keep=4 * _LINE)
    element = paper.root.add(Tag.TABLE)
    _head(paper, table, rights, element.add(Tag.ROW))
    for row in table.rows:
        lines = list(lines_of(row[0], Font.BOLD, _CELL, first))
        if not paper.has_room(_LINE * len(lines) + 6):
            paper.turn()
            _head(paper, table, rights, None)
        _row(paper, row, lines, rights, element.add(Tag.ROW))


def _rights(table: Table) -> list[float]:
    """Where the first column ends, and each other; the first takes what the others leave."""
    widths = [
        max(width_of(cell, Font.BOLD, _CELL) for cell in (column, *(row[place] for row in table.rows)))
        for place, column in enumerate(table.columns)
    ]
    ends = [RIGHT]
    for width in reversed(widths[1:]):
        ends.append(ends[-1] - width - _GAP)
    return ends[::-1]


def _head(paper: Paper, table: Table, rights: list[float], row: Element | None) -> None:
    paper.y -= _LINE
    for place, column in enumerate(table.columns):
        x = LEFT if place == 0 else rights[place]
        if row is None:
            with paper.unread():
                paper.write(column, x, paper.y, font=Font.BOLD, size=_CELL, to_right=place > 0)
        else:
            with paper.marked(row.add(Tag.HEAD, O=_TABLE, Scope="/Column")):
                paper.write(column, x, paper.y, font=Font.BOLD, size=_CELL, to_right=place > 0)
    paper.y -= 4
    paper.rule(paper.y, width=1)


def _row(paper: Paper, row: tuple[str, ...], lines: list[str], rights: list[float], element: Element) -> None:
    top = paper.y - _LINE
    with paper.marked(element.add(Tag.HEAD, O=_TABLE, Scope="/Row")):
        paper.write_lines(lines, _LINE, font=Font.BOLD, size=_CELL)
    for cell, right in zip(row[1:], rights[1:], strict=True):
        with paper.marked(element.add(Tag.CELL)):
            paper.write(cell, right, top, size=_CELL, to_right=True)
    paper.y -= 4
    paper.rule(paper.y)
