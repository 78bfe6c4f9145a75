"""The life of a consent: who agreed to what, until when, when it is asked for again, how it ends (R36-R41).

Codes alone: of what was said between a practitioner and a family nothing is written (R17). Who decided that
harm is suspected is named, because somebody answers for it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.involvement import Consent, ConsentBasis, ConsentScope

# Whoever agreed is asked again before it ends, or after a year where they set no end.
ENDS_SOON: Final = timedelta(days=28)
ASKED_AGAIN_AFTER: Final = timedelta(days=365)
# What was recorded without anybody's consent is looked at again after half a year, like a shield.
SUSPICION_REVIEWED_AFTER: Final = timedelta(days=182)
LONGEST: Final = 120


class Relation(StrEnum):
    """Who a parent or carer who agrees is to the child (R38)."""

    MOTHER = "mother"
    FATHER = "father"
    GUARDIAN = "guardian"
    FOSTER_CARER = "foster_carer"
    AUTHORITY = "authority"
    OTHER_CARER = "other_carer"


class WithoutConsent(StrEnum):
    """Why a service is recorded although nobody agreed: harm is suspected, and asking would not do (R37)."""

    ASKING_ADDS_RISK = "asking_adds_risk"
    NOBODY_TO_ASK = "nobody_to_ask"
    REFUSED = "refused"


class ConsentStep(StrEnum):
    """What happened to a consent."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class ConsentState(StrEnum):
    """How a consent stands on a day, the most pressing first."""

    ENDED = "ended"
    ENDS_SOON = "ends_soon"
    ASK_AGAIN = "ask_again"
    LOOK_AGAIN = "look_again"
    AGREED = "agreed"
    SUSPECTED = "suspected"
    WITHDRAWN = "withdrawn"


WAITING: Final = (
    ConsentState.ENDED,
    ConsentState.ENDS_SOON,
    ConsentState.ASK_AGAIN,
    ConsentState.LOOK_AGAIN,
)
"""The states in which somebody has to do something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentSaid:
    """What a person records of a consent, or of why there is none.

    `understands` is whether the child was judged to understand what it means; whoever records it judged.
    `relation` is of a parent or carer who agreed. `decided_by`, its title and `without` say who decided that
    significant harm is suspected, and why nobody agreed.

    Raises:
        InvalidInput: something that belongs to the basis is missing.
    """

    basis: ConsentBasis
    scope: ConsentScope = ConsentScope.LISTED
    until: date | None = None
    understands: bool | None = None
    relation: Relation | None = None
    decided_by: str = ""
    decided_by_title: str = ""
    without: WithoutConsent | None = None

    def __post_init__(self) -> None:
        """Refuse a consent of which nobody could say whose it is."""
        for name in ("decided_by", "decided_by_title"):
            object.__setattr__(self, name, " ".join(getattr(self, name).split()))
        if self.basis is not ConsentBasis.SIGNIFICANT_HARM:
            self._check_who_agreed()
            return
        if not self.decided_by or not self.decided_by_title or self.without is None:
            raise InvalidInput("Say who decided that harm is suspected, their role, and why nobody agreed.")
        if max(len(self.decided_by), len(self.decided_by_title)) > LONGEST:
            raise InvalidInput(f"Keep the name and the role to {LONGEST} characters each.")
        # Suspicion permits recording, never showing: only the desk knows of it (R37, R39).
        object.__setattr__(self, "scope", ConsentScope.DESK)

    def _check_who_agreed(self) -> None:
        if self.decided_by or self.decided_by_title or self.without:
            raise InvalidInput("Either somebody agreed, or somebody decided without.")
        if self.understands is None:
            raise InvalidInput("Say whether the child understands what it means.")
        if (self.relation is None) != (self.basis is ConsentBasis.CHILD):
            raise InvalidInput("Say who the parent or carer is, and only of a parent or carer.")


def does_whoever_agreed_decide(basis: ConsentBasis, *, understands: bool | None) -> bool:
    """A child who understands decides, and nobody for them; of one who does not, a parent or carer (R38)."""
    match basis:
        case ConsentBasis.CHILD:
            return understands is True
        case ConsentBasis.CARER:
            return understands is False
        case ConsentBasis.SIGNIFICANT_HARM:
            return True


def how_does_it_stand(consent: Consent, *, since: date, on: date) -> ConsentState:
    """Whether it shows, ends soon or has ended, and when it is asked for again (R37, R38, R41).

    `since` is the day on which it was last given, or became known.
    """
    if consent.withdrawn_at is not None:
        return ConsentState.WITHDRAWN
    if consent.basis is ConsentBasis.SIGNIFICANT_HARM:
        again = since + SUSPICION_REVIEWED_AFTER < on
        return ConsentState.LOOK_AGAIN if again else ConsentState.SUSPECTED
    if consent.until is None:
        return ConsentState.ASK_AGAIN if since + ASKED_AGAIN_AFTER < on else ConsentState.AGREED
    if consent.until < on:
        return ConsentState.ENDED
    return ConsentState.ENDS_SOON if consent.until <= on + ENDS_SOON else ConsentState.AGREED


def may_it_be_withdrawn(consent: Consent) -> bool:
    """Whatever was agreed to can be withdrawn, once; a suspicion is nobody's to withdraw (R41)."""
    return consent.withdrawn_at is None and consent.basis is not ConsentBasis.SIGNIFICANT_HARM
