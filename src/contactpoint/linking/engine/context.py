"""Twin context: does any one source show two children with this last name, birth date and home?"""

from typing import Final

import numpy as np

from contactpoint.linking.engine.collapse import Nodes, dense, joined_codes
from contactpoint.linking.engine.encode import Encoded
from contactpoint.linking.engine.vocabulary import Ints
from contactpoint.linking.model.levels import Context

FULL_SHARE: Final = 0.5
"""A source is thought to list nearly everybody if it has this share of the records of the largest one."""


def twin_context(data: Encoded, nodes: Nodes) -> Ints:
    """Return for each node a Context.

    ONE needs a source that would have listed a twin as well; TWO needs any source that lists two, or a record
    that says it was a multiple birth. A pair takes the greater of its two nodes.
    """
    columns = data.columns
    surname = joined_codes(data, columns.surname)
    held = (surname >= 0) & (columns.birth % 100 > 0) & (columns.postcode >= 0)
    rows = np.flatnonzero(held)
    place = np.stack([surname[rows], columns.birth[rows], columns.postcode[rows]], axis=1).astype(np.int64)
    family = dense(place)
    size = int(family.max(initial=-1)) + 1
    listed = np.unique(
        np.stack([family, data.source[rows].astype(np.int64), data.local_id[rows].astype(np.int64)], axis=1),
        axis=0,
    )
    twice = (listed[1:, :2] == listed[:-1, :2]).all(axis=1)
    context = np.zeros(size, dtype=np.int32)
    counts = np.bincount(data.source)
    full = counts >= FULL_SHARE * counts.max(initial=0)
    context[listed[full[listed[:, 1]], 0]] = Context.ONE
    context[listed[1:][twice, 0]] = Context.TWO
    found = np.zeros(len(nodes.first), dtype=np.int32)
    np.maximum.at(found, nodes.of[rows], context[family])
    found[(nodes.columns.multiple > 0)] = Context.TWO
    return found
