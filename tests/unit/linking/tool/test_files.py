"""Files in, clusters out: what other people script against."""

import csv
import gzip
import os
import re
import subprocess
import sys
from html import escape
from pathlib import Path

import polars as pl
import pytest

from contactpoint.cli import linking
from contactpoint.domain.errors import InvalidInput
from contactpoint.linking import default_model
from contactpoint.linking.tool import raw, reading
from contactpoint.linking.tool.explaining import record_of
from contactpoint.linking.tool.inspecting import inspect_file
from contactpoint.linking.tool.link import link_records
from contactpoint.linking.tool.mapping import load_mapping, read_mapping
from contactpoint.linking.tool.reading import from_frame, read_files
from contactpoint.linking.tool.writing import write_table

HEAD = "forename,surname,date_of_birth,sex,address,postcode"
ONE = "Xanthe,Wolstenholme,1990-05-06,F,12 Mill Lane,M1 1AB"
SLIP = "Xanthi,Wolstenholme,1990-05-06,F,12 Mill Lane,M1 1AB"
OTHER = "Bertram,Quill,1955-11-30,M,3 Low Road,LS2 9JT"


def write(folder, name, *lines):
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def link(files, out, **options):
    usual = dict.fromkeys(("pairs", "review", "model", "save_model", "report", "problems", "mapping"))
    linking.link(files, clusters=out, **{**usual, "unique_within": [], **options})
    with out.open(newline="") as opened:
        return list(csv.reader(opened))


def test_the_file_name_is_the_source_and_rows_are_numbered(tmp_path):
    a, b = write(tmp_path, "a.csv", HEAD, ONE, OTHER), write(tmp_path, "b.csv", HEAD, SLIP)
    rows = link([a, b], tmp_path / "clusters.csv")
    assert rows == [["source", "local_id", "cluster"], ["a", "1", "1"], ["a", "2", "2"], ["b", "1", "1"]]


def test_csv_gzip_and_parquet_say_the_same(tmp_path):
    plain = write(tmp_path, "a.csv", HEAD, ONE, SLIP, OTHER)
    expected = link([plain], tmp_path / "c1.csv")
    (tmp_path / "z").mkdir()
    packed = tmp_path / "z" / "a.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    frame = pl.read_csv(plain).with_columns(pl.col("date_of_birth").str.to_date())
    frame.write_parquet(tmp_path / "z" / "a.parquet")
    assert link([packed], tmp_path / "c2.csv") == expected
    assert link([tmp_path / "z" / "a.parquet"], tmp_path / "c3.csv") == expected
    assert [row[2] for row in expected] == ["cluster", "1", "1", "2"]


def test_a_source_that_lists_nobody_twice_keeps_its_rows_apart(tmp_path):
    a = write(tmp_path, "a.csv", HEAD, ONE, SLIP)
    assert [row[2] for row in link([a], tmp_path / "c.csv")] == ["cluster", "1", "1"]
    assert [row[2] for row in link([a], tmp_path / "c.csv", unique_within=["a"])] == ["cluster", "1", "2"]
    with pytest.raises(InvalidInput, match="no source 'x'"):
        link([a], tmp_path / "c.csv", unique_within=["x"])


def test_neither_the_order_of_files_nor_of_rows_changes_a_byte(tmp_path):
    lines = [f"{number},{person}" for number, person in enumerate((ONE, SLIP, OTHER, ONE, SLIP), start=7)]
    a, b = (write(tmp_path, f"{name}.csv", f"local_id,{HEAD}", *lines) for name in "ab")
    link([a, b], tmp_path / "c1.csv", review=tmp_path / "r1.csv", pairs=tmp_path / "p1.csv")
    write(tmp_path, "a.csv", f"local_id,{HEAD}", *reversed(lines))
    link([b, a], tmp_path / "c2.csv", review=tmp_path / "r2.csv", pairs=tmp_path / "p2.csv")
    for name in "crp":
        assert (tmp_path / f"{name}1.csv").read_bytes() == (tmp_path / f"{name}2.csv").read_bytes()


