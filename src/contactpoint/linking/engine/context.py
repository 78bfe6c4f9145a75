"""Twin context: does any one source show two children with this last name, birth date and home?

Where one does, both children are known by name, so a record that clearly goes with one of the two is no
longer in doubt; only one that could be either keeps the doubt.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from contactpoint.linking.engine.collapse import Nodes, dense, joined_codes
from contactpoint.linking.engine.encode import Encoded
from contactpoint.linking.engine.vocabulary import MISSING, Ints, Longs
from contactpoint.linking.model.compare import compare_forenames
from contactpoint.linking.model.levels import Context, Forename
from contactpoint.linking.model.normalise import Name, as_name

FULL_SHARE: Final = 0.5
"""A source is thought to list nearly everybody if it has this share of the records of the largest one."""

SINGLE_BIRTH: Final = 2
"""A source that marks multiple births and does not mark this one vouches as much as two others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contexts:
    """For each node a Context, and the first record of the listed twin it clearly goes with, or MISSING."""

    context: Ints
    twin: Ints

    def take(self, rows: Longs) -> "Contexts":
        """Return these rows."""
        return Contexts(context=self.context[rows], twin=self.twin[rows])

    def of_pair(self, a: int, b: int) -> Context:
        """The greater of two contexts; little doubt where both clearly go with the same listed twin."""
        if self.twin[a] >= 0 and self.twin[a] == self.twin[b]:
            return Context.ONE_TWICE
        return Context(int(max(self.context[a], self.context[b])))


def twin_context(frame: pl.DataFrame, data: Encoded, nodes: Nodes) -> Contexts:
    """Return the contexts of the nodes.

    A source that lists two of a family is believed at once, and a record that says it was a multiple birth.
    That there is one alone takes sources that would have listed the other as well.
    """
    context = np.zeros(len(nodes.first), dtype=np.int32)
    twin = np.full(len(nodes.first), MISSING, dtype=np.int32)
    for place, (rows, family) in enumerate(_families(data)):
        listed = _listed(data, rows, family)
        twice = (listed[1:, :2] == listed[:-1, :2]).all(axis=1)
        two = np.zeros(int(family.max(initial=-1)) + 1, dtype=np.bool_)
        two[listed[1:][twice, 0]] = True
        if place == 0:
            np.maximum.at(context, nodes.of[rows], _witnesses(data, rows, family, listed)[family])
        doubted = two[family]
        context[nodes.of[rows[doubted]]] = Context.TWO
        _find_twins(frame, data, nodes, rows[doubted], family[doubted], twin)
    context[nodes.columns.multiple > 0] = Context.TWO
    return Contexts(context=context, twin=twin)


def _families(data: Encoded) -> Iterator[tuple[Longs, Longs]]:
    """Yield rows and the number of their family: by name and postcode, by home, and by name and district."""
    columns = data.columns
    surname = joined_codes(data, columns.surname)
    district = np.append(data.codes.places[:, 1], np.int32(MISSING))[columns.postcode]
    home = np.where(columns.house >= 0, columns.house, MISSING)
    for parts in ((surname, columns.postcode), (columns.postcode, home), (surname, district)):
        held = (columns.birth % 100 > 0) & (parts[0] >= 0) & (parts[1] >= 0)
        rows = np.flatnonzero(held)
        keys = np.stack([columns.birth[rows], *(part[rows] for part in parts)], axis=1)
        yield rows, dense(keys.astype(np.int64))


def _listed(data: Encoded, rows: Longs, family: Longs) -> Longs:
    """Return the distinct (family, source, local id)."""
    return np.unique(
        np.stack([family, data.source[rows].astype(np.int64), data.local_id[rows].astype(np.int64)], axis=1),
        axis=0,
    )


def _witnesses(data: Encoded, rows: Longs, family: Longs, listed: Longs) -> Ints:
    """Return for each family how many sources vouch for one child of this birth date, as a Context."""
    counts = np.bincount(data.source)
    full = counts >= FULL_SHARE * counts[: data.listing].max(initial=0)
    full[data.listing :] = False
    tells_multiple = np.bincount(data.source, weights=data.columns.multiple) > 0
    size = int(family.max(initial=-1)) + 1
    vouched = np.bincount(listed[full[listed[:, 1]], 0], minlength=size)
    single = np.zeros(size, dtype=np.int64)
    single[family[tells_multiple[data.source[rows]]]] = SINGLE_BIRTH
    total: Ints = np.minimum(vouched + single, Context.ONE_OFTEN).astype(np.int32)
    return total


def _find_twins(
    frame: pl.DataFrame, data: Encoded, nodes: Nodes, rows: Longs, family: Longs, twin: Ints
) -> None:
    """Note for each node the listed twin that it clearly goes with, if any is not noted yet."""
    forenames = [as_name(name) for name in frame["forename"].gather(rows).to_list()]
    members: dict[int, list[int]] = {}
    for place, number in enumerate(family.tolist()):
        members.setdefault(number, []).append(place)
    for places in members.values():
        anchors = _anchors(data, rows, places)
        for place in places:
            node = nodes.of[rows[place]]
            if twin[node] < 0:
                twin[node] = _clear_twin(forenames, place, anchors, rows)


def _clear_twin(forenames: list[Name], place: int, anchors: list[int], rows: Longs) -> int:
    levels = [compare_forenames(forenames[place], forenames[other]) for other in anchors]
    clear = [
        other
        for other, level in zip(anchors, levels, strict=True)
        if Forename.MISSING < level <= Forename.INITIAL
    ]
    unclear = any(level in (Forename.MISSING, Forename.SIMILAR) for level in levels)
    return int(rows[clear[0]]) if len(clear) == 1 and not unclear else MISSING


def _anchors(data: Encoded, rows: Longs, places: list[int]) -> list[int]:
    """Return a place for each child that the source which lists most of them lists."""
    by_source: dict[int, dict[int, int]] = {}
    for place in places:
        row = rows[place]
        by_source.setdefault(int(data.source[row]), {}).setdefault(int(data.local_id[row]), place)
    best = min(by_source, key=lambda source: (-len(by_source[source]), source))
    return list(by_source[best].values())
