"""A source's own names, dates and codes: read as the contract's, or refused with line, name and reason."""

from datetime import date

import polars as pl
import pytest
from tests.factories.feeds import AMINA, feed_text

from contactpoint.domain.errors import DeliveryRefused
from contactpoint.domain.source_mappings import MOST_BYTES, MOST_FAULTS, MappingFault
from contactpoint.supply.contracts import CONTRACTS
from contactpoint.supply.mapping import AS_DECLARED, FeedMapping
from contactpoint.supply.mapping_file import mapping_of, read_mapping, text_of
from contactpoint.supply.opening import open_file
from contactpoint.supply.read import read_given, read_pieces
from contactpoint.supply.stage import source_records
from contactpoint.supply.validate import validate, write_rejects

DAY = date(2026, 11, 22)
BENEFIT = CONTRACTS["child_benefit"]
SERVICES = CONTRACTS["childrens_services"]
TEXT = """# how the new system writes its file
not_sent = ["middle_names", "carer_phone"]

[columns]
local_id = "Claim"
forename = "First name"
surname = "Last name"
date_of_birth = "DOB"
sex = "Gender"
address = ["Street", "Town"]

[dates]
date_of_birth = "%d/%m/%Y"

[values.sex]
1 = "M"
2 = "F"
U = ""
"""
THEIRS = (
    "Claim,First name,Last name,DOB,Gender,Street,Town,postcode,carer_forename,carer_surname,"
    "carer_relationship\n"
    "A1,Amina,Okafor,09/05/2016,2,14 Mill Lane,Oldham,OL1 4AB,,,\n"
    "B1,Ben,Whitworth,30/11/2012,U,3 Quarry Bank,,OL12 9XY,,,\n"
)
OURS = feed_text(
    "child_benefit",
    AMINA | {"address": "14 Mill Lane Oldham"},
    {
        "local_id": "B1", "forename": "Ben", "surname": "Whitworth", "date_of_birth": "2012-11-30",
        "address": "3 Quarry Bank", "postcode": "OL12 9XY",
    },
)  # fmt: skip


@pytest.fixture
def given(tmp_path):
    def make(text, name="feed.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return open_file(path)

    return make


def read(given, mapping, contract=BENEFIT):
    table = read_given(given, contract, mapping=mapping)
    return validate(table, contract, as_at=DAY, organisations=frozenset({"la-353"}))


def records(checked, contract=BENEFIT):
    return source_records(checked, contract).drop("line")


def test_a_file_in_a_sources_own_names_means_the_same_as_one_in_the_contracts(given):
    mapping = mapping_of(TEXT, BENEFIT)
    mapped = records(read(given(THEIRS), mapping))
    assert mapped.equals(records(read(given(OURS), AS_DECLARED)))
    assert mapped.height == 2


def test_it_is_the_same_in_parquet_and_in_pieces(given, tmp_path):
    mapping = mapping_of(TEXT, BENEFIT)
    pl.read_csv(THEIRS.encode(), infer_schema=False).write_parquet(tmp_path / "feed.parquet")
    parquet = records(read(open_file(tmp_path / "feed.parquet"), mapping))
    assert parquet.equals(records(read(given(OURS), AS_DECLARED)))
    pieces = list(read_pieces(given(THEIRS), BENEFIT, mapping=mapping, piece=80))
    assert len(pieces) > 1
    assert pl.concat(one.rows for one in pieces).equals(
        read_given(given(THEIRS), BENEFIT, mapping=mapping).rows
    )


def test_no_text_is_the_contracts_own_names():
    assert mapping_of("", BENEFIT) is AS_DECLARED
    assert AS_DECLARED.header(BENEFIT) == BENEFIT.names


@pytest.mark.parametrize(
    ("written", "form", "read_as"),
    [
        ("27/03/2019", "%d/%m/%Y", "2019-03-27"),
        (" 7.3.2019 ", "%d.%m.%Y", "2019-03-07"),
        ("27-Mar-19", "%d-%b-%y", "2019-03-27"),
        ("20190327", "%Y%m%d", "2019-03-27"),
        ("03/27/2019", "%m/%d/%Y", "2019-03-27"),
        ("2019-03-27", "%d/%m/%Y", "2019-03-27"),
        ("2019", "%d/%m/%Y", "2019"),
        ("27/03/19", "%d/%m/%Y", "27/03/19"),
        ("27/03/2019", "%m/%d/%Y", "27/03/2019"),
        ("30/02/2019", "%d/%m/%Y", "30/02/2019"),
        ("27.03.2019", "%d.%m.%y", "27.03.2019"),
        ("unknown", "%d/%m/%Y", "unknown"),
    ],
)
def test_a_date_that_is_not_written_so_stays_as_it_is_and_is_rejected_or_plain(given, written, form, read_as):
    mapping = mapping_of(f'[dates]\ndate_of_birth = "{form}"\n', BENEFIT)
    text = feed_text("child_benefit", AMINA | {"date_of_birth": written})
    assert read_given(given(text), BENEFIT, mapping=mapping).rows["date_of_birth"].to_list() == [read_as]


def test_reasons_are_in_the_words_of_whoever_sent_the_file(given):
    mapping = mapping_of(TEXT, BENEFIT)
    wrong = THEIRS.replace("09/05/2016,2", "2016/05/09,girl")
    checked = read(given(wrong), mapping)
    assert mapping.in_their_words(checked.rejections).rows() == [
        (2, "DOB", "It is not a date like 27/03/2019, as this source writes it, or 2019-03-27."),
        (2, "Gender", "It must be one of: M, F; or blank."),
    ]


def test_rejected_rows_come_back_under_the_contracts_names_and_are_read_so(given, tmp_path):
    mapping = mapping_of(TEXT, BENEFIT)
    checked = read(given(THEIRS.replace("09/05/2016,2", "09/05/2016,girl")), mapping)
    write_rejects(checked, tmp_path / "rejects.csv")
    back = (tmp_path / "rejects.csv").read_text("utf-8-sig")
    assert ",2016-05-09,girl," in back
    again = read(given(back.replace("girl", "F")), mapping)
    assert (again.accepted.height, again.rejected.height) == (1, 0)


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (
            THEIRS.replace("First name", "Firstname"),
            "'First name' is missing; 'Firstname' is not in the contract",
        ),
        (OURS, "'Claim', 'First name', 'Last name', 'DOB', 'Gender', 'Street' are missing"),
        (THEIRS.replace("Town,", "Town,known_as,"), "'known_as' is not in the contract"),
        (THEIRS.replace("Town", "Street"), "'Street' is there twice; 'Town' is missing"),
    ],
)
def test_a_file_with_neither_is_refused_in_the_names_its_source_has_for_them(given, header, sentence):
    with pytest.raises(DeliveryRefused, match=sentence):
        read(given(header), mapping_of(TEXT, BENEFIT))


