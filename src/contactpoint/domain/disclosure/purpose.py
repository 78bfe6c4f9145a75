"""The coded reason stated before a search or a view (R8, R9), and what the law lets access be for (R2)."""

from dataclasses import dataclass
from enum import StrEnum

from contactpoint.domain.errors import InvalidInput


class PurposeCode(StrEnum):
    """The reasons a person may give; none is ever chosen for them (R9)."""

    SAFEGUARDING = "safeguarding"
    COORDINATING = "coordinating"
    MISSING_EDUCATION = "missing_education"
    TRANSFER = "transfer"
    CORRECTING = "correcting"
    SHIELD_DECISION = "shield_decision"
    FAMILY_ASKS = "family_asks"
    OTHER = "other"


PURPOSE_WORDS: dict[PurposeCode, str] = {
    PurposeCode.SAFEGUARDING: "Worried about a child's safety or welfare",
    PurposeCode.COORDINATING: "Starting or coordinating help",
    PurposeCode.MISSING_EDUCATION: "Child may be missing education",
    PurposeCode.TRANSFER: "Transferring a child",
    PurposeCode.CORRECTING: "Correcting records",
    PurposeCode.SHIELD_DECISION: "Deciding how a record is protected",
    PurposeCode.FAMILY_ASKS: "A family asks what is held",
    PurposeCode.OTHER: "Something else",
}
FINDING_PURPOSES = tuple(
    code for code in PurposeCode if code not in {PurposeCode.SHIELD_DECISION, PurposeCode.FAMILY_ASKS}
)
"""What anybody who looks for a child may state; of the others, one is the shield desk's, the other is for
whoever answers families (R60)."""


class LegalPurpose(StrEnum):
    """What the law opened the directory for (R2). Fighting crime is not among it."""

    CO_OPERATE = "Children Act 2004 s10: work together for children's wellbeing"
    SAFEGUARD = "Children Act 2004 s11, Education Act 2002 s175: safeguard and promote welfare"
    MISSING_EDUCATION = "Education Act 1996 s436A: find children who get no education"
    KEEP_RIGHT = "Children Act 2004 s12: keep the directory accurate, safe and accounted for"


_LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """A stated reason.

    Raises:
        InvalidInput: "something else" without saying what (R9), or more than 200 characters.
    """

    code: PurposeCode
    text: str | None = None

    def __post_init__(self) -> None:
        """Refuse an unexplained "something else"."""
        text = (self.text or "").strip() or None
        object.__setattr__(self, "text", text)
        if self.code is PurposeCode.OTHER and text is None:
            raise InvalidInput("Say why you need to look.")
        if text is not None and len(text) > _LONGEST_TEXT:
            raise InvalidInput(f"Keep the reason to {_LONGEST_TEXT} characters.")
