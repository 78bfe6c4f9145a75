"""What each source covers, and its records of one block with their involvements."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from contactpoint.population import cases
from contactpoint.population.cases import LABELS, Involved
from contactpoint.population.drafts import Draft, World, spoil, start
from contactpoint.population.identifiers import nhs_numbers, rank_within, upn
from contactpoint.population.organisations import SCHOOL_HOURS, SURGERY_HOURS, Directory
from contactpoint.population.people import People
from contactpoint.population.places import NO_FIXED_ABODE
from contactpoint.population.pools import Flags, Floats, Ints, Pool
from contactpoint.population.shared import EPOCH, dates, phone_code, phones
from contactpoint.population.spelling import without_accents
from contactpoint.population.tables import authorities


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One source's records of one block, with the involvement rows that hang on them.

    ``record`` gives for each involvement row its place in the draft; without involvements there is one row a record.
    """

    draft: Draft
    involved: Involved | None
    record: Ints


def make_world(rng: np.random.Generator, p: People, d: Directory, part: int, parts: int, seed: int) -> World:
    """Numbers, telephones, schools and practices for everybody in a block; ``part`` of ``parts`` of its authority."""
    n = len(p)
    row = p.first_person + np.arange(n, dtype=np.int64)
    entry = _mine(d.primaries[p.authority.dfe], part, parts)
    first_school = entry[(np.abs(p.family) * 31 % len(entry)).astype(np.int64)]
    first_year = (1970 + p.born / 365.25 + 4.67).astype(np.int64)
    number = d.laestab[first_school].astype(np.int64)
    serial = rank_within(number, first_year).astype(np.int64)
    area = np.where(p.authority.dfe.startswith("35"), 1, np.where(p.authority.region == "London", 2, 3))
    stem = np.where(rng.random(n) < 0.88, 0, area)
    nowhere = int(p.homes.postcodes.add([NO_FIXED_ABODE])[0])
    text = p.pool.series()
    accented = text.str.contains(r"[^\x00-\x7F]").fill_null(value=False).to_numpy().copy()
    where = np.flatnonzero(accented)
    plain = np.arange(len(text), dtype=np.int32)
    plain[where] = p.pool.add([without_accents(w) for w in text.gather(pl.Series(where)).to_list()])
    return World(
        people=p, nhs=Pool(nhs_numbers(row, seed % 90_000_000)),
        upn=Pool(upn(np.full(n, int(p.authority.dfe), np.int64), number, first_year, serial)),
        email=Pool(_emails(p)),
        practice=_practices(rng, p, d, part, parts), school=_schools(rng, p, d, part, parts),
        phone=_phones(p, stem), nowhere=nowhere, accented=accented, plain=plain,
    )  # fmt: skip


def _emails(p: People) -> pl.Series:
    """One for each family; the families of first halves have others."""
    whose = pl.Series(np.where(p.family < 0, "birthfamily", "family"))
    return whose + pl.Series(np.abs(p.family)).cast(pl.String) + "@example.org"


def _phones(p: People, stem: Ints) -> Ints:
    """A number for each family, never the same for the two halves of a sealed identity."""
    last = np.abs(p.family) * 613 % 1000
    first, second = np.arange(p.children, len(p)), p.origin[p.children :]
    last[first] = (last[second] + 1 + last[first] % 997) % 1000
    return (1 + 1000 * stem + last).astype(np.int32)


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
    """For each row the index (in `authorities`) of where it goes to school: at home, across the border, or at its placement."""
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
    share: Floats = np.select([age < 2, age == 2, age == 3, age <= 15, age <= 17], [0.0, 0.3, 0.93, 0.995, 0.5], 0.0)
    goes = (rng.random(n) < share) & ~s.independent & ~s.home_educated & ~s.missing_education
    goes |= s.overseas  # boarders: a school place is all this England knows of them
    goes &= (np.arange(n) < p.children) & (s.died_days < 0) & (~s.left | (rng.random(n) < 0.05))
    school, where = np.zeros(n, np.int32), _elsewhere(rng, p, d)
    key = np.abs(p.family)
    for index in np.unique(where):
        dfe = authorities()[index].dfe
        local = dfe == p.authority.dfe
        for phase, ages in ((d.nurseries, age <= 3), (d.primaries, (age >= 4) & (age <= 10)), (d.secondaries, age >= 11)):
            codes = _mine(phase[dfe], part, parts) if local else phase[dfe]
            rows = np.flatnonzero((where == index) & ages & goes)
            school[rows] = codes[(key[rows] * 31 + (rng.random(len(rows)) < 0.12) * 7) % len(codes)]
    return school


