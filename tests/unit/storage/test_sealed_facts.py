"""Facts of a sealed row: whole again with the key, in their own row, and in no other way."""

import json

import pytest

from contactpoint.domain.errors import Misconfigured
from contactpoint.storage.seal_key import KeyRing, new_key
from contactpoint.storage.sealed_facts import MATCHED, VERSIONS, open_facts, seal_facts

RING = KeyRing({1: new_key(1), 2: new_key(2)})
FACTS = {
    "forename": "Amina",
    "address": "14 Mill Lane",
    "postcode": "OL1 4AB",
    "carer_phone": "0161 496 0812",
}


def sealed(facts=None, number=2, **options):
    facts = FACTS if facts is None else facts
    return seal_facts(facts, key=RING.get(number), column=VERSIONS, record=7, **options)


def opened(envelope, column=VERSIONS, record=7, ring=RING):
    return open_facts(envelope, column=column, record=record, ring=ring)


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize(
    "facts", [{}, FACTS, {**FACTS, "involvements": [{"service": "school"}], "suffix": "é"}]
)
def test_they_come_back_whole_under_any_key_of_the_file(facts, number):
    assert opened(sealed(facts, number)) == facts


def test_nothing_of_them_stands_in_what_is_kept():
    text = json.dumps(sealed())
    assert not any(value in text for value in FACTS.values())


def test_the_same_facts_never_look_the_same():
    assert sealed() != sealed()


def test_facts_that_are_not_sealed_are_given_back():
    assert opened(FACTS) is FACTS


@pytest.mark.parametrize("where", [{"record": 8}, {"column": MATCHED}, {"ring": KeyRing({2: new_key(2)})}])
def test_another_row_column_or_key_opens_nothing(where):
    with pytest.raises(Misconfigured, match="can not be opened"):
        opened(sealed(), **where)


def test_a_key_is_not_taken_for_another_one_of_the_file():
    number, _, text = sealed(number=2)["sealed"].partition(".")
    with pytest.raises(Misconfigured):
        opened({"sealed": f"{int(number) - 1}.{text}"})


def test_an_altered_one_opens_nothing():
    text = sealed()["sealed"]
    swapped = text[:-8] + ("A" if text[-8] != "A" else "B") + text[-7:]
    with pytest.raises(Misconfigured):
        opened({"sealed": swapped})


def test_its_length_tells_little():
    lengths = {len(sealed({"address": "x" * length})["sealed"]) for length in range(100)}
    assert len(lengths) == 1


@pytest.mark.parametrize(
    ("facts", "beside"),
    [
        ({}, {}),
        ({"restricted": "Y"}, {"restricted": "Y"}),
        ({"restricted": "N"}, {}),
        ({"date_of_death": "2024-02-03"}, {"date_of_death": ""}),
        ({"address_kind": "left_england"}, {"date_of_death": ""}),
        ({"address_kind": "temporary"}, {}),
    ],
)
def test_beside_it_stands_what_statements_of_the_database_must_know(facts, beside):
    envelope = sealed({**FACTS, **facts})
    assert {name: value for name, value in envelope.items() if name != "sealed"} == beside


def test_what_pages_are_not_told_is_left_out_where_the_database_says_so():
    hidden = ["address", "address_kind", "postcode"]
    envelope = sealed({**FACTS, "involvements": []}, not_told=hidden)
    assert opened(envelope)["address"] == "14 Mill Lane"
    assert opened({**envelope, "told": True}) == {
        "forename": "Amina", "carer_phone": "0161 496 0812", "address_kind": "not_shown",
    }  # fmt: skip
    assert opened({**sealed(), "told": True}) == FACTS
