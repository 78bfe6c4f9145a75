"""A table of figures: whole on a page and in a file, in parts that fit on paper."""

from contactpoint.web.presenters.tables import Table, table_rows

NARROW = Table(caption="Fields", columns=("Field", "Filled"), rows=(("Sex", "60%"),))
WIDE = Table(
    caption="Wards",
    columns=("Ward", "A", "B", "C", "D", "E"),
    rows=(("North", *"abcde"), ("South", *"vwxyz")),
)


def test_what_fits_stays_as_it_is():
    assert not NARROW.stacks
    assert NARROW.on_paper == (NARROW,)


def test_what_is_too_wide_is_told_in_parts_that_each_name_their_rows():
    assert WIDE.stacks
    first, second = WIDE.on_paper
    assert (first.caption, first.columns) == ("Wards", ("Ward", "A", "B", "C"))
    assert (second.caption, second.columns) == ("Wards, continued", ("Ward", "D", "E"))
    assert second.rows == (("North", "d", "e"), ("South", "y", "z"))
    told = {(row, column): cell for part in WIDE.on_paper for row, column, cell in _cells(part)}
    assert told == {(row, column): cell for row, column, cell in _cells(WIDE)}


def _cells(table):
    for row in table.labelled:
        (_, name), *rest = row
        yield from ((name, column, cell) for column, cell in rest)


def test_a_file_says_what_of_what():
    assert list(table_rows([NARROW])) == [("fields: filled", "Sex", "60%")]