BAD = {
    "no TOML": ("[columns]\nforename = First\n", 2, "", "It is not TOML"),
    "cut short": ('[columns]\nforename = "First\n', 2, "", "It is not TOML"),
    "nested": ("a = " + "[" * 20_000, 0, "", "nested deeper"),
    "a number longer than any": ("a = " + "9" * 9000, 0, "", "It is not TOML"),
    "the same column twice": ('[columns]\nforename = "A"\nforename = "B"\n', 3, "", "the same thing twice"),
    "an unknown table": ('[colums]\nforename = "A"\n', 1, "colums", "columns, dates, values, not_sent"),
    "what only the linking tool takes": ('separator = ";"\n', 1, "separator", "and nothing else"),
    "columns to be ignored": ('ignore = ["notes"]\n', 1, "ignore", "and nothing else"),
    "no table": ('columns = "forename"\n', 1, "columns", "write [columns]"),
    "an unknown column": ('[columns]\n\nforname = "A"\n', 3, "forname", "Child benefit has no such column"),
    "one that is like another": ('[columns]\nforname = "A"\n', 2, "forname", "Did you mean forename?"),
    "one that is like none": ('[columns]\nxyz = "A"\n', 2, "xyz", "listed where a mapping is tried"),
    "too many joined": (
        f"[columns]\naddress = {[str(n) for n in range(11)]}\n", 2, "address", "More than 10"),
    "an unknown date": ('[dates]\nborn = "%d/%m/%Y"\n', 2, "born", "no such column"),
    "unknown values": ('[values.gender]\n1 = "M"\n', 1, "gender", "no such column"),
    "a required column left out": ('not_sent = ["local_id"]\n', 1, "local_id", "cannot be left out"),
    "an unknown one left out": ('not_sent = ["notes"]\n', 1, "notes", "no such column"),
    "left out in no list": ('not_sent = "middle_names"\n', 1, "not_sent", "a list of names"),
    "left out and named": (
        'not_sent = ["middle_names"]\n[columns]\nmiddle_names = "M"\n', 3, "middle_names", "not there"),
    "theirs twice": (
        '[columns]\nforename = "N"\nsurname = "N"\n', 3, "surname", "'N' is read as forename too"),
    "theirs is ours": ('[columns]\nforename = "surname"\n', 2, "forename", "is read as surname too"),
    "theirs twice in one": ('[columns]\naddress = ["S", "S"]\n', 2, "address", "is read as address too"),
    "no name": ('[columns]\nforename = ""\n', 2, "forename", "visible characters"),
    "a name with a zero": ('[columns]\nforename = "a\\u0000b"\n', 2, "forename", "visible characters"),
    "a long name": (f'[columns]\nforename = "{"x" * 81}"\n', 2, "forename", "visible characters"),
    "a number": ("[columns]\nforename = 3\n", 2, "forename", "Say what the source calls it"),
    "an empty list": ("[columns]\nforename = []\n", 2, "forename", "Say what the source calls it"),
    "a scheme": ('[columns]\nforename = { a = "b" }\n', 2, "forename", "Say what the source calls it"),
    "our own word": ('[columns]\nforename = "rejected_line"\n', 2, "forename", "cannot be called"),
    "our line": ('[columns]\nforename = "line"\n', 2, "forename", "cannot be called"),
    "a date of what is none": ('[dates]\nforename = "%d/%m/%Y"\n', 2, "forename", "It holds no date"),
    "a date without a year": ('[dates]\ndate_of_birth = "%d/%m"\n', 2, "date_of_birth", "where day"),
    "a date with two years": ('[dates]\ndate_of_birth = "%d/%m/%Y%y"\n', 2, "date_of_birth", "where day"),
    "a date with a time": ('[dates]\ndate_of_birth = "%d/%m/%Y %H"\n', 2, "date_of_birth", "where day"),
    "a date that is a number": ("[dates]\ndate_of_birth = 3\n", 2, "date_of_birth", "where day"),
    "a code of ours that is none": ('[values.sex]\n1 = "male"\n', 2, "1", "'male' is none of ours"),
    "a code that is no text": ("[values.sex]\n1 = true\n", 1, "sex", "below it theirs = ours"),
    "a blank that says something": ('[values.sex]\n"" = "M"\n', 2, "", "A blank stays blank"),
    "values of what is no code": ('[values.forename]\nBen = "Bob"\n', 1, "forename", "It holds no code"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "name", "reason"), BAD.values(), ids=BAD)
