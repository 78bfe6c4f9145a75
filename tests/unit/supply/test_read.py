"""Files that can be read, and files that are refused with a sentence that helps."""

import gzip
import subprocess

import polars as pl
import pytest
from tests.factories.feeds import AMINA, feed_text

from contactpoint.domain.errors import DeliveryRefused
from contactpoint.supply import parquet
from contactpoint.supply.contracts import CONTRACTS
from contactpoint.supply.opening import open_file
from contactpoint.supply.read import read_pieces, read_table
from contactpoint.supply.scan import scan_csv

BENEFIT = CONTRACTS["child_benefit"]
HEADER = ",".join(BENEFIT.names)
ROW = "A1,Amina,,Okafor,2016-05-09,F,14 Mill Lane,OL1 4AB,,,,"


def read(tmp_path, data, contract=BENEFIT):
    path = tmp_path / "feed.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_table(path, contract)


REFUSED = {
    "empty": (b"", "empty"),
    "only a byte-order mark": (b"\xef\xbb\xbf", "empty"),
    "semicolons": (HEADER.replace(",", ";") + "\n" + ROW.replace(",", ";"), "semicolons"),
    "tabs": (HEADER.replace(",", "\t") + "\n", "tabs"),
    "Windows-1252": (f"{HEADER}\nA1,Jos".encode() + b"\xe9,,Okafor,,,,,,,,\n", "Line 2 is not in UTF-8"),
    "UTF-16": (f"{HEADER}\n{ROW}\n".encode("utf-16"), "not a text file in UTF-8"),
    "a spreadsheet": (b"PK\x03\x04rest of it", "spreadsheet"),
    "old line ends": (f"{HEADER}\r{ROW}\r", "carriage returns"),
    "cut inside a quotation": (f'{HEADER}\n{ROW}\nA2,"Ben', "opened on line 3 is never closed"),
    "a quotation mark inside a cell": (
        f'{HEADER}\nA1,Am"ina,,Okafor,,,,,,,,\n',
        "Line 2 holds a quotation mark",
    ),
    "text after a quotation": (f'{HEADER}\nA1,"Am"ina,,Okafor,,,,,,,,\n', "Line 2 holds a quotation mark"),
    "a missing column": (HEADER.replace(",sex", "") + "\n", "'sex' is missing"),
    "an undeclared column": (f"{HEADER},concern\n", "'concern' is not in the contract"),
    "a column twice": (f"{HEADER},sex\n", "'sex' is there twice"),
    "no header": (f"{ROW}\n", "missing"),
    "broken Parquet": (b"PAR1 but no more", "Parquet"),
}


