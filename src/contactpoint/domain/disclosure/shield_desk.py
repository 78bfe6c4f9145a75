"""What the shield desk is shown: what waits, one shield with its steps, and what came of a step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from contactpoint.domain.disclosure.answers import ProtectedRecord
from contactpoint.domain.disclosure.shield_life import Ground, ShieldState, ShieldStep


@dataclass(frozen=True, slots=True, kw_only=True)
class ShieldToDo:
    """A shield that waits for something. It says which kind of work, not whose shield it is.

    `kind` is the state it is in, or "review" for a confirmed one whose turn it is; `in_all` counts its kind.
    """

    kind: str
    in_all: int
    shield: int
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """One step of a shield's life; `by_name` is None where time or a source took it."""

    step: ShieldStep
    at: datetime
    by_name: str | None
    made_for: str | None
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShieldInFull:
    """A shield as its desk reads it; `may` are the steps that the viewer may take now."""

    record: ProtectedRecord
    ground: Ground
    state: ShieldState
    placed_at: datetime
    confirm_by: datetime | None
    review_by: date
    lift_at: datetime | None
    steps: tuple[StepTaken, ...]
    may: tuple[ShieldStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShieldMoved:
    """The answer to a step: the state it came to."""

    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedNow:
    """The answer to "this child must be protected now": until when the shield desk confirms it."""

    confirm_by: str
