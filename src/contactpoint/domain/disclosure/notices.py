"""Told when it matters: which news of the children one works with is a notice, and what one chose to hear.

A notice is made of nothing but news that may be told already (news.py, keeping.py): nothing of a protected
child, of a sensitive service or of a sealed pair is news, so no notice can come of it (R27, R35, R39, R41).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from contactpoint.domain.disclosure.answers import Change, FactChange, NewsField


class NoticeKind(StrEnum):
    """What somebody may be told of."""

    SERVICE = "service"
    LEAD = "lead"
    STALE = "stale"
    IDENTITY = "identity"


class Telling(StrEnum):
    """Where somebody wants to be told: under "Notices" and in the daily e-mail, there alone, or nowhere."""

    EMAIL = "email"
    HERE = "here"
    NOWHERE = "nowhere"


Choices = Mapping[NoticeKind, Telling]
DEFAULT: Final[Choices] = MappingProxyType(dict.fromkeys(NoticeKind, Telling.EMAIL))
"""What holds until somebody chooses otherwise."""

SHOWN_FOR: Final = timedelta(days=28)
"""How long a notice stands on the page; nor does an e-mail reach back further."""

_FIELDS: Final = MappingProxyType(
    {
        NewsField.SCHOOL: NoticeKind.SERVICE,
        NewsField.GP: NoticeKind.SERVICE,
        NewsField.LEAD: NoticeKind.LEAD,
        NewsField.NUMBER: NoticeKind.IDENTITY,
        NewsField.PARTED: NoticeKind.IDENTITY,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNews:
    """What is new about a child that somebody works with; `asked_from` where they are asked whether still."""

    involvement_id: int
    child: str
    child_name: str
    changes: tuple[Change | FactChange, ...]
    asked_from: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedChanged:
    """A record that somebody opened was joined with another since, or a part of it taken out (R22).

    `number` is the one it goes by now; `joined` the other that leads there, None where a part was taken out.
    """

    number: str
    opened_at: datetime
    joined: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to be told. Of a child one works with the involvement, of a record one opened its number."""

    kind: NoticeKind
    on: date
    child: str
    own: OwnNews | None = None
    change: Change | FactChange | None = None
    opened: OpenedChanged | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """The page: what is told, newest first, when the viewer looked before, and what they chose.

    `points` are the contact points of the viewer's services that wait to be confirmed: about no child.
    """

    told: tuple[Notice, ...]
    looked_before: datetime | None
    choices: Choices
    points: int = 0


def of_which_kind_is_it(change: Change | FactChange) -> NoticeKind | None:
    """A service that comes or goes, a lead that changes, a record joined or parted is told (R22, R43, R44).

    A name, an address or a carer is not: that stands under "My children".
    """
    return NoticeKind.SERVICE if isinstance(change, Change) else _FIELDS.get(change.field)


def where_is_it_told(kind: NoticeKind, choices: Choices) -> Telling:
    """As somebody chose, kind by kind; until they do, on the page and in the e-mail."""
    return choices.get(kind, DEFAULT[kind])


def which_notices_are_told(
    own: Iterable[OwnNews],
    opened: Iterable[OpenedChanged],
    choices: Choices,
    *,
    places: frozenset[Telling],
    asked_since: date,
    on: date,
) -> tuple[Notice, ...]:
    """Return the notices of the kinds chosen for these places, newest first (R22, R43-R45).

    Of "still involved?" those that came up after `asked_since`. A child that somebody works with is told of
    once, also where they opened its record besides.
    """
    mine = tuple(own)
    numbers = {one.child for one in mine}
    found = [
        *(notice for one in mine for notice in _of_own(one, asked_since, on)),
        *(_of_opened(one) for one in opened if one.number not in numbers),
    ]
    chosen = (one for one in found if where_is_it_told(one.kind, choices) in places)
    return tuple(sorted(chosen, key=lambda one: (-one.on.toordinal(), one.kind, one.child)))


def _of_own(one: OwnNews, asked_since: date, on: date) -> Iterable[Notice]:
    for change in one.changes:
        if kind := of_which_kind_is_it(change):
            yield Notice(kind=kind, on=change.on, child=one.child, own=one, change=change)
    if one.asked_from and asked_since < one.asked_from <= on:
        yield Notice(kind=NoticeKind.STALE, on=one.asked_from, child=one.child, own=one)


def _of_opened(one: OpenedChanged) -> Notice:
    return Notice(kind=NoticeKind.IDENTITY, on=one.made_at.date(), child=one.number, opened=one)
