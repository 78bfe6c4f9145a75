"""Dates as people type them in three boxes."""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from contactpoint.web.govuk.fields import BOXES, TypedDate

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
OLDEST_YEARS = 26


def read_date(typed: TypedDate, *, what: str, example: str) -> date:
    """The day that was typed; months may be words, years may have two figures.

    Raises:
        ValidationError: it cannot be read; the code names the boxes to put right.
    """
    like = f"Enter {what} like {example}"
    empty = [box for box in BOXES if not getattr(typed, box)]
    if empty:
        verb = "is" if len(empty) == 1 else "are"
        raise ValidationError(f"{like}: the {' and the '.join(empty)} {verb} missing", code=" ".join(empty))
    day, month, year = _figures(typed.day), _month(typed.month), _year(typed.year)
    wrong = [
        box
        for box, value, top in (("day", day, 31), ("month", month, 12), ("year", year, 9999))
        if value is None or not 1 <= value <= top
    ]
    if wrong or day is None or month is None or year is None:
        raise ValidationError(like, code=" ".join(wrong))
    try:
        return date(year, month, day)
    except ValueError:
        raise ValidationError(f"{like}: there is no such day in that month", code="day") from None


def read_birth_date(typed: TypedDate) -> date:
    """A birth date: not in the future, and of somebody who could be in the directory (R16: up to 25)."""
    born = read_date(typed, what="a date of birth", example="27 3 2019")
    today = timezone.localdate()
    if born > today:
        raise ValidationError("The date of birth must be today or earlier", code="year")
    if born.year < today.year - OLDEST_YEARS:
        raise ValidationError(
            "Check the year: ContactPoint holds children, and some young people up to 25", code="year"
        )
    return born


def past_day(what: str, example: str) -> Callable[[TypedDate], date]:
    """A reader of days that are not in the future."""

    def read(typed: TypedDate) -> date:
        day = read_date(typed, what=what, example=example)
        if day > timezone.localdate():
            raise ValidationError(f"{what.capitalize()} must be today or earlier", code="year")
        return day

    return read


def coming_day(what: str, example: str) -> Callable[[TypedDate], date]:
    """A reader of days that are not in the past."""

    def read(typed: TypedDate) -> date:
        day = read_date(typed, what=what, example=example)
        if day < timezone.localdate():
            raise ValidationError(f"{what.capitalize()} must be today or later", code="year")
        return day

    return read


def _figures(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _month(text: str) -> int | None:
    start = text.casefold()[:3]
    return _MONTHS.index(start) + 1 if start in _MONTHS else _figures(text)


def _year(text: str) -> int | None:
    """A year; two figures are of this century, as everybody in the directory is."""
    year = _figures(text)
    return year + 2000 if year is not None and len(text) == 2 else year if len(text) == 4 else None
