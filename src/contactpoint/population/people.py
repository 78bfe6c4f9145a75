"""The children of one block of an authority: who they are, where they live, and what has happened to them.

A block is up to `BLOCK` children of one authority with its own random numbers, so blocks can be made in any
order. Rows 0 to c - 1 are children; the rows after them are the *first halves* of sealed identities: what an
adopted or protected child was called before. Rates are in `RATES` with their sources.
"""

from dataclasses import dataclass
from datetime import date

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
    return _with_first_halves(
        rng,
        c,
        born,
        band,
        names,
        parents,
        state,
        authority=authority,
        block=block,
        first_person=first_person,
        as_at=as_at,
        pool=pool,
        homes=homes,
    )


def _with_first_halves(
    rng: np.random.Generator,
    c: Children,
    born: Ints,
    band: Ints,
    names: Names,
    parents: Parents,
    state: Circumstances,
    *,
    authority: Authority,
    block: int,
    first_person: int,
    as_at: date,
    pool: Pool,
    homes: Homes,
) -> People:
    """Add a row for what each adopted or newly protected child was: other names, family, home and numbers."""
    n = len(born)
    able = (
        ~state.later
        & (c.age_days > 400)
        & ~state.looked_after
        & (state.died_days < 0)
        & ~state.overseas
        & ~state.left
    )
    fresh = able & chance(rng, n, RATES["new_identity"].share)
    adopted = np.flatnonzero(able & (fresh | chance(rng, n, RATES["adopted"].share)))
    k = len(adopted)
    take = np.concatenate([np.arange(n), adopted]).astype(np.int64)
    old, tradition = np.arange(n, n + k), c.tradition[c.family]
    half = np.zeros(n + k, np.int32)
    half[adopted] = 1
    renamed = fresh[adopted] | (rng.random(k) < 0.35)
    forename = names.forename[take]
    forename[old[renamed]] = draw_forenames(
        rng, tradition[adopted[renamed]], c.sex[adopted[renamed]], band[adopted[renamed]]
    )
    forename[old[forename[old] == 0]] = names.surname[adopted][forename[old] == 0]
    surname = draw_surnames(rng, tradition[adopted])
    surname = np.where(surname == names.surname[adopted], draw_surnames(rng, tradition[adopted]), surname)
    given = {f: getattr(names, f)[take] for f in Names.__slots__}
    given["forename"] = forename
    for field in ("surname", "birth_surname", "next_surname"):
        given[field][old] = surname
    for field in ("middle", "known_as"):
        given[field][old] = 0
    given["birth_surname"][adopted], given["next_surname"][adopted] = (
        names.surname[adopted],
        names.surname[adopted],
    )
    others = make_parents(rng, tradition[adopted], words())
    carers = {
        f: np.concatenate([getattr(parents, f)[c.family], getattr(others, f)]) for f in Parents.__slots__
    }
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
        tradition=tradition[take],
        twin_set=c.twin_set[take],
        family=np.concatenate([first_person + c.family, -(first_person + adopted + 1)]).astype(np.int64),
        place_in_set=c.place_in_set[take],
        identical=c.identical[take],
        pool=pool,
        homes=homes,
        names=Names(**given),
        state=_state_of_halves(rng, state, take, old, adopted, c),
        **carers,
    )


def _state_of_halves(
    rng: np.random.Generator, state: Circumstances, take: Longs, old: Longs, adopted: Longs, c: Children
) -> Circumstances:
    """First halves keep nothing of the present home; second halves have had no other."""
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