def test_a_bad_value_is_left_out_with_line_field_and_reason_and_its_row_kept(tmp_path):
    a = write(tmp_path, "a.csv", HEAD, '"Ada\nMay",Hall,1990-13-06,F,,', "Ada,Hall,1990,Q,,")
    records = read_files([a])
    assert records.frame.height == 2
    found = records.problems.select("file", "line", "field", "value").rows()
    assert found == [("a.csv", 2, "date_of_birth", "1990-13-06"), ("a.csv", 4, "sex", "Q")]
    assert "is not a date" in records.problems["reason"][0]
    assert records.frame["date_of_birth"].to_list() == [None, "1990"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((), "is empty"),
        (("first_name,surname", "Ada,Hall"), "'first_name' is probably forename"),
        (("forename,surnam", "Ada,Hall"), "'surnam' is probably surname"),
        (("colour,size", "red,3"), "no column that tells people apart"),
        (("forename,surname", "Ada,Hall,extra"), "line 2: 3 values under 2 column names"),
        (("forename,forename", "Ada,Hall"), "two columns called 'forename'"),
        (("local_id,forename", ",Ada"), "line 2: local_id is empty"),
        (("local_id,forename", "1,Ada", "1,Bob"), "line 3: source 'a' has another person"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, lines, said):
    with pytest.raises(InvalidInput, match=said):
        read_files([write(tmp_path, "a.csv", *lines)])


def test_a_file_that_is_not_utf8_names_the_line(tmp_path):
    (tmp_path / "a.csv").write_bytes("forename\nAda\nZoë\n".encode("latin-1"))
    with pytest.raises(InvalidInput, match="line 3: this is not utf-8 text"):
        read_files([tmp_path / "a.csv"])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_two_bytes_a_letter_are_told_by_the_mark_or_by_the_noughts(tmp_path, encoding):
    text = "forename,surname\nZoë,Hall\n"
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert read_files([tmp_path / "a.csv"]).frame["forename"].to_list() == ["Zoë"]
    assert 'forename = "forename"' in inspect_file(tmp_path / "a.csv").toml


def test_rows_numbered_in_two_files_of_one_name_are_not_taken_for_each_other(tmp_path):
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
    a, b = write(tmp_path / "x", "a.csv", HEAD, ONE), write(tmp_path / "y", "a.csv", HEAD, ONE)
    with pytest.raises(InvalidInput, match="both number their rows of source 'a'"):
        read_files([a, b])
    assert read_files([a, a]).frame.height == 1
    write(tmp_path / "y", "a.csv", f"local_id,{HEAD}", f"7,{ONE}")
    assert read_files([a, b]).frame.height == 2


def test_a_file_that_unpacks_to_more_than_there_is_room_for_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(raw, "_room", lambda: 100_000)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"forename,surname\n" + b"Ada,Hall\n" * 20_000))
    with pytest.raises(InvalidInput, match=r"a\.csv\.gz unpacks to more than half"):
        read_files([tmp_path / "a.csv.gz"])
    frame = pl.DataFrame({"surname": ["Hall"] * 5_000, "forename": ["Ada"] * 5_000})
    frame.write_parquet(tmp_path / "b.parquet")
    assert (tmp_path / "b.parquet").stat().st_size < 5_000
    with pytest.raises(InvalidInput, match="holds 5,000 rows, more than this machine has memory for"):
        read_files([tmp_path / "b.parquet"])
    frame.head(3_000).write_parquet(tmp_path / "b.parquet")
    assert read_files([tmp_path / "b.parquet"]).frame.height == 3_000


