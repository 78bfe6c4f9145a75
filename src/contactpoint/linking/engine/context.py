"""Twin context: does any one source show two children with this last name, birth date and home?

Where one does, both children are known by name, so a record that clearly goes with one of the two is no
longer in doubt; only one that could be either keeps the doubt.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from contactpoint.linking.engine.collapse import Nodes, dense, joined_codes, mixed
from contactpoint.linking.engine.encode import Encoded
from contactpoint.linking.engine.loops import Bools, Ints, Longs, fast, flag_twice
from contactpoint.linking.engine.texts import MISSING, numbered
from contactpoint.linking.model.levels import Context, Forename

ForenameLevels = Callable[[Ints | Longs, Ints | Longs], Ints]
"""Compares the forenames of pairs of records, given as rows: Forename levels."""

FULL_SHARE: Final = 0.5
"""A source is thought to list nearly everybody if it has this share of the records of the largest one."""

SINGLE_BIRTH: Final = 2
"""A source that marks multiple births and does not mark this one vouches as much as two others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contexts:
    """For each node a Context, and the first record of the listed twin it clearly goes with, or MISSING."""

    context: Ints
    twin: Ints

    def take(self, rows: Ints | Longs) -> "Contexts":
        """Return these rows."""
        return Contexts(context=self.context[rows], twin=self.twin[rows])

    def of_pair(self, a: int, b: int) -> Context:
        """The greater of two contexts; little doubt where both clearly go with the same listed twin."""
        if self.twin[a] >= 0 and self.twin[a] == self.twin[b]:
            return Context.ONE_TWICE
        return Context(int(max(self.context[a], self.context[b])))


def twin_context(data: Encoded, nodes: Nodes, levels: ForenameLevels) -> Contexts:
    """Return the contexts of the nodes; `levels` compares the forenames of pairs of records.

    A source that lists two of a family is believed at once, and a record that says it was a multiple birth.
    That there is one alone takes sources that would have listed the other as well.
    """
    context = np.zeros(len(nodes.first), dtype=np.int32)
    twin = np.full(len(nodes.first), MISSING, dtype=np.int32)
    for place, parts in enumerate(_families(data, nodes)):
        rows, family, size = _households(nodes, parts)
        if place == 0:
            np.maximum.at(context, nodes.of[rows], _witnesses(data, rows, family, size)[family])
        two = _holds_two(data, rows, family, size)
        doubted = two[family]
        context[nodes.of[rows[doubted]]] = Context.TWO
        _find_twins(data, nodes, rows[doubted], family[doubted], levels, twin)
    context[nodes.columns.multiple > 0] = Context.TWO
    return Contexts(context=context, twin=twin)


def _families(data: Encoded, nodes: Nodes) -> Iterator[tuple[Ints, Ints]]:
    """Yield what the children of a family share: name and postcode, home, and name and district."""
    columns = nodes.columns
    surname = joined_codes(data, columns.surname)
    district = np.append(data.codes.places[:, 1], np.int32(MISSING))[columns.postcode]
    yield surname, columns.postcode
    yield columns.postcode, columns.house
    yield surname, district


def _households(nodes: Nodes, parts: tuple[Ints, Ints]) -> tuple[Ints, Ints, int]:
    """Return the records that have the parts and a whole birth date, their families, and how many there are.

    All records of a node are of one family: what makes it is what they were collapsed by.
    """
    birth = nodes.columns.birth
    held = (birth % 100 > 0) & (parts[0] >= 0) & (parts[1] >= 0)
    having = np.flatnonzero(held)
    family = np.full(len(held), MISSING, dtype=np.int32)
    family[having], heads = dense(lambda: birth[having], lambda: parts[0][having], lambda: parts[1][having])
    family = family[nodes.of]
    rows = np.flatnonzero(family >= 0).astype(np.int32)
    return rows, family[rows], len(heads)


