"""What one person looks up again and again about one child is one thing for a reviewer, not many (R52)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from contactpoint.domain.review.judge import Judged
from contactpoint.domain.review.patterns import Code

COLLECTS_FOR: Final = timedelta(days=91)


def may_it_join(one: Judged) -> bool:
    """Only what nothing explains, about one child, joins what waits already (R52).

    A sample stands for itself, and so does what looks wrong though it is explained.
    """
    return one.explained is None and one.access.child is not None and bool(one.codes)


def does_it_collect(begun: date, on: date) -> bool:
    """What waits takes in further looks for a quarter, and then a new one begins (R52)."""
    return begun < on <= begun + COLLECTS_FOR


def together(*said: Iterable[Code]) -> tuple[Code, ...]:
    """Why somebody should look, of several days: all that was said of any of them, the gravest first."""
    every = {code for codes in said for code in codes}
    return tuple(code for code in Code if code in every)


def left_of(events: Sequence[UUID], one: Judged) -> tuple[UUID, ...]:
    """The looks that remain when those of one day are explained."""
    explained = {look.event for look in one.access.looks}
    return tuple(event for event in events if event not in explained)