def test_what_begins_like_a_packed_file_and_is_none_is_refused(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"forename\nAda\n" * 500)[:40])
    (tmp_path / "b.csv.gz").write_bytes(b"\x1f\x8b" + b"\x08" + b"\xff" * 60)
    for name in ("a.csv.gz", "b.csv.gz"):
        with pytest.raises(InvalidInput, match="is not whole"):
            read_files([tmp_path / name])
    (tmp_path / "c.parquet").write_bytes(b"PAR1" + b"\x00" * 60)
    with pytest.raises(InvalidInput, match="is not a Parquet file"):
        read_files([tmp_path / "c.parquet"])


def test_lines_may_end_as_a_macintosh_ended_them(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"forename,surname\rAda,Hall\rBo,Hill\r")
    assert read_files([tmp_path / "a.csv"]).frame["surname"].to_list() == ["Hall", "Hill"]
    (tmp_path / "b.csv").write_bytes(b"fore\rname,surname\nAda,Hall\n")
    with pytest.raises(InvalidInput, match="probably forename"):
        read_files([tmp_path / "b.csv"])


def test_another_separator_is_guessed_at_in_words(tmp_path):
    with pytest.raises(InvalidInput, match="separated by ';'"):
        read_files([write(tmp_path, "a.csv", "forename;surname", "Ada;Hall")])


@pytest.mark.parametrize(
    ("text", "form", "found"),
    [
        ("03/27/1990", "%m/%d/%Y", "1990-03-27"),
        ("1990-03-27", "%m/%d/%Y", "1990-03-27"),
        ("27.03.90", "%d.%m.%y", "1990-03-27"),
        ("1990-27-03", "%Y-%d-%m", "1990-03-27"),
    ],
)
def test_a_mapped_date_is_read_as_written_or_as_year_month_day(text, form, found):
    assert reading.read_date(text, form) == found


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("27/03/1990", "%m/%d/%Y"),
        ("1990-03-27", "%Y-%d-%m"),
        ("1990-02-30", "%d/%m/%Y"),
        ("1990", "%d/%m/%Y"),
    ],
)
def test_a_date_that_fits_neither_is_no_date(text, form):
    with pytest.raises(InvalidInput, match="date"):
        reading.read_date(text, form)


@pytest.mark.parametrize("end", ["", " x12", " ext. 12", " EXTENSION 12", "x12"])
def test_an_extension_is_no_part_of_a_telephone_number(tmp_path, end):
    path = write(tmp_path, "a.csv", "surname,phone", f"Hall,(217) 555-0132{end}")
    assert read_files([path]).frame["phone"].to_list() == ["(217) 555-0132"]
    record, _ = record_of({"surname": "Hall", "phone": f"(217) 555-0132{end}"})
    assert record["phone"] == "(217) 555-0132"


def test_other_columns_are_named_and_not_used(tmp_path):
    records = read_files([write(tmp_path, "a.csv", "forename,shoe_size", "Ada,38")])
    assert records.ignored == {"a.csv": ["shoe_size"]}


def test_the_mapping_that_is_proposed_reads_the_file(tmp_path):
    odd = write(
        tmp_path, "odd.csv", "Rec ID;First Name;Last_Name;DOB;Gender;Street;City;ZIP;SSN",
        "r1;Ada;Hall;27/03/1990;Female;1 Main St;Salem;97301-1234;123-45-6789",
        "r2;Bob;Hill;05/11/1991;Man;;;;",
    )  # fmt: skip
    (tmp_path / "map.toml").write_text(inspect_file(odd).toml)
    records = read_files([odd], load_mapping(tmp_path / "map.toml"))
    assert records.problems.is_empty()
    assert not records.ignored
    first, second = records.frame.rows(named=True)
    found = (first["local_id"], first["date_of_birth"], first["address"])
    assert found == (
        "r1",
        "1990-03-27",
        "1 Main St Salem",
    )
    assert first["other_identifiers"] == "ssn:123-45-6789"
    assert (second["sex"], second["postcode"]) == ("M", None)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"colums": {}}, "'colums' means nothing"),
        ({"columns": {"name": "x"}}, "names 'name'"),
        ({"columns": {"forename": 3}}, "takes text"),
        ({"columns": {"forename": {"a": "b"}}}, "Only other_identifiers"),
        ({"dates": "x"}, "must be a table"),
    ],
)
def test_a_mapping_that_means_nothing_says_why(body, said):
    with pytest.raises(InvalidInput, match=said):
        read_mapping(body)


