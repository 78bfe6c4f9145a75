"""Lists of authorities, schools and practices: what is wrong in a file, and what a change comes to."""

import pytest

from contactpoint.domain.errors import DeliveryRefused, InvalidInput
from contactpoint.domain.reference_lists import (
    COLUMNS,
    FIELDS,
    MOST_BYTES,
    MOST_ROWS,
    Difference,
    ListKind,
    judge_list,
    list_csv,
    row_of,
)
from contactpoint.domain.two_people import check_reason
from contactpoint.supply.lists import read_list

GOOD = {
    "code": "105734",
    "name": "Broadfield Primary School",
    "kind": "school",
    "authority": "353",
    "phone": "0161 496 0734",
    "hours": "Weekdays 9 to 5",
    "cover": "",
    "address": "Goddard Street, Oldham",
    "postcode": "OL1 4AB",
}
STATE = {**dict.fromkeys(FIELDS, ""), "name": "Broadfield"}


def faults_of(*bodies, kind=ListKind.SCHOOL, there=()):
    rows = [row_of(COLUMNS, line, [body[name] for name in COLUMNS]) for line, body in enumerate(bodies, 2)]
    found = judge_list(kind, rows, authorities={"353"}, elsewhere={"taken"}, there=there)
    return [(one.line, one.field) for one in found]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": ""}, "code"),
        ({"name": ""}, "name"),
        ({"authority": ""}, "authority"),
        ({"authority": "35"}, "authority"),
        ({"authority": "999"}, "authority"),
        ({"kind": "gp"}, "kind"),
        ({"code": "10 57"}, "code"),
        ({"code": "taken"}, "code"),
        ({"code": "9" * 33}, "code"),
        ({"name": "n" * 121}, "name"),
        ({"postcode": "OL14AB"}, "postcode"),
        ({"phone": "ring Ann"}, "phone"),
    ],
)
def test_what_is_wrong_is_said_of_its_field(changed, field):
    assert faults_of(GOOD) == []
    assert faults_of({**GOOD, **changed}) == [(2, field)]


def test_a_code_stands_once_and_an_authority_is_never_left_out():
    assert faults_of(GOOD, GOOD) == [(3, "code")]
    new = {**GOOD, "code": "la-355", "kind": "authority", "authority": "355"}
    assert faults_of(new, kind=ListKind.AUTHORITY, there=("la-355",)) == []
    assert faults_of(new, kind=ListKind.AUTHORITY, there=("la-353", "la-355")) == [(0, "code")]


def test_a_list_comes_back_as_it_went():
    """Whatever a spreadsheet would run is kept from it, and as typed when it comes back."""
    body = {**GOOD, "name": "=Broadfield", "cover": "-", "address": 'The "Old" School, Oldham'}
    text = list_csv(ListKind.SCHOOL, [body])
    assert "'=Broadfield" in text
    (row,) = read_list(ListKind.SCHOOL, text.encode())
    assert dict(row.cells) == body


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"code,name\n1,2\n",
        (",".join(COLUMNS) + "\n").encode(),
        (",".join(COLUMNS) + "\n1,2,3\n").encode(),
        b"x" * (MOST_BYTES + 1),
        (",".join(COLUMNS) + "\n" + ",,,,,,,,\n" * (MOST_ROWS[ListKind.SCHOOL] + 1)).encode(),
    ],
    ids=["empty", "columns", "nobody", "cells", "bytes", "rows"],
)
def test_a_file_that_is_no_list_is_refused(data):
    with pytest.raises(DeliveryRefused):
        read_list(ListKind.SCHOOL, data)


def test_a_difference_says_what_it_is():
    closed = {**STATE, "closed": "yes"}
    new, gone = (
        Difference(code="1", before=None, after=STATE),
        Difference(code="1", before=STATE, after=closed),
    )
    again = Difference(code="1", before=closed, after=STATE)
    assert (new.is_new, new.closes, new.fields) == (True, False, ())
    assert (gone.is_new, gone.closes, gone.fields) == (False, True, ("closed",))
    assert (again.closes, again.fields) == (False, ("closed",))


def test_a_reason_is_given():
    assert check_reason("  the register\n of October ") == "the register of October"
    for said in ("", " ", "x" * 301):
        with pytest.raises(InvalidInput):
            check_reason(said)
