"""Dates, ages, numbers and telephone numbers as people read them."""

import re
from datetime import date, datetime

from contactpoint.domain.people import age_in_months

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_COUNTS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
SEX_WORDS = {"M": "Male", "F": "Female"}
NOT_SPECIFIED = "Sex not specified"


def day_words(day: date) -> str:
    """A day as "27 March 2019"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment_words(moment: datetime) -> str:
    """A moment as "27 March 2019 at 2:05pm", in whatever zone the moment is given."""
    hour, half = moment.hour % 12 or 12, "am" if moment.hour < 12 else "pm"
    return f"{day_words(moment.date())} at {hour}:{moment.minute:02d}{half}"


def birth_date_words(text: str | None) -> str:
    """A whole or partial birth date: "27 March 2019", "March 2019", "2019"."""
    if not text:
        return "Birth date not known"
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return day_words(date(*parts))
    return f"{_MONTHS[parts[1] - 1]} {parts[0]}" if len(parts) == 2 else str(parts[0])


def age_words(text: str | None, on: date) -> str:
    """An age as "7 years 2 months", under two years in months; "about 7" where the birth date is partial."""
    if not text:
        return "Age not known"
    parts = [int(part) for part in text.split("-")]
    if len(parts) < 3:
        return f"About {_counted(max(on.year - parts[0], 0), 'year')} old"
    months = age_in_months(date(*parts), on)
    if months < 24:
        return f"{_counted(months, 'month')} old"
    years, rest = divmod(months, 12)
    return _counted(years, "year") + (f" {_counted(rest, 'month')}" if rest else "") + " old"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def counted(count: int, one: str, many: str) -> str:
    """A number with its noun: "1 child", "3 children"."""
    return f"{count} {one if count == 1 else many}"


def count_words(count: int) -> str:
    """A small count as a word: "four"; a larger one in figures."""
    return _COUNTS[count] if count < len(_COUNTS) else str(count)


def number_words(number: str) -> str:
    """A child number in groups, which no line breaks: C482915307P as "C 482 915 307 P"."""
    return "\u00a0".join((number[0], number[1:4], number[4:7], number[7:10], number[10:]))


def telephone_link(phone: str) -> str:
    """What a telephone dials: digits, with a leading plus if there is one."""
    return "tel:" + re.sub(r"[^\d+]", "", phone)


def sex_words(sex: str | None) -> str:
    """Male, Female, or that it is not specified."""
    return SEX_WORDS.get(sex or "", NOT_SPECIFIED)


def listed(words: list[str], joiner: str = "and") -> str:
    """One, two and three."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joiner} {words[-1]}"


def month_words(day: date) -> str:
    """A month as "January 2026"."""
    return f"{_MONTHS[day.month - 1]} {day.year}"
