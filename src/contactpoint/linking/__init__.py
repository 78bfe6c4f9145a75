"""Deciding which source records are about one child.

`score_pair` and `score_query` judge two records, `propose` a whole table; one model serves both, bulk and
daily.
"""

from contactpoint.linking.engine.estimate import fit
from contactpoint.linking.engine.propose import propose
from contactpoint.linking.engine.results import Proposal
from contactpoint.linking.evaluate import Evaluation, evaluate
from contactpoint.linking.model.explain import Explanation, explain, why_words
from contactpoint.linking.model.levels import Context, Levels
from contactpoint.linking.model.score import Decision, PairScore, score_pair, score_query
from contactpoint.linking.model.weights import Model, default_model, load_model

__all__ = [
    "Context",
    "Decision",
    "Evaluation",
    "Explanation",
    "Levels",
    "Model",
    "PairScore",
    "Proposal",
    "default_model",
    "evaluate",
    "explain",
    "fit",
    "load_model",
    "propose",
    "score_pair",
    "score_query",
    "why_words",
]