def test_a_mapping_of_a_column_that_is_nowhere_is_refused(tmp_path):
    a = write(tmp_path, "a.csv", "forename", "Ada")
    with pytest.raises(InvalidInput, match="'vorname', which no file has"):
        read_files([a], read_mapping({"columns": {"surname": "vorname"}}))


PEOPLE_ELSEWHERE = [
    ({"forename": "Иван", "surname": "Петров", "date_of_birth": "1985-07-01"}, "cyrillic"),
    ({"forename": "أحمد", "surname": "الحسن", "date_of_birth": "1985-07-01"}, "arabic"),
    ({"forename": "伟", "surname": "王", "date_of_birth": "1985-07-01"}, "chinese"),
    (
        {"forename": "Xanthe", "surname": "Wolstenholme", "date_of_birth": "1940-07-01"},
        "names and birth date",
    ),
    (
        {"forename": "Dwight", "surname": "Kowalczyk", "address": "12 Elm St, Salem OR", "postcode": "97301"},
        "us",
    ),
]


@pytest.mark.parametrize(("person", "_name"), PEOPLE_ELSEWHERE, ids=[name for _, name in PEOPLE_ELSEWHERE])
def test_people_from_elsewhere_are_found_again_and_not_taken_for_others(person, _name):
    other = {"forename": "Bertram", "surname": "Quill", "date_of_birth": "1985-07-01"}
    rows = [{"source": source, "local_id": "1", **person} for source in "ab"]
    records = pl.DataFrame([*rows, {"source": "c", "local_id": "1", **other}], infer_schema_length=None)
    assert link_records(from_frame(records).frame).clusters["cluster"].to_list() == [1, 1, 2]


def test_initials_alone_make_nobody_one_person():
    rows = [
        {"forename": "A", "surname": "B"},
        {"forename": "A", "surname": "Smith", "date_of_birth": "1990-02-03"},
    ]
    records = pl.DataFrame(rows * 2, infer_schema_length=None)
    assert link_records(from_frame(records).frame).clusters["cluster"].to_list() == [1, 2, 3, 4]


def test_a_frame_of_another_library_is_taken_too():
    held = pl.DataFrame(
        [{"forename": "Xanthe", "surname": "Wolstenholme", "date_of_birth": "1990-05-06"}] * 2
    )

    class Elsewhere:
        def __arrow_c_stream__(self, requested_schema=None):
            return held.__arrow_c_stream__(requested_schema)

    assert link_records(from_frame(Elsewhere()).frame).clusters["cluster"].to_list() == [1, 1]


def test_a_zip_code_with_and_without_its_four_digits_is_one_place():
    people = [
        {
            "local_id": "1",
            "forename": "Ada",
            "surname": "Hall",
            "address": "9 Elm St",
            "postcode": "97301-1234",
        },
        {"local_id": "2", "forename": "Ada", "surname": "Hall", "address": "9 Elm St", "postcode": "97301"},
    ]
    assert link_records(from_frame(pl.DataFrame(people)).frame).clusters["cluster"].to_list() == [1, 1]


@pytest.fixture
def read_only(tmp_path):
    """A folder in which nothing can be written, whoever asks."""
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    if os.access(folder, os.W_OK):
        return Path("/proc/self")
    return folder


