"""Who asks what is held, how that was shown, by when it is answered, and what moves a request (R60).

Codes alone: no copy of a document is kept, and no case text (R17).
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from contactpoint.domain.errors import InvalidInput


class Asker(StrEnum):
    """Who asks."""

    CHILD = "child"
    PARENT = "parent"
    REPRESENTATIVE = "representative"


class Identity(StrEnum):
    """How it was shown who they are."""

    DOCUMENT = "document"
    KNOWN = "known"
    TWO_LETTERS = "two_letters"
    NOT_SHOWN = "not_shown"


class Entitlement(StrEnum):
    """How it was shown that they may ask."""

    UNDERSTANDS = "understands"
    BIRTH_CERTIFICATE = "birth_certificate"
    COURT_ORDER = "court_order"
    AGREEMENT = "agreement"
    CHILDS_AUTHORITY = "childs_authority"
    PARENTS_AUTHORITY = "parents_authority"
    NOT_SHOWN = "not_shown"


ENTITLES: Final[Mapping[Asker, frozenset[Entitlement]]] = {
    Asker.CHILD: frozenset({Entitlement.UNDERSTANDS}),
    Asker.PARENT: frozenset({Entitlement.BIRTH_CERTIFICATE, Entitlement.COURT_ORDER, Entitlement.AGREEMENT}),
    Asker.REPRESENTATIVE: frozenset(
        {Entitlement.CHILDS_AUTHORITY, Entitlement.PARENTS_AUTHORITY, Entitlement.COURT_ORDER}
    ),
}
"""What entitles whom: a child who is judged able to understand, a parent with parental responsibility."""


class FamilyState(StrEnum):
    """How far a request is."""

    OPEN = "open"
    EXTENDED = "extended"
    ANSWERED = "answered"
    REFUSED = "refused"


UNANSWERED: Final = frozenset({FamilyState.OPEN, FamilyState.EXTENDED})


class FamilyStep(StrEnum):
    """What an answering desk does with one."""

    EXTEND = "extend"
    ANSWER = "answer"
    REFUSE = "refuse"
    PASS_ON = "pass_on"  # noqa: S105 - a step, not a password


TRANSITIONS: Final[Mapping[tuple[FamilyState, FamilyStep], FamilyState]] = {
    (FamilyState.OPEN, FamilyStep.EXTEND): FamilyState.EXTENDED,
    (FamilyState.OPEN, FamilyStep.ANSWER): FamilyState.ANSWERED,
    (FamilyState.OPEN, FamilyStep.REFUSE): FamilyState.REFUSED,
    (FamilyState.OPEN, FamilyStep.PASS_ON): FamilyState.OPEN,
    (FamilyState.EXTENDED, FamilyStep.ANSWER): FamilyState.ANSWERED,
    (FamilyState.EXTENDED, FamilyStep.REFUSE): FamilyState.REFUSED,
    (FamilyState.EXTENDED, FamilyStep.PASS_ON): FamilyState.EXTENDED,
}
"""What may be done when; whatever is not here is refused. Once extended, a request is not extended again."""


class Because(StrEnum):
    """Why an answer takes longer, or why it is refused."""

    COMPLEX = "complex"
    MANY = "many"
    NOT_SHOWN = "not_shown"
    CHILD_OBJECTS = "child_objects"
    EXCESSIVE = "excessive"
    NOTHING_TO_GIVE = "nothing_to_give"


REASONS: Final[Mapping[FamilyStep, frozenset[Because]]] = {
    FamilyStep.EXTEND: frozenset({Because.COMPLEX, Because.MANY}),
    FamilyStep.REFUSE: frozenset(
        {Because.NOT_SHOWN, Because.CHILD_OBJECTS, Because.EXCESSIVE, Because.NOTHING_TO_GIVE}
    ),
}
MONTHS, MONTHS_WHEN_EXTENDED = 1, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyAsking:
    """Somebody asked what is held about a child, and how they showed who they are and that they may.

    Raises:
        InvalidInput: what is said to entitle them cannot.
    """

    asker: Asker
    identity: Identity
    entitlement: Entitlement
    received_on: date

    def __post_init__(self) -> None:
        """Refuse an entitlement that is nobody's of that kind."""
        if self.entitlement is not Entitlement.NOT_SHOWN and self.entitlement not in ENTITLES[self.asker]:
            raise InvalidInput("That does not show that this person may ask. Choose what does, or “not yet”.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyInQuestion:
    """A request of a family, as far as the rules ask about it.

    `protected`: the child is shielded, or a desk passed it on because an answer could endanger somebody.
    `shown`: who asks, and that they may, was shown; None where nothing is told yet. `step` is what is asked
    to be done, `because` its reason.
    """

    protected: bool
    authority: str | None
    shown: bool | None = None
    state: FamilyState = FamilyState.OPEN
    step: FamilyStep | None = None
    because: Because | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyLine:
    """One line of a desk's list. What the national desk answers (`elsewhere`) has neither day nor state."""

    request: int
    asker: Asker
    received_on: date
    due_on: date | None
    state: FamilyState | None
    elsewhere: bool


def due_on(received_on: date, *, extended: bool = False) -> date:
    """One month from the day it came, three where extended: the same day of the month, or its last (R60)."""
    months = received_on.month - 1 + (MONTHS_WHEN_EXTENDED if extended else MONTHS)
    year, month = received_on.year + months // 12, months % 12 + 1
    return date(year, month, min(received_on.day, monthrange(year, month)[1]))


def what_becomes_of_it(state: FamilyState, step: FamilyStep, because: Because | None) -> FamilyState | None:
    """The next state; None where the table has no such move, or its reason is missing or another's (R60)."""
    wanted = REASONS.get(step)
    if (wanted is None) != (because is None) or (wanted is not None and because not in wanted):
        return None
    return TRANSITIONS.get((state, step))


def was_it_shown_who_asks(identity: Identity, entitlement: Entitlement) -> bool:
    """Nobody is told anything before they have shown who they are and that they may ask (R60)."""
    return identity is not Identity.NOT_SHOWN and entitlement is not Entitlement.NOT_SHOWN
