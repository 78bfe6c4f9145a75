"""Levels into bits: is this the same child rather than a twin, a brother or sister, or a stranger?

Fellegi and Sunter (1969) with four alternatives. Everything twins share speaks for a twin as loudly as for
the same child, so birth date, home and last name cannot outvote the forename.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from contactpoint.domain.people import PersonFacts
from contactpoint.linking.model.compare import compare
from contactpoint.linking.model.levels import (
    FORENAME,
    RARITY_STEPS,
    SURNAME,
    Context,
    Forename,
    Levels,
    Surname,
)
from contactpoint.linking.model.normalise import Name, Profile, profile_of
from contactpoint.linking.model.weights import SAME, STRANGER, Model, Rarity

RARE_FORENAMES: Final = frozenset(
    {
        Forename.EXACT,
        Forename.KNOWN_AS,
        Forename.NICKNAME,
        Forename.SPELLING,
        Forename.SOUNDS,
        Forename.CLOSE,
    }
)
RARE_SURNAMES: Final = frozenset(
    {Surname.EXACT, Surname.FORMER, Surname.VARIANT, Surname.SOUNDS, Surname.CLOSE}
)
"""Levels at which a stranger's chance is the name's frequency, not the table's average."""


class Decision(StrEnum):
    """What to do about two records: link them, ask a person, or take them for two children."""

    LINK = "link"
    REVIEW = "review"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairScore:
    """What the model makes of two records. `weight` is the log2 odds of same child against all else."""

    levels: Levels
    weight: float
    decision: Decision

    @property
    def probability(self) -> float:
        """The chance that both are one child."""
        return 1 / (1 + math.exp2(-max(-500.0, min(500.0, self.weight))))


def score_pair(a: PersonFacts, b: PersonFacts, model: Model, context: Context | None = None) -> PairScore:
    """Score two records.

    Args:
        a: what one source record says.
        b: what the other says; the order does not matter.
        model: the version to score with.
        context: whether any one source shows two children with this surname, birth date and home.
    """
    return score_profiles(profile_of(a), profile_of(b), model, context or Context.UNKNOWN)


def score_query(query: PersonFacts, candidate: PersonFacts, model: Model) -> PairScore:
    """Score what a searcher typed against what a record shows: the model of linking, nothing of its own."""
    return score_pair(query, candidate, model)


def score_profiles(one: Profile, two: Profile, model: Model, context: Context = Context.UNKNOWN) -> PairScore:
    """Score two normalised records."""
    levels = levels_of(one, two, model, context)
    weight = weigh(levels, model)
    return PairScore(levels=levels, weight=weight, decision=decide(levels, weight, model))


def levels_of(one: Profile, two: Profile, model: Model, context: Context = Context.UNKNOWN) -> Levels:
    """Compare two normalised records and look up how rare the names they share are."""
    codes = compare(one, two, context)
    forename, surname, together = rarities_of(one, two, codes[FORENAME], codes[SURNAME], model.rarity)
    return Levels(codes=codes, forename_rarity=forename, surname_rarity=surname, together=together)


class HasNames(Protocol):
    """Whoever has names to be rare: a profile, or what a search makes of a candidate."""

    @property
    def forename(self) -> Name:
        """The first name."""

    @property
    def surname(self) -> Name:
        """The last name."""

    @property
    def single(self) -> Name:
        """The only name."""


def rarities_of(
    one: HasNames, two: HasNames, forename_level: int, surname_level: int, rarity: Rarity
) -> tuple[int, int, int]:
    """Look up how rare shared names are: forename, surname, and how much commoner both are together."""
    forename = surname = together = 0
    rare_forename, rare_surname = forename_level in RARE_FORENAMES, surname_level in RARE_SURNAMES
    if rare_forename:
        given = (person.forename.joined or person.single.joined for person in (one, two))
        forename = min((rarity.of_forename(name) for name in given if name), default=0)
        forename = max(0, forename - (0 if forename_level == Forename.EXACT else rarity.variant))
    if rare_surname:
        surname = min(rarity.of_surname(name) for name in (one.surname.joined, two.surname.joined))
        surname = max(0, surname - (0 if surname_level == Surname.EXACT else rarity.variant))
    if rare_forename and rare_surname:
        together = max(rarity.of_pair(person.forename.joined, person.surname.joined) for person in (one, two))
    return forename, surname, together


def likelihoods(levels: Levels, model: Model) -> tuple[float, float, float, float]:
    """Return log2 of prior times probability of these levels under each alternative."""
    totals = list(model.priors)
    for code, table in zip(levels.codes, model.tables, strict=True):
        if code:
            for place, value in enumerate(table[code]):
                totals[place] += value
    totals[STRANGER] += stranger_names(levels, model)
    return (totals[0], totals[1], totals[2], totals[3])


def stranger_names(levels: Levels, model: Model) -> float:
    """Return what to add for a stranger so that these very names count, not names in general."""
    change = levels.together / RARITY_STEPS
    code = levels.codes[FORENAME]
    if code in RARE_FORENAMES:
        change -= levels.forename_rarity / RARITY_STEPS + model.tables[FORENAME][code][STRANGER]
    code = levels.codes[SURNAME]
    if code in RARE_SURNAMES:
        change -= levels.surname_rarity / RARITY_STEPS + model.tables[SURNAME][code][STRANGER]
    return change


def weigh(levels: Levels, model: Model) -> float:
    """Return the log2 odds of same child against twin, sibling and stranger together."""
    return odds(likelihoods(levels, model))


def odds(totals: Sequence[float]) -> float:
    """Return the log2 odds of the first alternative against all others, from the log2 likelihood of each."""
    others = totals[SAME + 1 :]
    most = max(others)
    return totals[SAME] - most - math.log2(sum(2.0 ** (value - most) for value in others))


def decide(levels: Levels, weight: float, model: Model) -> Decision:
    """Draw the line; verified identifiers that conflict forbid a link whatever the weight."""
    if weight >= model.thresholds.link and not levels.identifiers_conflict:
        return Decision.LINK
    return Decision.REVIEW if weight >= model.thresholds.review else Decision.NEW
