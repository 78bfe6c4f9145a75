"""What one person did in a day, parted into sittings of searching, and what of it counts (domain/reports.py).

A contact is made when people have spoken: somebody rang and did, or was called back because they asked to be.
Asking is asking, and reaches nobody. What a desk passes on is not among what comes here, whoever answers it:
whoever asked a desk never learns whether anybody did (R32, R39).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from contactpoint.domain.contacting import CallOutcome, RequestOutcome
from contactpoint.domain.hours import Within

SITTING: Final = timedelta(minutes=15)
"""A search that follows another by no more belongs to it, unless a record was opened between them."""

FOUND_WITHIN: Final = timedelta(minutes=60)
"""Whoever rings or asks to be called later than this after the search did not find them by it."""


class Measure(StrEnum):
    """What is counted, of each day.

    `CONTACTS`, `CONTACTED`, `TOOK` and `ANSWERED` are in no day that was counted when asking passed for a
    contact: those have "spoke" and "reached", which are not read any more.
    """

    PEOPLE = "people"  # who searched or opened a record
    SEARCHES = "searches"
    BY_PURPOSE = "by_purpose"  # searches, by purpose
    FOUND = "found"  # sittings, by Found
    ASKED = "asked"  # requests to get in touch, messages to a desk
    SIGN_INS = "sign_ins"  # by whoever works there, but at a shield desk alone
    RANG = "rang"  # calls, by CallOutcome
    ANSWERED = "answered"  # requests to a service that were answered, by RequestOutcome
    CONTACTS = "contacts"  # people who rang and spoke, or were called back; of whoever rang or asked
    CONTACTED = "contacted"  # sittings that ended in a contact, by how Soon
    TOOK = "took"  # the same, by how long finding took: Within, up to the talk or the asking


class Found(StrEnum):
    """How a sitting of searching ended."""

    FIRST = "first"
    REFINED = "refined"
    NONE = "none"


class Soon(StrEnum):
    """How long it was from the first search to the first contact, waiting to be called back included."""

    MINUTE = "minute"
    FIVE = "five"
    QUARTER = "quarter"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    LATER = "later"


_LONGEST: Final = {
    Within.MINUTE: timedelta(minutes=1),
    Within.FIVE: timedelta(minutes=5),
    Within.QUARTER: timedelta(minutes=15),
    Within.HOUR: FOUND_WITHIN,
}
_SOON: Final = {
    **{Soon(one): longest for one, longest in _LONGEST.items()},
    Soon.DAY: timedelta(days=1),
    Soon.WEEK: timedelta(days=7),
    Soon.LATER: timedelta.max,
}


class Did(StrEnum):
    """What somebody did, as far as it counts; the last is what others did because they were asked to."""

    SEARCHED = "searched"
    OPENED = "opened"
    ASKED = "asked"
    RANG = "rang"  # and did not speak to whom they wanted
    SPOKE = "spoke"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that one person did for one organisation, or that came of what they asked.

    `purpose` is of a search, `outcome` of a call or an answer, `request` of asking and of its answer.
    """

    at: datetime
    did: Did
    purpose: str = ""
    outcome: str = ""
    request: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One search and those that refine it, up to what came of it.

    `asked` is when which request was made of it. `contacted` is when people spoke, and `finding` how long
    whoever searched was at it until then, or until they had asked to be called back.
    """

    began: datetime
    searched: datetime
    searches: int = 1
    opened: bool = False
    asked: tuple[tuple[int | None, datetime], ...] = ()
    contacted: datetime | None = None
    finding: timedelta | None = None

    @property
    def found(self) -> Found:
        """How it ended."""
        if not self.opened:
            return Found.NONE
        return Found.FIRST if self.searches == 1 else Found.REFINED

    @property
    def soon(self) -> Soon | None:
        """How long it was until people spoke; None if they did not."""
        if self.contacted is None:
            return None
        return next(one for one in Soon if self.contacted - self.began <= _SOON[one])

    @property
    def took(self) -> Within | None:
        """How long finding took whoever searched; None if people did not speak."""
        if self.finding is None:
            return None
        return next(one for one in Within if self.finding <= _LONGEST[one])


Figure = tuple[Measure, str]
"""A measure and a part of it; the part is empty where a measure has none."""


def count_steps(steps: Sequence[Step]) -> Counter[Figure]:
    """Count a day of one person for one organisation, and what came of it that day, in the order of time."""
    counts: Counter[Figure] = Counter()
    if any(one.did in {Did.SEARCHED, Did.OPENED} for one in steps):
        counts[Measure.PEOPLE, ""] = 1
    asked = _asked(steps)
    for one in steps:
        counts.update(_figures_of(one, asked))
    for sitting in sittings(steps):
        counts[Measure.FOUND, sitting.found] += 1
        counts.update(_contact(sitting))
    return counts


def count_answers(steps: Sequence[Step], since: datetime) -> Counter[Figure]:
    """Count what has come since a moment of a day before it, which was counted itself: answers alone."""
    counts: Counter[Figure] = Counter()
    asked = _asked(steps)
    for one in steps:
        if one.did is Did.ANSWERED and one.at >= since:
            counts.update(_figures_of(one, asked))
    for sitting in sittings(steps):
        if sitting.contacted and sitting.contacted >= since:
            counts.update(_contact(sitting))
    return counts


def _asked(steps: Iterable[Step]) -> frozenset[int | None]:
    """The requests that are known to have been made: an answer to any other is not counted."""
    return frozenset(one.request for one in steps if one.did is Did.ASKED)


def _contact(sitting: Sitting) -> tuple[Figure, ...]:
    if sitting.soon is None or sitting.took is None:
        return ()
    return (Measure.CONTACTED, sitting.soon), (Measure.TOOK, sitting.took)


def _figures_of(one: Step, asked: frozenset[int | None]) -> tuple[Figure, ...]:
    """What one thing counts as, once each."""
    match one.did:
        case Did.SEARCHED:
            return (Measure.SEARCHES, ""), (Measure.BY_PURPOSE, one.purpose)
        case Did.ASKED:
            return ((Measure.ASKED, ""),)
        case Did.SPOKE:
            return (Measure.CONTACTS, ""), (Measure.RANG, CallOutcome.SPOKE)
        case Did.RANG:
            return ((Measure.RANG, one.outcome),)
        case Did.ANSWERED if one.request in asked:
            spoke = one.outcome == RequestOutcome.SPOKE
            return ((Measure.ANSWERED, one.outcome), *(((Measure.CONTACTS, ""),) if spoke else ()))
        case Did.ANSWERED | Did.OPENED:
            return ()


def sittings(steps: Iterable[Step]) -> list[Sitting]:
    """Part what one person did into sittings, oldest first."""
    found: list[Sitting] = []
    for one in steps:
        last = found[-1] if found else None
        match one.did:
            case Did.SEARCHED if last and not last.opened and one.at - last.searched <= SITTING:
                found[-1] = replace(last, searched=one.at, searches=last.searches + 1)
            case Did.SEARCHED:
                found.append(Sitting(began=one.at, searched=one.at))
            case Did.OPENED if last and one.at - last.searched <= SITTING:
                found[-1] = replace(last, opened=True)
            case Did.SPOKE if last and _is_found_by(last, one.at):
                found[-1] = _contacted(last, one.at, one.at - last.began)
            case Did.ASKED if last and _is_found_by(last, one.at):
                found[-1] = replace(last, asked=(*last.asked, (one.request, one.at)))
            case Did.ANSWERED if one.outcome == RequestOutcome.SPOKE:
                found = _called_back(found, one)
            case _:
                pass
    return found


def _is_found_by(sitting: Sitting, at: datetime) -> bool:
    return sitting.opened and at - sitting.began <= FOUND_WITHIN


def _called_back(found: list[Sitting], answer: Step) -> list[Sitting]:
    """Let a call that was asked for end the sitting that asked; waiting for it is not finding."""
    for place, one in enumerate(found):
        asked = next((at for request, at in one.asked if request == answer.request), None)
        if asked is not None:
            return [*found[:place], _contacted(one, answer.at, asked - one.began), *found[place + 1 :]]
    return found


def _contacted(sitting: Sitting, at: datetime, finding: timedelta) -> Sitting:
    """The same with its contact, if it is the first."""
    return sitting if sitting.contacted else replace(sitting, contacted=at, finding=finding)
