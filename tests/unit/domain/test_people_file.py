"""A file of people: which line, which field, why; and nothing in it runs in a spreadsheet."""

import csv
import io
from datetime import date

import pytest

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.people_file import COLUMNS, MOST_ROWS, judge_rows, read_file, rejects_csv

ON = date(2026, 11, 26)
KINDS = {"105734": "school", "la-353": "authority"}
GOOD = {
    "name": "Nadia Rahman",
    "email": "nadia@example.org",
    "job_title": "Teacher",
    "phone": "0161 496 0777",
    "organisation": "105734",
    "role": "practitioner",
    "services": "school; early_years",
    "manager_email": "head@example.org",
    "checked_on": "2026-06-01",
    "trained_until": "1/6/2027",
    "agreement_signed_on": "",
}


def text(*rows):
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows([{**GOOD, **row} for row in rows])
    return out.getvalue()


def judged(*rows):
    return judge_rows(read_file(text(*rows)), kinds=KINDS, on=ON)


def test_a_good_row():
    good, bad = judged({})
    assert bad == []
    assert good[2].services == ("school", "early_years")
    assert good[2].role is Role.PRACTITIONER
    assert (good[2].checked_on, good[2].trained_until) == (date(2026, 6, 1), date(2027, 6, 1))
    assert good[2].agreement_signed_on is None


BAD = [
    # what is wrong, in which field
    ({"name": ""}, "name"),
    ({"name": "x" * 121}, "name"),
    ({"email": "nadia"}, "email"),
    ({"email": "a@b, c@d.org"}, "email"),
    ({"manager_email": "head"}, "manager_email"),
    ({"organisation": "999999"}, "organisation"),
    ({"role": "king"}, "role"),
    ({"role": "system"}, "role"),
    ({"role": "national_team"}, "role"),
    ({"role": "authority_team"}, "role"),
    ({"services": "school;magic"}, "services"),
    ({"checked_on": "2026-13-01"}, "checked_on"),
    ({"checked_on": "2026-11-27"}, "checked_on"),
    ({"agreement_signed_on": "27/11/2026"}, "agreement_signed_on"),
    ({"trained_until": "2026-11-25"}, "trained_until"),
    ({"trained_until": "2036-11-25"}, "trained_until"),
]


@pytest.mark.parametrize(("changed", "field"), BAD)
def test_a_bad_row_says_line_field_and_reason(changed, field):
    good, bad = judged({}, {"email": "other@example.org", **changed})
    assert list(good) == [2]
    (one,) = bad
    assert one.row.line == 3
    assert {fault.field for fault in one.faults} == {field}
    assert all(fault.reason for fault in one.faults)


def test_the_same_person_twice_counts_once():
    good, bad = judged({}, {"email": "NADIA@example.org"})
    assert (list(good), [one.faults[0].reason for one in bad]) == (
        [2],
        ["Line 2 has the same e-mail address"],
    )


def test_a_line_break_in_a_cell_shifts_no_line_number():
    _, bad = judged({"job_title": "Teacher\nof maths"}, {"email": "x"})
    assert [one.row.line for one in bad] == [4]


@pytest.mark.parametrize("cell", ["=1+1", "+441614960777", "-2", "@SUM(A1)", "\t=1", "'=1", "\uff1d1"])
def test_what_comes_back_runs_nowhere_and_comes_in_again_as_it_was(cell):
    rows = read_file(text({"phone": cell, "email": "x"}))
    _, bad = judge_rows(rows, kinds=KINDS, on=ON)
    back = rejects_csv(bad)
    for line in csv.reader(io.StringIO(back.removeprefix("\ufeff"), newline="")):
        assert not any(one[:1] in "=+-@\t\r\uff1d" for one in line if one)
    assert read_file(back)[0].cells == rows[0].cells


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("", "Missing: name, email"),
        ("name,email,job_title,organisation,role,shoe_size\n", "not known: shoe_size"),
        ("name,name,email,job_title,organisation,role\n", "stands twice"),
        ('name,email,job_title,organisation,role\n"a"b,c,d,e,f\n', "cannot be read as CSV"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(bad, words):
    with pytest.raises(InvalidInput, match=words):
        read_file(bad)


def test_too_many_rows_are_refused_before_any_is_taken():
    rows = "a,b,c,d,e\n" * (MOST_ROWS + 1)
    with pytest.raises(InvalidInput, match="Send it in parts"):
        read_file(f"name,email,job_title,organisation,role\n{rows}")


def test_too_few_cells_are_said_of_the_row():
    rows = read_file("name,email,job_title,organisation,role\nA,a@example.org\n")
    _, (bad,) = judge_rows(rows, kinds=KINDS, on=ON)
    assert "2 cells, where the first line has 5" in bad.faults[0].reason
