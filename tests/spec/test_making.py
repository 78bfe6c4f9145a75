"""A record is made by hand only after a search (R23): which search, and who was looked at."""

from dataclasses import replace
from datetime import date

import pytest
from tests.factories.records import NOW, statement
from tests.factories.viewers import viewer

from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.making import (
    HandMade,
    MakingInQuestion,
    was_everybody_looked_at,
    what_is_corrected,
    what_was_said_by_hand,
    who_was_searched_for,
    would_that_search_find_the_child,
)
from contactpoint.domain.people import Sex

TEAM = viewer(role=Role.AUTHORITY_TEAM, organisation_code="la-353")
BORN = date(2016, 5, 9)

# (what was searched for, enough)
SEARCHES = [
    ({"forename": "Amina", "surname": "Okafor", "date_of_birth": BORN}, True),
    ({"surname": "Amina", "date_of_birth": BORN}, True),
    ({"forename": "Amina", "date_of_birth": BORN}, True),
    ({"forename": "Amina", "surname": "Okafor"}, False),
    ({"surname": "Okafor", "age": 10}, False),
    ({"number": "C000000102M"}, False),
    ({"forename": "Ami*", "surname": "Okafor", "date_of_birth": BORN}, False),
    *(
        ({"forename": "Amina", "surname": "Okafor", "date_of_birth": BORN, hidden: "353"}, False)
        for hidden in ("carer_name", "phone", "place", "school", "gp_practice", "authority")
    ),
]


@pytest.mark.parametrize(("typed", "enough"), SEARCHES)
def test_r23_which_search_comes_first(typed, enough):
    assert would_that_search_find_the_child(Criteria(**typed)) is enough


AMINA = HandMade(
    surname="Okafor", forename="Amina", date_of_birth=BORN, address="1 Mill Lane", postcode="OL1 4AB"
)

# (rule, what is right, the fields that are corrected)
CORRECTED = [
    ("R25", {}, ()),
    ("R25", {"surname": "Okafo"}, ("surname",)),
    ("R25", {"date_of_birth": date(2016, 5, 19), "address": ""}, ("date_of_birth", "address")),
    ("R25", {"sex": Sex.FEMALE, "carer_phone": "0161 496 0101"}, ("sex", "carer_phone")),
]


@pytest.mark.parametrize(("rule", "right", "corrected"), CORRECTED)
def test_what_is_corrected_of_what_was_said_by_hand(rule, right, corrected):
    assert what_is_corrected(AMINA, replace(AMINA, **right)) == corrected, rule


def test_r25_a_record_is_corrected_from_what_it_says():
    said = AMINA.as_row("h1")
    told = statement(**{name: text for name, text in said.items() if text and name != "local_id"})
    assert what_was_said_by_hand(told) == AMINA
    assert what_was_said_by_hand(statement(surname="Okafor")) is None


# (found now, shown before, too many, looked at)
LOOKED = [
    ((), (), False, True),
    (("a",), ("a", "b"), False, True),
    (("a", "b"), ("a",), False, False),
    ((), (), True, False),
]


@pytest.mark.parametrize(("found", "shown", "too_many", "looked_at"), LOOKED)
def test_r23_everybody_who_is_found_was_looked_at(found, shown, too_many, looked_at):
    assert was_everybody_looked_at(found, shown, too_many=too_many) is looked_at


# (who, searched, looked at, allowed)
WHO_MAKES = [
    (TEAM, True, True, True),
    (TEAM, False, True, False),
    (TEAM, True, False, False),
    (viewer(), True, True, False),
    (viewer(role=Role.NATIONAL_TEAM), True, True, False),
]


@pytest.mark.parametrize(("who", "searched", "looked_at", "allowed"), WHO_MAKES)
def test_r23_who_makes_a_record(who, searched, looked_at, allowed):
    making = MakingInQuestion(searched=searched, looked_at=looked_at)
    request = AccessRequest(viewer=who, permission=Permission.MAKE_RECORD, at=NOW, making=making)
    assert authorise(request).allowed is allowed


def test_a_single_name_is_the_last_one():
    assert who_was_searched_for(Criteria(forename="Amina", date_of_birth=BORN)) == ("", "Amina")
    assert who_was_searched_for(Criteria(forename="Amina", surname="Okafor")) == ("Amina", "Okafor")


def test_what_is_said_is_a_row_of_a_feed():
    row = HandMade(forename="Amina", surname="Okafor", date_of_birth=BORN, postcode="OL1 4AB").as_row("h1")
    assert {name: value for name, value in row.items() if value} == {
        "local_id": "h1",
        "forename": "Amina",
        "surname": "Okafor",
        "date_of_birth": "2016-05-09",
        "postcode": "OL1 4AB",
    }
