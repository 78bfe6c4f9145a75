"""Working days in England: the bank holidays of its law, and the days an answer may take.

Banking and Financial Dealings Act 1971, Schedule 1, with the days that proclamations added or moved, as
published at www.gov.uk/bank-holidays.
"""

from datetime import date, timedelta
from functools import cache
from typing import Final

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
# The day that a proclamation moved, and where to; None where it added one.
_PROCLAIMED: Final = (
    (date(2020, 5, 4), date(2020, 5, 8)),
    (date(2022, 5, 30), date(2022, 6, 2)),
    (None, date(2022, 6, 3)),
    (None, date(2022, 9, 19)),
    (None, date(2023, 5, 8)),
)


def is_working_day(day: date) -> bool:
    """Whether people of a council are at work: from Monday to Friday, but on a bank holiday."""
    return day.weekday() < _SATURDAY and day not in bank_holidays(day.year)


def after_working_days(day: date, count: int) -> date:
    """The day on which so many working days after `day` have passed."""
    while count > 0:
        day += _DAY
        count -= is_working_day(day)
    return day


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of a year in England."""
    easter = _easter(year)
    days = {
        _else_monday(date(year, 1, 1)),
        easter - 2 * _DAY,
        easter + _DAY,
        _monday(date(year, 5, 7)),
        _monday(date(year, 5, 31)),
        _monday(date(year, 8, 31)),
        *_christmas(year),
    }
    for was, becomes in _PROCLAIMED:
        if becomes.year == year:
            days = (days - {was}) | {becomes}
    return frozenset(days)


def _monday(last: date) -> date:
    """The last Monday up to a day."""
    return last - last.weekday() * _DAY


def _else_monday(day: date) -> date:
    return day if day.weekday() < _SATURDAY else day + (7 - day.weekday()) * _DAY


def _christmas(year: int) -> tuple[date, date]:
    """Both days; each that falls on a weekend is had on the next day that is not one already."""
    first = date(year, 12, 25)
    match first.weekday():
        case 4:
            return first, date(year, 12, 28)
        case 5 | 6:
            return date(year, 12, 27), date(year, 12, 28)
        case _:
            return first, date(year, 12, 26)


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden, century, of_century = year % 19, year // 100, year % 100
    shift = (8 * century + 13) // 25
    epact = (19 * golden + century - century // 4 - shift + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
