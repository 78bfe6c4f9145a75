"""Known pairs: records of children who were made up, by which reviewers see how alike they decide (ADR 43).

Ten are shown in a quarter of a year, the same to everybody, among nothing else. What is true is told when all
ten are decided, so that no word depends on another's.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from contactpoint.domain.known_pairs_table import DECK, Facts
from contactpoint.domain.matching import CaseInFull, Verdict

IN_A_ROUND: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPair:
    """Two records, whether they are one child's, and what tells it."""

    code: str
    left: Facts
    right: Facts
    truth: Verdict
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How alike the people of a team, or of the nation, decided one round.

    `right` is the share of their words that are true. `kappa` is Fleiss' kappa of the three words: 1 where
    all said the same of each pair, 0 where they agree as often as chance; None with fewer than two people.
    """

    people: int
    right: float | None
    kappa: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """One pair after the round: how the two are called, what one said, what is true and what tells it."""

    names: tuple[str, str]
    said: Verdict
    truth: Verdict
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRound:
    """Where somebody is in a round: the next pair, or what they learn of all once they have said ten.

    `team` is how alike those decided who have finished, of the viewer's area or of England.
    """

    done: int
    code: str | None
    case: CaseInFull | None
    learnt: tuple[Learnt, ...]
    team: Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSaid:
    """A word on a known pair is kept; `done` of ten are."""

    done: int


def round_of(day: date) -> str:
    """The round of a day: its quarter, as "2026-4"."""
    return f"{day.year}-{(day.month + 2) // 3}"


def pairs_of(of_round: str) -> tuple[KnownPair, ...]:
    """The ten of a round; the next round has the other half of the deck."""
    year, quarter = (int(part) for part in of_round.split("-"))
    begin = IN_A_ROUND * ((4 * year + quarter) % (len(DECK) // IN_A_ROUND))
    return tuple(
        KnownPair(code=code, left=left, right=right, truth=truth, because=because)
        for code, left, right, truth, because in DECK[begin : begin + IN_A_ROUND]
    )


def agreement(said: Mapping[str, Mapping[str, Verdict]], of_round: str) -> Agreement:
    """How alike people decided; `said` is by person and pair. Who has not finished does not count."""
    pairs = pairs_of(of_round)
    whole = [one for one in said.values() if all(pair.code in one for pair in pairs)]
    if not whole:
        return Agreement(people=0, right=None, kappa=None)
    right = sum(one[pair.code] is pair.truth for one in whole for pair in pairs)
    counts = [Counter(one[pair.code] for one in whole) for pair in pairs]
    return Agreement(
        people=len(whole),
        right=right / (len(whole) * len(pairs)),
        kappa=fleiss_kappa([[one[verdict] for verdict in Verdict] for one in counts]),
    )


def fleiss_kappa(counts: Sequence[Sequence[int]]) -> float | None:
    """Agreement beyond chance of several people on several things (Fleiss 1971, Psychological Bulletin 76).

    Args:
        counts: for each thing, how many people put it into each category; the same number of people each.

    Returns:
        (observed - expected) / (1 - expected); 1 where all agree on one category throughout; None with fewer
        than two people.
    """
    people = sum(counts[0])
    if people < 2:
        return None
    observed = _mean(sum(n * (n - 1) for n in row) / (people * (people - 1)) for row in counts)
    in_all = people * len(counts)
    expected = sum((sum(column) / in_all) ** 2 for column in zip(*counts, strict=True))
    return 1.0 if expected == 1 else (observed - expected) / (1 - expected)


def _mean(values: Iterable[float]) -> float:
    held = list(values)
    return sum(held) / len(held)
