"""Facts as supplied: stripped, never corrected, impossible values refused."""

from datetime import date

import pytest

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.people import PERSON_COLUMNS, PersonFacts, age_in_months, check_partial_date


def test_blank_is_nothing_and_text_is_stripped() -> None:
    facts = PersonFacts(forename="  Zoë ", surname="", known_as="   ")
    assert (facts.forename, facts.surname, facts.known_as) == ("Zoë", None, None)
    assert facts.as_mapping() == {"forename": "Zoë"}


def test_a_wider_row_keeps_only_identity_columns() -> None:
    row = {"forename": "Ann", "local_id": "7", "restricted": "Y"}
    assert PersonFacts.from_mapping(row) == PersonFacts(forename="Ann")
    assert "local_id" not in PERSON_COLUMNS


@pytest.mark.parametrize("text", ["2019", "2019-03", "2019-03-27", "2020-02-29"])
def test_partial_dates(text: str) -> None:
    assert check_partial_date(text) == text
    assert PersonFacts(date_of_birth=text).date_of_birth == text


@pytest.mark.parametrize(
    "text", ["27/03/2019", "2019-13", "2019-02-29", "19-03-27", "2019-3-27", "0000", "x"]
)
def test_dates_that_do_not_exist(text: str) -> None:
    with pytest.raises(InvalidInput, match="not a date"):
        PersonFacts(date_of_birth=text)


def test_an_unknown_sex_is_refused() -> None:
    with pytest.raises(InvalidInput, match="M, F or leave it blank"):
        PersonFacts(sex="male")


@pytest.mark.parametrize(
    ("born", "on", "months"),
    [
        (date(2019, 3, 27), date(2026, 5, 27), 86),
        (date(2019, 3, 27), date(2026, 5, 26), 85),
        (date(2026, 11, 1), date(2026, 11, 30), 0),
        (date(2026, 11, 30), date(2026, 11, 1), 0),
        (date(2024, 2, 29), date(2025, 2, 28), 11),
    ],
)
def test_age_in_months(born: date, on: date, months: int) -> None:
    assert age_in_months(born, on) == months
