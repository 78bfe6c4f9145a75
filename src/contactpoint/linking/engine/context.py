"""Twin context: does any one source show two children with this last name, birth date and home?

Where one does, both children are known by name, so a record that clearly goes with one of the two is no
longer in doubt; only one that could be either keeps the doubt.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from contactpoint.linking.engine.collapse import Nodes, dense, joined_codes
from contactpoint.linking.engine.encode import Encoded
from contactpoint.linking.engine.vocabulary import MISSING, Ints, Longs
from contactpoint.linking.model.compare import compare_forenames
from contactpoint.linking.model.levels import Context, Forename
from contactpoint.linking.model.normalise import as_name

FULL_SHARE: Final = 0.5
"""A source is thought to list nearly everybody if it has this share of the records of the largest one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contexts:
    """For each node a Context, and the first record of the listed twin it clearly goes with, or MISSING."""

    context: Ints
    twin: Ints

    def take(self, rows: Longs) -> "Contexts":
        """Return these rows."""
        return Contexts(context=self.context[rows], twin=self.twin[rows])

    def of_pair(self, a: int, b: int) -> Context:
        """The greater doubt of two nodes; none where both clearly go with the same listed twin."""
        if self.twin[a] >= 0 and self.twin[a] == self.twin[b]:
            return Context.ONE
        return Context(int(max(self.context[a], self.context[b])))


def twin_context(frame: pl.DataFrame, data: Encoded, nodes: Nodes) -> Contexts:
    """Return the contexts of the nodes.

    ONE needs a source that would have listed a twin as well; TWO needs any source that lists two, or a record
    that says it was a multiple birth.
    """
    rows, family = _families(data)
    listed = _listed(data, rows, family)
    twice = (listed[1:, :2] == listed[:-1, :2]).all(axis=1)
    context = np.zeros(int(family.max(initial=-1)) + 1, dtype=np.int32)
    counts = np.bincount(data.source)
    full = counts >= FULL_SHARE * counts.max(initial=0)
    context[listed[full[listed[:, 1]], 0]] = Context.ONE
    context[listed[1:][twice, 0]] = Context.TWO
    found = np.zeros(len(nodes.first), dtype=np.int32)
    np.maximum.at(found, nodes.of[rows], context[family])
    found[nodes.columns.multiple > 0] = Context.TWO
    doubted = context[family] == Context.TWO
    twin = _twins(frame, data, nodes, rows[doubted], family[doubted])
    return Contexts(context=found, twin=twin)


def _families(data: Encoded) -> tuple[Longs, Longs]:
    """Return the rows with a last name, whole birth date and postcode, and the number of that combination."""
    columns = data.columns
    surname = joined_codes(data, columns.surname)
    rows = np.flatnonzero((surname >= 0) & (columns.birth % 100 > 0) & (columns.postcode >= 0))
    keys = np.stack([surname[rows], columns.birth[rows], columns.postcode[rows]], axis=1)
    return rows, dense(keys.astype(np.int64))


def _listed(data: Encoded, rows: Longs, family: Longs) -> Longs:
    """Return the distinct (family, source, local id)."""
    return np.unique(
        np.stack([family, data.source[rows].astype(np.int64), data.local_id[rows].astype(np.int64)], axis=1),
        axis=0,
    )


def _twins(frame: pl.DataFrame, data: Encoded, nodes: Nodes, rows: Longs, family: Longs) -> Ints:
    """Return for each node the listed twin that it clearly goes with, if any."""
    twin = np.full(len(nodes.first), MISSING, dtype=np.int32)
    forenames = frame["forename"].gather(rows).to_list()
    members: dict[int, list[int]] = {}
    for place, number in enumerate(family.tolist()):
        members.setdefault(number, []).append(place)
    for places in members.values():
        anchors = _anchors(data, rows, places)
        for place in places:
            levels = [
                compare_forenames(as_name(forenames[place]), as_name(forenames[other])) for other in anchors
            ]
            clear = [
                other
                for other, level in zip(anchors, levels, strict=True)
                if Forename.MISSING < level <= Forename.INITIAL
            ]
            unclear = [level for level in levels if level in (Forename.MISSING, Forename.SIMILAR)]
            if len(clear) == 1 and not unclear:
                twin[nodes.of[rows[place]]] = rows[clear[0]]
    return twin


def _anchors(data: Encoded, rows: Longs, places: list[int]) -> list[int]:
    """Return a place for each child that the source which lists most of them lists."""
    by_source: dict[int, dict[int, int]] = {}
    for place in places:
        row = rows[place]
        by_source.setdefault(int(data.source[row]), {}).setdefault(int(data.local_id[row]), place)
    best = min(by_source, key=lambda source: (-len(by_source[source]), source))
    return list(by_source[best].values())
