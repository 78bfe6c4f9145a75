"""Deciding which source records are about one child.

`score_pair` and `score_query` judge two records, `propose` a whole table; one model serves both, bulk and
daily. `link_records` links and de-duplicates a data frame of people of any kind, as `contactpoint link` does
with files (`from_frame` and `read_files` bring frames and files into its columns).
"""

from contactpoint.linking.engine.estimate import fit
from contactpoint.linking.engine.propose import propose
from contactpoint.linking.engine.results import Proposal
from contactpoint.linking.evaluate import Evaluation, evaluate
from contactpoint.linking.model.explain import Explanation, explain, why_words
from contactpoint.linking.model.levels import Context, Levels
from contactpoint.linking.model.score import Decision, PairScore, score_pair, score_query
from contactpoint.linking.model.weights import Model, default_model, load_model
from contactpoint.linking.tool.link import Linked, link_records
from contactpoint.linking.tool.reading import from_frame, read_files

__all__ = [
    "Context",
    "Decision",
    "Evaluation",
    "Explanation",
    "Levels",
    "Linked",
    "Model",
    "PairScore",
    "Proposal",
    "default_model",
    "evaluate",
    "explain",
    "fit",
    "from_frame",
    "link_records",
    "load_model",
    "propose",
    "read_files",
    "score_pair",
    "score_query",
    "why_words",
]
