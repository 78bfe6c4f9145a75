"""What a reviewer may say of an access, and what becomes of it: the transitions are a table (R52)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

LONGEST_REASON: Final = 500


class UseState(StrEnum):
    """How an access that waits for a reviewer stands."""

    WAITING = "waiting"
    ASKED = "asked"
    ANSWERED = "answered"
    ESCALATED = "escalated"
    SUSPENDED = "suspended"
    JUSTIFIED = "justified"
    MISUSE = "misuse"
    EXPLAINED = "explained"  # by work that began since; the directory closed it


class Verdict(StrEnum):
    """What a reviewer says."""

    JUSTIFIED = "justified"
    ASK = "ask"
    ESCALATE = "escalate"
    SUSPEND = "suspend"
    MISUSE = "misuse"


OPEN: Final = (
    UseState.WAITING,
    UseState.ASKED,
    UseState.ANSWERED,
    UseState.ESCALATED,
    UseState.SUSPENDED,
)
CLOSED: Final = (UseState.JUSTIFIED, UseState.MISUSE, UseState.EXPLAINED)

_FROM_THE_START: Final = {
    Verdict.JUSTIFIED: UseState.JUSTIFIED,
    Verdict.ASK: UseState.ASKED,
    Verdict.ESCALATE: UseState.ESCALATED,
    Verdict.SUSPEND: UseState.SUSPENDED,
}
TRANSITIONS: Final[dict[UseState, dict[Verdict, UseState]]] = {
    UseState.WAITING: _FROM_THE_START,
    UseState.ASKED: {said: to for said, to in _FROM_THE_START.items() if said is not Verdict.ASK},
    UseState.ANSWERED: _FROM_THE_START,
    UseState.ESCALATED: {said: to for said, to in _FROM_THE_START.items() if said is not Verdict.ESCALATE},
    UseState.SUSPENDED: {Verdict.JUSTIFIED: UseState.JUSTIFIED, Verdict.MISUSE: UseState.MISUSE},
    UseState.JUSTIFIED: {},
    UseState.MISUSE: {},
    UseState.EXPLAINED: {},
}


def what_may_be_said(state: UseState, *, suspended_by_viewer: bool, has_manager: bool) -> tuple[Verdict, ...]:
    """What a reviewer may say of an access now (R52).

    Whoever suspended somebody does not lift it: a second reviewer does. Nobody is asked where no manager is.
    """
    return tuple(
        said
        for said in TRANSITIONS[state]
        if not (state is UseState.SUSPENDED and said is Verdict.JUSTIFIED and suspended_by_viewer)
        and not (said is Verdict.ASK and not has_manager)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UseLine:
    """An access in the list: who, when, about whom by number alone, and why somebody should look."""

    item: int
    day: date
    account: UUID
    name: str
    job_title: str
    organisation: str
    organisation_name: str
    child: str
    protected: bool
    codes: tuple[str, ...]
    weight: int
    explained: str
    state: UseState
    looks: int
    team_size: int
    reviewed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UseEvidence:
    """One event behind it. What was disclosed is named, not shown again; so is what was typed.

    `at` is None where the event was purged. `how` is how they said they come to ask, by its code or in words.
    """

    at: datetime | None
    action: str = ""
    allowed: bool = True
    purpose: str = ""
    typed: tuple[str, ...] = ()
    shown: int = 0
    protected: bool = False
    fields: tuple[str, ...] = ()
    services: int = 0
    mediated_for: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UseStep:
    """What was done about it. `by` is empty where the directory did it."""

    what: str
    because: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UseInFull:
    """An access with its evidence, what was done about it, and what may be said of it."""

    line: UseLine
    evidence: tuple[UseEvidence, ...]
    steps: tuple[UseStep, ...]
    manager: str
    may_be_said: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UseDecided:
    """The answer to a verdict."""

    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UseChanged:
    """Somebody else decided meanwhile; how it stands now."""

    now: UseInFull


@dataclass(frozen=True, slots=True, kw_only=True)
class UseMonth:
    """What a month of use came to. `states` says how many of what was found stand how."""

    month: date
    days: int
    accesses: int
    explained: int
    sampled: int
    queued: int
    states: tuple[tuple[UseState, int], ...]

    @property
    def still_open(self) -> int:
        """How many wait for somebody."""
        return sum(count for state, count in self.states if state in OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class UseSignedOff:
    """A month that was signed off, by whom and in which words."""

    month: date
    accesses: int
    queued: int
    because: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UseQuestion:
    """What a reviewer asks a manager. `child` is empty where it is not for the manager to know."""

    item: int
    day: date
    name: str
    child: str
    looks: int
    asked: str
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered:
    """The answer to answering."""

    item: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOff:
    """The answer to signing a month off."""

    month: str
