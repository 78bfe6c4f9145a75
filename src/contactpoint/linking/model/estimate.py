"""New weights from counted levels, and new rarities from counted names. Pure arithmetic; the engine counts.

What data say seldom is not believed: a level keeps its stated probability until LEAST pairs have shown it,
and moves towards what was counted as STRENGTH pairs of prior belief are outnumbered.
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from contactpoint.linking.model.levels import COMPARISONS, RARITY_STEPS, Surname
from contactpoint.linking.model.weights import ALTERNATIVES, Model, Rarity

LEAST: Final = 20.0
STRENGTH: Final = 500.0
LEAST_BEARERS: Final = 5
LEAST_TOGETHER: Final = 3

NEUTRAL: Final = [1.0] * len(ALTERNATIVES)
"""A level that says nothing by itself (last names exchanged count with the forename) and learns nothing."""

Counts = Mapping[str, Mapping[int, float]]
"""By comparison, how many pairs (or shares of pairs) showed each level; a missing value is not counted."""


def reestimate(model: Model, counts: Mapping[str, Counts]) -> Model:
    """Return a new version of the model with the probabilities that the counts of each alternative teach."""
    probabilities = {
        name: {level: list(row) for level, row in rows.items()} for name, rows in model.probabilities.items()
    }
    for place, alternative in enumerate(ALTERNATIVES):
        for name, seen in counts.get(alternative, {}).items():
            rows = probabilities[name]
            kept = {level: row[place] for level, row in rows.items() if row != NEUTRAL}
            learnt = _blend(kept, _named(name, seen))
            for level, value in learnt.items():
                rows[level][place] = value
    frozen = {
        name: {level: tuple(row) for level, row in rows.items()} for name, rows in probabilities.items()
    }
    return _new_version(replace(model, probabilities=frozen))


def _named(comparison: str, seen: Mapping[int, float]) -> dict[str, float]:
    kind = COMPARISONS[comparison]
    counted = {kind(code): count for code, count in seen.items() if code}
    return {level.name.lower(): count for level, count in counted.items() if level is not Surname.SWAPPED}


def _blend(prior: Mapping[str, float], seen: Mapping[str, float]) -> dict[str, float]:
    """Move the levels seen often enough; hold the others to what so many pairs without them allow."""
    total = sum(seen.values())
    if total < LEAST:
        return dict(prior)
    often = {
        level: count + STRENGTH * prior[level]
        for level, count in seen.items()
        if count >= LEAST and level in prior
    }
    seldom = {level: min(value, LEAST / total) for level, value in prior.items() if level not in often}
    left = 1.0 - sum(seldom.values())
    scale = left / sum(often.values()) if often else 0.0
    return {level: often[level] * scale if level in often else seldom[level] for level in prior}


def count_rarity(names: Mapping[tuple[str, str], int], rarity: Rarity) -> Rarity:
    """Return rarities from how many children bear each pair of joined forename and last name ("" for none).

    The expected number of *other* bearers counts, so a name seen once is not taken for one in so many. Names
    with fewer than LEAST_BEARERS keep the rarity they had.
    """
    forenames: dict[str, int] = {}
    surnames: dict[str, int] = {}
    for (forename, surname), count in names.items():
        forenames[forename] = forenames.get(forename, 0) + count
        surnames[surname] = surnames.get(surname, 0) + count
    total = sum(names.values())
    first, last = (
        {**old, **_rarities(new, total)}
        for old, new in ((rarity.forename, forenames), (rarity.surname, surnames))
    )
    counted = replace(rarity, forename=first, surname=last)
    pairs = {
        f"{forename}|{surname}": excess
        for (forename, surname), count in names.items()
        if forename
        and surname
        and count >= LEAST_TOGETHER
        and (excess := _excess(counted, forename, surname, count, total)) > rarity.together
    }
    return replace(counted, pairs={**rarity.pairs, **pairs})


def _rarities(bearers: Mapping[str, int], total: int) -> dict[str, int]:
    return {
        name: _eighths(total / (count - 1))
        for name, count in bearers.items()
        if name and count >= LEAST_BEARERS
    }


def _excess(rarity: Rarity, forename: str, surname: str, count: int, total: int) -> int:
    alone = rarity.of_forename(forename) + rarity.of_surname(surname)
    return max(0, min(255, alone - _eighths(total / (count - 1))))


def _eighths(times_rarer: float) -> int:
    return max(0, min(255, round(math.log2(times_rarer) * RARITY_STEPS)))


def _new_version(model: Model) -> Model:
    """Name the version after its content, so that equal models have equal names."""
    base = model.version.split("~")[0]
    content = replace(model, version=base).to_json()
    return replace(model, version=f"{base}~{hashlib.blake2b(content.encode(), digest_size=4).hexdigest()}")


def with_kin(model: Model, twin: float, sibling: float) -> Model:
    """Return a new version of the model with so many twins and siblings for one record of the same."""
    return _new_version(replace(model, twin=twin, sibling=sibling))


def with_rarity(model: Model, rarity: Rarity, population: int, learnt_from: str) -> Model:
    """Return a new version of the model with these rarities and so many children, and say what taught it."""
    about = f"Learnt from {learnt_from}, without labels; what these do not tell is as in {model.version}."
    return _new_version(replace(model, rarity=rarity, population=population, about=about))
