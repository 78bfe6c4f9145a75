"""Working days in England, against the days published at www.gov.uk/bank-holidays."""

from datetime import date

import pytest

from contactpoint.domain.working_days import after_working_days, bank_holidays, is_working_day

PUBLISHED = {
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-27 12-28",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_bank_holidays_are_those_that_were_published(year):
    assert {f"{day:%m-%d}" for day in bank_holidays(year)} == set(PUBLISHED[year].split())


def test_weekends_and_bank_holidays_are_no_working_days():
    assert is_working_day(date(2026, 11, 27))
    assert not is_working_day(date(2026, 11, 28))
    assert not is_working_day(date(2026, 12, 28))


def test_days_are_counted_from_the_day_after():
    assert after_working_days(date(2026, 11, 27), 1) == date(2026, 11, 30)
    assert after_working_days(date(2026, 12, 24), 1) == date(2026, 12, 29)
    assert after_working_days(date(2026, 11, 28), 0) == date(2026, 11, 28)