@pytest.mark.parametrize(("data", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_file_is_refused_whole_when_it_is(tmp_path, data, sentence):
    with pytest.raises(DeliveryRefused, match=sentence):
        read(tmp_path, data)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DeliveryRefused, match="cannot be read"):
        read_table(tmp_path / "nowhere.csv", BENEFIT)


READ = {
    "plain": f"{HEADER}\n{ROW}\n",
    "with a byte-order mark": f"\ufeff{HEADER}\n{ROW}\n",
    "Windows line ends": f"{HEADER}\r\n{ROW}\r\n",
    "no last line end": f"{HEADER}\n{ROW}",
    "columns in another order": ",".join(reversed(BENEFIT.names)) + "\n" + ",".join(reversed(ROW.split(","))),
    "all quoted": f"{HEADER}\n" + ",".join(f'"{cell}"' for cell in ROW.split(",")) + "\n",
    "spaces around cells": f"{HEADER}\n" + ROW.replace("Amina", "  Amina ") + "\n",
    "blank lines": f"\n{HEADER}\n\n{ROW}\n\r\n\n",
}


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_the_same_row_is_read_from_a_file_that_is(tmp_path, text):
    table = read(tmp_path, text)
    assert table.size == 1
    row = table.rows.row(0, named=True)
    assert (row["local_id"], row["forename"], row["middle_names"], row["postcode"]) == (
        "A1", "Amina", None, "OL1 4AB",
    )  # fmt: skip


def test_lines_are_physical_lines_even_after_quoted_line_breaks(tmp_path):
    first = {**AMINA, "address": "14 Mill Lane\r\nOldham"}
    text = feed_text("child_benefit", first, {**AMINA, "local_id": "A2"}, {**AMINA, "local_id": "A3"})
    assert read(tmp_path, text).rows["line"].to_list() == [2, 4, 5]


def test_a_row_with_the_wrong_number_of_cells_is_rejected_and_the_rest_is_read(tmp_path):
    table = read(tmp_path, f"{HEADER}\n{ROW}\nA2,Ben\n{ROW},extra\n{ROW}\n")
    assert table.rows["line"].to_list() == [2, 5]
    assert table.rejections.rows() == [
        (3, "", "It has 2 cells; the header has 12."),
        (4, "", "It has 13 cells; the header has 12."),
    ]
    assert table.unreadable["forename"].to_list() == ["Ben", "Amina"]


def test_a_file_of_a_header_alone_holds_nothing(tmp_path):
    assert read(tmp_path, HEADER).size == 0


def test_parquet_is_read_like_csv_and_its_lines_are_row_numbers(tmp_path):
    path = tmp_path / "feed.parquet"
    names = CONTRACTS["births"].names
    row = dict.fromkeys(names) | {**AMINA, "birth_order": 2, "multiple_birth": True}
    frame = pl.DataFrame([row, row], schema_overrides={"date_of_birth": pl.String})
    frame.with_columns(pl.col("date_of_birth").str.to_date()).write_parquet(path)
    table = read_table(path, CONTRACTS["births"])
    got = table.rows.row(1, named=True)
    assert (got["line"], got["date_of_birth"], got["birth_order"], got["multiple_birth"]) == (
        2, "2016-05-09", "2", "Y",
    )  # fmt: skip


def test_parquet_with_lists_is_refused(tmp_path):
    path = tmp_path / "feed.parquet"
    pl.DataFrame({name: [["x"]] for name in BENEFIT.names}).write_parquet(path)
    with pytest.raises(DeliveryRefused, match="holds lists"):
        read_table(path, BENEFIT)


def test_a_row_of_parquet_is_a_row_whatever_is_in_its_cells(tmp_path):
    path = tmp_path / "feed.parquet"
    address = '1 "The Mill", Lane\r\nOldham'
    columns = {name: [None] * 3 for name in BENEFIT.names} | {
        "local_id": ["A1", "A2", "A3"],
        "forename": ["Amina", "=1", ""],
        "address": [address, address, " "],
    }
    pl.DataFrame(columns, schema=dict.fromkeys(BENEFIT.names, pl.String)).write_parquet(path)
    assert read_table(path, BENEFIT).rows.select("line", "local_id", "forename", "address").rows() == [
        (1, "A1", "Amina", address),
        (2, "A2", "=1", address),
        (3, "A3", None, None),
    ]


def test_parquet_with_too_many_columns_is_refused(tmp_path):
    path = tmp_path / "feed.parquet"
    pl.DataFrame({f"c{at}": ["x"] for at in range(300)}).write_parquet(path)
    with pytest.raises(DeliveryRefused, match="The file has 300 columns"):
        read_table(path, BENEFIT)


def test_parquet_that_needs_more_memory_than_any_feed_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "_ROOM", 400 * 1024**2)
    path = tmp_path / "feed.parquet"
    giant = {name: pl.lit("x" * 200_000_000) if name == "surname" else pl.lit("A1") for name in BENEFIT.names}
    pl.select(**giant).write_parquet(path)
    assert path.stat().st_size < 100_000
    with pytest.raises(DeliveryRefused, match="takes more to unpack than any feed does"):
        read_table(path, BENEFIT, most_bytes=1024**2)


def test_what_a_parquet_file_unpacks_to_is_bounded(tmp_path):
    path = tmp_path / "feed.parquet"
    row = dict(zip(BENEFIT.names, ROW.split(","), strict=True))
    pl.DataFrame([row] * 1000).write_parquet(path)
    with pytest.raises(DeliveryRefused, match="once unpacked, is larger than 20 kB"):
        read_table(path, BENEFIT, most_bytes=20 * 1024)


def test_whoever_decodes_parquet_is_given_no_key_and_no_password(tmp_path, monkeypatch):
    monkeypatch.setenv("CONTACTPOINT_PAIR_KEY", "secret")
    given = {}

    class Seen(subprocess.Popen):
        def __init__(self, command, **named):
            given.update(named["env"])
            super().__init__(command, **named)

    monkeypatch.setattr(subprocess, "Popen", Seen)
    path = tmp_path / "feed.parquet"
    pl.DataFrame({name: ["A1"] for name in BENEFIT.names}).write_parquet(path)
    assert read_table(path, BENEFIT).size == 1
    assert "POLARS_MAX_THREADS" in given
    assert not {name for name in given if name.startswith("CONTACTPOINT") or name == "DATABASE_URL"}


