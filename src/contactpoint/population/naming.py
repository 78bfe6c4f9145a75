"""What the children and their carers of one block are called: customs, short forms, changes of name.

Shares without a source here are assumptions, listed in docs/population.md.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from contactpoint.population.families import Children
from contactpoint.population.identifiers import rank_within
from contactpoint.population.pools import Flags, Floats, Ints, Longs, Pool, cumulative, draw
from contactpoint.population.traditions import INDEX, TRADITIONS
from contactpoint.population.words import Words, words

#: Share of couples in which the mother bears the father's surname, by tradition; 0.62 elsewhere.
SHARED_SURNAME = {
    "pakistani": 0.2,
    "bangladeshi": 0.15,
    "sikh": 0.2,
    "arab": 0.1,
    "somali": 0.03,
    "latin": 0.2,
    "chinese": 0.15,
    "afghan": 0.15,
    "tamil": 0.3,
    "west_african": 0.5,
}
DOUBLE_SURNAME = {
    "english": 0.07,
    "irish": 0.06,
    "welsh": 0.06,
    "mixed": 0.14,
    "caribbean": 0.12,
    "latin": 0.6,
}
#: Surnames borne by one child and not by a brother or sister, by tradition: share, boys', girls' (Tucker
#: 2004).
OWN_SURNAME = {
    "pakistani": (0.3, "Hussain Ali Ahmed Khan Mahmood", "Bibi Begum Kausar Akhtar Parveen"),
    "bangladeshi": (0.5, "Miah Ahmed Uddin Islam Ali", "Begum Khatun Khanam Sultana Akther"),
    "sikh": (0.6, "Singh", "Kaur"),
}
FATHERS_NAME_AS_SURNAME = {"somali": 0.85, "tamil": 0.45, "arab": 0.1, "pakistani": 0.08}
ONE_WORD_NAME = {"afghan": 0.08, "tamil": 0.06, "bangladeshi": 0.006, "somali": 0.005}
KNOWN_AS, KNOWN_BY_MIDDLE_NAME, MUHAMMAD_KNOWN_BY_SECOND = 0.28, 0.03, 0.55
SURNAME_CHANGED, SURNAME_CHANGES_IN_A_MONTH = 0.05, 0.0015
SIMILAR_TWIN_NAMES = 0.3
LONE_PARENT = 0.23  # ONS, families in the UK 2024


@dataclass(frozen=True, slots=True, kw_only=True)
class Parents:
    """Carers by family; codes in the block's word pool."""

    mother: Ints
    mother_surname: Ints
    maiden: Ints
    father: Ints
    father_surname: Ints
    lone: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names by child; codes in the block's word pool, 0 for none.

    Attributes:
        forename, middle, surname: now.
        birth_surname: as registered at birth; differs from ``surname`` after a change.
        known_as: the name the child is called by, when it is another.
        next_surname: after the coming month; differs where it changes.
    """

    forename: Ints
    middle: Ints
    surname: Ints
    birth_surname: Ints
    known_as: Ints
    next_surname: Ints


def _by_group(rng: np.random.Generator, key: Longs, draw_group: dict[int, tuple[Ints, Floats]]) -> Ints:
    """Draw one code a row from the distribution of its group."""
    result = np.zeros(len(key), np.int32)
    if not len(key):
        return result
    u = rng.random(len(key))
    order = np.argsort(key, kind="stable")
    edges = np.flatnonzero(np.diff(key[order], prepend=-1))
    for start, end in zip(edges, [*edges[1:], len(order)], strict=True):
        rows = order[start:end]
        codes, shares = draw_group[int(key[rows[0]])]
        result[rows] = codes[np.minimum(np.searchsorted(shares, u[rows], side="right"), len(codes) - 1)]
    return result


@cache
def _forename_groups() -> dict[int, tuple[Ints, Floats]]:
    w = words()
    return {
        (t * 2 + s) * 4 + b: (w.forename_codes[t, s, b], w.forename_weights[t, s, b])
        for t, s, b in w.forename_codes
    }


@cache
def _surname_groups() -> dict[int, tuple[Ints, Floats]]:
    w = words()
    return {t: (w.surname_codes[t], w.surname_weights[t]) for t in w.surname_codes}


def draw_forenames(rng: np.random.Generator, tradition: Ints, sex: Ints, band: Ints) -> Ints:
    """Forename codes for people of these traditions, sexes and bands of birth years (0 is 2005-09)."""
    return _by_group(rng, ((tradition * 2 + sex) * 4 + band).astype(np.int64), _forename_groups())


def draw_surnames(rng: np.random.Generator, tradition: Ints) -> Ints:
    """Surname codes for families of these traditions."""
    return _by_group(rng, tradition.astype(np.int64), _surname_groups())


def share_of(table: dict[str, float], tradition: Ints, otherwise: float = 0.0) -> Floats:
    """The share each tradition has in a table."""
    shares: Floats = np.array([table.get(t.name, otherwise) for t in TRADITIONS])[tradition]
    return shares


def make_parents(rng: np.random.Generator, tradition: Ints, w: Words) -> Parents:
    """Two parents for each family; a lone carer's children may still bear the father's surname."""
    n = len(tradition)
    women, men = np.ones(n, np.int32), np.zeros(n, np.int32)
    band = np.zeros(n, np.int32)  # the oldest births listed stand for parents' own
    father_surname = draw_surnames(rng, tradition)
    own = w.feminine[draw_surnames(rng, tradition)]
    own = np.where((tradition == INDEX["sikh"]) & (own == w.code_of["Singh"]), w.code_of["Kaur"], own)
    father_surname = np.where(father_surname == w.code_of["Kaur"], w.code_of["Singh"], father_surname)
    for woman in ("Begum", "Bibi", "Khatun", "Khanam", "Sultana", "Parveen", "Akther"):
        father_surname = np.where(father_surname == w.code_of[woman], w.code_of["Ahmed"], father_surname)
    lone = rng.random(n) < LONE_PARENT
    shares = ~lone & (rng.random(n) < share_of(SHARED_SURNAME, tradition, 0.62))
    return Parents(
        mother=draw_forenames(rng, tradition, women, band),
        mother_surname=np.where(shares, w.feminine[father_surname], own).astype(np.int32),
        maiden=own.astype(np.int32),
        father=draw_forenames(rng, tradition, men, band),
        father_surname=father_surname.astype(np.int32),
        lone=lone,
    )


def _double(rng: np.random.Generator, pool: Pool, first: Ints, second: Ints) -> Ints:
    """Codes of two surnames joined, mostly by a hyphen; a single name where the two are one."""
    a, b = pool.take(first), pool.take(second)
    hyphen = rng.random(len(first)) < 0.8
    joined = [x if x == y else f"{x}{'-' if h else ' '}{y}" for x, y, h in zip(a, b, hyphen, strict=True)]
    return pool.add(joined)


def _family_surnames(rng: np.random.Generator, pool: Pool, tradition: Ints, parents: Parents) -> Ints:
    """What the children of each family are called after: the father, the mother, or both."""
    n = len(tradition)
    mothers = parents.lone & (rng.random(n) < 0.6) | (rng.random(n) < 0.04)
    surname = np.where(mothers, parents.mother_surname, parents.father_surname).astype(np.int32)
    both = np.flatnonzero(rng.random(n) < share_of(DOUBLE_SURNAME, tradition))
    spaced = tradition[both] == INDEX["latin"]
    joined = _double(rng, pool, parents.maiden[both], parents.father_surname[both])
    if spaced.any():
        text = pool.take(joined[spaced]).str.replace_all("-", " ", literal=True)
        joined[spaced] = pool.add(text)
    surname[both] = joined
    fathers = rng.random(n) < share_of(FATHERS_NAME_AS_SURNAME, tradition)
    return np.where(fathers, parents.father, surname).astype(np.int32)


def _own_surnames(rng: np.random.Generator, tradition: Ints, sex: Ints, surname: Ints, w: Words) -> Ints:
    """Names borne by the child alone (Singh, Kaur, Begum, Miah) and daughters' forms of the rest."""
    result = surname.copy()
    inflected = (
        np.isin(tradition, [INDEX["polish"], INDEX["romanian"]]) & (sex == 1) & (rng.random(len(sex)) < 0.6)
    )
    inflected &= surname < len(w.feminine)
    result[inflected] = w.feminine[surname[inflected]]
    for name, (share, boys, girls) in OWN_SURNAME.items():
        for which, text in ((0, boys), (1, girls)):
            codes = np.array([w.code_of[x] for x in text.split()], np.int32)
            rows = np.flatnonzero(
                (tradition == INDEX[name]) & (sex == which) & (rng.random(len(sex)) < share)
            )
            result[rows] = codes[draw(rng, cumulative(1 / (np.arange(len(codes)) + 1.5)), len(rows))]
    return result


