"""The children of one block of an authority: who they are, where they live, and what has happened to them.

A block is up to `BLOCK` children of one authority with its own random numbers, so blocks can be made in any
order. Rows 0 to c - 1 are children; the rows after them are the *first halves* of sealed identities: what an
adopted or protected child was called before. Rates are in `RATES` with their sources.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from contactpoint.population.circumstances import RATES, Circumstances, chance, make_circumstances
from contactpoint.population.families import YEAR, Children, age_in_years, make_children
from contactpoint.population.naming import (
    Names,
    Parents,
    draw_forenames,
    draw_surnames,
    make_names,
    make_parents,
)
from contactpoint.population.places import Homes, make_homes
from contactpoint.population.pools import Flags, Ints, Longs, Pool
from contactpoint.population.tables import Authority, authorities
from contactpoint.population.words import words

BLOCK = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """One block: a row for each child, then one for the first half of each sealed identity.

    Attributes:
        authority, block: of the block, and its number in the country. first_person: where its numbers begin.
        origin: for each row the child it is about: itself, or for a first half the adopted child.
        children: rows that are children; the rest are first halves. half: 1 for a new identity, else 0.
        born: day of birth (days since 1970). family: number in the country, negative for first halves'
            families.
    """

    authority: Authority
    block: int
    first_person: int
    as_at: date
    children: int
    origin: Ints
    half: Ints
    born: Ints
    sex: Ints
    family: Longs
    tradition: Ints
    twin_set: Ints
    place_in_set: Ints
    identical: Flags
    pool: Pool
    homes: Homes
    names: Names
    mother: Ints
    mother_surname: Ints
    maiden: Ints
    father: Ints
    father_surname: Ints
    lone: Flags
    state: Circumstances

    def __len__(self) -> int:
        return len(self.origin)

    @property
    def age_days(self) -> Ints:
        """Age on the as-at date in days."""
        return (self.as_at - date(1970, 1, 1)).days - self.born

    @property
    def age(self) -> Ints:
        """Age on the as-at date in whole years, 0 to 17."""
        return age_in_years(self.age_days)

    @property
    def sealed(self) -> Flags:
        """Rows of children with a sealed first half."""
        flags = np.zeros(len(self), np.bool_)
        flags[self.origin[self.children :]] = True
        return flags


def _addresses(
    rng: np.random.Generator, c: Children, a: Authority, away: int, block: int, chosen: tuple[str, ...]
) -> Homes:
    """Homes for families (now, before, next, second), for children placed alone, and for first halves."""
    index = {x.dfe: i for i, x in enumerate(authorities())}
    near = [i for i, x in enumerate(authorities()) if x.region == a.region and x.dfe != a.dfe] or [
        index[a.dfe]
    ]
    own = [index[x] for x in chosen if x != a.dfe] or near
    u = rng.random(away)
    everywhere = rng.integers(0, len(index), away)
    elsewhere = np.where(
        u < 0.4, rng.choice(own, away), np.where(u < 0.8, rng.choice(near, away), everywhere)
    )
    return make_homes(
        rng, home=index[a.dfe], local=c.families * 2 + 400, elsewhere=elsewhere.astype(np.int32), block=block
    )


def make_people(
    rng: np.random.Generator,
    *,
    authority: Authority,
    living: int,
    block: int,
    first_person: int,
    as_at: date,
    chosen: tuple[str, ...],
) -> People:
    """One block: ``living`` children, those who come in the month after, and first halves of the sealed."""
    w = words()
    arrivals = int(living * RATES["arrived"].share)
    c = make_children(rng, living=living + arrivals, shape=authority.shape, mix=authority.mix)
    homes = _addresses(rng, c, authority, max(8, living // 40), block, chosen)
    pool = Pool(w.text)
    born = ((as_at - date(1970, 1, 1)).days - c.age_days).astype(np.int32)
    band = np.clip((1970 + born / YEAR - 2005) // 5, 0, 3).astype(np.int32)
    parents = make_parents(rng, c.tradition, w)
    names = make_names(rng, c, band, parents, pool)
    state = make_circumstances(rng, c, authority, homes, arrivals)
    adopted, renamed = _sealed(rng, c, state)
    n, take = len(born), np.concatenate([np.arange(len(born)), adopted]).astype(np.int64)
    half = np.zeros(len(take), np.int32)
    half[adopted] = 1
    return People(
        authority=authority,
        block=block,
        first_person=first_person,
        as_at=as_at,
        children=n,
        origin=take.astype(np.int32),
        half=half,
        born=born[take],
        sex=c.sex[take],
        tradition=c.tradition[c.family][take],
        twin_set=c.twin_set[take],
        place_in_set=c.place_in_set[take],
        identical=c.identical[take],
        family=np.concatenate([first_person + c.family, -(first_person + adopted + 1)]).astype(np.int64),
        pool=pool,
        homes=homes,
        names=_names_of_halves(rng, c, band, names, adopted, renamed),
        state=_state_of_halves(rng, state, take, adopted, c),
        **_carers_of_halves(rng, c, parents, adopted),
    )


def _sealed(rng: np.random.Generator, c: Children, s: Circumstances) -> tuple[Longs, Flags]:
    """Rows of children with a sealed first half, and which of them had another forename too."""
    n = len(c.family)
    able = ~s.later & (c.age_days > 400) & ~s.looked_after & (s.died_days < 0) & ~s.overseas & ~s.left
    fresh = able & chance(rng, n, RATES["new_identity"].share)
    adopted = np.flatnonzero(able & (fresh | chance(rng, n, RATES["adopted"].share)))
    return adopted, fresh[adopted] | (rng.random(len(adopted)) < 0.35)


def _names_of_halves(
    rng: np.random.Generator, c: Children, band: Ints, names: Names, adopted: Longs, renamed: Flags
) -> Names:
    """Add what each sealed child was called before: always another surname, often the same forename."""
    tradition, sex = c.tradition[c.family][adopted], c.sex[adopted]
    now = names.surname[adopted]
    forename = np.where(names.forename[adopted] == 0, now, names.forename[adopted])
    forename = np.where(renamed, draw_forenames(rng, tradition, sex, band[adopted]), forename)
    surname = draw_surnames(rng, tradition)
    surname = np.where(surname == now, draw_surnames(rng, tradition), surname)
    nothing = np.zeros(len(adopted), np.int32)
    before = {
        "forename": forename,
        "middle": nothing,
        "known_as": nothing,
        "surname": surname,
        "birth_surname": surname,
        "next_surname": surname,
    }
    given = {f: np.concatenate([getattr(names, f), before[f]]).astype(np.int32) for f in Names.__slots__}
    given["birth_surname"][adopted], given["next_surname"][adopted] = now, now
    return Names(**given)


def _carers_of_halves(
    rng: np.random.Generator, c: Children, parents: Parents, adopted: Longs
) -> dict[str, Any]:
    """Carers of every row: by family, and others for the first halves."""
    others = make_parents(rng, c.tradition[c.family][adopted], words())
    return {f: np.concatenate([getattr(parents, f)[c.family], getattr(others, f)]) for f in Parents.__slots__}


def _state_of_halves(
    rng: np.random.Generator, state: Circumstances, take: Longs, adopted: Longs, c: Children
) -> Circumstances:
    """First halves keep nothing of the present home; second halves have had no other."""
    old = np.arange(len(take) - len(adopted), len(take))
    s = {f: getattr(state, f)[take] for f in Circumstances.__slots__}
    birth_home = (c.families + 1 + rng.integers(0, c.families, len(old))).astype(np.int32)
    for field in ("home", "before", "next_home", "birth_home"):
        clash = birth_home == s["home"][adopted]
        s[field][old] = np.where(clash, 2 * c.families + 20, birth_home)
    s["second_home"][old] = 0
    for field in ("before", "next_home", "birth_home"):
        s[field][adopted] = s["home"][adopted]
    s["second_home"][adopted] = 0
    for field in ("in_need", "shielded", "refuge", "no_fixed_abode", "unnamed", "unnamed_next"):
        s[field][old] = False
    return Circumstances(**s)