def _practices(rng: np.random.Generator, p: People, d: Directory, part: int, parts: int) -> Ints:
    codes = _mine(d.practices[p.authority.dfe], part, parts)
    practice = codes[((np.abs(p.family) * 17) % len(codes)).astype(np.int64)]
    placed = p.homes.authority[p.state.home]
    for index in np.unique(placed[p.state.placed_away]):
        dfe = authorities()[index].dfe
        if dfe in d.practices:
            rows = np.flatnonzero(p.state.placed_away & (placed == index))
            practice[rows] = d.practices[dfe][rng.integers(0, len(d.practices[dfe]), len(rows))]
    return practice.astype(np.int32)


def coverage(rng: np.random.Generator, world: World, contract: str) -> Flags:
    """Which rows a universal source holds (docs/population.md, "Coverage")."""
    p, s, n = world.people, world.people.state, len(world.people)
    age, first = p.age_days, np.arange(n) >= p.children
    u = rng.random(n)
    alive = s.died_days < 0
    if contract == "births":
        yes: Flags = ~s.born_abroad & ~(s.unnamed & s.unnamed_next) & ~s.overseas & (u < np.where(s.later, 0.35, 0.995)) & ~(s.later & (age >= 0))
    elif contract == "child_benefit":
        share = np.where(first, 0.2, np.where(age < 60, 0.35, np.where(p.age < 16, 0.905, 0.8)))
        yes = (u < share) & ~s.overseas & ~s.looked_after & (alive | (s.died_days < 56)) & ~s.later
    elif contract == "nhs_demographics":
        yes = u < np.where(s.overseas, 0.2, np.where(s.later, 0.9, 0.993))
    elif contract == "school_census":
        yes = (world.school > 0) & (~s.later | (u < 0.5))
    else:
        share = np.where(s.overseas, 0.6, np.where(s.later, 0.4, np.where(age < 30, 0.55, 0.975)))
        yes = (u < share) & alive & ~first
    return yes


def _simple(rng: np.random.Generator, world: World, source: str, contract: str) -> Held:
    rows = np.flatnonzero(coverage(rng, world, contract)).astype(np.int32)
    state = world.people.state
    later = state.later | state.unnamed & (contract == "births")  # a birth is registered when the baby has a name
    draft = start(rng, world, source, contract, rows, later[rows])
    spoil(rng, world, draft)
    return Held(draft=draft, involved=None, record=np.arange(len(rows), dtype=np.int32))


def school_census(rng: np.random.Generator, world: World, d: Directory) -> Held:
    """Pupils of state schools and nurseries, one enrolment each."""
    p = world.people
    held = _simple(rng, world, "school-census", "school_census")
    rows, age = held.draft.rows, academic_age(p)[held.draft.rows]
    n, cut = len(rows), p.as_at.year if p.as_at.month >= 9 else p.as_at.year - 1
    entry = np.select([age <= 3, age <= 10, age <= 15], [age - np.minimum(age, 2) - 0, age - 4, age - 11], age - 16)
    begin = (np.datetime64(f"{cut}-09-01") - np.datetime64("1970-01-01")).astype(np.int64) - (entry * 365.25).astype(np.int64) + rng.integers(0, 6, n)
    began_late = rng.random(n) < 0.15
    today = (p.as_at - EPOCH).days
    begin = np.where(began_late, np.minimum(begin + rng.integers(0, 700, n), today), begin)
    moves = rng.random(n) < 0.006
    own = d.secondaries[p.authority.dfe], d.primaries[p.authority.dfe]
    new = np.where(age >= 11, own[0][rng.integers(0, len(own[0]), n)], own[1][rng.integers(0, len(own[1]), n)])
    moves &= (age >= 4) & (new != world.school[rows])
    return _enrolled(rng, held, d, np.where(age <= 3, LABELS["early_years"], LABELS["school"]), world.school[rows],
                     begin, today, SCHOOL_HOURS, np.where(moves, new, 0))  # fmt: skip


def gp_registrations(rng: np.random.Generator, world: World, d: Directory) -> Held:
    """Children on a practice's list, one registration each."""
    p = world.people
    held = _simple(rng, world, "gp-registrations", "gp_registrations")
    rows = held.draft.rows
    n, today = len(rows), (p.as_at - EPOCH).days
    begin = np.where(rng.random(n) < 0.6, p.born[rows] + 20, today - p.state.moved_days[rows])
    begin = np.maximum(p.born[rows], np.minimum(begin, today))
    practices = d.practices[p.authority.dfe]
    moving = (p.state.next_home[rows] != p.state.home[rows]) & (rng.random(n) < 0.4)
    new = practices[rng.integers(0, len(practices), n)]
    new = np.where(moving & (new != world.practice[rows]), new, 0)
    return _enrolled(rng, held, d, np.full(n, LABELS["gp"]), world.practice[rows], begin, today, SURGERY_HOURS, new)


