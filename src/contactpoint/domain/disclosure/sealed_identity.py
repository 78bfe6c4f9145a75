"""A sealed new identity (R35): two people record the pair, and two named people cross from half to half.

Nothing here says whose the halves are: neither do the lists that are made of it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

CROSSERS: Final = 2
"""So many people may cross, and no more: each needs the other."""

AGREED_WITHIN: Final = timedelta(minutes=15)
"""Whoever agrees does so while the one who asked is there."""

SEEN_WITHIN: Final = timedelta(minutes=15)
"""What was not looked at by then is gone, and has to be asked for again."""


class PairGround(StrEnum):
    """Why a child has another identity."""

    ADOPTION = "adoption"
    PROTECTED_PERSON = "protected_person"
    COURT = "court"


class PairEnd(StrEnum):
    """What became of a pair that somebody typed; blank while it waits."""

    RECORDED = "recorded"
    DIFFERENT = "different"
    NOT_FOUND = "not_found"
    ONE_RECORD = "one_record"
    DROPPED = "dropped"


class CrossingReason(StrEnum):
    """Why somebody has to know the other half."""

    DANGER = "danger"
    COURT_OR_POLICE = "court_or_police"
    HEALTH = "health"
    OWN_WISH = "own_wish"


class CrossingState(StrEnum):
    """Where a crossing stands: asked for, agreed to and looked up, there to be seen once, or over."""

    ASKED = "asked"
    AGREED = "agreed"
    READY = "ready"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairInQuestion:
    """A pair that waits, as far as the rules ask about it."""

    typed_by_viewer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CrosserInQuestion:
    """Somebody who is to be named, as far as the rules ask about it."""

    for_viewer: bool
    first_named_by_viewer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingInQuestion:
    """A crossing, as far as the rules ask about it.

    `named`: the viewer is one of the two now. `with_another`: so is somebody else. `asked_by_viewer` is of
    one that waits for a second person, None where it is just asked for.
    """

    named: bool
    with_another: bool
    asked_by_viewer: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedPair:
    """A pair that waits for a second person, or of which whoever looks is one of the two."""

    id: int
    first: UUID
    first_name: str
    ground: PairGround
    asked_at: datetime
    second: UUID | None
    end: PairEnd | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosser:
    """Somebody who is named as one of the two, by one person and, once `second` stands, by two.

    `works_there`: at the national shield desk, today. Until `second` stands the name counts for nothing.
    """

    id: int
    account: UUID
    name: str
    first: str
    first_account: UUID
    second: str | None
    until: date
    works_there: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """One that a named person asked for, as the two see it: never from whom, nor to whom."""

    id: int
    asker: UUID
    asker_name: str
    reason: CrossingReason
    asked_at: datetime
    agreed_by: str | None
    agreed_at: datetime | None
    state: CrossingState


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedDesk:
    """What the national shield desk has to do with sealed identities.

    `may_cross`: whoever looks is one of the two; else `crossings` is empty, whatever there is.
    """

    pairs: tuple[ProposedPair, ...]
    crossers: tuple[Crosser, ...]
    crossings: tuple[Crossing, ...]
    may_cross: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PairChanged:
    """The answer to typing a pair, typing it again, or dropping it."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrosserChanged:
    """The answer to naming somebody, agreeing to it, or ending it."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingChanged:
    """The answer to asking for a crossing, agreeing to it, or ending it."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """What one look shows: the numbers of the other half, mostly one; none where no other is recorded."""

    numbers: tuple[str, ...]