@pytest.mark.parametrize("body", [",,,,,,,,,,,\n", "\n", '"",""\n'], ids=["commas", "line ends", "quotes"])
def test_a_file_of_nothing_but_marks_is_refused_before_they_are_looked_at(body):
    data = f"{HEADER}\n".encode() + body.encode() * 1000
    with pytest.raises(DeliveryRefused, match="cells and blank lines, most of them surely empty"):
        scan_csv(data, most_cells=900)


LINES = "x,\n" * 70_000
HOSTILE = {
    "a zero byte late in the file": (
        f"{HEADER}\n" + f"{ROW}\n" * 200 + "A\0,,,,,,,,,,,\n",
        "Line 202 holds a zero byte",
    ),
    "a million columns": ("c," * 1_000_000 + "c\n", "1,000,001 columns"),
    "a giant cell": (f"{HEADER}\nA1,{'x' * 200_000},,,,,,,,,,\n", "line 2 is 200,0.. bytes long"),
    "a giant quoted cell": (f'{HEADER}\nA1,"{LINES}",,,,,,,,,,\n', "bytes long"),
    "cut inside a row": (f"{HEADER}\n{ROW}\nA2,Ben,,Whit", "line, 3, stops after 4 of 12 cells"),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0" + b"\0" * 99, "an old spreadsheet"),
    "a zip archive": (b"PK\x03\x04" + b"\0" * 99, "a zip archive"),
    "damaged gzip": (b"\x1f\x8b\x08nonsense and more of it", "damaged gzip"),
    "a gzip bomb": (gzip.compress(b"a" * 50_000_000), "more than 50 times its size"),
    "a bomb in a bomb": (gzip.compress(gzip.compress(b"a" * 50_000_000)), "not a text file|not in UTF-8"),
    "half a gzip file": (gzip.compress(f"{HEADER}\n{ROW}\n".encode())[:-9], "it was cut short"),
}


@pytest.mark.parametrize(("data", "sentence"), HOSTILE.values(), ids=HOSTILE)
def test_a_file_made_to_do_harm_is_refused_before_it_is_parsed(tmp_path, data, sentence):
    with pytest.raises(DeliveryRefused, match=sentence):
        read(tmp_path, data)


def test_gzip_is_read_also_in_several_parts(tmp_path):
    packed = gzip.compress(f"{HEADER}\n".encode()) + gzip.compress(f"{ROW}\n".encode())
    assert read(tmp_path, packed).size == 1


def test_a_long_gzip_file_comes_back_whole(tmp_path):
    text = f"{HEADER}\n" + "".join(f"A{at}{ROW[2:]}\n" for at in range(60_000))
    packed = gzip.compress(text.encode(), compresslevel=1)
    assert read(tmp_path, packed).size == 60_000


def test_what_a_gzip_file_unpacks_to_is_bounded_too(tmp_path):
    path = tmp_path / "feed.csv.gz"
    path.write_bytes(gzip.compress(f"{HEADER}\n{ROW * 300}\n".encode()))
    with pytest.raises(DeliveryRefused, match="once unpacked, is larger than 2 kB"):
        read_table(path, BENEFIT, most_bytes=2048)


def in_pieces(tmp_path, data, piece):
    path = tmp_path / "feed.csv"
    path.write_bytes(data.encode())
    return list(read_pieces(open_file(path), BENEFIT, piece=piece))


def test_a_file_is_read_in_pieces_of_whole_records_with_the_lines_of_the_whole(tmp_path):
    quoted = ROW.replace("14 Mill Lane", '"14 Mill Lane\nOldham"')
    text = f"{HEADER}\n" + f"{quoted}\n\n{ROW}\n" * 20
    pieces = in_pieces(tmp_path, text, 200)
    assert len(pieces) > 10
    lines = [line for piece in pieces for line in piece.rows["line"]]
    assert lines == read(tmp_path, text).rows["line"].to_list()
    assert lines == [line for first in range(2, 82, 4) for line in (first, first + 3)]


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ('A2,Am"ina,,Okafor,,,,,,,,\n', "Line 12 holds a quotation mark"),
        ('A2,"Ben,,\n', "opened on line 12 is never closed"),
        ("A2,Ben", "The last line, 12, stops after 2 of 12 cells"),
        ("A2," + "x" * 200_000 + ",,,,,,,,,,\n", "The record on line 12 is"),
        ("A2,\0,,,,,,,,,,\n", "Line 12 holds a zero byte"),
    ],
)
def test_a_fault_in_a_later_piece_is_named_by_its_line(tmp_path, bad, sentence):
    with pytest.raises(DeliveryRefused, match=sentence):
        in_pieces(tmp_path, f"{HEADER}\n" + f"{ROW}\n" * 10 + bad, 200)
