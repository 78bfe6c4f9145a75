"""What each source covers, and its records of one block with their involvements."""

from dataclasses import dataclass

import numpy as np

from contactpoint.population import cases, mistakes, second
from contactpoint.population.case_table import LABELS
from contactpoint.population.cases import Involved
from contactpoint.population.drafts import Draft, start
from contactpoint.population.organisations import SCHOOL_HOURS, SURGERY_HOURS, Directory
from contactpoint.population.people import People
from contactpoint.population.pools import Flags, Ints
from contactpoint.population.shared import EPOCH, dates, phone_code
from contactpoint.population.world import World, academic_age


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One source's records of one block, with the involvement rows that hang on them.

    ``record`` gives for each involvement row its place in the draft; without involvements there is one row a
    record.
    """

    draft: Draft
    involved: Involved | None
    record: Ints


def coverage(rng: np.random.Generator, world: World, contract: str) -> Flags:
    """Which rows a universal source holds (docs/population.md, "Coverage")."""
    p, s, n = world.people, world.people.state, len(world.people)
    age, first = p.age_days, np.arange(n) >= p.children
    u = rng.random(n)
    alive = s.died_days < 0
    if contract == "births":
        yes: Flags = (
            ~s.born_abroad
            & ~(s.unnamed & s.unnamed_next)
            & ~s.overseas
            & (u < np.where(s.later, 0.35, 0.995))
            & ~(s.later & (age >= 0))
        )
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


def _spoil(rng: np.random.Generator, world: World, draft: Draft) -> None:
    """Make the mistakes of this England's error model."""
    model = second if world.mistakes == "second" else mistakes
    model.spoil(rng, world, draft)


def _simple(rng: np.random.Generator, world: World, source: str, contract: str) -> Held:
    rows = np.flatnonzero(coverage(rng, world, contract)).astype(np.int32)
    state = world.people.state
    later = state.later | state.unnamed & (
        contract == "births"
    )  # a birth is registered when the baby has a name
    draft = start(rng, world, source, contract, rows, later[rows])
    _spoil(rng, world, draft)
    return Held(draft=draft, involved=None, record=np.arange(len(rows), dtype=np.int32))


def school_census(rng: np.random.Generator, world: World, d: Directory) -> Held:
    """Pupils of state schools and nurseries, one enrolment each."""
    p = world.people
    held = _simple(rng, world, "school-census", "school_census")
    rows, age = held.draft.rows, academic_age(p)[held.draft.rows]
    n, cut = len(rows), p.as_at.year if p.as_at.month >= 9 else p.as_at.year - 1
    entry = np.select(
        [age <= 3, age <= 10, age <= 15], [age - np.minimum(age, 2) - 0, age - 4, age - 11], age - 16
    )
    begin = (
        (np.datetime64(f"{cut}-09-01") - np.datetime64("1970-01-01")).astype(np.int64)
        - (entry * 365.25).astype(np.int64)
        + rng.integers(0, 6, n)
    )
    began_late = rng.random(n) < 0.15
    today = (p.as_at - EPOCH).days
    begin = np.where(began_late, np.minimum(begin + rng.integers(0, 700, n), today), begin)
    moves = rng.random(n) < 0.006
    own = d.secondaries[p.authority.dfe], d.primaries[p.authority.dfe]
    new = np.where(
        age >= 11, own[0][rng.integers(0, len(own[0]), n)], own[1][rng.integers(0, len(own[1]), n)]
    )
    moves &= (age >= 4) & (new != world.school[rows])
    return _enrolled(
        rng,
        held,
        d,
        np.where(age <= 3, LABELS["early_years"], LABELS["school"]),
        world.school[rows],
        begin,
        today,
        SCHOOL_HOURS,
        np.where(moves, new, 0),
    )


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
    return _enrolled(
        rng, held, d, np.full(n, LABELS["gp"]), world.practice[rows], begin, today, SURGERY_HOURS, new
    )


def _enrolled(
    rng: np.random.Generator,
    held: Held,
    d: Directory,
    service: Ints,
    organisation: Ints,
    begin: Ints,
    today: int,
    hours: str,
    new: Ints,
) -> Held:
    n = len(organisation)
    begin = np.where(held.draft.later, today + 1 + rng.integers(0, 27, n), begin)
    columns = {
        "service": service.astype(np.int32),
        "organisation": organisation.astype(np.int32),
        "contact_phone": phones_of(d)[organisation],
        "contact_hours": np.full(n, LABELS[hours], np.int32),
        "start_date": dates().code(begin),
        "end_date": np.zeros(n, np.int32),
    }
    involved = Involved(
        rows=held.draft.rows,
        columns=columns,
        later=held.draft.later,
        next_end=np.zeros(n, np.int32),
        next_organisation=np.where(held.draft.later, 0, new).astype(np.int32),
        next_start=dates().code(today + 1 + rng.integers(0, 27, n)),
    )
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
    _spoil(rng, world, draft)
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
    """A council's cases, with the ended care cases of first halves."""
    found = cases.council_cases(rng, p, d)
    first = np.arange(p.children, len(p), dtype=np.int32)
    if not len(first):
        return found
    old = cases.ended_care(rng, p, d, first)
    return cases.together([found, old])
