"""A record is made by hand only after a search (R23): which search, and who was looked at."""

from datetime import date

import pytest
from tests.factories.records import NOW
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
    who_was_searched_for,
    would_that_search_find_the_child,
)

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
