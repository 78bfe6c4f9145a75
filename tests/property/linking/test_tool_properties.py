"""Whatever a file or a record holds: an answer, the same for any order, with every row in it once."""

import contextlib
import json
import string

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.people import PERSON_COLUMNS
from contactpoint.linking import default_model
from contactpoint.linking.tool.explaining import explain_lines
from contactpoint.linking.tool.inspecting import inspect_file
from contactpoint.linking.tool.link import link_records
from contactpoint.linking.tool.mapping import Mapping
from contactpoint.linking.tool.reading import from_frame, read_files

MODEL = default_model()
UNICODE = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
TEXT = st.one_of(
    st.none(),
    UNICODE,
    st.sampled_from(
        ("Ada", "Hall", "2015-03-04", "0000-00-00", "9999-99-99", "M", "Y", "97301-1234", "王", "Ëlo")
    ),
)
ROW = st.fixed_dictionaries(dict.fromkeys(PERSON_COLUMNS, TEXT))
SCHEMA = {"source": pl.String, "local_id": pl.String, **dict.fromkeys(PERSON_COLUMNS, pl.String)}


@settings(max_examples=30, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=10), st.randoms(use_true_random=False))
def test_every_row_is_in_one_cluster_whatever_the_order(rows, shuffle):
    keyed = [
        {"source": shuffle.choice("abc"), "local_id": str(place), **row} for place, row in enumerate(rows)
    ]
    unique = sorted({row["source"] for row in keyed})[: shuffle.randrange(3)]
    first = link_records(from_frame(pl.DataFrame(keyed, schema=SCHEMA)).frame, unique_within=unique)
    shuffle.shuffle(keyed)
    again = link_records(from_frame(pl.DataFrame(keyed, schema=SCHEMA)).frame, unique_within=unique)
    assert first.clusters.equals(again.clusters)
    assert first.pairs.equals(again.pairs)
    assert sorted(first.clusters["local_id"].to_list(), key=int) == [str(place) for place in range(len(rows))]
    within = first.clusters.filter(pl.col("source").is_in(unique))
    assert not within.select(pl.struct("source", "cluster").is_duplicated().any()).item()


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(st.tuples(UNICODE, UNICODE), min_size=1, max_size=6))
def test_what_a_spreadsheet_wrote_is_read_row_by_row(rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "a.csv"
    frame = pl.DataFrame(rows, schema=["forename", "surname"], orient="row").with_columns(
        local_id=pl.Series(map(str, range(len(rows))))
    )
    frame.write_csv(path, quote_style="always")
    assert read_files([path], Mapping()).frame["local_id"].to_list() == frame["local_id"].to_list()


PIECES = st.sampled_from(
    [
        *("local_id", "forename", "date_of_birth", "sex", ",", ",", ",", ";", "\n", "\n", "\r\n", "\r"),
        *('"', '""', "Ada", "O'Neil", "0000-00-00", "2015-03-04", "\x00", "\ufeff", "\u2028", "=1+1"),
        *("9" * 400, "zz:1;:;", " "),
    ]
)


@settings(max_examples=80, deadline=None)
@given(text=st.lists(st.one_of(PIECES, UNICODE), max_size=40).map("".join))
def test_any_text_is_a_file_of_records_or_refused_in_words(text, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "a.csv"
    path.write_bytes(text.encode())
    with contextlib.suppress(InvalidInput):
        inspect_file(path)
    with contextlib.suppress(InvalidInput):
        frame = read_files([path]).frame
        assert frame["local_id"].null_count() == 0
        assert not frame.select(pl.struct("source", "local_id").is_duplicated().any()).item()


@given(st.lists(st.one_of(UNICODE, ROW.map(lambda row: json.dumps({"a": row, "b": row}))), max_size=6))
def test_each_line_gets_a_story_or_an_error(lines):
    lines = [line.replace("\n", " ") for line in lines]
    told = list(explain_lines(lines, MODEL))
    assert len(told) == sum(bool(line.strip()) for line in lines)
    assert all(("error" in one) != ("decision" in one) for one in told)


def test_names_of_a_million_letters_are_compared_by_their_beginning():
    long = string.ascii_lowercase * 40_000
    rows = [{"forename": long, "surname": long, "date_of_birth": "2015-03-04"} for _ in range(3)]
    records = from_frame(pl.DataFrame([*rows, {"forename": "Ada"}], infer_schema_length=None)).frame
    assert records["forename"].str.len_chars().max() == 1_000
    assert link_records(records).clusters.height == 4