def _forenames(rng: np.random.Generator, c: Children, band: Ints) -> Ints:
    """Forenames, different within a family; twins of one sex often alike in initial or ending."""
    tradition = c.tradition[c.family]
    forename = draw_forenames(rng, tradition, c.sex, band)
    for _ in range(3):
        again = np.flatnonzero(rank_within(c.family.astype(np.int64), forename.astype(np.int64)) > 0)
        forename[again] = draw_forenames(rng, tradition[again], c.sex[again], band[again])
    twin = np.flatnonzero((c.place_in_set > 0) & (rng.random(len(band)) < SIMILAR_TWIN_NAMES))
    first = twin - c.place_in_set[twin]
    for row, other in zip(twin.tolist(), first.tolist(), strict=True):
        if c.sex[row] == c.sex[other]:
            key = (int(tradition[row]), int(c.sex[row]), int(band[row]))
            forename[row] = _similar(
                key, int(forename[other]), float(rng.random()), rhyme=bool(rng.random() < 0.5)
            )
    return forename


@cache
def _endings() -> tuple[Ints, Ints]:
    """For each forename code, a number for its last three letters and one for its first."""
    text = words().text[: words().forename_count].to_list()
    last = np.unique([t[-3:].lower() for t in text], return_inverse=True)[1]
    first = np.unique([t[0] for t in text], return_inverse=True)[1]
    return np.concatenate([[-1], last]).astype(np.int32), np.concatenate([[-1], first]).astype(np.int32)