def test_a_bad_mapping_says_where_and_why(text, line, name, reason):
    found = read_mapping(text, BENEFIT)
    assert isinstance(found, tuple)
    assert (found[0].line, found[0].field) == (line, name)
    assert reason in found[0].reason


def test_no_more_is_said_than_a_page_has_room_for():
    text = "[columns]\n" + "".join(f'c{n} = "x{n}"\n' for n in range(3000))
    assert len(read_mapping(text, BENEFIT)) == MOST_FAULTS + 1


def test_everything_that_is_wrong_is_said_at_once():
    text = '[columns]\nforname = "A"\nsurnam = "B"\n[dates]\nforename = "%d"\n'
    assert [(one.line, one.field) for one in read_mapping(text, BENEFIT)] == [
        (2, "forname"),
        (3, "surnam"),
        (5, "forename"),
    ]


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ('not_sent = ["restricted"]\n', True),
        ('[values.restricted]\n1 = ""\n', True),
        ('[columns]\nknown_as = "restricted"\nrestricted = "known_as"\n', True),
        ('[columns]\nrestricted = "S flag"\n', False),
        ('[values.restricted]\nY = ""\n', True),
        ('[values.restricted]\nhidden = ""\n', True),
        ('[values.restricted]\n1 = "Y"\n0 = ""\nno = ""\n', False),
    ],
)
def test_no_mapping_leaves_out_the_mark_that_a_child_is_hidden_or_says_it_away(text, refused):
    """R27: a source's own mark can be said in its words, and never be lost on the way."""
    assert isinstance(read_mapping(text, SERVICES), tuple) == refused


def test_services_are_those_of_the_contract():
    text = '[values.service]\nSENCO = "send"\n[values.organisation]\nOldham = "la-353"\n'
    assert isinstance(read_mapping(text, SERVICES), FeedMapping)
    (fault,) = read_mapping('[values.service]\nCAMHS = "camhs"\n', SERVICES)
    assert (fault.line, fault.field) == (2, "CAMHS")


def test_a_mapping_that_no_longer_fits_its_contract_reads_nothing():
    with pytest.raises(DeliveryRefused, match=r"does not fit Child benefit any more \(line 2, upn\)"):
        mapping_of('[columns]\nupn = "UPN"\n', BENEFIT)


def test_a_mapping_file_is_text_within_bounds():
    assert text_of(b"\xef\xbb\xbf" + TEXT.encode()) == TEXT
    for data in (b"x" * (MOST_BYTES + 1), b"caf\xe9"):
        assert isinstance(text_of(data), MappingFault)
