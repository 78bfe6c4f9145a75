"""The life of a shield: its states, what moves it from one to the next, and what whoever moves it must say.

A shield hides from the moment it is placed until the moment it is lifted, whatever its state: no state shows
on any page but the shield desk's. The diagram in docs/rules/shield.md is made from this table, and the
database holds the same table (storage/sql/shielding.sql), so that nothing moves a shield otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Ground(StrEnum):
    """Why whereabouts must be hidden (R28). A parent's job is none (R29)."""

    DOMESTIC_ABUSE = "domestic_abuse"
    ADOPTION = "adoption"
    HIDDEN_LOCATION = "hidden_location"
    PROTECTED_IDENTITY = "protected_identity"


class ShieldState(StrEnum):
    """Where a shield is in its life. All but the last hide alike."""

    TEMPORARY = "temporary"
    ESCALATED = "escalated"
    CONFIRMED = "confirmed"
    LIFT_ASKED = "lift_asked"
    LIFT_WAITING = "lift_waiting"
    LIFTED = "lifted"


class ShieldStep(StrEnum):
    """What moves a shield."""

    PLACED = "placed"
    ESCALATED = "escalated"
    CONFIRMED = "confirmed"
    EXTENDED = "extended"
    LIFT_ASKED = "lift_asked"
    LIFT_AGREED = "lift_agreed"
    LIFT_STOPPED = "lift_stopped"
    LIFTED = "lifted"


TRANSITIONS: Final[Mapping[tuple[ShieldState | None, ShieldStep], ShieldState]] = {
    (None, ShieldStep.PLACED): ShieldState.TEMPORARY,
    (ShieldState.TEMPORARY, ShieldStep.ESCALATED): ShieldState.ESCALATED,
    (ShieldState.TEMPORARY, ShieldStep.CONFIRMED): ShieldState.CONFIRMED,
    (ShieldState.TEMPORARY, ShieldStep.LIFT_ASKED): ShieldState.LIFT_ASKED,
    (ShieldState.ESCALATED, ShieldStep.CONFIRMED): ShieldState.CONFIRMED,
    (ShieldState.ESCALATED, ShieldStep.LIFT_ASKED): ShieldState.LIFT_ASKED,
    (ShieldState.CONFIRMED, ShieldStep.EXTENDED): ShieldState.CONFIRMED,
    (ShieldState.CONFIRMED, ShieldStep.LIFT_ASKED): ShieldState.LIFT_ASKED,
    (ShieldState.LIFT_ASKED, ShieldStep.LIFT_AGREED): ShieldState.LIFT_WAITING,
    # Whoever stops a lifting hands it to the national desk, which decides anew.
    (ShieldState.LIFT_ASKED, ShieldStep.LIFT_STOPPED): ShieldState.ESCALATED,
    (ShieldState.LIFT_WAITING, ShieldStep.LIFT_STOPPED): ShieldState.ESCALATED,
    (ShieldState.LIFT_WAITING, ShieldStep.LIFTED): ShieldState.LIFTED,
}

# What only the passing of time does; no person can.
OF_THEMSELVES: Final = frozenset({ShieldStep.ESCALATED, ShieldStep.LIFTED})

REVIEWED_AFTER: Final = timedelta(days=183)
"""Shields are reviewed at six months (R31)."""

PROTECTED_WITHIN: Final = timedelta(days=7)
MOST_PROTECTED: Final = 10
MOST_PROTECTED_AT_A_DESK: Final = 50
"""How many children one person has protected within that time: it can hide a child from help, too."""


class Threat(StrEnum):
    """What would happen if somebody learnt where the child is (R28)."""

    HARM_TO_CHILD = "harm_to_child"
    HARM_TO_CARER = "harm_to_carer"
    PLACEMENT_ENDANGERED = "placement_endangered"
    NONE_KNOWN = "none_known"


