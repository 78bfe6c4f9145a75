"""The words of known pairs."""

from dataclasses import dataclass

from contactpoint.domain.known_pairs import IN_A_ROUND, Agreement, KnownRound, Learnt
from contactpoint.web.presenters.matching import VERDICT_WORDS
from contactpoint.web.presenters.words import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntView:
    """One pair of a round that is over."""

    names: str
    said: str
    truth: str
    because: str
    wrong: bool


def learnt_views(found: KnownRound) -> list[LearntView]:
    """What one said of each pair, beside what is true."""
    return [_learnt(one) for one in found.learnt]


def right_words(found: KnownRound) -> str:
    """How many of ten one said as it is."""
    return f"{sum(one.said is one.truth for one in found.learnt)} of {IN_A_ROUND}"


def agreement_words(team: Agreement) -> str:
    """How alike people decided, in words and in Fleiss' kappa."""
    if team.right is None:
        return "Nobody has decided all ten of this quarter yet."
    told = f"{counted(team.people, 'person has', 'people have')} decided all ten: {team.right:.0%} as it is."
    if team.kappa is None:
        return f"{told} How alike people decide can be told when a second person has."
    return (
        f"{told} Agreement beyond chance (Fleiss' kappa) is {team.kappa:.2f}: 1 is where all say the same of "
        "each pair, 0 is no more than chance."
    )


def _learnt(one: Learnt) -> LearntView:
    return LearntView(
        names=" and ".join(dict.fromkeys(one.names)),
        said=VERDICT_WORDS[one.said],
        truth=VERDICT_WORDS[one.truth],
        because=one.because,
        wrong=one.said is not one.truth,
    )
