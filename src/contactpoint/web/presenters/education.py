"""The words of the list of children without an education setting."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from contactpoint.domain.education import EducationList, ListedChild, Why
from contactpoint.web.forms.education import DECISION_WORDS
from contactpoint.web.presenters.words import age_words, birth_date_words, counted, day_words, month_words

SHOWN = 100
"""Children on the page, those first of whom nothing was said."""
NOT_COVERED = (
    "No list can be made: no school census has come for four months, so that a school which we do not know "
    "of says nothing about a child."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedView:
    """One line."""

    handle: str
    name: str
    age: str
    why: str
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """The page."""

    month: str
    counted: str
    not_covered: str
    lines: tuple[ListedView, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildView:
    """One listed child."""

    name: str
    facts: tuple[str, ...]
    why: str
    decision: str


def list_view(found: EducationList, on: date, keep: Callable[[int], str]) -> ListView:
    """The newest list in words."""
    waiting = sum(one.decision is None for one in found.children)
    hidden = len(found.children) - SHOWN
    more = f"{counted(hidden, 'more is', 'more are')} listed once these are dealt with."
    return ListView(
        month=month_words(found.month) if found.month else "",
        counted=f"{counted(waiting, 'child', 'children')} of whom nothing is said yet",
        not_covered="" if found.covered else NOT_COVERED,
        lines=tuple(_line(one, on, keep) for one in found.children[:SHOWN]),
        more=more if hidden > 0 else "",
    )


def child_view(one: ListedChild, on: date) -> ChildView:
    """One listed child in words."""
    return ChildView(
        name=one.name,
        facts=(
            age_words(one.date_of_birth, on),
            f"Born {birth_date_words(one.date_of_birth)}" if one.date_of_birth else "Birth date not known",
        ),
        why=_why(one),
        decision=DECISION_WORDS[one.decision] if one.decision else "",
    )


def _line(one: ListedChild, on: date, keep: Callable[[int], str]) -> ListedView:
    return ListedView(
        handle=keep(one.item),
        name=one.name,
        age=age_words(one.date_of_birth, on),
        why=_why(one),
        decision=DECISION_WORDS[one.decision] if one.decision else "",
    )


def _why(one: ListedChild) -> str:
    if one.why is Why.ENDED and one.since:
        return f"The last one we know of ended on {day_words(one.since)}"
    return "Nobody ever told us of one"
