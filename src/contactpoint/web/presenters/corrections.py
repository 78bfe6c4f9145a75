"""The words of "Something here is wrong" and of the list of corrections."""

from dataclasses import dataclass
from datetime import datetime

from contactpoint.domain.disclosure.answering import RightBecause
from contactpoint.domain.disclosure.answers import (
    CorrectableItem,
    CorrectionSent,
    CorrectionToAnswer,
    FeedCorrection,
    OwnCorrection,
)
from contactpoint.domain.disclosure.contesting import Basis, Fate, Field
from contactpoint.domain.here import HERE
from contactpoint.web.forms.corrections import BASIS_WORDS, FIELD_WORDS
from contactpoint.web.presenters.messages import Link, MessagePage
from contactpoint.web.presenters.words import birth_date_words, moment_words, sex_words

FATE_WORDS = {
    Fate.SENT: "Sent to the source. It has not answered yet.",
    Fate.AGREED: "The source agrees and will correct it with its next delivery.",
    Fate.STILL_SAID: "The source agreed, and its last delivery still says the same. It is asked again.",
    Fate.CORRECTED: "The source has corrected it.",
    Fate.STANDS: "The source says that it is right.",
}
# Of what somebody said of their own work; whoever is asked by then, nobody says here who that is.
WORD_FATES = {
    Fate.SENT: "Whoever said it is asked, or who stands for them. Nobody has answered yet.",
    Fate.CORRECTED: "It was corrected, or has ended.",
    Fate.STANDS: "They say that it is right.",
}
LATE_WORDS = "That is late, so the team that answers for the child is asked as well."
BECAUSE_WORDS = {
    RightBecause.WORKS_WITH_CHILD: "They work with the child",
    RightBecause.NUMBER_ANSWERED: "The number is right, and somebody answers it",
    RightBecause.CHECKED: "It was checked with the family or against a document",
}
_DATES = (Field.DATE_OF_BIRTH, Field.DATE_OF_DEATH)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCorrectionView:
    """A correction I asked for."""

    child: str
    field: str
    source: str
    right: str
    asked: str
    fate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAnswerView:
    """A correction our sources are asked for."""

    correction_id: int
    child: str
    local_id: str
    source: str
    field: str
    says: str
    right: str
    basis: str
    asked: str
    still: str
    by_hand: bool
    agree: str


def still_words(delivered_at: datetime | None) -> str:
    """What the source is told that agreed, and delivered again without correcting it; else nothing."""
    if delivered_at is None:
        return ""
    sent = moment_words(delivered_at.astimezone(HERE))
    return f"You agreed to correct it. What you sent on {sent} still says the same."


def says_words(item: CorrectableItem | CorrectionToAnswer | FeedCorrection) -> str:
    """What a source says, as people read it."""
    field = Field(item.field)
    if field in _DATES and item.says:
        return birth_date_words(item.says)
    return sex_words(item.says) if field is Field.SEX else item.says


def own_correction_view(one: OwnCorrection) -> OwnCorrectionView:
    """One line of what I asked for."""
    return OwnCorrectionView(
        child=one.child_name,
        field=FIELD_WORDS[Field(one.field)],
        source=one.source_name,
        right=one.right,
        asked=moment_words(one.asked_at.astimezone(HERE)),
        fate=_fate(one),
    )


def _fate(one: OwnCorrection) -> str:
    fate = Fate(one.fate)
    if not one.of_person:
        return FATE_WORDS[fate]
    because = f" {BECAUSE_WORDS[RightBecause(one.because)]}." if one.because else ""
    return f"{WORD_FATES[fate]}{because}{f' {LATE_WORDS}' if one.late else ''}"


def to_answer_view(one: CorrectionToAnswer) -> ToAnswerView:
    """One line of what we are asked."""
    return ToAnswerView(
        correction_id=one.correction_id,
        child=one.child_name,
        local_id=one.local_id,
        source=one.source_name,
        field=FIELD_WORDS[Field(one.field)],
        says=says_words(one),
        right=one.right,
        basis=BASIS_WORDS[Basis(one.basis)],
        asked=moment_words(one.asked_at.astimezone(HERE)),
        still=still_words(one.delivered_at),
        by_hand=one.by_hand,
        # What was said by hand is corrected here, and not said to be.
        agree="" if one.by_hand else "We will correct it",
    )


def sent_page(sent: CorrectionSent, handle: str) -> MessagePage:
    """Asked."""
    asked = (
        "Whoever said it has been asked about it."
        if sent.of_person
        else f"{sent.source_name} has been asked to correct it."
    )
    return MessagePage(
        title="Asked",
        lines=(asked, "Until there is an answer, the record says that a correction has been asked for."),
        links=(
            Link(text="See what became of it", href="/corrections/"),
            Link(text="Go back to the record", href=f"/record/{handle}/"),
        ),
    )
