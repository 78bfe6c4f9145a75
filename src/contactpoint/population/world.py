"""Numbers, telephones, schools and practices of everybody in a block, and the pool of every column."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from contactpoint.population.case_table import LABELS
from contactpoint.population.config import Mistakes, PopulationConfig
from contactpoint.population.identifiers import family_phones, nhs_numbers, rank_within, spread, upn
from contactpoint.population.organisations import Directory
from contactpoint.population.people import People
from contactpoint.population.places import NO_FIXED_ABODE
from contactpoint.population.pools import Flags, Floats, Ints, Pool, column_names
from contactpoint.population.shared import dates, organisations_phones
from contactpoint.population.spelling import without_accents
from contactpoint.population.tables import authorities

#: Share of families whose first number is a mobile telephone's; an assumption.
MOBILE = 0.88


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One block's people and everything a source may write about them.

    Attributes:
        nhs, upn, email: pools by row (row i has code i + 1).
        phones: organisations' numbers, then three for each family of the block: the mother's (or that of
            the home), the father's, and one no longer used. phone: the code of the first of a row's three.
        practice: GP practice of each row (code in the directory).
        nowhere: postcode code of no fixed abode.
        accented: word codes that have an accent. plain: their unaccented codes.
        mistakes: which error model the sources follow.
    """

    people: People
    nhs: Pool
    upn: Pool
    email: Pool
    phones: Pool
    practice: Ints
    school: Ints
    phone: Ints
    nowhere: int
    accented: Flags
    plain: Ints
    mistakes: Mistakes


def make_world(
    rng: np.random.Generator, p: People, d: Directory, part: int, parts: int, config: PopulationConfig
) -> World:
    """Numbers, telephones, schools and practices for everybody in a block.

    ``part`` of ``parts`` of its authority.
    """
    n = len(p)
    row = p.first_person + np.arange(n, dtype=np.int64)
    entry = _mine(d.primaries[p.authority.dfe], part, parts)
    first_school = entry[spread(p.family, len(entry))]
    first_year = (1970 + p.born / 365.25 + 4.67).astype(np.int64)
    number = d.laestab[first_school].astype(np.int64)
    serial = rank_within(number, first_year).astype(np.int64)
    number += serial // 1000 * 3000  # a school with over 999 entrants a year, in very small Englands only
    phones, phone = _phones(p, rng.random(n) < MOBILE)
    nowhere = int(p.homes.postcodes.add([NO_FIXED_ABODE])[0])
    text = p.pool.series()
    accented = text.str.contains(r"[^\x00-\x7F]").fill_null(value=False).to_numpy().copy()
    where = np.flatnonzero(accented)
    plain = np.arange(len(text), dtype=np.int32)
    plain[where] = p.pool.add([without_accents(w) for w in text.gather(pl.Series(where)).to_list()])
    return World(
        people=p,
        nhs=Pool(nhs_numbers(row, config.seed % 90_000_000)),
        upn=Pool(upn(np.full(n, int(p.authority.dfe), np.int64), number, first_year, serial)),
        email=Pool(_emails(p)),
        practice=_practices(rng, p, d, part, parts),
        school=_schools(rng, p, d, part, parts),
        phones=phones,
        phone=phone,
        nowhere=nowhere,
        accented=accented,
        plain=plain,
        mistakes=config.mistakes,
    )


def _emails(p: People) -> pl.Series:
    """One for each family; the families of first halves have others."""
    whose = pl.Series(np.where(p.family < 0, "birthfamily", "family"))
    return whose + pl.Series(np.abs(p.family)).cast(pl.String) + "@example.org"


def _phones(p: People, mobile: Flags) -> tuple[Pool, Ints]:
    """Three numbers for each family, and for each row the code of its family's first.

    The first half of a sealed identity has a family of its own, so its numbers are others.
    """
    families, one, place = np.unique(p.family, return_index=True, return_inverse=True)
    serial = (np.abs(families) * 6 + 3 * (families < 0))[:, None] + np.arange(3)
    carried = np.ones(serial.shape, np.bool_)
    carried[:, 0] = mobile[one]
    pool = Pool(organisations_phones())
    first = int(pool.add(family_phones(serial.reshape(-1), carried.reshape(-1)))[0])
    return pool, (first + 3 * place.reshape(-1)).astype(np.int32)


def _mine(all_of_them: Ints, part: int, parts: int) -> Ints:
    """This block's share of an authority's schools, so that blocks never give the same number twice."""
    return all_of_them[part::parts] if len(all_of_them) >= parts else all_of_them


