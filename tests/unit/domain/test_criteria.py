"""What is enough to search on (R12), and which criteria a shield excludes (R10)."""

from datetime import date
from typing import Any

import pytest

from contactpoint.domain.criteria import WHAT_IS_ENOUGH, Criteria
from contactpoint.domain.errors import InvalidInput

BORN = date(2019, 3, 27)


@pytest.mark.parametrize(
    "known",
    [
        {"number": "C 000 000 102 M"},
        {"surname": "Khan", "forename": "Mohamed"},
        {"surname": "Khan", "date_of_birth": BORN},
        {"surname": "Khan", "age": 0},
        {"surname": "Khan", "place": "OL1 2"},
        {"surname": "Khan", "place": "ol1"},
        {"forename": "Suharto", "date_of_birth": BORN},  # a single name counts as a last name
        {"surname": "李", "age": 7},
    ],
)
def test_r12_enough(known: dict[str, Any]) -> None:
    assert Criteria(**known)


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"surname": "Khan"},
        {"forename": "Mohamed"},
        {"date_of_birth": BORN},
        {"place": "OL1 2AB"},
        {"surname": "Khan", "place": "Oldham"},
        {"surname": "Khan", "authority": "353"},
        {"surname": "Khan", "phone": "0161 496 0000"},
        {"surname": "  ", "forename": "  ", "age": 7},
        {"surname": "-", "age": 7},
        {"number": "  "},
    ],
)
def test_r12_not_enough(known: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        Criteria(**known)
    assert str(refused.value) == WHAT_IS_ENOUGH


@pytest.mark.parametrize("name", ["carer_name", "phone", "place", "school", "gp_practice", "authority"])
def test_r10_hidden_criteria(name: str) -> None:
    assert Criteria(surname="Khan", age=7, **{name: "x1"}).uses_hidden_field


def test_r10_visible_criteria() -> None:
    assert not Criteria(
        surname="Khan", forename="Mo", date_of_birth=BORN, age=7, number="1"
    ).uses_hidden_field