def _listed(data: Encoded, rows: Ints, family: Ints) -> Bools:
    """Flag the first row of each family, source and local id."""
    local_id = data.local_id[rows]
    _, heads = numbered(mixed((lambda: family, lambda: local_id), 0))
    found = np.zeros(len(rows), dtype=np.bool_)
    found[heads] = True
    return found


def _holds_two(data: Encoded, rows: Ints, family: Ints, size: int) -> Bools:
    """Flag the families of which one source lists two."""
    two = np.zeros(size, dtype=np.bool_)
    seen = np.full(size, MISSING, dtype=np.int32)
    fast(flag_twice, len(rows))(family, data.source[rows], data.local_id[rows], seen, two)
    return two


def _witnesses(data: Encoded, rows: Ints, family: Ints, size: int) -> Ints:
    """Return for each family how many sources vouch for one child of this birth date, as a Context."""
    counts = np.bincount(data.source)
    full = counts >= FULL_SHARE * counts[: data.listing].max(initial=0)
    full[data.listing :] = False
    tells_multiple = np.bincount(data.source, weights=data.columns.multiple) > 0
    source = data.source[rows]
    single = np.zeros(size, dtype=np.int32)
    single[family[tells_multiple[source]]] = SINGLE_BIRTH
    vouched = full[source]
    del source
    vouched &= _listed(data, rows, family)
    total = np.bincount(family[vouched], minlength=size) + single
    found: Ints = np.minimum(total, Context.ONE_OFTEN).astype(np.int32)
    return found


def _find_twins(
    data: Encoded, nodes: Nodes, rows: Ints, family: Ints, levels: ForenameLevels, twin: Ints
) -> None:
    """Note for each node the listed twin that it clearly goes with, if any is not noted yet.

    A record clearly goes with one of the listed children if its forename is like that one's and like no
    other's. Every record of a family is compared with each child of the source that lists most of them.
    """
    order = np.lexsort((rows, family))
    rows, family = rows[order], family[order]
    anchors = _anchors(data, rows, family)
    starts = np.searchsorted(family[anchors], family)
    counts = np.searchsorted(family[anchors], family, side="right") - starts
    place = np.repeat(np.arange(len(rows)), counts)
    other = anchors[np.arange(len(place)) - np.repeat(np.cumsum(counts) - counts, counts) + starts[place]]
    level = levels(rows[place], rows[other])
    clear = (level > Forename.MISSING) & (level <= Forename.INITIAL)
    unclear = (level == Forename.MISSING) | (level == Forename.SIMILAR)
    sure = np.bincount(place[clear], minlength=len(rows)) == 1
    sure &= np.bincount(place[unclear], minlength=len(rows)) == 0
    goes_with = np.full(len(rows), MISSING, dtype=np.int32)
    goes_with[place[clear]] = rows[other[clear]]
    sure &= twin[nodes.of[rows]] < 0
    # Of a node's records the first decides, which assigned last stays.
    chosen = np.flatnonzero(sure)[::-1]
    twin[nodes.of[rows[chosen]]] = goes_with[chosen]


def _anchors(data: Encoded, rows: Ints, family: Ints) -> Longs:
    """Return the places of the first row of each child that a family's fullest source lists.

    Rows come family by family in their order. Of two sources that list as many the first is taken.
    """
    source = data.source[rows].astype(np.int64)
    heads = np.flatnonzero(_listed(data, rows, family))
    group, _ = dense(lambda: family[heads], lambda: source[heads])
    listed = np.bincount(group)[group]
    best = np.lexsort((heads, source[heads], -listed, family[heads]))
    first = np.append(True, family[heads][best][1:] != family[heads][best][:-1])[: len(best)]
    fullest = np.full(int(family.max(initial=-1)) + 1, MISSING, dtype=np.int64)
    fullest[family[heads][best][first]] = source[heads][best][first]
    chosen: Longs = heads[fullest[family[heads]] == source[heads]]
    return chosen
