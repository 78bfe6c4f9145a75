"""What holds for every file and every number."""

import csv
import io
from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.feeds import feed_text

from contactpoint.domain.identifiers import nhs_number_is_valid, upn_is_valid
from contactpoint.supply.checks import Context, checks_of
from contactpoint.supply.columns import COLUMNS
from contactpoint.supply.contracts import CONTRACTS
from contactpoint.supply.opening import open_file
from contactpoint.supply.read import LINE, read_given, read_pieces, read_table
from contactpoint.supply.scan import scan_csv
from contactpoint.supply.validate import Validated, validate, validate_pieces, write_rejects

BENEFIT = CONTRACTS["child_benefit"]
CONTEXT = Context(contract=BENEFIT, as_at=date(2026, 11, 22), organisations=frozenset())
CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12)
# How long a machine takes says nothing about what is true.
UNHURRIED = settings(deadline=None, max_examples=60)
ROWS = st.lists(st.lists(CELL, min_size=12, max_size=12), max_size=6)


def wrong(column, values):
    frame = pl.DataFrame({column: values}, schema={column: pl.String})
    checks = checks_of(COLUMNS[column], CONTEXT)
    return frame.select(pl.any_horizontal(check.wrong.fill_null(value=False) for check in checks)).to_series()


@UNHURRIED
@given(st.lists(st.from_regex(r"\A[0-9]{10}\Z"), min_size=1, max_size=40))
def test_a_column_of_nhs_numbers_is_judged_as_each_of_them_is(numbers):
    assert [not one for one in wrong("nhs_number", numbers)] == [nhs_number_is_valid(one) for one in numbers]


@UNHURRIED
@given(st.lists(st.from_regex(r"\A[A-Z][0-9]{11}[0-9A-Z]\Z"), min_size=1, max_size=40))
def test_a_column_of_upns_is_judged_as_each_of_them_is(numbers):
    assert [not one for one in wrong("upn", numbers)] == [upn_is_valid(one) for one in numbers]


@UNHURRIED
@given(st.from_regex(r"\A[A-Z][0-9]{11}\Z"))
def test_exactly_one_upn_letter_fits_a_body(body):
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert list(wrong("upn", [letter + body[1:] + "7" for letter in letters])).count(False) == 1


@UNHURRIED
@given(ROWS)
def test_a_scan_sees_the_records_lines_and_cells_that_a_csv_reader_sees(rows):
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([BENEFIT.names, *rows])
    scan = scan_csv(text.getvalue().encode())
    reader = csv.reader(io.StringIO(text.getvalue(), newline=""))
    expected, line = [], 1
    for cells in reader:
        expected.append((line, len(cells), cells))
        line = reader.line_num + 1
    seen = [(int(scan.lines[at]), int(scan.cells[at]), scan.text_of(at)) for at in range(len(scan.starts))]
    assert seen == expected[1:]


@UNHURRIED
@given(ROWS)
def test_whatever_is_rejected_comes_back_as_it_was(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("feeds")
    path = folder / "feed.csv"
    path.write_text(
        feed_text("child_benefit", *(dict(zip(BENEFIT.names, row, strict=True)) for row in rows)),
        encoding="utf-8", newline="",
    )  # fmt: skip
    table = read_table(path, BENEFIT)
    checked = validate(table, BENEFIT, as_at=date(2026, 11, 22))
    assert checked.accepted.height + checked.rejected.height == table.size == len(rows)
    assert set(checked.rejected[LINE]) == set(checked.rejections[LINE])
    everything = Validated(accepted=table.rows.clear(), rejected=table.rows, rejections=checked.rejections)
    write_rejects(everything, folder / "again.csv")
    again = read_table(folder / "again.csv", BENEFIT)
    assert again.rows.drop(LINE).equals(table.rows.drop(LINE))


# A few local ids, so that rows of one lie in several pieces and may differ, repeat or be rejected together.
OF_FEW = st.lists(
    st.tuples(
        st.sampled_from(["A1", "A2", "A3", ""]),
        st.sampled_from(["Amina", "Ben", ""]),
        st.sampled_from(["2016-05-09", "9 May"]),
        st.sampled_from(["1 Lane", 'a "b",\nc', ""]),
        st.sampled_from([12, 12, 12, 11, 13]),
    ),
    max_size=8,
)


@settings(UNHURRIED, max_examples=20)
@given(OF_FEW, st.integers(40, 400))
def test_a_file_in_pieces_is_judged_as_the_whole(tmp_path_factory, rows, piece):
    path = tmp_path_factory.mktemp("feeds") / "feed.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(BENEFIT.names)
        for local_id, forename, born, address, width in rows:
            writer.writerow([local_id, forename, "", "Okafor", born, "F", address, *[""] * 6][:width])
    opened = open_file(path)
    whole = validate(read_given(opened, BENEFIT), BENEFIT, as_at=date(2026, 11, 22))
    pieces = [
        *validate_pieces(lambda: read_pieces(opened, BENEFIT, piece=piece), BENEFIT, as_at=date(2026, 11, 22))
    ]
    for name in ("accepted", "rejected", "rejections"):
        together = pl.concat([getattr(one, name) for one in pieces])
        by = [LINE, "field"] if name == "rejections" else [LINE]
        assert together.sort(by).equals(getattr(whole, name).sort(by))
