"""What people say of the directory itself: how something went, and what nearly went wrong. Never of a child.

All but one short text is chosen from lists, and the text is refused where something in it could name a child
or where one is (R17).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from contactpoint.domain.errors import InvalidInput

LONGEST: Final = 500
MOST_A_DAY: Final = 20


class FeedbackKind(StrEnum):
    """How something went, or what nearly went wrong."""

    HOW = "how"
    NEAR_MISS = "near_miss"


class Doing(StrEnum):
    """What somebody was about."""

    FIND = "find"
    CONTACT = "contact"
    OWN_WORD = "own_word"
    CORRECT = "correct"
    TEAM = "team"
    OTHER = "other"


class Worked(StrEnum):
    """Whether it worked."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Hindrance(StrEnum):
    """What got in the way."""

    NOTHING = "nothing"
    SLOW = "slow"
    UNCLEAR = "unclear"
    NOT_FOUND = "not_found"
    WRONG_DATA = "wrong_data"
    SIGN_IN = "sign_in"
    OTHER = "other"


class Miss(StrEnum):
    """What nearly went wrong."""

    WRONG_CHILD = "wrong_child"
    SAW_TOO_MUCH = "saw_too_much"
    TOLD_TOO_MUCH = "told_too_much"
    NOT_REACHED = "not_reached"
    NOT_FOUND = "not_found"
    OTHER = "other"


class Harm(StrEnum):
    """How bad it could have been."""

    NONE = "none"
    COULD = "could"
    DID = "did"


class FeedbackState(StrEnum):
    """What became of it."""

    NEW = "new"
    SEEN = "seen"
    DONE = "done"


# What a child could be found by. Each is looked for as people write it.
_NAMES_A_CHILD: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "a ContactPoint number": re.compile(r"\b[A-Za-z]\s?\d{3}\s?\d{3}\s?\d{3}\s?[A-Za-z]\b"),
        "an NHS number": re.compile(r"\b\d{3}[\s-]?\d{3}[\s-]?\d{4}\b"),
        "a unique pupil number": re.compile(r"\b[A-Za-z]\d{11}[A-Za-z0-9]\b"),
        "a date": re.compile(
            r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b"
            r"|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b",
            re.IGNORECASE,
        ),
        "a postcode": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE),
        "a telephone number": re.compile(r"(?:\+44|\b0)(?:[\s()-]?\d){9,10}\b"),
        "an e-mail address": re.compile(r"\S+@\S+\.\S+"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What somebody says; `worked` and `hindered` of how it went, `miss` and `harm` of a near miss.

    Raises:
        InvalidInput: something is missing, or the text is too long or could name a child.
    """

    kind: FeedbackKind
    doing: Doing
    worked: Worked | None = None
    hindered: Hindrance | None = None
    miss: Miss | None = None
    harm: Harm | None = None
    text: str = ""

    def __post_init__(self) -> None:
        """Refuse what is not one of the two, and what may name a child."""
        near = self.kind is FeedbackKind.NEAR_MISS
        if near != (self.miss is not None and self.harm is not None) or near == (
            self.worked is not None and self.hindered is not None
        ):
            raise InvalidInput("Choose an answer to each question.")
        if len(self.text) > LONGEST:
            raise InvalidInput(f"Use at most {LONGEST} characters.")
        if found := what_may_name_a_child(self.text):
            raise InvalidInput(f"Take out {found[0]}: nothing here may say who a child is.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was said, when, of which wave, and what became of it. `by` and `organisation` are staff."""

    number: int
    said: Feedback
    at: datetime
    by: str
    organisation: str
    wave: str
    state: FeedbackState
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveSaid:
    """How much was said in one wave of each kind, and how much of it nobody has read; no wave is ''."""

    wave: str
    how: int
    near: int
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackDone:
    """The answer to giving feedback, and to answering it."""

    number: int


def is_too_much(given: Iterable[Given], at: datetime) -> bool:
    """Say whether somebody has said as much within a day as one person may, lest others go unread."""
    return sum(one.at > at - timedelta(days=1) for one in given) >= MOST_A_DAY


def what_may_name_a_child(text: str) -> tuple[str, ...]:
    """Name what in a text could say who a child is, or where (R17)."""
    return tuple(what for what, pattern in _NAMES_A_CHILD.items() if pattern.search(text))
