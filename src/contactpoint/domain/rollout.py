"""Roll-out in waves: pathfinder areas first, then the nation; each opens when all that it needs is there.

A wave names bodies: an authority, with all who work for services there, or a national partner. Once the first
is planned, practitioners look for nobody (R3) until a wave of their body is open, even where none names it;
their teams can be in and prepare. Where no wave was ever planned everybody is let in (ADR 33).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from contactpoint.domain.errors import InvalidInput

LONGEST_NAME: Final = 80
LONGEST_REASON: Final = 300
LEAST_TRAINED: Final = 0.9
"""Of the practitioners of a body, so many have to be in good standing; the others are kept out one by one."""


class WaveKind(StrEnum):
    """The first areas, or all after them."""

    PATHFINDER = "pathfinder"
    NATIONAL = "national"


class WaveState(StrEnum):
    """How far a wave is."""

    PLANNED = "planned"
    ASKED = "asked"
    OPEN = "open"
    DROPPED = "dropped"


class WaveStep(StrEnum):
    """What the national team does with a wave."""

    ASK = "ask"
    AGREE = "agree"
    NOT_YET = "not_yet"
    CLOSE = "close"
    DROP = "drop"


BECOMES: Final[Mapping[tuple[WaveState, WaveStep], WaveState]] = MappingProxyType(
    {
        (WaveState.PLANNED, WaveStep.ASK): WaveState.ASKED,
        (WaveState.PLANNED, WaveStep.DROP): WaveState.DROPPED,
        (WaveState.ASKED, WaveStep.AGREE): WaveState.OPEN,
        (WaveState.ASKED, WaveStep.NOT_YET): WaveState.PLANNED,
        (WaveState.OPEN, WaveStep.CLOSE): WaveState.PLANNED,
    }
)
"""What may be done when; whatever is not here is refused."""

NEEDS_REASON: Final = frozenset({WaveStep.NOT_YET, WaveStep.CLOSE, WaveStep.DROP})
OPENING: Final = frozenset({WaveStep.ASK, WaveStep.AGREE})


class Check(StrEnum):
    """What a body needs before its wave opens."""

    ACCREDITED = "accredited"
    TEAM = "team"
    TRAINED = "trained"
    FEEDS = "feeds"
    POINTS = "points"
    SHIELDS = "shields"


class ShieldsHow(StrEnum):
    """What a shield desk says of the protections that there were before its wave."""

    LOADED = "loaded"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShieldsChecked:
    """A shield desk says that its existing protections stand in the directory, and were checked (R26)."""

    how: ShieldsHow
    on: date
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFacts:
    """What is known of a body that a wave names. `authority` is empty for a national partner.

    `people` are its practitioners, `ready` those of them in good standing; `feeds` are the sources of its
    area that have delivered, `late` those of them behind their promise. `first_search` is a day after which
    somebody of it has searched.
    """

    code: str
    name: str
    authority: str
    accredited_until: date | None
    team: int
    people: int
    ready: int
    feeds: int
    late: int
    points: int
    shields: ShieldsChecked | None
    first_search: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """A wave, with what its bodies have and lack. `asked_by` asked that it be opened."""

    number: int
    name: str
    kind: WaveKind
    planned_on: date
    state: WaveState
    asked_by: UUID | None
    opened_at: datetime | None
    bodies: tuple[BodyFacts, ...]
    steps: tuple["WaveDone", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveDone:
    """A step that was taken: when, by whom and why."""

    step: WaveStep
    at: datetime
    by: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RollOut:
    """The whole of it: whether it is on, how many people practise, and the bodies that no wave names.

    `left_out` are their codes and names; while it is on their practitioners wait.
    """

    waves: tuple[Wave, ...]
    is_on: bool
    practising: int
    left_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityStands:
    """How an authority stands: whether its practitioners wait, a wave names it, and nothing is of it yet."""

    waits: bool
    in_a_wave: bool
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveInQuestion:
    """A step of a wave, as far as the rules ask about it.

    `lacking` says how many of its bodies lack something; `first_stand` that a pathfinder is open, or this is
    one.
    """

    state: WaveState
    step: WaveStep
    asked_by_viewer: bool
    lacking: int
    first_stand: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WavePlan:
    """A wave as it is planned.

    Raises:
        InvalidInput: it has no name, a long one, or no bodies.
    """

    name: str
    kind: WaveKind
    planned_on: date
    bodies: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse what is no plan."""
        if not self.name.strip() or len(self.name) > LONGEST_NAME:
            raise InvalidInput(f"Give the wave a name of at most {LONGEST_NAME} characters.")
        if not self.bodies:
            raise InvalidInput("Name at least one body.")
        if len(set(self.bodies)) != len(self.bodies):
            raise InvalidInput("Name each body once.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveAnswer:
    """The answer to planning a wave, or to a step of one."""

    number: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShieldsNoted:
    """The answer to saying that the existing protections were checked."""

    how: str


def what_becomes_of_the_wave(state: WaveState, step: WaveStep) -> WaveState | None:
    """Return the state that a step leads to; None where it may not be taken."""
    return BECOMES.get((state, step))


def what_may_be_done(state: WaveState) -> tuple[WaveStep, ...]:
    """The steps that may be taken in a state."""
    return tuple(step for step in WaveStep if (state, step) in BECOMES)


def what_is_asked_of(body: BodyFacts) -> tuple[Check, ...]:
    """What a body needs: a national partner has no area, so no feeds and no protections (R3, R26)."""
    if body.authority:
        return tuple(Check)
    return (Check.ACCREDITED, Check.TEAM, Check.TRAINED, Check.POINTS)


def is_it_there(check: Check, body: BodyFacts, on: date) -> bool:
    """Say whether a body has what a line of its checklist asks for, on a day (R3, R26)."""
    match check:
        case Check.ACCREDITED:
            return body.accredited_until is not None and on <= body.accredited_until
        case Check.TEAM:
            return body.team > 0
        case Check.TRAINED:
            return body.people > 0 and body.ready >= LEAST_TRAINED * body.people
        case Check.FEEDS:
            return body.feeds > 0 and body.late == 0
        case Check.POINTS:
            return body.points > 0
        case Check.SHIELDS:
            return body.shields is not None


def what_is_missing(body: BodyFacts, on: date) -> tuple[Check, ...]:
    """The lines of a body's checklist that are not there yet (R3, R26)."""
    return tuple(check for check in what_is_asked_of(body) if not is_it_there(check, body, on))


def how_many_lack_something(bodies: Iterable[BodyFacts], on: date) -> int:
    """How many bodies are not ready."""
    return sum(bool(what_is_missing(body, on)) for body in bodies)


def may_they_become_one(gone: AuthorityStands, successor: AuthorityStands) -> bool:
    """Say whether an authority may go to another as both stand: it lets nobody in and shuts nobody out (R3).

    A new one, of which nothing is yet, takes the place of the one before it in its wave.
    """
    return gone.waits == successor.waits or (successor.is_new and not successor.in_a_wave)


def do_the_first_stand(kind: WaveKind, open_kinds: Collection[WaveKind]) -> bool:
    """Pathfinder areas come first: the nation follows once one of them is open."""
    return kind is WaveKind.PATHFINDER or WaveKind.PATHFINDER in open_kinds
