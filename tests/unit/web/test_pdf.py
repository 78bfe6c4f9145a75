"""A dashboard on paper: what a reader that is not ours reads out of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.harness.tagged import read_pdf

from contactpoint.web.pdf.paper import LEFT, RIGHT
from contactpoint.web.pdf.sheets import pdf_of
from contactpoint.web.pdf.text import Font, lines_of, width_of
from contactpoint.web.presenters.charts import chart_of
from contactpoint.web.presenters.sheets import Sheet, drawn
from contactpoint.web.presenters.tables import Table

MADE = date(2026, 11, 26)
CHART = chart_of([(3, 2), (5, 0)], first="2 November", last="9 November", in_words="Two weeks, at most 5.")


def sheet(**changed):
    values = {
        "title": "How the work goes", "lead": "All of England, a year.", "facts": (("Searches", "1,234"),),
        "drawings": drawn(CHART, "Week by week", "Each bar is a week."),
        "tables": (Table(caption="By age", columns=("Age", "Children"), rows=(("Under 1", "under 10"),)),),
        "notes": ("Rounded to the nearest 5.",),
    }  # fmt: skip
    return Sheet(**{**values, **changed})


def read(one):
    return read_pdf(pdf_of(one, MADE))


def test_it_is_read_out_in_the_order_of_the_page():
    found = read(sheet())
    assert [(one.tag, one.text) for one in found.root.kids if one.tag not in {"Table", "Figure"}] == [
        ("H1", "How the work goes"),
        ("P", "All of England, a year."),
        ("P", "Made on 26 November 2026 by ContactPoint."),
        ("H2", "In all"),
        ("H2", "Week by week"),
        ("P", "Each bar is a week."),
        ("H2", "By age"),
        ("H2", "How this is counted"),
        ("P", "Rounded to the nearest 5."),
    ]
    assert found.is_tagged
    assert found.language == "en-GB"


def test_tables_have_heads_of_columns_and_of_rows():
    found = read(sheet())
    assert found.tables == {
        "In all": [("Figure", "Number"), ("Searches", "1,234")],
        "By age": [("Age", "Children"), ("Under 1", "under 10")],
    }
    rows = found.root.all("Table")[1].kids
    assert [[(cell.tag, cell.scope) for cell in row.kids] for row in rows] == [
        [("TH", "/Column"), ("TH", "/Column")],
        [("TH", "/Row"), ("TD", "")],
    ]


def test_the_chart_says_what_it_shows():
    (figure,) = read(sheet()).root.all("Figure")
    assert figure.alt == "Two weeks, at most 5."
    assert figure.text == "502 November9 November"


def test_where_nothing_is_drawn_there_is_no_figure():
    assert read(sheet(drawings=())).root.all("Figure") == []


def test_a_long_table_goes_on_with_its_head_which_is_read_out_once():
    rows = tuple((f"Authority {place}", f"{place}") for place in range(150))
    found = read(sheet(tables=(Table(caption="By authority", columns=("Authority", "Searches"), rows=rows),)))
    assert found.tables["By authority"] == [("Authority", "Searches"), *rows]
    pages = len(found.unread)
    assert pages > 2
    assert [page[-1] for page in found.unread] == [
        f"Page {place} of {pages}" for place in range(1, pages + 1)
    ]
    assert [page[:-2] for page in found.unread[1:]] == [("Authority", "Searches")] * (pages - 1)


def test_the_file_says_of_itself_what_it_is_and_when_it_was_made_and_of_nobody():
    assert read(sheet()).about == {
        "/Title": "ContactPoint: How the work goes",
        "/Creator": "ContactPoint",
        "/CreationDate": "D:20261126",
    }


def test_the_same_figures_make_the_same_file():
    assert pdf_of(sheet(), MADE) == pdf_of(sheet(), MADE)


@pytest.mark.parametrize(
    ("written", "shown"),
    [("Bro “Nedd”", "Bro “Nedd”"), ("Tŷ Gŵyr", "Ty Gwyr"), ("中", "?"), ("50 %) Tj (", "50 %) Tj (")],
    ids=["of the font", "the plain letter", "no letter of it", "what a file is made of"],
)
def test_letters_that_the_font_has_not_are_shown_plainly(written, shown):
    assert read(sheet(lead=written)).root.all("P")[0].text == shown


@given(st.lists(st.text("abcdefghijklmnop", min_size=1, max_size=12), min_size=1, max_size=60))
def test_a_text_is_broken_into_lines_that_fit_and_loses_no_word(words):
    lines = list(lines_of(" ".join(words), Font.PLAIN, 10, RIGHT - LEFT))
    assert " ".join(lines).split() == words
    assert all(width_of(line, Font.PLAIN, 10) <= RIGHT - LEFT for line in lines)


def test_a_paragraph_of_many_lines_is_read_out_as_one():
    long = " ".join(["word"] * 200)
    assert read(sheet(lead=long)).root.all("P")[0].text == long
