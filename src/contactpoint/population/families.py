"""Families: how many children, how far apart, twins and triplets, and how old.

Rates: families by size, ONS 2024 (one child 3.7m, two 3.4m, three or more 1.2m); multiple maternities 15.6 in
a thousand, of which triplets 187 in 10,780 (ONS, births 2013); about a third of twin pairs identical.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from contactpoint.population.pools import Flags, Floats, Ints, Longs, cumulative, draw
from contactpoint.population.traditions import TRADITIONS

YEAR = 365.25
CHILDHOOD_DAYS = 6574  # eighteen years
MULTIPLE_MATERNITIES = 0.0156
TRIPLETS_AMONG_MULTIPLES = 0.0173
IDENTICAL_TWINS = 1 / 3
BOYS = 0.5125
#: Completed maternities in a family, small and large; mixed so that families with three or more match their
#: share.
_SMALL = (0.425, 0.575)
_LARGE = (0.62, 0.24, 0.10, 0.04)
_MOST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Children:
    """Children in families, one row each, ordered by family and then by birth.

    Attributes:
        family: number of the family, from 0.
        age_days: age at the as-at date in days; negative for a baby not yet born.
        sex: 0 boy, 1 girl.
        birth_order: 1 for the first-born of the maternities in this family seen here; twins share none.
        twin_set: 0, or the number of the multiple birth from 1.
        place_in_set: 0 for single births, else 0, 1, 2 in order of birth.
        identical: of a twin pair of one egg.
        families: number of families.
        tradition: by family.
    """

    family: Ints
    age_days: Ints
    sex: Ints
    birth_order: Ints
    twin_set: Ints
    place_in_set: Ints
    identical: Flags
    families: int
    tradition: Ints


def _gaps(rng: np.random.Generator, shape: tuple[int, ...]) -> Ints:
    """Days between one maternity and the next: ten months at least, about three years on average."""
    return (300 + rng.gamma(2.0, 400.0, shape)).astype(np.int32)


def _sizes(rng: np.random.Generator, tradition: Ints) -> Ints:
    large = np.array([t.large_families for t in TRADITIONS])[tradition]
    is_large = rng.random(len(tradition)) < np.minimum(large * 1.38, 0.95)
    small = 1 + draw(rng, cumulative(_SMALL), len(tradition))
    big = 3 + draw(rng, cumulative(_LARGE), len(tradition))
    return np.where(is_large, big, small).astype(np.int32)


def _maternities(rng: np.random.Generator, anchor: Ints, size: Ints) -> tuple[Ints, Flags]:
    """Ages in days at each maternity, (families, `_MOST`), and which exist among people under eighteen."""
    n = len(anchor)
    place = (rng.random(n) * size).astype(np.int32)
    gaps = np.concatenate([np.zeros((n, 1), np.int32), np.cumsum(_gaps(rng, (n, _MOST - 1)), axis=1)], axis=1)
    at_anchor = np.take_along_axis(gaps, place[:, None].astype(np.int64), axis=1)
    ages = (anchor[:, None] + at_anchor - gaps).astype(np.int32)
    there = (np.arange(_MOST)[None, :] < size[:, None]) & (ages < CHILDHOOD_DAYS) & (ages >= -28)
    return ages, there


@cache
def _kernel() -> Floats:
    """Children of each age (0-17) in a family found through a child of each age: shape (18, 18)."""
    rng = np.random.default_rng(20240630)
    n = 200_000
    anchor_year = np.repeat(np.arange(18), n // 18)
    anchor = (anchor_year * YEAR + rng.random(len(anchor_year)) * YEAR).astype(np.int32)
    ages, there = _maternities(rng, anchor, _sizes(rng, np.zeros(len(anchor), np.int32)))
    year = np.clip((ages / YEAR).astype(np.int32), 0, 17)
    table = np.zeros((18, 18))
    np.add.at(table, (np.repeat(anchor_year, _MOST)[there.ravel()], year.ravel()[there.ravel()]), 1.0)
    result: Floats = table / (n // 18)
    return result


def anchor_shares(shape: tuple[int, ...]) -> Floats:
    """Shares of anchor ages for which all children together have the given age shape."""
    target = np.asarray(shape, dtype=np.float64) / sum(shape)
    weight = target.copy()
    for _ in range(200):
        made = weight @ _kernel()
        weight *= (target / (made / made.sum())) ** 0.5
    result: Floats = weight / weight.sum()
    return result


def make_children(
    rng: np.random.Generator, *, living: int, shape: tuple[int, ...], mix: tuple[float, ...]
) -> Children:
    """Draw families until ``living`` children are born by the as-at date; some come a month later."""
    anchors, mix_shares = cumulative(anchor_shares(shape)), cumulative(mix)
    n = living // 1 + 64
    tradition = draw(rng, mix_shares, n)
    year = draw(rng, anchors, n)
    anchor = (year * YEAR + rng.random(n) * YEAR).astype(np.int32)
    early = rng.random(n) < 28 / YEAR * (year == 0)
    anchor = np.where(early, -(rng.random(n) * 27).astype(np.int32) - 1, anchor).astype(np.int32)
    ages, there = _maternities(rng, anchor, _sizes(rng, tradition))
    born = np.cumsum((there & (ages >= 0)).sum(axis=1))
    families = min(int(np.searchsorted(born, living)) + 1, n)
    return _expand(rng, ages[:families], there[:families], tradition[:families], living)


def _expand(rng: np.random.Generator, ages: Ints, there: Flags, tradition: Ints, living: int) -> Children:
    """One row a child: multiples repeated, cut to exactly ``living`` born children."""
    family, place = np.nonzero(there)
    age = ages[family, place]
    u = rng.random(len(age))
    babies = np.where(
        u < MULTIPLE_MATERNITIES, np.where(u < MULTIPLE_MATERNITIES * TRIPLETS_AMONG_MULTIPLES, 3, 2), 1
    )
    twin_set = np.cumsum(babies > 1) * (babies > 1)
    same_egg = (babies == 2) & (rng.random(len(age)) < IDENTICAL_TWINS)
    row = np.repeat(np.arange(len(age)), babies)
    order = np.arange(len(row)) - np.repeat(np.cumsum(babies) - babies, babies)
    sex = (rng.random(len(row)) >= BOYS).astype(np.int32)
    sex = np.where(same_egg[row], sex[np.arange(len(row)) - order], sex)
    kept = np.cumsum(age[row] >= 0) <= living
    row, order, sex = row[kept], order[kept], sex[kept]
    return Children(
        family=family[row].astype(np.int32),
        age_days=age[row],
        sex=sex.astype(np.int32),
        birth_order=(place[row] + 1).astype(np.int32),
        twin_set=twin_set[row].astype(np.int32),
        place_in_set=order.astype(np.int32),
        identical=same_egg[row],
        families=len(tradition),
        tradition=tradition,
    )


def age_in_years(age_days: Ints | Longs) -> Ints:
    """Whole years, never below 0 or above 17."""
    return np.clip((age_days / YEAR).astype(np.int32), 0, 17).astype(np.int32)
