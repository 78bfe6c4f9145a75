"""What whoever keeps consents is shown, and decisions not to share, with their coded reasons (R37-R41)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from contactpoint.domain.disclosure.consent_life import (
    LONGEST,
    ConsentState,
    ConsentStep,
    Relation,
    WithoutConsent,
)
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.involvement import Consent, ConsentBasis, ConsentScope


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentToDo:
    """A consent that waits for somebody. It says which organisation's, not whose. `in_all` is of its kind."""

    state: ConsentState
    in_all: int
    involvement: int
    organisation: str
    since: datetime
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentLine:
    """One sensitive service of a child, and how its consent stands."""

    involvement: int
    service: str
    organisation: str
    practitioner: str
    state: ConsentState
    consent: Consent


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildsConsents:
    """The sensitive services of one child whose consents the viewer keeps; mostly there are none."""

    child_name: str
    lines: tuple[ConsentLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentStepTaken:
    """One step of a consent, by whom and for whom it was written down."""

    step: ConsentStep
    basis: ConsentBasis
    scope: ConsentScope
    until: date | None
    understands: bool | None
    relation: Relation | None
    decided_by: str
    decided_by_title: str
    without: WithoutConsent | None
    by_name: str
    made_for: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentInFull:
    """One consent as whoever keeps it reads it."""

    child_name: str
    number: str
    protected: bool
    line: ConsentLine
    steps: tuple[ConsentStepTaken, ...]
    may_withdraw: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentChanged:
    """The answer to a step: how the consent stands now."""

    state: str


class Withheld(StrEnum):
    """What it is decided not to share."""

    INVOLVEMENT = "involvement"
    ANSWER = "answer"
    INFORMATION = "information"


class WithheldBecause(StrEnum):
    """Why. The duty to share yields where sharing would be worse for the child (Children Act 2004 s16LA)."""

    REFUSED = "refused"
    WORSE_FOR_CHILD = "worse_for_child"
    DANGER = "danger"
    NOT_RELEVANT = "not_relevant"
    CONFIDENCE = "confidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSharedSaid:
    """A decision not to share: what, why, and who answers for it.

    Raises:
        InvalidInput: nobody is named.
    """

    what: Withheld
    reason: WithheldBecause
    decided_by: str
    decided_by_title: str

    def __post_init__(self) -> None:
        """Refuse a decision for which nobody answers."""
        for name in ("decided_by", "decided_by_title"):
            text = " ".join(getattr(self, name).split())
            if not 0 < len(text) <= LONGEST:
                raise InvalidInput(f"Say who decided and their role, in up to {LONGEST} characters each.")
            object.__setattr__(self, name, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSharedLine:
    """A decision not to share as its maker or the consent desk reads it: the child by number alone."""

    number: str
    organisation: str
    said: NotSharedSaid
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSharedNoted:
    """The answer to writing a decision down, whatever there is of the child."""

    decision: int