def _enrolled(
    rng: np.random.Generator, held: Held, d: Directory, service: Ints, organisation: Ints, begin: Ints, today: int, hours: str, new: Ints
) -> Held:
    n = len(organisation)
    begin = np.where(held.draft.later, today + 1 + rng.integers(0, 27, n), begin)
    columns = {
        "service": service.astype(np.int32), "organisation": organisation.astype(np.int32),
        "contact_phone": phones_of(d)[organisation], "contact_hours": np.full(n, LABELS[hours], np.int32),
        "start_date": dates().code(begin), "end_date": np.zeros(n, np.int32),
    }  # fmt: skip
    involved = Involved(
        rows=held.draft.rows, columns=columns, later=held.draft.later, next_end=np.zeros(n, np.int32),
        next_organisation=np.where(held.draft.later, 0, new).astype(np.int32), next_start=dates().code(today + 1 + rng.integers(0, 27, n)),
    )  # fmt: skip
    return Held(draft=held.draft, involved=involved, record=held.record)


def phones_of(d: Directory) -> Ints:
    """Telephone code of every organisation, by directory code."""
    return np.array([0, *(phone_code(o.phone) for o in d.rows)], np.int32)


def _with_cases(rng: np.random.Generator, world: World, source: str, contract: str, found: Involved) -> Held:
    """Records of the children a source works with."""
    rows = np.unique(found.rows)
    record = np.searchsorted(rows, found.rows).astype(np.int32)
    later = np.ones(len(rows), np.bool_)
    np.logical_and.at(later, record, found.later)
    draft = start(rng, world, source, contract, rows.astype(np.int32), later)
    spoil(rng, world, draft)
    return Held(draft=draft, involved=found, record=record)


def all_sources(rng: np.random.Generator, world: World, d: Directory) -> list[Held]:
    """Every source's records of one block, always in this order."""
    p = world.people
    dfe = p.authority.dfe
    return [
        _simple(rng, world, "births", "births"),
        _simple(rng, world, "child-benefit", "child_benefit"),
        _simple(rng, world, "nhs-demographics", "nhs_demographics"),
        school_census(rng, world, d),
        gp_registrations(rng, world, d),
        _with_cases(rng, world, "child-health", "child_health", cases.health_cases(rng, p, d)),
        _with_cases(rng, world, f"childrens-services-{dfe}", "childrens_services", _council(rng, p, d)),
        _with_cases(rng, world, f"youth-justice-{dfe}", "youth_justice", cases.justice_cases(rng, p, d)),
        _with_cases(rng, world, "mental-health", "mental_health", cases.mental_health_cases(rng, p, d)),
        _with_cases(rng, world, "barnardos", "charity", cases.charity_cases(rng, p, d, "barnardos")),
        _with_cases(rng, world, "kids", "charity", cases.charity_cases(rng, p, d, "kids")),
    ]


def _council(rng: np.random.Generator, p: People, d: Directory) -> Involved:
    """A council's cases, with the ended care cases of first halves: what the child was called when looked after."""
    found = cases.council_cases(rng, p, d)
    first = np.arange(p.children, len(p), dtype=np.int32)
    if not len(first):
        return found
    old = cases.ended_care(rng, p, d, first)
    return cases.together([found, old])


def column_pools(world: World, d: Directory) -> dict[str, Pool]:
    """Which pool each column's codes belong to."""
    words, homes, labels, day = world.people.pool, world.people.homes, LABELS.pool, dates().pool
    pools = dict.fromkeys(
        "forename middle_names surname former_surname known_as carer_forename carer_surname carer2_forename carer2_surname "
        "mother_former_surname practitioner".split(),
        words,
    )
    pools |= dict.fromkeys(
        "suffix sex address_kind restricted birth_order multiple_birth carer_relationship carer2_relationship service team "
        "practitioner_role contact_hours contact_cover lead_practitioner assessment consent".split(),
        labels,
    )
    pools |= dict.fromkeys(
        "date_of_birth address_from date_of_death start_date end_date last_confirmed consent_until".split(), day
    )
    pools |= dict.fromkeys(["phone", "carer_phone", "carer2_phone", "contact_phone"], phones())
    pools |= dict.fromkeys(["address", "other_address"], homes.addresses)
    pools |= dict.fromkeys(["postcode", "other_postcode"], homes.postcodes)
    pools |= dict.fromkeys(["organisation", "gp_practice"], d.codes)
    return pools | {"uprn": homes.uprns, "nhs_number": world.nhs, "upn": world.upn, "email": world.email}
