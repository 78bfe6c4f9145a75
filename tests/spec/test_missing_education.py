"""Children without an education setting (R62): who is of school age, and what is not listed again."""

from datetime import date

import pytest

from contactpoint.domain.education import (
    NOT_AGAIN_FOR,
    SettingDecision,
    is_of_school_age,
    month_of,
    of_school_age_from,
    of_school_age_until,
)

# (born, of school age from, until)
AGES = [
    (date(2021, 4, 1), date(2026, 8, 31), date(2037, 6, 26)),
    (date(2021, 8, 31), date(2026, 8, 31), date(2037, 6, 26)),
    (date(2021, 9, 1), date(2026, 12, 31), date(2038, 6, 25)),
    (date(2021, 1, 1), date(2026, 3, 31), date(2037, 6, 26)),
    (date(2020, 2, 29), date(2025, 3, 31), date(2036, 6, 27)),
    (date(2019, 12, 31), date(2024, 12, 31), date(2036, 6, 27)),
]


@pytest.mark.parametrize(("born", "begins", "ends"), AGES)
def test_r62_when_a_child_is_of_school_age(born, begins, ends):
    assert (of_school_age_from(born), of_school_age_until(born)) == (begins, ends)
    assert is_of_school_age(born, begins)
    assert is_of_school_age(born, ends)
    assert not is_of_school_age(born, date.fromordinal(begins.toordinal() - 1))
    assert not is_of_school_age(born, date.fromordinal(ends.toordinal() + 1))


def test_a_list_is_of_a_month():
    assert month_of(date(2026, 11, 26)) == date(2026, 11, 1)


def test_whatever_is_said_of_a_child_is_asked_again_some_day():
    assert set(NOT_AGAIN_FOR) == set(SettingDecision)
    assert max(NOT_AGAIN_FOR.values()) == NOT_AGAIN_FOR[SettingDecision.HOME_EDUCATED]
