"""Whose a sealed involvement is: whole again with the key, in its own row, and in no other way."""

import json
from uuid import UUID

import pytest

from contactpoint.domain.errors import Misconfigured
from contactpoint.storage.seal_key import KeyRing, new_key
from contactpoint.storage.sealed_involvements import (
    AGREED,
    SAID,
    TAG,
    TOLD,
    is_told,
    open_image,
    open_version,
    pseudonym,
    seal_image,
    seal_version,
)

RING = KeyRing({1: new_key(1), 2: new_key(2)})
WHO = "00000000-0000-4000-8000-000000000001"
ROW = {
    "id": 7,
    "record_id": 3,
    "involvement_id": "105734",
    "service": "school",
    "organisation_id": "105734",
    "team": "Year 4",
    "practitioner": "Zoë Hâkan",
    "practitioner_role": "Teacher",
    "contact_phone": "0161 496 0734",
    "contact_hours": "",
    "contact_cover": "",
    "typed_by_id": None,
    "confirmed_by_id": None,
    "start_date": "2024-09-02",
}
VERSION = {"id": 9, "involvement_id": 7, **{name: ROW[name] for name in ROW if "role" in name}, SAID: None}
VERSION |= {"contact_phone": "0161 496 0101", "contact_hours": "", "contact_cover": "", "assessment": False}


def sealed(row=ROW, number=2):
    return seal_image(row, RING.get(number))


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("row", [ROW, {**ROW, "typed_by_id": WHO, "confirmed_by_id": None}])
def test_it_comes_back_whole_under_any_key_of_the_file(row, number):
    assert open_image(sealed(row, number), RING) == row


def test_nothing_of_it_stands_in_the_row_and_what_rules_go_by_does():
    typed = {**ROW, "typed_by_id": WHO}
    row = sealed(typed)
    text = json.dumps(row)
    assert not any(
        str(typed[name]) in text for name in ("team", "practitioner", "organisation_id", "typed_by_id")
    )
    assert (row["service"], row["start_date"]) == ("school", "2024-09-02")
    assert row["organisation_id"] is None
    assert row["typed_by_id"] == str(pseudonym(RING.get(2), WHO, "105734"))


def test_rows_of_one_organisation_have_nothing_in_common():
    one, other = sealed(), sealed({**ROW, "id": 8})
    assert one[TAG] != other[TAG]
    assert one["involvement_id"] != other["involvement_id"]


def test_the_same_row_never_looks_the_same_but_for_what_is_compared():
    one, other = sealed(), sealed()
    assert one[SAID] != other[SAID]
    assert one[TAG] == other[TAG]


def test_an_account_is_another_at_another_organisation_and_under_another_key():
    found = {pseudonym(RING.get(key), WHO, place) for key in (1, 2) for place in ("105734", "la-353")}
    assert len(found) == 4
    assert UUID(WHO) not in found


def test_rows_of_different_length_have_values_of_one():
    assert len(sealed()[SAID]) == len(sealed({**ROW, "practitioner": "Bo"})[SAID])


@pytest.mark.parametrize("where", [{"id": 8}, {"ring": KeyRing({2: new_key(2)})}])
def test_another_row_or_key_opens_nothing(where):
    row = {**sealed(), **{name: value for name, value in where.items() if name == "id"}}
    with pytest.raises(Misconfigured, match="can not be opened"):
        open_image(row, where.get("ring", RING))


def test_whoever_confirmed_it_since_stands_in_what_is_opened():
    row = {**sealed({**ROW, "typed_by_id": WHO}), "confirmed_by_id": str(UUID(int=5))}
    assert open_image(row, RING)["confirmed_by_id"] == str(UUID(int=5))


def test_names_that_nobody_agreed_to_are_left_out():
    row = sealed()
    opened = open_image({**row, SAID: f"{AGREED}:{row[SAID]}"}, RING)
    assert (opened["practitioner"], opened["contact_phone"], opened["team"]) == ("", "", "Year 4")


def test_what_is_for_pages_says_so():
    row = sealed()
    assert not is_told(row)
    assert not is_told(ROW)
    told = {**row, SAID: f"{TOLD}:{AGREED}:{row[SAID]}"}
    assert is_told(told)
    assert open_image(told, RING)["organisation_id"] == "105734"


def test_a_row_in_the_clear_is_given_back():
    assert open_image(ROW) == ROW


def test_a_version_comes_back_whole_and_the_next_of_the_same_word_may_copy_it():
    version = seal_version(VERSION, RING.newest)
    assert "0101" not in json.dumps({**version, SAID: ""})
    assert open_version(version, RING) == VERSION
    assert open_version({**version, "id": 10}, RING) == {**VERSION, "id": 10}
    assert open_version(VERSION, RING) == VERSION
    with pytest.raises(Misconfigured):
        open_version({**version, "involvement_id": 8}, RING)
