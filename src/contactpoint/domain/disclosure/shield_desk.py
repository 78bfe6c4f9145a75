"""What the shield desk is shown: what waits, one shield with its steps, and what came of a step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from contactpoint.domain.disclosure.answers import ProtectedRecord
from contactpoint.domain.disclosure.seen import Values
from contactpoint.domain.disclosure.shield_life import Ground, ShieldState, ShieldStep


@dataclass(frozen=True, slots=True, kw_only=True)
class ShieldToDo:
    """A shield that waits for something. It says which kind of work, not whose shield it is.

    `kind` is the state it is in, or "review" for a confirmed one whose turn it is; `in_all` counts its kind.
    What another team decides, and a desk only sees to be due, is of no `shield`.
    """

    kind: str
    in_all: int
    shield: int | None
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
class KeptFrom:
    """The one person from whom a child is kept: for them there is no such child."""

    account: UUID
    name: str
    organisations: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShieldInFull:
    """A shield as its desk reads it; `may` are the steps that the viewer may take now.

    `kept_from` is None where the shield hides from everybody.
    """

    record: ProtectedRecord
    ground: Ground
    state: ShieldState
    placed_at: datetime
    confirm_by: datetime | None
    review_by: date
    lift_at: datetime | None
    steps: tuple[StepTaken, ...]
    may: tuple[ShieldStep, ...]
    kept_from: KeptFrom | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShieldMoved:
    """The answer to a step: the state it came to."""

    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedNow:
    """The answer to "this child must be protected now": until when the shield desk confirms it."""

    confirm_by: str


class NearOutcome(StrEnum):
    """What the desk says of an unshielded child who shares what a shield hides."""

    PROTECTED = "protected"
    NOT_CONNECTED = "not_connected"


class BreachOutcome(StrEnum):
    """What the desk decides about what was seen before a shield was placed (R55)."""

    NO_BREACH = "no_breach"
    NOT_REPORTABLE = "not_reportable"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class NearShield:
    """An unshielded child who shares a hidden address, carer or telephone; which, not its value."""

    near: int
    number: str
    name: str
    date_of_birth: str | None
    shares: tuple[str, ...]
    outcome: NearOutcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBefore:
    """One look at a record before it was shielded, or an override since: who, when, why, and which fields.

    `on_behalf_of` is whoever without an account had asked them to look (R6).
    """

    at: datetime
    action: str
    name: str
    job_title: str
    organisation: str
    reason: str
    saw: tuple[str, ...]
    on_behalf_of: str = ""
    values: Values = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksBefore:
    """All of them, with the time by which the desk decides about a breach; None where nobody had looked."""

    looks: tuple[LookBefore, ...]
    decide_by: datetime | None
    outcome: BreachOutcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NearDecided:
    """The answer to what the desk says of a child near a shield."""

    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachDecided:
    """The answer to a breach decision."""

    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NowKeptFrom:
    """The answer to keeping a child from one person: whom, and until when the desk confirms it."""

    shield: int
    name: str
    confirm_by: str


class AttemptOutcome(StrEnum):
    """What the desk says of what somebody tried whom a child is kept from."""

    ACTED = "acted"
    CHANCE = "chance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What somebody did who met absence: when, searching or opening, acting for whom, and what they typed."""

    at: datetime
    how: str
    organisation: str
    reason: str
    typed: tuple[tuple[str, str], ...]
    outcome: AttemptOutcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """All of them, newest first, with who it is."""

    kept_from: KeptFrom
    found: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptsDecided:
    """The answer to what the desk says of them."""

    outcome: str
