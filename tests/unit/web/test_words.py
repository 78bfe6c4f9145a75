"""Dates, ages and numbers as people read them."""

from datetime import date, datetime

import pytest

from contactpoint.web.presenters import words

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("2019-09-20", "7 years 2 months old"),
        ("2018-11-22", "8 years old"),
        ("2018-11-23", "7 years 11 months old"),
        ("2025-10-22", "13 months old"),
        ("2024-11-23", "23 months old"),
        ("2026-11-20", "0 months old"),
        ("2026-10-22", "1 month old"),
        ("2020-10-22", "6 years 1 month old"),
        ("2019-03", "About 7 years old"),
        ("2019", "About 7 years old"),
        (None, "Age not known"),
    ],
)
def test_ages(born, expected):
    assert words.age_words(born, TODAY) == expected


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("2019-03-27", "27 March 2019"),
        ("2019-03", "March 2019"),
        ("2019", "2019"),
        (None, "Birth date not known"),
    ],
)
def test_birth_dates(born, expected):
    assert words.birth_date_words(born) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 11, 22, 14, 5), "22 November 2026 at 2:05pm"),  # noqa: DTZ001 - shown as given
        (datetime(2026, 11, 22, 0, 0), "22 November 2026 at 12:00am"),  # noqa: DTZ001
        (datetime(2026, 11, 22, 12, 30), "22 November 2026 at 12:30pm"),  # noqa: DTZ001
    ],
)
def test_moments(moment, expected):
    assert words.moment_words(moment) == expected


def test_a_child_number_is_read_in_groups():
    assert words.number_words("C482915307P") == "C\u00a0482\u00a0915\u00a0307\u00a0P"


@pytest.mark.parametrize(
    ("phone", "link"), [("0161 496 0123", "tel:01614960123"), ("+44 (0)161 496 0123", "tel:+4401614960123")]
)
def test_a_telephone_dials_figures(phone, link):
    assert words.telephone_link(phone) == link


def test_lists_read_as_sentences():
    assert words.listed(["one"]) == "one"
    assert words.listed(["one", "two", "three"], "or") == "one, two or three"
