"""Whose word is contested that no feed brought: who is asked, and what they may answer (R25, R44)."""

from dataclasses import dataclass
from enum import StrEnum


class AskedAs(StrEnum):
    """As whom somebody is asked about what a person said of their own work."""

    AUTHOR = "author"
    COLLEAGUE = "colleague"
    TEAM = "team"


class WordAnswer(StrEnum):
    """What may be answered. Nothing is written freely (R17)."""

    CORRECTED = "corrected"
    ENDED = "ended"
    STANDS = "stands"
    NOT_MINE = "not_mine"


class RightBecause(StrEnum):
    """Why it is right as it stands. A new reason is a new word."""

    WORKS_WITH_CHILD = "works_with"
    NUMBER_ANSWERED = "number"
    CHECKED = "checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordInQuestion:
    """A word that is contested, as far as the rules ask about it.

    `passed_to` is to whom somebody passed it on. `author_acts` where whose word it is may still sign in and
    act there, `colleague_acts` where somebody else there who provides that service may. `discreet` where the
    place is named on no record (ADR 20), `late` where its last day is over.
    """

    passed_to: AskedAs | None
    author_acts: bool
    colleague_acts: bool
    discreet: bool = False
    late: bool = False


def who_is_asked(word: WordInQuestion) -> frozenset[AskedAs]:
    """First whose word it is, else their colleagues, else the team that answers for the child (R25, R44).

    What is late goes to that team as well. Of a place that is not named only its own people are asked.
    """
    first = _next(word)
    if word.discreet:
        return frozenset({AskedAs.COLLEAGUE if first is AskedAs.TEAM else first})
    return frozenset({first, AskedAs.TEAM} if word.late else {first})


def what_may_be_answered(asked_as: AskedAs, *, discreet: bool, names_shown: bool) -> tuple[WordAnswer, ...]:
    """The team that answers for the child passes nothing on, nor a place that is not named (R25, R58).

    Where nobody agreed that names are shown, only somebody of the service itself corrects them (R38).
    """
    last = asked_as is AskedAs.TEAM or (discreet and asked_as is AskedAs.COLLEAGUE)
    left_out = {WordAnswer.NOT_MINE} if last else set()
    if asked_as is AskedAs.TEAM and not names_shown:
        left_out.add(WordAnswer.CORRECTED)
    return tuple(one for one in WordAnswer if one not in left_out)


def _next(word: WordInQuestion) -> AskedAs:
    if word.passed_to is None and word.author_acts:
        return AskedAs.AUTHOR
    if word.passed_to is not AskedAs.TEAM and word.colleague_acts:
        return AskedAs.COLLEAGUE
    return AskedAs.TEAM
