"""The search form: its order, its words, what is enough, and what is said of what cannot be read."""

import pytest
from django.utils import timezone

from contactpoint.domain.criteria import WHAT_IS_ENOUGH
from contactpoint.domain.reasons import words_of
from contactpoint.web.forms.find import FindForm

WORRIED = {"purpose": "safeguarding"}
AUTHORITIES = [("353", "Oldham")]


def form(**typed):
    return FindForm(
        AUTHORITIES, {**WORRIED, **{name.replace("__", "-"): value for name, value in typed.items()}}
    )


def errors(bound):
    return {name: str(next(iter(messages))) for name, messages in bound.errors.items()}


def test_the_fields_stand_in_the_order_of_the_page():
    assert list(FindForm(AUTHORITIES).fields) == [
        "purpose",
        "purpose_text",
        "forename",
        "surname",
        "date_of_birth",
        "age",
        "carer_name",
        "phone",
        "place",
        "school",
        "gp_practice",
        "authority",
        "number",
    ]


def test_no_reason_is_chosen_beforehand_and_one_must_be():
    """R9."""
    assert FindForm(AUTHORITIES)["purpose"].value() is None
    assert errors(FindForm(AUTHORITIES, {"surname": "Ahmed", "age": "7"})) == {
        "purpose": "Choose why you need to look"
    }


def test_something_else_says_what():
    """R9."""
    typed = {"purpose": "other", "surname": "Ahmed", "age": "7"}
    assert errors(FindForm(AUTHORITIES, typed)) == {"purpose_text": "Say why you need to look"}
    bound = FindForm(AUTHORITIES, {**typed, "purpose_text": "A court asked"})
    assert bound.is_valid()
    assert words_of(bound.stated) == "A court asked"


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ({}, "surname"),
        ({"surname": "Ahmed"}, "forename"),
        ({"forename": "Mohamed"}, "surname"),
        ({"school": "Oakwood"}, "surname"),
    ],
)
def test_too_little_is_said_at_the_field_to_fill_in_next(typed, at):
    """R12."""
    assert errors(form(**typed)) == {at: WHAT_IS_ENOUGH}


@pytest.mark.parametrize(
    "typed",
    [
        {"surname": "Ahmed", "forename": "Mohamed"},
        {"surname": "Ahmed", "age": "7"},
        {"forename": "Parveen", "place": "ZZ1 1AA"},
        {
            "surname": "Ahmed",
            "date_of_birth__day": "27",
            "date_of_birth__month": "3",
            "date_of_birth__year": "2019",
        },
        {"forename": "Baby", "surname": "Khan"},
        {"number": "943 476 5919"},
    ],
)
def test_what_is_enough(typed):
    """R12."""
    bound = form(**typed)
    assert bound.is_valid(), errors(bound)
    assert bound.criteria is not None


@pytest.mark.parametrize(
    ("day", "month", "year", "message", "box"),
    [
        ("27", "13", "2019", "Enter a date of birth like 27 3 2019", "month"),
        ("0", "3", "2019", "Enter a date of birth like 27 3 2019", "day"),
        ("x", "y", "2019", "Enter a date of birth like 27 3 2019", "day month"),
        ("27", "", "2019", "Enter a date of birth like 27 3 2019: the month is missing", "month"),
        (
            "27",
            "",
            "",
            "Enter a date of birth like 27 3 2019: the month and the year are missing",
            "month year",
        ),
        (
            "31",
            "2",
            "2019",
            "Enter a date of birth like 27 3 2019: there is no such day in that month",
            "day",
        ),
        ("1", "1", "2099", "The date of birth must be today or earlier", "year"),
        (
            "1",
            "1",
            "1960",
            "Check the year: ContactPoint holds children, and some young people up to 25",
            "year",
        ),
        ("1", "1", "201", "Enter a date of birth like 27 3 2019", "year"),
    ],
)
def test_a_date_that_cannot_be_read(day, month, year, message, box):
    bound = form(
        surname="Ahmed", date_of_birth__day=day, date_of_birth__month=month, date_of_birth__year=year
    )
    assert errors(bound) == {"date_of_birth": message}
    assert bound.errors.as_data()["date_of_birth"][0].code == box


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [("27", "3", "2019"), ("27", "03", "19"), ("27", "March", "2019"), ("27", "mar", "19")],
)
def test_dates_as_people_type_them(day, month, year):
    bound = form(
        surname="Ahmed", date_of_birth__day=day, date_of_birth__month=month, date_of_birth__year=year
    )
    assert bound.is_valid()
    assert bound.criteria.date_of_birth.isoformat() == "2019-03-27"


@pytest.mark.parametrize(
    ("typed", "years"),
    [("7", 7), ("0", 0), ("7 years", 7), ("18 months", 1), ("about 7", 7), ("7 years old", 7)],
)
def test_ages_as_people_type_them(typed, years):
    bound = form(surname="Ahmed", age=typed)
    assert bound.is_valid()
    assert bound.criteria.age == years


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("age", "seven", "Enter an age in years, like 7"),
        ("age", "70", "Enter an age from 0 to 25"),
        ("phone", "12", "Enter a telephone number like 0161 496 0123"),
        ("number", "943 476 5910", "This NHS number has a slip in it. Check each figure."),
        ("number", "B123456789012", "This UPN has a slip in it. Check each figure."),
        ("number", "C 482 915 307 A", "This ContactPoint number has a slip in it. Check each figure."),
        ("surname", "x" * 101, "Keep this to 100 characters"),
    ],
)
def test_what_cannot_be_read_is_said_with_an_example(field, typed, message):
    assert errors(form(**{"forename": "Mohamed", "surname": "Ahmed", field: typed})) == {field: message}


def test_a_new_baby_has_an_age():
    today = timezone.localdate()
    bound = form(
        surname="Khan",
        forename="Baby",
        date_of_birth__day=str(today.day),
        date_of_birth__month=str(today.month),
        date_of_birth__year=str(today.year),
    )
    assert bound.is_valid()