@cache
def _shares(key: tuple[int, int, int]) -> Floats:
    shares: Floats = np.diff(words().forename_weights[key], prepend=0.0)
    return shares


def _similar(key: tuple[int, int, int], code: int, u: float, *, rhyme: bool) -> int:
    """Another name with the same ending or initial, drawn by use; any other name where there is none."""
    of = _endings()[0 if rhyme else 1]
    codes = words().forename_codes[key]
    alike = np.flatnonzero((of[codes] == of[code]) & (codes != code)) if code < len(of) else np.arange(0)
    if len(alike):
        return int(codes[alike[np.searchsorted(cumulative(_shares(key)[alike]), u) % len(alike)]])
    if rhyme:
        return _similar(key, code, u, rhyme=False)
    return int(codes[0] if codes[0] != code else codes[1])


def _middles(
    rng: np.random.Generator, pool: Pool, c: Children, band: Ints, parents: Parents, w: Words
) -> Ints:
    """Middle names: none, one or two; the father's name or Singh and Kaur where that is the custom."""
    tradition, n = c.tradition[c.family], len(band)
    some = {
        "somali": 0.95,
        "arab": 0.7,
        "pakistani": 0.35,
        "bangladeshi": 0.35,
        "sikh": 0.6,
        "chinese": 0.4,
        "polish": 0.4,
    }
    one = rng.random(n) < share_of(some, tradition, 0.8)
    middle = np.where(one, draw_forenames(rng, tradition, c.sex, band), 0).astype(np.int32)
    fathers = np.isin(tradition, [INDEX["somali"], INDEX["arab"]])
    middle = np.where(one & fathers, parents.father[c.family], middle).astype(np.int32)
    sikh = one & (tradition == INDEX["sikh"])
    middle[sikh] = np.where(c.sex[sikh] == 0, w.code_of["Singh"], w.code_of["Kaur"])
    two = np.flatnonzero(one & ~fathers & ~sikh & (rng.random(n) < 0.13))
    more = draw_forenames(rng, tradition[two], c.sex[two], band[two])
    middle[two] = pool.add(pool.take(middle[two]) + " " + pool.take(more))
    return middle


def _known_as(rng: np.random.Generator, forename: Ints, middle: Ints, w: Words) -> Ints:
    n = len(forename)
    inside = np.where(forename <= w.forename_count, forename, 0)
    which = (rng.random(n) < 0.3).astype(np.int64)
    short = w.short[inside, which]
    known = np.where(rng.random(n) < KNOWN_AS, short, 0)
    by_middle = rng.random(n) < np.where(w.muhammad[inside], MUHAMMAD_KNOWN_BY_SECOND, KNOWN_BY_MIDDLE_NAME)
    one_word = (middle > 0) & (middle <= w.forename_count)
    return np.where(by_middle & one_word, middle, known).astype(np.int32)


def _changed(
    rng: np.random.Generator, c: Children, pool: Pool, surname: Ints, parents: Parents, share: float
) -> Ints:
    """Surnames after some families change theirs: to the mother's, to both, to a stepfather's."""
    family_changes = rng.random(c.families) < share
    rows = np.flatnonzero(family_changes[c.family] & (c.age_days > 730))
    family = c.family[rows]
    new = np.where(rng.random(c.families) < 0.5, parents.maiden, draw_surnames(rng, c.tradition))[
        family
    ].astype(np.int32)
    joins = (rng.random(c.families) < 0.3)[family]
    new[joins] = _double(rng, pool, surname[rows[joins]], new[joins])
    result = surname.copy()
    result[rows] = new
    return result


def make_names(rng: np.random.Generator, c: Children, band: Ints, parents: Parents, pool: Pool) -> Names:
    """Name every child of a block; ``pool`` starts with `words`."""
    w = words()
    tradition = c.tradition[c.family]
    forename = _forenames(rng, c, band)
    family_surname = _family_surnames(rng, pool, c.tradition, parents)
    birth = _own_surnames(rng, tradition, c.sex, family_surname[c.family], w)
    middle = _middles(rng, pool, c, band, parents, w)
    known = _known_as(rng, forename, middle, w)
    surname = _changed(rng, c, pool, birth, parents, SURNAME_CHANGED)
    later = _changed(rng, c, pool, surname, parents, SURNAME_CHANGES_IN_A_MONTH)
    one_word = rng.random(len(band)) < share_of(ONE_WORD_NAME, tradition)
    single = np.where(one_word, forename, 0)
    return Names(
        forename=np.where(one_word, 0, forename).astype(np.int32),
        middle=np.where(one_word, 0, middle).astype(np.int32),
        surname=np.where(one_word, single, surname).astype(np.int32),
        birth_surname=np.where(one_word, single, birth).astype(np.int32),
        known_as=np.where(one_word, 0, known).astype(np.int32),
        next_surname=np.where(one_word, single, later).astype(np.int32),
    )
