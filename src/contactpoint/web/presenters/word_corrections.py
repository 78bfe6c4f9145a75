"""The words of corrections about what somebody said of their own work."""

from dataclasses import dataclass
from datetime import date

from contactpoint.domain.disclosure.answering import AskedAs, WordAnswer
from contactpoint.domain.disclosure.answers import WordInFull, WordToAnswer
from contactpoint.domain.disclosure.contesting import Basis
from contactpoint.domain.here import HERE
from contactpoint.web.forms.corrections import BASIS_WORDS
from contactpoint.web.presenters.words import day_words, moment_words

ASKED_WORDS = {
    AskedAs.AUTHOR: "You said it.",
    AskedAs.COLLEAGUE: "A colleague of yours said it, and cannot answer or passed it on to you.",
    AskedAs.TEAM: "Nobody of the service has answered, and your team answers for the child.",
}
_ENDED = {AskedAs.AUTHOR: "I no longer work with this child"}
_NOT_MINE = {
    AskedAs.AUTHOR: "It is not mine to answer: ask my colleagues",
    AskedAs.COLLEAGUE: "We cannot say: ask the team that answers for the child",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WordView:
    """A correction that I am asked about."""

    correction_id: int
    child: str
    says: str
    right: str
    basis: str
    asked: str
    answer_by: str
    late: bool
    why_me: str


def word_view(one: WordToAnswer, on: date) -> WordView:
    """One of them."""
    return WordView(
        correction_id=one.correction_id,
        child=one.child_name,
        says=one.says,
        right=one.right,
        basis=BASIS_WORDS[Basis(one.basis)],
        asked=moment_words(one.asked_at.astimezone(HERE)),
        answer_by=day_words(one.answer_by),
        late=one.answer_by < on,
        why_me=ASKED_WORDS[AskedAs(one.asked_as)],
    )


def answer_choices(found: WordInFull) -> list[tuple[str, str]]:
    """What may be answered, in words of whoever answers."""
    asked_as = AskedAs(found.asked.asked_as)
    words = {
        WordAnswer.CORRECTED: "It is wrong: what is right stands below",
        WordAnswer.ENDED: _ENDED.get(asked_as, "They no longer work with this child"),
        WordAnswer.STANDS: "It is right as it stands",
        WordAnswer.NOT_MINE: _NOT_MINE.get(asked_as, ""),
    }
    return [(answer, words[WordAnswer(answer)]) for answer in found.answers]
