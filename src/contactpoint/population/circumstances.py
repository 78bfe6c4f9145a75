"""What has happened to children: moves, care, protection, shields, deaths.

Schooling. Rates with their sources.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from contactpoint.population.families import Children, age_in_years
from contactpoint.population.places import Homes
from contactpoint.population.pools import Flags, Floats, Ints
from contactpoint.population.tables import Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One circumstance: the share of children (or families) it is true of, and where the figure is from."""

    share: float
    source: str


RATES: dict[str, Rate] = {
    "moved": Rate(
        share=0.24,
        source="families moved in the last three years; MCS (CLS 2015): 40 % by age five; spread assumed",
    ),
    "moves_in_a_month": Rate(share=0.007, source="assumption: about nine per cent of families a year"),
    "second_home": Rate(share=0.05, source="second parental address over 30 days a year, ONS, Census 2021"),
    "no_fixed_abode": Rate(share=0.002, source="Cardinal et al. 2023: 0.20 % of patients"),
    "overseas": Rate(
        share=0.0012, source="assumption: boarders and children of families abroad with a school place here"
    ),
    "arrived": Rate(
        share=0.0008,
        source="a month of non-EU arrivals under 16 (179,000 in the year to June 2024, ONS), some seen later",
    ),
    "born_abroad": Rate(share=0.09, source="assumption: no English birth registration"),
    "placed_away": Rate(share=0.44, source="looked-after children placed out of authority, DfE 2025"),
    "adopted": Rate(share=0.0037, source="3,040 adopted in 2024/25 (DfE), fourteen such years standing"),
    "new_identity": Rate(share=0.00004, source="assumption: protected new identities"),
    "shielded": Rate(share=0.0047, source="51,500 of 11 million before launch, press 2009"),
    "refuge": Rate(share=0.15, source="assumption: shielded families living in a refuge"),
    "died": Rate(share=0.00029, source="3,492 deaths in 2024/25, NCMD; 61 % infants"),
    "left_england": Rate(share=0.007, source="assumption: records of children who have left, held over"),
    "independent_school": Rate(share=0.065, source="593,486 of 9.09 million pupils, DfE January 2024"),
    "home_educated": Rate(share=0.0135, source="111,700 in autumn 2024 (DfE) of children aged 5 to 15"),
    "missing_education": Rate(share=0.0047, source="39,200 in autumn 2024 (DfE) of children aged 5 to 15"),
    "cross_border": Rate(share=0.035, source="assumption: pupils at school in another authority"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is true of each row; flags unless said otherwise.

    Attributes:
        home, before, next_home: address codes now, before the last move (same when none) and a month on.
        second_home: address code, 0 for none.
        birth_home: address code when the birth was registered.
        moved_days: days since coming to ``home``.
        later: not yet born or not yet in England at the as-at date.
        protected: subject of a protection plan. died_days: days since death, -1 for the living.
    """

    home: Ints
    before: Ints
    next_home: Ints
    second_home: Ints
    birth_home: Ints
    moved_days: Ints
    later: Flags
    no_fixed_abode: Flags
    overseas: Flags
    born_abroad: Flags
    in_need: Flags
    protected: Flags
    looked_after: Flags
    placed_away: Flags
    shielded: Flags
    refuge: Flags
    left: Flags
    died_days: Ints
    independent: Flags
    home_educated: Flags
    missing_education: Flags
    cross_border: Flags
    unnamed: Flags
    unnamed_next: Flags


def chance(rng: np.random.Generator, n: int, share: float | Floats) -> Flags:
    """True for each of n rows with this probability."""
    flags: Flags = rng.random(n) < share
    return flags


def _share(count: int, a: Authority, otherwise: float) -> float:
    return count / a.children if count else otherwise


def make_circumstances(
    rng: np.random.Generator, c: Children, a: Authority, homes: Homes, arrivals: int
) -> Circumstances:
    """Draw what is true of each child; the last ``arrivals`` rows come to England in the following month."""
    n, age = len(c.family), age_in_years(c.age_days)
    later = (c.age_days < 0) | (np.arange(n) >= n - arrivals)
    shielded, refuge = _shielded(rng, c)
    died = _died(rng, c.age_days)
    care = _care(rng, c, a, age)
    living = _homes(rng, c, homes, age, shielded, refuge, care)
    unnamed = (c.age_days < 42) & chance(rng, n, 0.55)
    still = np.where(c.age_days < 0, 0.6, 0.12)
    in_family = {
        k: chance(rng, c.families, RATES[k].share)[c.family] & ~care["looked_after"]
        for k in ("no_fixed_abode", "overseas", "left_england")
    }
    return Circumstances(
        later=later,
        no_fixed_abode=in_family["no_fixed_abode"] & ~refuge,
        overseas=in_family["overseas"] & (age >= 8) & ~shielded,
        born_abroad=chance(rng, n, RATES["born_abroad"].share) & (c.age_days > 200),
        shielded=shielded & ~later,
        refuge=refuge,
        left=in_family["left_england"] & ~shielded & (died < 0) & ~later,
        died_days=died,
        cross_border=chance(rng, n, RATES["cross_border"].share),
        unnamed=unnamed,
        unnamed_next=unnamed & chance(rng, n, still),
        **living,
        **care,
        **_schooling(rng, n, age),
    )


def _care(rng: np.random.Generator, c: Children, a: Authority, age: Ints) -> dict[str, Any]:
    """Children in need, on protection plans and looked after, at the authority's own rates (DfE 2025)."""
    n = len(age)
    care = chance(rng, n, _share(a.looked_after, a, 0.0067) * _care_by_age(age)) & (c.age_days > 5)
    need = _share(a.in_need, a, 0.033)
    in_need = (care | chance(rng, n, need * 0.82)) & (c.age_days >= 0)
    return {
        "looked_after": care,
        "placed_away": care & chance(rng, n, RATES["placed_away"].share),
        "in_need": in_need,
        "protected": in_need & ~care & chance(rng, n, _share(a.protected, a, 0.0041) / need),
    }


def _homes(
    rng: np.random.Generator,
    c: Children,
    homes: Homes,
    age: Ints,
    shielded: Flags,
    refuge: Flags,
    care: dict[str, Any],
) -> dict[str, Any]:
    """Where each child lives, lived before, was born to, has a second home, and will live in a month.

    Codes 1 to f are families' homes, f + 1 to 2 f their one other address, then come twelve houses that are
    refuges (ordinary addresses, several families at each), then addresses in other authorities.
    """
    n, f, local = len(age), c.families, c.families * 2 + 400
    away, looked_after = len(homes.authority) - 1 - local, care["looked_after"]
    here = c.family + 1
    spare = np.where(rng.random(f) < 0.16, local + 1 + rng.integers(0, away, f), f + 1 + np.arange(f))
    other = spare[c.family]
    moved = chance(rng, f, RATES["moved"].share)[c.family] | refuge
    moving = chance(rng, f, RATES["moves_in_a_month"].share)[c.family] & ~moved
    moving |= refuge & chance(rng, f, 0.05)[c.family]
    second = chance(rng, f, RATES["second_home"].share)[c.family] & ~(
        moved | looked_after | moving | shielded
    )
    since_birth = rng.random(f)[c.family] < np.minimum(0.07 * age, 0.6)
    placement = np.where(
        care["placed_away"], local + 1 + rng.integers(0, away, n), f + 1 + rng.integers(0, f, n)
    )
    family_home = np.where(refuge, 2 * f + 1 + c.family % 12, here)
    home = np.where(looked_after, placement, family_home)
    before = np.where(looked_after, family_home, np.where(moved & ~refuge, other, here))
    ago = rng.random(n) * np.clip(c.age_days, 30, 1095)
    codes = {
        "home": home,
        "before": before,
        "birth_home": np.where((moved | since_birth) & ~refuge, f + 1 + c.family, here),
        "next_home": np.where(moving & ~looked_after, other, home),
        "second_home": np.where(second, other, 0),
        "moved_days": np.minimum(np.where(moved | looked_after, ago, c.age_days), np.maximum(c.age_days, 0)),
    }
    return {name: code.astype(np.int32) for name, code in codes.items()}


def _care_by_age(age: Ints) -> Floats:
    """Looked-after children by age: few babies, most teenagers.

    DfE 2025: 4 % under one, 27 % sixteen and over.
    """
    shares: Floats = np.where(age < 1, 0.72, np.where(age < 10, 0.65, np.where(age < 16, 1.15, 2.3)))
    return shares


def _shielded(rng: np.random.Generator, c: Children) -> tuple[Flags, Flags]:
    """Shielded children (whole families) and those of them in a refuge."""
    chosen = chance(rng, c.families, RATES["shielded"].share)
    refuge = chosen & chance(rng, c.families, RATES["refuge"].share)
    return chosen[c.family], refuge[c.family]


def _died(rng: np.random.Generator, age_days: Ints) -> Ints:
    """Days since death within the last year, -1 for the living; three in five are infants (NCMD 2024/25)."""
    infant = age_days < 700
    share = np.where(infant, RATES["died"].share * 0.61 / 0.095, RATES["died"].share * 0.39 / 0.905)
    died = (rng.random(len(age_days)) < share) & (age_days > 40)
    ago = (rng.random(len(age_days)) * np.clip(age_days - 1, 1, 364)).astype(np.int32)
    return np.where(died, ago, -1).astype(np.int32)


def _schooling(rng: np.random.Generator, n: int, age: Ints) -> dict[str, Any]:
    compulsory = (age >= 5) & (age <= 15)
    home = compulsory & chance(rng, n, RATES["home_educated"].share)
    missing = compulsory & ~home & chance(rng, n, RATES["missing_education"].share)
    independent = ~home & ~missing & (age >= 4) & chance(rng, n, RATES["independent_school"].share)
    return {"home_educated": home, "missing_education": missing, "independent": independent}
