"""What a night's review is given: looks from the audit, and what the directory knows of those who looked.

Names come folded and homes as digests, so that nothing here compares anything but equal with equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class LookKind(StrEnum):
    """What somebody did."""

    OPENED = "opened"
    SEARCHED = "searched"
    TRIED = "tried"  # a number or a record that was refused
    OVERRODE = "overrode"  # a shield
    DISOWNED = "disowned"  # said of their own activity: this was not me


class Who(NamedTuple):
    """Somebody acting for an organisation."""

    account: UUID
    organisation: str


class Name(NamedTuple):
    """A name, folded."""

    forename: str
    surname: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One event of the audit. `at` is local time; `shown` are the children a search listed."""

    event: UUID
    at: datetime
    who: Who
    kind: LookKind
    child: str | None = None
    shown: tuple[str, ...] = ()
    mediated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who looked, as their organisation registered them.

    `homes` and `postcodes` are keyed digests of where they live; `team_size` counts who may act there;
    `works_nights` where its people often do; `rare_surname` where few children bear theirs.
    """

    who: Who
    name: Name
    kind: str
    authority: str | None
    services: frozenset[str]
    team_size: int
    homes: frozenset[bytes] = frozenset()
    postcodes: frozenset[bytes] = frozenset()
    works_nights: bool = False
    rare_surname: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFacts:
    """Of a child who was looked at, only what the review compares, and nothing that consent hides."""

    shielded: bool = False
    names: frozenset[Name] = frozenset()
    carers: frozenset[Name] = frozenset()
    homes: frozenset[bytes] = frozenset()
    postcodes: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """An involvement. `said_by` is empty where a feed says it, and a feed confirms what it says.

    `came_with` counts the other children who came to that service there on that day, where that was lately.
    """

    service: str
    organisation: str
    practitioner: Name | None
    said_by: UUID | None
    confirmed: bool
    since: date | None
    until: date | None
    came_with: int = 0


class DutyKind(StrEnum):
    """What somebody else, or the directory, gave a person to do about a child."""

    CASE = "case"  # records to check, a message at a desk, a shield to decide about
    ASKED = "asked"  # somebody else asked their service to get in touch, and they took it on
    HANDED_OVER = "handed_over"
    SPOKEN = "spoken"  # the service they asked to get in touch has, and says so
    FOUND_JUSTIFIED = "found_justified"  # a reviewer asked about a look of theirs before


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Something to do about a child, since when."""

    kind: DutyKind
    account: UUID
    child: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """All that one day's review is made from. `lookers_before`: who looked unexplained in the week before."""

    on: date
    looks: tuple[Look, ...]
    people: Mapping[Who, Person]
    children: Mapping[str, ChildFacts]
    ties: Mapping[str, tuple[Tie, ...]]
    duties: Mapping[str, tuple[Duty, ...]] = field(default_factory=dict)
    lookers_before: Mapping[str, frozenset[UUID]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """All that one person did about one child in one day; `child` is None for searches that led nowhere."""

    who: Who
    child: str | None
    looks: tuple[Look, ...]
