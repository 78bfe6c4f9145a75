"""How likely each alternative is for many pairs at once, from their levels: model.score, vectorised."""

import numpy as np

from contactpoint.linking.engine.scalar import Bytes, Floats
from contactpoint.linking.model.levels import COMPARISONS, FORENAME, RARITY_STEPS, SURNAME
from contactpoint.linking.model.score import RARE_FORENAMES, RARE_SURNAMES
from contactpoint.linking.model.weights import STRANGER, Model


def posteriors(levels: Bytes, model: Model) -> Floats:
    """Return the chance of each alternative (columns, ALTERNATIVES) for each row of Scores.levels."""
    totals = np.tile(np.array(model.priors), (len(levels), 1))
    for place, table in enumerate(model.tables):
        totals += np.array(table)[levels[:, place]]
    names = len(COMPARISONS)
    rarity = levels[:, names:].astype(np.float64) / RARITY_STEPS
    totals[:, STRANGER] += rarity[:, 2]
    for column, (place, rare) in enumerate(((FORENAME, RARE_FORENAMES), (SURNAME, RARE_SURNAMES))):
        usual = np.array(model.tables[place])[:, STRANGER]
        held = np.isin(levels[:, place], [int(level) for level in rare])
        totals[held, STRANGER] -= rarity[held, column] + usual[levels[held, place]]
    chance: Floats = np.exp2(totals - totals.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    return chance
