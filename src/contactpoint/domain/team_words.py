"""What a team writes down of a child because no source told it: that they died or left England (R49, R50).

Coded throughout, so that no case is described (R17).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.people import AddressKind
from contactpoint.domain.retention import YEARS_AFTER_DEATH, YEARS_AFTER_LEAVING, years_on

CONTRACT: Final = "team_word"
"""Of the statements that are made of such words: a contract that no feed has."""


_YEARS: Final = {1: "a year", 3: "three years"}


class WordKind(StrEnum):
    """What may be written down."""

    DIED = "died"
    LEFT_RETURNING = "left_returning"
    LEFT_FOR_GOOD = "left_for_good"
    LEFT_ENGLAND = "left_england"


class KnownFrom(StrEnum):
    """How whoever writes it down knows."""

    CERTIFICATE = "certificate"
    HOSPITAL = "hospital"
    POLICE = "police"
    FAMILY = "family"
    OWN_WORK = "own_work"


class WrittenBecause(StrEnum):
    """Why it is written down here, where sources should say it."""

    NOT_TOLD = "not_told"
    TOLD_WRONG = "told_wrong"


class TakenBackBecause(StrEnum):
    """Why it is taken back."""

    WRONG_CHILD = "wrong_child"
    WRONG_DAY = "wrong_day"
    NOT_SO = "not_so"
    BACK = "back"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamWord:
    """What is written down of a child, of which day, and how and why."""

    kind: WordKind
    day: date
    known_from: KnownFrom
    because: WrittenBecause


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingWord:
    """What stands written down of a child now: the day, how it is known, whose word it is and since when."""

    kind: WordKind
    day: str
    known_from: KnownFrom
    whose: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WordInQuestion:
    """A word about a child, as far as the rules ask about it: whether they hide, and who answers for them."""

    protected: bool
    authority: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WordDone:
    """The answer: what was written down, empty where it was taken back."""

    kind: str


def may_it_have_been_on_that_day(kind: WordKind, day: date, born: str | None, on: date) -> None:
    """Nothing is written down of a day to come, nor of one before the child can have been born (R49).

    Nor of one so long ago that it would close the record at once: that could not be taken back.

    Raises:
        InvalidInput: it is of such a day.
    """
    if day > on:
        raise InvalidInput("The day must be today or earlier.")
    first = first_day(born)
    if first is not None and day < first:
        raise InvalidInput("The day must not lie before the date of birth.")
    years = YEARS_AFTER_DEATH if kind is WordKind.DIED else YEARS_AFTER_LEAVING[AddressKind(kind.value)]
    if years_on(day, years) <= on:
        after = "a year after a death" if kind is WordKind.DIED else f"{_YEARS[years]} after such a leaving"
        raise InvalidInput(f"Check the year: a record closes {after}, so this could not be taken back.")


def first_day(text: str | None) -> date | None:
    """Return the first day that a whole or partial date may stand for."""
    if not text:
        return None
    year, month, day = (*(int(part) for part in text.split("-")), 0, 0)[:3]
    return date(year, month or 1, day or 1)