class View(StrEnum):
    """What somebody thinks of the protection (R30)."""

    WANTS_IT = "wants_it"
    AGAINST_IT = "against_it"
    NO_VIEW = "no_view"
    NOT_SAFE_TO_ASK = "not_safe_to_ask"
    TOO_YOUNG = "too_young"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """What was weighed before a shield was confirmed or extended, as codes: no case text (R17, R30)."""

    ground: Ground
    threat: Threat
    child: View
    carers: View
    practitioners: View

    @property
    def answers(self) -> dict[str, str]:
        """As it is stored."""
        return {
            "ground": self.ground.value,
            "threat": self.threat.value,
            "child": self.child.value,
            "carers": self.carers.value,
            "practitioners": self.practitioners.value,
        }


class Contacted(StrEnum):
    """Who was spoken with before a shield is lifted."""

    CHILD = "child"
    CARER = "carer"
    WORKER = "worker"
    NOBODY = "nobody"


class Way(StrEnum):
    """How they were reached, so that nobody else could have answered."""

    IN_PERSON = "in_person"
    KNOWN_NUMBER = "known_number"
    THROUGH_REFUGE = "through_refuge"
    THROUGH_POLICE = "through_police"
    NOT_SURE = "not_sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeContact:
    """The record that safe contact was made with the protected person before a lifting is asked for."""

    contacted: Contacted
    way: Way
    alone: bool
    agrees: bool

    @property
    def answers(self) -> dict[str, str]:
        """As it is stored."""
        return {
            "contacted": self.contacted.value,
            "way": self.way.value,
            "alone": "yes" if self.alone else "no",
            "agrees": "yes" if self.agrees else "no",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ShieldInQuestion:
    """A shield and what somebody asks to do with it, as far as the rules ask about it.

    `authority` is whose desk it waits at, None where it is the national one's alone; `paired` where the
    viewer sees it as the second desk of a small one.
    """

    state: ShieldState
    step: ShieldStep | None
    authority: str | None
    placed_by_viewer: bool
    lift_asked_by_viewer: bool
    weighing: Weighing | None = None
    safe_contact: SafeContact | None = None
    paired: bool = False


# What a desk decides for another one that it is paired with: what takes a second person.
FOR_A_SECOND: Final = frozenset(
    {ShieldStep.CONFIRMED, ShieldStep.EXTENDED, ShieldStep.LIFT_AGREED, ShieldStep.LIFT_STOPPED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectingInQuestion:
    """How many children somebody has had protected lately, as far as the rules ask about it."""

    lately: int
    at_a_desk: bool


def is_it_too_many(asked: ProtectingInQuestion) -> bool:
    """One person has so many children protected in a week and no more, whatever became of it (R26)."""
    return asked.lately >= (MOST_PROTECTED_AT_A_DESK if asked.at_a_desk else MOST_PROTECTED)


class HiddenReason(StrEnum):
    """Why somebody of a shield desk must see what a shield hides (R32)."""

    BROKER = "broker"
    DECIDE = "decide"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenInQuestion:
    """Whether it was said why what is hidden is read, as far as the rules ask about it."""

    reason: HiddenReason | None


def what_becomes_of_it(state: ShieldState | None, step: ShieldStep) -> ShieldState | None:
    """The next state, None where the table has no such move: a shield never lapses unattended (R26, R31)."""
    return TRANSITIONS.get((state, step))


def does_knowing_where_add_risk(weighing: Weighing) -> bool:
    """A risk of significant harm shields, or one to a placement; adoption by itself does not (R28, R29)."""
    if weighing.threat is Threat.PLACEMENT_ENDANGERED:
        return weighing.ground is Ground.ADOPTION
    return weighing.threat is not Threat.NONE_KNOWN


def was_contact_safe(contact: SafeContact) -> bool:
    """Somebody was reached alone, in a way nobody else could answer, and agrees that it be lifted (R30)."""
    reached = contact.contacted is not Contacted.NOBODY and contact.way is not Way.NOT_SURE
    return reached and contact.alone and contact.agrees


def diagram() -> str:
    """The table as a Mermaid diagram, for docs/rules/shield.md."""
    lines = ["stateDiagram-v2"]
    for (was, step), then in TRANSITIONS.items():
        lines.append(f"    {was.value if was else '[*]'} --> {then.value}: {step.value}")
    lines.append(f"    {ShieldState.LIFTED.value} --> [*]")
    return "\n".join(lines)
