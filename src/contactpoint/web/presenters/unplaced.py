"""The words of children for whom no authority is responsible."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from contactpoint.domain.unplaced import AuthorityGiven, NobodyBecause, UnplacedChild, UnplacedChildren
from contactpoint.web.presenters.words import age_words, birth_date_words, counted, day_words

_BECAUSE_WORDS = {
    NobodyBecause.NO_POSTCODE: "No home with a postcode is known",
    NobodyBecause.NOT_IN_ENGLAND: "The postcode of the home is in no authority of England that is known",
}
LEFT_WORDS = "Recorded. It stands on the record until a source says that the child is in England."
_NOBODY_ELSE = "; no authority’s services, school or GP practice in England is in contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedLine:
    """One child of the list."""

    handle: str
    name: str
    born: str
    since: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedView:
    """The list."""

    how_many: str
    lines: tuple[UnplacedLine, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedChildView:
    """One child of it."""

    name: str
    facts: tuple[str, ...]
    since: str
    because: str


def unplaced_view(found: UnplacedChildren, keep: Callable[[str], str]) -> UnplacedView:
    """The list in words, whoever waits longest first."""
    return UnplacedView(
        how_many=counted(found.in_all, "child waits", "children wait"),
        lines=tuple(
            UnplacedLine(
                handle=keep(one.child),
                name=one.name,
                born=birth_date_words(one.date_of_birth),
                since=day_words(one.since),
                because=_BECAUSE_WORDS[one.because],
            )
            for one in found.children
        ),
        more="More are listed once these are dealt with." if found.in_all > len(found.children) else "",
    )


def unplaced_child_view(one: UnplacedChild, on: date) -> UnplacedChildView:
    """One child in words."""
    return UnplacedChildView(
        name=one.name,
        facts=(age_words(one.date_of_birth, on), birth_date_words(one.date_of_birth)),
        since=f"Nobody is responsible since {day_words(one.since)}.",
        because=f"{_BECAUSE_WORDS[one.because]}{_NOBODY_ELSE}.",
    )


def given_words(answer: AuthorityGiven) -> str:
    """Who was asked."""
    return f"Recorded. {answer.authority} is asked to accept; nobody is responsible until it has."