def test_what_cannot_be_written_is_said_before_anything_is_read(tmp_path, read_only):
    a, c = write(tmp_path, "a.csv", HEAD, ONE), tmp_path / "c.csv"
    c.write_text("before")
    for options, said in (
        ({"pairs": tmp_path / "nowhere" / "p.csv"}, "there is no folder"),
        ({"report": read_only / "r.html"}, "its folder cannot be written"),
        ({"review": tmp_path}, "it is a folder"),
        ({"problems": c}, "two outputs"),
        ({"save_model": a}, "it is read from"),
    ):
        with pytest.raises(InvalidInput, match=said):
            link([a], c, **options)
    with pytest.raises(InvalidInput, match="it is read from"):
        link([a], a)
    assert (a.read_text().count("\n"), c.read_text()) == (2, "before")


def test_a_disk_that_is_full_leaves_what_was_there_and_nothing_else(tmp_path, monkeypatch):
    a, c = write(tmp_path, "a.csv", HEAD, ONE), tmp_path / "c.parquet"
    c.write_text("before")

    def full(_frame, part):
        part.write_text("half")
        raise pl.exceptions.ComputeError("No space left on device (os error 28)")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(InvalidInput, match=r"c\.parquet cannot be written: No space left"):
        link([a], c)
    assert c.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "c.parquet"]


def test_a_pipe_is_written_to_and_a_link_keeps_pointing_where_it_did(tmp_path):
    a, pipe = write(tmp_path, "a.csv", HEAD, ONE), tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True) as reader:
        write_table(pl.DataFrame({"n": [1]}), pipe)
        assert reader.stdout.read() == "n\n1\n"
    assert pipe.is_fifo()
    (tmp_path / "there.csv").write_text("before")
    (tmp_path / "c.csv").symlink_to("there.csv")
    assert len(link([a], tmp_path / "c.csv")) == 2
    assert (tmp_path / "c.csv").is_symlink()
    assert (tmp_path / "there.csv").read_text() == (tmp_path / "c.csv").read_text()


def test_a_thousand_copies_of_a_row_are_one_person_and_a_name_alone_is_nobody():
    whole = {"forename": "Xanthe", "surname": "Wolstenholme", "date_of_birth": "1990-05-06"}
    copies = pl.DataFrame([whole] * 1_000 + [{"forename": "John"}] * 500, infer_schema_length=None)
    found = link_records(from_frame(copies).frame)
    assert found.clusters["cluster"].n_unique() == 501
    assert found.records.height == 1_500


def test_the_report_holds_everything_itself_and_escapes_what_records_say(tmp_path):
    bad = '"<script>alert(1)</script>",Wolstenholme,1990-05-06,F,"12 ""Mill"" & Lane",M1 1AB'
    a = write(tmp_path, "a.csv", HEAD, bad, bad.replace("alert", "alart"), OTHER)
    link([a], tmp_path / "c.csv", report=tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert not any(word in page for word in ('http-equiv="refresh', "src=", "url(", "@import"))
    assert page.count('role="img" aria-label="') == page.count("<svg")


def test_every_table_of_the_report_has_a_name_of_its_own_and_every_column_a_head(tmp_path):
    twins = [
        ONE.replace("Xanthe", name).replace("-06,", f"-{day},") for name in ("Ada", "Ida") for day in "67"
    ]
    a = write(tmp_path, "a.csv", HEAD, ONE, SLIP, OTHER, OTHER, *twins)
    link([a], tmp_path / "c.csv", report=tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    names = re.findall(r'role="region" aria-label="([^"]*)"', page)
    assert len(names) == len(set(names)) > 4
    assert '<th scope="col"></th>' not in page
    assert escape(default_model().about) in page


def test_the_commands_need_no_django_no_database_and_no_compiler(tmp_path):
    a = write(tmp_path, "a.csv", HEAD, ONE, SLIP)
    script = (
        "import sys; from pathlib import Path; from contactpoint.cli import linking, matching;"
        f"linking.link([Path({str(a)!r})], clusters=Path({str(tmp_path / 'c.csv')!r}), pairs=None,"
        "review=None, model=None, save_model=None, report=None, problems=None, "
        "unique_within=[], mapping=None);"
        "print('loaded', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split("loaded", 1)[1].split())
    assert not {"django", "psycopg", "numba", "pandas"} & loaded
