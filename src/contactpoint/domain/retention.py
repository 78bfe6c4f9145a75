"""How long what is held is kept, and what ends it (R16, R47-R50).

Every date here is worked out from facts and never moved by when a job ran: a job that comes late does what
was due, and purges no later for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from contactpoint.domain.people import LEAVING, AddressKind, Statement

GROWN_UP: Final = 18
STAYS_UNTIL: Final = 25  # years of age, with explicit consent (R16)
ASKED_FROM: Final = 16  # years of age: ours; nobody younger is asked what they want at 18
YEARS_AFTER_DEATH: Final = 1
YEARS_IN_ARCHIVE: Final = 6
YEARS_READ_BY_MANAGERS: Final = 1
# How long a record stays open after its child left England, by what was said of coming back (R50).
YEARS_AFTER_LEAVING: Final[Mapping[AddressKind, int]] = MappingProxyType(
    {AddressKind.LEFT_RETURNING: 3, AddressKind.LEFT_ENGLAND: 3, AddressKind.LEFT_FOR_GOOD: 1}
)


class Why(StrEnum):
    """Why a record is archived."""

    TURNED_18 = "turned_18"
    TURNED_25 = "turned_25"
    DIED = "died"
    LEFT = "left_england"


class ReleaseReason(StrEnum):
    """What an archived record may still be released for after its first year (R48)."""

    S47_ENQUIRY = "s47_enquiry"
    CASE_REVIEW = "case_review"
    CHILD_DEATH = "child_death"


class Leftover(StrEnum):
    """What is not a child's record and has its time all the same."""

    STAGED = "staged"
    REJECTED = "rejected"
    REJECTED_FILES = "rejected_files"
    DELIVERED_FILES = "delivered_files"
    MAIL = "mail"
    REQUESTS = "requests"
    USE = "use"
    AUDIT = "audit"


# The audit of what names no child goes after as long as an archive; what names one goes with that child (ADR
# 19).
KEPT_FOR: Final[Mapping[Leftover, timedelta]] = MappingProxyType(
    {
        Leftover.STAGED: timedelta(days=90),
        Leftover.REJECTED: timedelta(days=365),
        Leftover.REJECTED_FILES: timedelta(days=30),
        Leftover.DELIVERED_FILES: timedelta(days=30),
        Leftover.MAIL: timedelta(days=30),
        Leftover.REQUESTS: timedelta(days=365),
        Leftover.USE: timedelta(days=6 * 365 + 2),
        Leftover.AUDIT: timedelta(days=6 * 365 + 2),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """That a child left England, on which day, and what was said of coming back."""

    kind: AddressKind
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """The facts that decide how long a record is kept.

    `born` is the last day on which the child may have been born, None where nothing is known of it;
    `known_since` is when the directory first heard of the child. `stays` where a consent to stay until 25 is
    in force.
    """

    known_since: date
    born: date | None = None
    died: date | None = None
    left: Leaving | None = None
    stays: bool = False
    shielded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Archiving:
    """That a record's time is up: why, and the day that was so."""

    why: Why
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StayInQuestion:
    """A consent to stay until 25, as far as the rules ask about it: of whom, and who answers for them.

    `born` is the last day on which they may have been born, by what pages may say of it.
    """

    protected: bool
    authority: str | None = None
    born: date | None = None


def when_is_it_archived(life: Life) -> Archiving:
    """A record is archived at 18, at 25 with consent, a year after death, or after leaving (R16, R47-R50).

    What is hidden moves nothing: while a shield is in force only the birth date counts, so that nobody learns
    from a record's going that a protected child died, left or agreed to stay.
    """
    # Whoever has no birth date is kept as if born on the day they came in: longer, never shorter.
    born = life.born or life.known_since
    grown = Archiving(why=Why.TURNED_18, since=years_on(born, GROWN_UP))
    if life.shielded:
        return grown
    if life.stays:
        grown = Archiving(why=Why.TURNED_25, since=years_on(born, STAYS_UNTIL))
    reached = [grown]
    if life.died is not None:
        reached.append(Archiving(why=Why.DIED, since=years_on(life.died, YEARS_AFTER_DEATH)))
    if life.left is not None:
        years = YEARS_AFTER_LEAVING[life.left.kind]
        reached.append(Archiving(why=Why.LEFT, since=years_on(life.left.since, years)))
    return min(reached, key=lambda one: one.since)


def when_is_it_purged(archiving: Archiving) -> date:
    """Six years after it was archived a record is destroyed (R47)."""
    return years_on(archiving.since, YEARS_IN_ARCHIVE)


def may_managers_still_read_it(since: date, on: date) -> bool:
    """Data managers read an archived record in its first year, and nobody does afterwards (R48)."""
    return on < years_on(since, YEARS_READ_BY_MANAGERS)


def is_it_past_taking_in(life: Life, on: date) -> bool:
    """Whoever is 18, or would be purged already, is not taken in anew (R15, R16, R47).

    This is what a later delivery of a purged person meets: nothing is remembered of them that it could be
    compared with, but what it says itself is out of time.
    """
    grown = life.born is not None and years_on(life.born, GROWN_UP) <= on
    return grown or when_is_it_purged(when_is_it_archived(life)) <= on


def are_they_asked_yet(born: date | None, on: date) -> bool:
    """Whether somebody is old enough to be asked whether they stay until 25 (R16)."""
    return born is not None and years_on(born, ASKED_FROM) <= on


def how_did_they_leave(main: AddressKind | None, statements: Iterable[Statement]) -> Leaving | None:
    """Leaving counts while it is what is believed of where the child lives (R50).

    It counts from the day that a source says, or else from the day on which the directory was told so.
    """
    if main not in LEAVING:
        return None
    days = [
        address.since or one.recorded_at.date()
        for one in statements
        for address in one.addresses
        if address.kind is main
    ]
    return Leaving(kind=main, since=min(days)) if days else None


def latest_day(text: str | None) -> date | None:
    """Return the last day that a whole or partial date may stand for."""
    if not text:
        return None
    year, month, day = (*(int(part) for part in text.split("-")), 0, 0)[:3]
    if day:
        return date(year, month, day)
    first = date(year + 1, 1, 1) if month in (0, 12) else date(year, month + 1, 1)
    return first - timedelta(days=1)


def years_on(day: date, years: int) -> date:
    """The same day so many years on; of a leap day the first of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