def academic_age(p: People) -> Ints:
    """Whole years on the last 31 August: 4 is reception, 11 the first year of secondary school."""
    year = p.as_at.year if p.as_at.month >= 9 else p.as_at.year - 1
    cut = (np.datetime64(f"{year}-09-01") - np.datetime64("1970-01-01")).astype(np.int64)
    age: Ints = np.floor((cut - 0.5 - p.born) / 365.25).astype(np.int32)
    return age


def _elsewhere(rng: np.random.Generator, p: People, d: Directory) -> Ints:
    """The authority (index in `authorities`) of each row's school: own, neighbour's or placement's."""
    index = {a.dfe: i for i, a in enumerate(authorities())}
    own, known = index[p.authority.dfe], [index[x] for x in d.primaries]
    near = [i for i in known if authorities()[i].region == p.authority.region and i != own] or [own]
    where = np.full(len(p), own, np.int32)
    where = np.where(p.state.cross_border, rng.choice(near, len(p)), where)
    placed = p.homes.authority[p.state.home]
    return np.where(p.state.looked_after & np.isin(placed, known), placed, where).astype(np.int32)


def _schools(rng: np.random.Generator, p: People, d: Directory, part: int, parts: int) -> Ints:
    """Directory code of each child's state school or nursery, 0 for none."""
    n, age, s = len(p), academic_age(p), p.state
    share: Floats = np.select(
        [age < 2, age == 2, age == 3, age <= 15, age <= 17], [0.0, 0.3, 0.93, 0.995, 0.5], 0.0
    )
    goes = (rng.random(n) < share) & ~s.independent & ~s.home_educated & ~s.missing_education
    goes |= s.overseas  # boarders: a school place is all this England knows of them
    goes &= (np.arange(n) < p.children) & (s.died_days < 0) & (~s.left | (rng.random(n) < 0.05))
    school, where = np.zeros(n, np.int32), _elsewhere(rng, p, d)
    key = np.abs(p.family)
    for index in np.unique(where):
        dfe = authorities()[index].dfe
        local = dfe == p.authority.dfe
        for phase, ages in (
            (d.nurseries, age <= 3),
            (d.primaries, (age >= 4) & (age <= 10)),
            (d.secondaries, age >= 11),
        ):
            codes = _mine(phase[dfe], part, parts) if local else phase[dfe]
            rows = np.flatnonzero((where == index) & ages & goes)
            apart = (
                rng.random(len(rows)) < 0.12
            ) * 7  # one in eight goes elsewhere than the rest of the family
            school[rows] = codes[spread(key[rows] + apart, len(codes))]
    return school


def _practices(rng: np.random.Generator, p: People, d: Directory, part: int, parts: int) -> Ints:
    codes = _mine(d.practices[p.authority.dfe], part, parts)
    practice = codes[spread(p.family, len(codes))]
    placed = p.homes.authority[p.state.home]
    for index in np.unique(placed[p.state.placed_away]):
        dfe = authorities()[index].dfe
        if dfe in d.practices:
            rows = np.flatnonzero(p.state.placed_away & (placed == index))
            practice[rows] = d.practices[dfe][rng.integers(0, len(d.practices[dfe]), len(rows))]
    return practice.astype(np.int32)


_WORDS = column_names(
    "forename middle_names surname former_surname known_as carer_forename carer_surname "
    "carer2_forename carer2_surname mother_former_surname practitioner "
)
_LABELS = column_names(
    "suffix sex address_kind placed_by restricted birth_order multiple_birth carer_relationship "
    "carer2_relationship service team practitioner_role contact_hours contact_cover "
    "lead_practitioner assessment consent "
)
_DATES = column_names(
    "date_of_birth address_from date_of_death start_date end_date last_confirmed consent_until "
)


def column_pools(world: World, d: Directory) -> dict[str, Pool]:
    """Which pool each column's codes belong to."""
    homes = world.people.homes
    pools = dict.fromkeys(_WORDS, world.people.pool)
    pools |= dict.fromkeys(_LABELS, LABELS.pool)
    pools |= dict.fromkeys(_DATES, dates().pool)
    pools |= dict.fromkeys(["phone", "carer_phone", "carer2_phone", "contact_phone"], world.phones)
    pools |= dict.fromkeys(["address", "other_address"], homes.addresses)
    pools |= dict.fromkeys(["postcode", "other_postcode"], homes.postcodes)
    pools |= dict.fromkeys(["organisation", "gp_practice"], d.codes)
    return pools | {"uprn": homes.uprns, "nhs_number": world.nhs, "upn": world.upn, "email": world.email}
