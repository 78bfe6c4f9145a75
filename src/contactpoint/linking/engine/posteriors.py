"""How likely each alternative is for many pairs at once, from their levels: model.score, vectorised."""

import numpy as np

from contactpoint.linking.engine.scalar import Bytes, Floats
from contactpoint.linking.model.levels import COMPARISONS, FORENAME, RARITY_STEPS, SURNAME
from contactpoint.linking.model.score import RARE_FORENAMES, RARE_SURNAMES
from contactpoint.linking.model.weights import SAME, STRANGER, Model


def posteriors(levels: Bytes, model: Model) -> Floats:
    """Return the chance of each alternative (columns, ALTERNATIVES) for each row of Scores.levels."""
    totals = _totals(levels, model)
    chance: Floats = np.exp2(totals - totals.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    return chance


def weights_of(levels: Bytes, model: Model) -> Floats:
    """Return the weight (model.score.odds) of each row of Scores.levels."""
    totals = _totals(levels, model)
    others = totals[:, SAME + 1 :]
    most = others.max(axis=1, keepdims=True)
    weight: Floats = totals[:, SAME] - most[:, 0] - np.log2(np.exp2(others - most).sum(axis=1))
    return weight


def _totals(levels: Bytes, model: Model) -> Floats:
    """Return log2 of prior times probability of each row of levels under each alternative."""
    totals: Floats = np.tile(np.array(model.priors), (len(levels), 1))
    for place, table in enumerate(model.tables):
        totals += np.array(table)[levels[:, place]]
    names = len(COMPARISONS)
    rarity = levels[:, names:].astype(np.float64) / RARITY_STEPS
    totals[:, STRANGER] += rarity[:, 2]
    for column, (place, rare) in enumerate(((FORENAME, RARE_FORENAMES), (SURNAME, RARE_SURNAMES))):
        usual = np.array(model.tables[place])[:, STRANGER]
        held = np.isin(levels[:, place], [int(level) for level in rare])
        totals[held, STRANGER] -= rarity[held, column] + usual[levels[held, place]]
    return totals
