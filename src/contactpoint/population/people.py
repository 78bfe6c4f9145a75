"""The children of one block of an authority: who they are, where they live, and what has happened to them.

A block is up to `BLOCK` children of one authority with its own random numbers, so blocks can be made in any order.
Rows 0 to c - 1 are children; the rows after them are the *first halves* of sealed identities: what an adopted or
protected child was called before. Rates are in `RATES` with their sources.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from contactpoint.population.families import YEAR, Children, age_in_years, make_children
from contactpoint.population.naming import Names, Parents, draw_forenames, draw_surnames, make_names, make_parents
from contactpoint.population.places import Homes, make_homes
from contactpoint.population.pools import Flags, Floats, Ints, Longs, Pool
from contactpoint.population.tables import Authority, authorities
from contactpoint.population.words import words

BLOCK = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One circumstance: the share of children (or families) it is true of, and where the figure is from."""

    share: float
    source: str


RATES: dict[str, Rate] = {
    "moved": Rate(share=0.24, source="families moved in the last three years; MCS (CLS 2015): 40 % by age five; spread assumed"),
    "moves_in_a_month": Rate(share=0.007, source="assumption: about nine per cent of families a year"),
    "second_home": Rate(share=0.05, source="second parental address over 30 days a year, ONS, Census 2021"),
    "no_fixed_abode": Rate(share=0.002, source="Cardinal et al. 2023: 0.20 % of patients"),
    "overseas": Rate(share=0.0012, source="assumption: boarders and children of families abroad with a school place here"),
    "arrived": Rate(share=0.0008, source="a month of non-EU arrivals under 16: 179,000 a year to June 2024, ONS; half of them first seen by a source"),
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
}  # fmt: skip


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


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """One block. ``origin`` gives for each row the child it is about: itself, or for a first half the adopted child.

    Attributes:
        authority: of the block. block: its number in the country. first_person, first_row: where its numbers begin.
        children: rows that are children; the rest are first halves. half: 1 for a new identity, else 0.
        born: day of birth (days since 1970). family: number in the country, negative for first halves' families.
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


def _chance(rng: np.random.Generator, n: int, share: float | Floats) -> Flags:
    flags: Flags = rng.random(n) < share
    return flags


def _share(count: int, a: Authority, otherwise: float) -> float:
    return count / a.children if count else otherwise


def _addresses(rng: np.random.Generator, c: Children, a: Authority, away: int, block: int, chosen: tuple[str, ...]) -> Homes:
    """Homes for families (now, before, next, second), for children placed alone, and for first halves."""
    index = {x.dfe: i for i, x in enumerate(authorities())}
    near = [i for i, x in enumerate(authorities()) if x.region == a.region and x.dfe != a.dfe] or [index[a.dfe]]
    own = [index[x] for x in chosen if x != a.dfe] or near
    u = rng.random(away)
    everywhere = rng.integers(0, len(index), away)
    elsewhere = np.where(u < 0.4, rng.choice(own, away), np.where(u < 0.8, rng.choice(near, away), everywhere))
    return make_homes(rng, home=index[a.dfe], local=c.families * 2 + 400, elsewhere=elsewhere.astype(np.int32), block=block)


def _circumstances(rng: np.random.Generator, c: Children, a: Authority, homes: Homes, arrivals: int) -> Circumstances:
    n, f, local = len(c.family), c.families, c.families * 2 + 400
    away = len(homes.authority) - 1 - local
    age = age_in_years(c.age_days)
    family = {k: _chance(rng, f, RATES[k].share)[c.family] for k in ("no_fixed_abode", "overseas", "left_england")}
    shielded, refuge = _shielded(rng, c)
    here = (c.family + 1).astype(np.int32)
    # each family's other address: elsewhere in the authority, or in one case of six in another authority
    other_f = np.where(rng.random(f) < 0.16, local + 1 + rng.integers(0, away, f), f + 1 + np.arange(f)).astype(np.int32)
    other = other_f[c.family]
    moved = _chance(rng, f, RATES["moved"].share)[c.family] | refuge
    moving = (_chance(rng, f, RATES["moves_in_a_month"].share)[c.family]) & ~moved | refuge & _chance(rng, f, 0.05)[c.family]
    since_birth = rng.random(f)[c.family] < np.minimum(0.07 * age, 0.6)
    home, before = np.where(refuge, 2 * f + 1 + c.family % 12, here), np.where(moved, np.where(refuge, here, other), here)
    care = _chance(rng, n, _share(a.looked_after, a, 0.0067) * _care_by_age(age))
    placed = care & _chance(rng, n, RATES["placed_away"].share)
    in_care_home = np.where(placed, local + 1 + rng.integers(0, away, n), f + 1 + rng.integers(0, f, n))
    birth_home = np.where(moved | since_birth, np.where(refuge, here, f + 1 + c.family), here)
    before = np.where(care, home, before)
    home = np.where(care, in_care_home, home)
    moved_days = np.where(moved | care, (rng.random(n) * np.minimum(np.maximum(c.age_days, 30), 1095)), np.maximum(c.age_days, 0))
    in_need = care | _chance(rng, n, _share(a.in_need, a, 0.033) * 0.82)
    died = _died(rng, c.age_days)
    later = (c.age_days < 0) | (np.arange(n) >= n - arrivals)
    young = (c.age_days >= 0) & (c.age_days < 42) | (c.age_days < 0)
    unnamed = young & _chance(rng, n, 0.55)
    school = _schooling(rng, n, age)
    nowhere = family["no_fixed_abode"] & ~care
    return Circumstances(
        home=home.astype(np.int32), birth_home=birth_home.astype(np.int32), before=before.astype(np.int32),
        next_home=np.where(moving & ~care, other, home).astype(np.int32),
        second_home=np.where(_chance(rng, f, RATES["second_home"].share)[c.family] & ~moved & ~care & ~moving & ~shielded, other, 0).astype(np.int32),
        moved_days=moved_days.astype(np.int32), later=later, no_fixed_abode=nowhere & ~refuge,
        overseas=family["overseas"] & (age >= 8) & ~care & ~shielded, born_abroad=_chance(rng, n, RATES["born_abroad"].share) & (c.age_days > 200),
        in_need=in_need, protected=in_need & ~care & _chance(rng, n, _share(a.protected, a, 0.0041) / _share(a.in_need, a, 0.033)),
        looked_after=care, placed_away=placed, shielded=shielded & ~later, refuge=refuge, left=family["left_england"] & ~care & ~shielded & (died < 0) & ~later,
        died_days=died, cross_border=_chance(rng, n, RATES["cross_border"].share), unnamed=unnamed,
        unnamed_next=unnamed & _chance(rng, n, 0.15), **school,
    )  # fmt: skip


def _care_by_age(age: Ints) -> Floats:
    """Looked-after children by age: few babies, most teenagers (DfE 2025: 4 % under one, 27 % sixteen and over)."""
    shares: Floats = np.where(age < 1, 0.72, np.where(age < 10, 0.65, np.where(age < 16, 1.15, 2.3)))
    return shares


def _shielded(rng: np.random.Generator, c: Children) -> tuple[Flags, Flags]:
    """Shielded children (whole families) and those of them in a refuge."""
    chosen = _chance(rng, c.families, RATES["shielded"].share)
    refuge = chosen & _chance(rng, c.families, RATES["refuge"].share)
    return chosen[c.family], refuge[c.family]


def _died(rng: np.random.Generator, age_days: Ints) -> Ints:
    """Days since death within the last year, -1 for the living; three in five are infants (NCMD 2024/25)."""
    infant = age_days < 700
    share = np.where(infant, RATES["died"].share * 0.61 / 0.095, RATES["died"].share * 0.39 / 0.905)
    died = (rng.random(len(age_days)) < share) & (age_days > 40)
    ago = (rng.random(len(age_days)) * np.clip(age_days - 1, 1, 364)).astype(np.int32)
    return np.where(died, ago, -1).astype(np.int32)


def _schooling(rng: np.random.Generator, n: int, age: Ints) -> dict[str, Flags]:
    compulsory = (age >= 5) & (age <= 15)
    home = compulsory & _chance(rng, n, RATES["home_educated"].share)
    missing = compulsory & ~home & _chance(rng, n, RATES["missing_education"].share)
    independent = ~home & ~missing & (age >= 4) & _chance(rng, n, RATES["independent_school"].share)
    return {"home_educated": home, "missing_education": missing, "independent": independent}


def make_people(
    rng: np.random.Generator, *, authority: Authority, living: int, block: int, first_person: int, as_at: date, chosen: tuple[str, ...]
) -> People:
    """One block of ``living`` children, those who come in the following month, and first halves of sealed identities."""
    w = words()
    arrivals = int(living * RATES["arrived"].share)
    c = make_children(rng, living=living + arrivals, shape=authority.shape, mix=authority.mix)
    homes = _addresses(rng, c, authority, max(8, living // 40), block, chosen)
    pool = Pool(w.text)
    born = ((as_at - date(1970, 1, 1)).days - c.age_days).astype(np.int32)
    band = np.clip((1970 + born / YEAR - 2005) // 5, 0, 3).astype(np.int32)
    parents = make_parents(rng, c.tradition, w)
    names = make_names(rng, c, band, parents, pool)
    state = _circumstances(rng, c, authority, homes, arrivals)
    return _with_first_halves(
        rng, c, born, band, names, parents, state,
        authority=authority, block=block, first_person=first_person, as_at=as_at, pool=pool, homes=homes,
    )  # fmt: skip


def _with_first_halves(
    rng: np.random.Generator, c: Children, born: Ints, band: Ints, names: Names, parents: Parents, state: Circumstances,
    *, authority: Authority, block: int, first_person: int, as_at: date, pool: Pool, homes: Homes,
) -> People:  # fmt: skip
    """Add a row for what each adopted or newly protected child was before: other names, family, home and numbers."""
    n = len(born)
    able = ~state.later & (c.age_days > 400) & ~state.looked_after & (state.died_days < 0) & ~state.overseas & ~state.left
    fresh = able & _chance(rng, n, RATES["new_identity"].share)
    adopted = np.flatnonzero(able & (fresh | _chance(rng, n, RATES["adopted"].share)))
    k = len(adopted)
    take = np.concatenate([np.arange(n), adopted]).astype(np.int64)
    old, tradition = np.arange(n, n + k), c.tradition[c.family]
    half = np.zeros(n + k, np.int32)
    half[adopted] = 1
    renamed = fresh[adopted] | (rng.random(k) < 0.35)
    forename = names.forename[take]
    forename[old[renamed]] = draw_forenames(rng, tradition[adopted[renamed]], c.sex[adopted[renamed]], band[adopted[renamed]])
    forename[old[forename[old] == 0]] = names.surname[adopted][forename[old] == 0]
    surname = draw_surnames(rng, tradition[adopted])
    surname = np.where(surname == names.surname[adopted], draw_surnames(rng, tradition[adopted]), surname)
    given = {f: getattr(names, f)[take] for f in Names.__slots__}
    given["forename"] = forename
    for field in ("surname", "birth_surname", "next_surname"):
        given[field][old] = surname
    for field in ("middle", "known_as"):
        given[field][old] = 0
    given["birth_surname"][adopted], given["next_surname"][adopted] = names.surname[adopted], names.surname[adopted]
    others = make_parents(rng, tradition[adopted], words())
    carers = {f: np.concatenate([getattr(parents, f)[c.family], getattr(others, f)]) for f in Parents.__slots__}
    return People(
        authority=authority, block=block, first_person=first_person, as_at=as_at, children=n, origin=take.astype(np.int32), half=half,
        born=born[take], sex=c.sex[take], tradition=tradition[take], twin_set=c.twin_set[take],
        family=np.concatenate([first_person + c.family, -(first_person + adopted + 1)]).astype(np.int64),
        place_in_set=c.place_in_set[take], identical=c.identical[take], pool=pool, homes=homes, names=Names(**given),
        state=_state_of_halves(rng, state, take, old, adopted, c), **carers,
    )  # fmt: skip


def _state_of_halves(
    rng: np.random.Generator, state: Circumstances, take: Longs, old: Longs, adopted: Longs, c: Children
) -> Circumstances:
    """First halves keep nothing of the present home; adopted children have not lived anywhere else under this name."""
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
