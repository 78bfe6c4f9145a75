"""Children without an education setting: who is of the age, why one is listed, what is said of it (R62)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

_TERMS: Final = ((3, 31), (8, 31), (12, 31))
"""The days on which a child who has turned five comes to be of school age (Education Act 1996 s8)."""


class Why(StrEnum):
    """Why a child is listed."""

    NEVER = "never"
    ENDED = "ended"


class SettingDecision(StrEnum):
    """What an authority says of a child on its list."""

    HOME_EDUCATED = "home_educated"
    MOVED = "moved"
    WRONG_DATA = "wrong_data"


NOT_AGAIN_FOR: Final[Mapping[SettingDecision, timedelta]] = MappingProxyType(
    {
        SettingDecision.HOME_EDUCATED: timedelta(days=365),
        SettingDecision.MOVED: timedelta(days=92),
        SettingDecision.WRONG_DATA: timedelta(days=92),
    }
)
"""How long a child is not listed again once that was said: by then, what is held should say so itself."""
TOLD_WITHIN: Final = timedelta(days=120)
"""An authority gets a list only if schools told us of somebody so lately: silence is no sign of a child."""
SETTINGS: Final = ("school", "home_education")
"""Services that are an education setting for a child of school age."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedChild:
    """One child of a list; `since` is when the last setting ended, None where there was none."""

    item: int
    child: str
    name: str
    date_of_birth: str | None
    why: Why
    since: date | None
    decision: SettingDecision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EducationList:
    """The list of a month; `covered` is False where it would say nothing, because schools do not tell us."""

    month: date | None
    covered: bool
    children: tuple[ListedChild, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingDecided:
    """The answer to what was said of a listed child."""

    decision: str


def of_school_age_from(born: date) -> date:
    """The day from which a child must be educated: the first of three in a year after turning five (R62)."""
    fifth = _on(born.year + 5, born.month, born.day)
    days = (date(year, month, day) for year in (fifth.year, fifth.year + 1) for month, day in _TERMS)
    return next(day for day in days if day >= fifth)


def of_school_age_until(born: date) -> date:
    """The last Friday in June of the school year in which they turn sixteen (R62)."""
    sixteenth = _on(born.year + 16, born.month, born.day)
    june = date(sixteenth.year + (sixteenth.month >= 9), 6, 30)
    return june - timedelta(days=(june.weekday() - 4) % 7)


def is_of_school_age(born: date, on: date) -> bool:
    """Whether the law asks that a child be educated on that day (R62)."""
    return of_school_age_from(born) <= on <= of_school_age_until(born)


def month_of(day: date) -> date:
    """The month that a list is of: its first day."""
    return day.replace(day=1)


def _on(year: int, month: int, day: int) -> date:
    return date(year, 3, 1) if (month, day) == (2, 29) and year % 4 else date(year, month, day)
