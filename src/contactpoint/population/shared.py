"""Pools that every block shares: small words of the feeds, dates and telephone numbers."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl

from contactpoint.population.pools import Ints, Longs, Pool

_FIRST_DAY = date(2004, 1, 1)
EPOCH = date(1970, 1, 1)


class Labels:
    """Small words, each with a fixed code."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.pool = Pool(words)
        self._code = {w: i + 1 for i, w in enumerate(words)}

    def __getitem__(self, word: str) -> int:
        return self._code[word]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """Every day from 2004 to 2040, then months and years alone; codes follow the calendar."""

    pool: Pool
    first: int
    days: int
    month: int
    year: int

    def code(self, day: Longs | Ints) -> Ints:
        """Codes of days counted from 1970; a day outside the calendar is an error of the caller."""
        return (np.asarray(day) - self.first + 1).astype(np.int32)

    def day(self, code: Ints) -> Ints:
        """Days from 1970 of full-date codes."""
        return (code - 1 + self.first).astype(np.int32)


@cache
def dates() -> Dates:
    """The shared calendar."""
    days = (date(2041, 1, 1) - _FIRST_DAY).days
    full = [(_FIRST_DAY + timedelta(days=i)).isoformat() for i in range(days)]
    years = range(2004, 2041)
    months = [f"{y}-{m:02d}" for y in years for m in range(1, 13)]
    pool = Pool(pl.Series(full + months + [str(y) for y in years]))
    return Dates(
        pool=pool, first=(_FIRST_DAY - EPOCH).days, days=days, month=days + 1, year=days + 1 + len(months)
    )


#: Ofcom's numbers for drama, for organisations: mobile, Manchester, London and no area, a thousand of each.
PHONE_STEMS = ("07700 900", "0161 496 0", "020 7946 0", "01632 960")


@cache
def organisations_phones() -> tuple[str, ...]:
    """Every number an organisation may have, in the order of their codes (`phone_code`)."""
    return tuple(f"{stem}{i:03d}" for stem in PHONE_STEMS for i in range(1000))


def phone_code(text: str) -> int:
    """The code of an organisation's number: 1 + 1,000 x stem + last three digits, in every block."""
    stem = next(i for i, s in enumerate(PHONE_STEMS) if text.startswith(s))
    return 1 + stem * 1000 + int(text[-3:])
