"""Wards of postcodes: what is wrong in a file."""

import pytest

from contactpoint.domain.errors import DeliveryRefused
from contactpoint.domain.reference_lists import WARD_COLUMNS, ListKind, list_csv, row_of
from contactpoint.domain.wards import judge_wards
from contactpoint.supply.lists import read_list

GOOD = {"postcode": "OL1 4AB", "ward": "E05000800", "name": "Coldhurst", "authority": "353"}


def faults_of(*rows):
    made = [
        row_of(WARD_COLUMNS, line, [row[name] for name in WARD_COLUMNS]) for line, row in enumerate(rows, 2)
    ]
    found = judge_wards(made, authorities={"353", "354"}, elsewhere={"E05000810": "354"})
    return [(one.line, one.field) for one in found]


@pytest.mark.parametrize("postcode", ["OL1 4AB", "OL1 4", "OL1", "EC1A 1BB", "EC1A", "M1 1", "W1"])
def test_a_row_is_a_postcode_or_the_start_of_one(postcode):
    assert faults_of({**GOOD, "postcode": postcode}) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"postcode": ""}, "postcode"),
        ({"postcode": "OL14AB"}, "postcode"),
        ({"postcode": "OL1 4A"}, "postcode"),
        ({"postcode": "ol1 4ab"}, "postcode"),
        ({"postcode": "OL"}, "postcode"),
        ({"ward": ""}, "ward"),
        ({"ward": "E06000800"}, "ward"),
        ({"ward": "E0500080"}, "ward"),
        ({"name": ""}, "name"),
        ({"name": "n" * 121}, "name"),
        ({"authority": ""}, "authority"),
        ({"authority": "35"}, "authority"),
        ({"authority": "999"}, "authority"),
        ({"ward": "E05000810"}, "authority"),
    ],
)
def test_what_is_wrong_is_said_of_its_field(changed, field):
    assert faults_of({**GOOD, **changed}) == [(2, field)]


def test_a_postcode_stands_once_and_a_ward_is_called_and_lies_as_before():
    there = {**GOOD, "postcode": "OL1 4AC"}
    assert faults_of(GOOD, there) == []
    assert faults_of(GOOD, GOOD) == [(3, "postcode")]
    assert faults_of(GOOD, {**there, "name": "Werneth"}) == [(3, "name")]
    assert faults_of(GOOD, {**there, "authority": "354"}) == [(3, "authority")]


def test_a_list_of_wards_comes_back_as_it_went():
    text = list_csv(ListKind.WARD, [GOOD])
    (row,) = read_list(ListKind.WARD, text.encode())
    assert dict(row.cells) == GOOD
    with pytest.raises(DeliveryRefused, match="postcode,ward,name,authority"):
        read_list(ListKind.WARD, b"code,name\n1,2\n")
