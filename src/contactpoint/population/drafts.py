"""One source's records of one block before they are written: columns of codes, and what went wrong with each.

`start` says what the source would hold if it made no mistake but its usual ones (stale, unaccented); `spoil` makes the
mistakes of `errors.ERRORS`.
"""

from dataclasses import dataclass

import numpy as np

from contactpoint.population import spelling
from contactpoint.population.cases import LABELS
from contactpoint.population.contracts import COLUMNS, HABITS, Habits
from contactpoint.population.errors import BIT, ERRORS, ErrorKind
from contactpoint.population.naming import draw_forenames, draw_surnames
from contactpoint.population.people import People
from contactpoint.population.pools import Flags, Floats, Ints, Longs, Pool
from contactpoint.population.shared import EPOCH, dates
from contactpoint.population.traditions import INDEX, TRADITIONS
from contactpoint.population.words import words


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One block's people and everything a source may write about them.

    Attributes:
        nhs, upn, email: pools by row (row i has code i + 1).
        practice: GP practice of each row (code in the directory).
        nowhere: postcode code of no fixed abode.
        accented, punctuated: word codes that have an accent; a hyphen or an apostrophe. plain: their unaccented codes.
    """

    people: People
    nhs: Pool
    upn: Pool
    email: Pool
    practice: Ints
    school: Ints
    phone: Ints
    nowhere: int
    accented: Flags
    plain: Ints


@dataclass(slots=True, kw_only=True)
class Draft:
    """Records of one source: ``rows`` are rows of `People`, ``columns`` codes, ``errors`` masks of `errors.BIT`."""

    source: str
    contract: str
    rows: Ints
    columns: dict[str, Ints]
    errors: Longs
    later: Flags

    @property
    def habits(self) -> Habits:
        """How this kind of source behaves."""
        return HABITS[self.contract]

    def mark(self, where: Ints | Flags | Longs, code: str) -> None:
        """Note an error against these records."""
        self.errors[where] |= BIT[code]


def start(rng: np.random.Generator, world: World, source: str, contract: str, rows: Ints, later: Flags) -> Draft:
    """Records of these people with the source's usual omissions and delays."""
    draft = Draft(source=source, contract=contract, rows=rows, columns={}, errors=np.zeros(len(rows), np.int64), later=later)
    _names(rng, world, draft)
    _home(rng, world, draft)
    _numbers(rng, world, draft)
    _carers(rng, world, draft)
    draft.columns = {c: draft.columns[c] for c in COLUMNS[contract] if c in draft.columns}
    return draft


def _names(rng: np.random.Generator, world: World, draft: Draft) -> None:
    p, r, h, n = world.people, draft.rows, draft.habits, len(draft.rows)
    names, changed = p.names, p.names.surname[r] != p.names.birth_surname[r]
    stale = changed & (rng.random(n) < h.stale_surname)
    if draft.contract != "births":
        draft.mark(stale, "surname_stale")
    forename = names.forename[r].copy()
    known = names.known_as[r]
    used = (known > 0) & (rng.random(n) < h.known_as_used)
    forename = np.where(used, known, forename).astype(np.int32)
    draft.mark(used, "known_as_used")
    baby = p.state.unnamed[r] & (draft.contract in ("nhs_demographics", "child_health", "gp_registrations"))
    forename[baby] = words().code_of["Baby"]
    draft.mark(baby, "not_yet_named")
    surname = np.where(stale, names.birth_surname[r], names.surname[r]).astype(np.int32)
    _customs(rng, world, draft, forename, surname)
    day = dates()
    former = np.where(changed & ~stale & (rng.random(n) < 0.6), names.birth_surname[r], 0)
    draft.columns |= {
        "forename": forename, "middle_names": np.where(baby | (rng.random(n) < 0.12), 0, names.middle[r]).astype(np.int32),
        "surname": surname,
        "former_surname": former.astype(np.int32), "date_of_birth": day.code(p.born[r]),
        "known_as": np.where(used | (rng.random(n) < 0.35), 0, known).astype(np.int32),
        "suffix": np.where((p.sex[r] == 0) & (rng.random(n) < 0.0004), LABELS["Jr"], 0).astype(np.int32),
        "sex": np.where(p.sex[r] == 0, LABELS["M"], LABELS["F"]).astype(np.int32),
        "birth_order": np.where(p.twin_set[r] > 0, LABELS["1"] + p.place_in_set[r], 0).astype(np.int32),
        "multiple_birth": np.where(p.twin_set[r] > 0, LABELS["Y"], 0).astype(np.int32),
        "date_of_death": np.where(p.state.died_days[r] >= 0, day.code((p.as_at - EPOCH).days - p.state.died_days[r]), 0).astype(np.int32),
    }  # fmt: skip


def _customs(rng: np.random.Generator, world: World, draft: Draft, forename: Ints, surname: Ints) -> None:
    """Names a clerk takes for others, in place: Singh or Kaur for the surname, the father's surname, one word twice."""
    p, r, n, w = world.people, draft.rows, len(draft.rows), words()
    often = rng.random(n) < 0.05 * draft.habits.errors
    middle = p.names.middle[r]
    sikh = often & np.isin(middle, [w.code_of["Singh"], w.code_of["Kaur"]]) & (surname != middle)
    surname[sikh] = middle[sikh]
    asian = np.isin(p.tradition[r], [INDEX["pakistani"], INDEX["bangladeshi"]]) & (p.half[r] == 0) & (r < p.children)
    fathers = often & asian & (surname != p.father_surname[r]) & (forename > 0)
    surname[fathers] = p.father_surname[r[fathers]]
    draft.mark(sikh | fathers, "surname_by_custom")
    alone = (forename == 0) & (rng.random(n) < 0.2)
    forename[alone] = surname[alone]
    draft.mark(alone, "one_word_name_doubled")


def _home(rng: np.random.Generator, world: World, draft: Draft) -> None:
    p, r, s, n = world.people, draft.rows, world.people.state, len(draft.rows)
    stale = (s.before[r] != s.home[r]) & (rng.random(n) < draft.habits.stale_address)
    if draft.contract != "births":
        draft.mark(stale, "address_stale")
    home = s.birth_home[r] if draft.contract == "births" else np.where(stale, s.before[r], s.home[r]).astype(np.int32)
    abroad, nowhere = s.overseas[r], s.no_fixed_abode[r] & (draft.contract != "births")
    address = np.where(abroad | nowhere, 0, home).astype(np.int32)
    kind = np.full(n, LABELS["home"], np.int32)
    placed = s.looked_after[r] & ~stale & (draft.contract in ("childrens_services", "school_census"))
    kind[placed] = LABELS["placement"]
    kind[nowhere], kind[abroad] = LABELS["no_fixed_abode"], LABELS["overseas"]
    kind[s.left[r]] = LABELS["left_england"]
    moved = dates().code((p.as_at - EPOCH).days - s.moved_days[r])
    known_from = (s.before[r] != s.home[r]) & ~stale & (rng.random(n) < 0.7)
    second = s.second_home[r] * (rng.random(n) < 0.6)
    draft.columns |= {
        "address": address, "postcode": np.where(nowhere, world.nowhere, address).astype(np.int32),
        "uprn": np.where(rng.random(n) < 0.9, address, 0).astype(np.int32), "address_kind": kind,
        "address_from": np.where(known_from, moved, 0).astype(np.int32),
        "other_address": second.astype(np.int32), "other_postcode": second.astype(np.int32),
    }  # fmt: skip


def _numbers(rng: np.random.Generator, world: World, draft: Draft) -> None:
    p, r, h, n = world.people, draft.rows, draft.habits, len(draft.rows)
    own = (r + 1).astype(np.int32)
    recorded = p.age[r] >= 3
    shielded = p.state.shielded[r]
    marked = shielded & (rng.random(n) < (0.9 if draft.contract == "nhs_demographics" else 0.8))
    draft.columns |= {
        "nhs_number": np.where(rng.random(n) < h.nhs, own, 0).astype(np.int32),
        "upn": np.where(recorded & (world.school[r] > 0) & (rng.random(n) < h.upn), own, 0).astype(np.int32),
        "phone": np.where(rng.random(n) < h.phone, world.phone[r], 0).astype(np.int32),
        "email": np.where(rng.random(n) < 0.25, own, 0).astype(np.int32),
        "gp_practice": np.where(rng.random(n) < 0.97, world.practice[r], 0).astype(np.int32),
        "restricted": np.where(marked, LABELS["Y"], 0).astype(np.int32),
    }


def _carers(rng: np.random.Generator, world: World, draft: Draft) -> None:
    p, r, n = world.people, draft.rows, len(draft.rows)
    care = p.state.looked_after[r] & (draft.contract != "births")
    adopted = p.half[r] == 1
    first = rng.random(n) < np.where(p.lone[r], 0.96, 0.85)
    told = (rng.random(n) < 0.93) | (draft.contract in ("births", "child_benefit"))
    mother = np.where(care | adopted, LABELS["Foster carer"], LABELS["Mother"])
    mother = np.where(adopted, LABELS["Adoptive parent"], mother)
    father = np.where(care, LABELS["Foster carer"], LABELS["Father"])
    two = told & ~p.lone[r] & (rng.random(n) < 0.75)
    keep = lambda yes, code: np.where(yes, code, 0).astype(np.int32)  # noqa: E731 - local shorthand
    draft.columns |= {
        "carer_forename": keep(told, np.where(first, p.mother[r], p.father[r])),
        "carer_surname": keep(told, np.where(first, p.mother_surname[r], p.father_surname[r])),
        "carer_relationship": keep(told, np.where(first, mother, father)),
        "carer_phone": keep(told & (rng.random(n) < 0.8), world.phone[r]),
        "mother_former_surname": keep(rng.random(n) < 0.96, p.maiden[r]),
        "carer2_forename": keep(two, np.where(first, p.father[r], p.mother[r])),
        "carer2_surname": keep(two, np.where(first, p.father_surname[r], p.mother_surname[r])),
        "carer2_relationship": keep(two, np.where(first, father, mother)),
        "carer2_phone": keep(two & (rng.random(n) < 0.5), world.phone[r] % 1000 + 1),
    }


def _factor(world: World, draft: Draft, kind: ErrorKind) -> Floats | float:
    if not kind.group:
        return draft.habits.errors
    trait = {"name": "misspelt", "date": "misdated", "order": "reordered"}[kind.group]
    table = np.array([getattr(t, trait) for t in TRADITIONS])
    factor: Floats = table[world.people.tradition[draft.rows]] * draft.habits.errors
    return factor


def spoil(rng: np.random.Generator, world: World, draft: Draft) -> None:
    """Make this source's mistakes, kind by kind in the order of `ERRORS`, each noted in the mask."""
    _lose_marks(rng, world, draft)
    for kind in ERRORS:
        if kind.pair_rate is None or kind.field not in draft.columns:
            continue
        if kind.code == "dob_partial" and draft.contract not in ("childrens_services", "youth_justice", "charity"):
            continue
        hit = rng.random(len(draft.rows)) < kind.pair_rate / 2 * _factor(world, draft, kind)
        where = np.flatnonzero(hit & (draft.columns[kind.field] > 0)).astype(np.int32)
        if len(where):
            draft.mark(_apply(rng, world, draft, kind.code, where), kind.code)


def _lose_marks(rng: np.random.Generator, world: World, draft: Draft) -> None:
    """Accents go where the system knows none; hyphens and apostrophes by habit."""
    n, pool = len(draft.rows), world.people.pool
    plain = rng.random(n) >= draft.habits.accents
    for column in ("forename", "middle_names", "surname", "former_surname", "known_as", "carer_forename", "carer_surname", "carer2_forename", "carer2_surname", "mother_former_surname"):
        if column in draft.columns:
            codes = draft.columns[column]
            lost = plain & world.accented[codes]
            codes[lost] = world.plain[codes[lost]]
            if column in ("forename", "surname"):
                draft.mark(lost, "accents_lost")
    careless = np.flatnonzero(rng.random(n) < draft.habits.punctuation_lost).astype(np.int32)
    for column in ("forename", "surname"):
        text = pool.words(draft.columns[column][careless])
        choices = rng.integers(0, 6, len(careless)).tolist()
        found = [(i, spelling.without_punctuation(t, c)) for i, (t, c) in enumerate(zip(text, choices, strict=True)) if t and ("-" in t or "'" in t)]
        where = careless[[i for i, _ in found]]
        draft.columns[column][where] = pool.add([t for _, t in found])
        draft.mark(where, "punctuation_lost")


def _apply(rng: np.random.Generator, world: World, draft: Draft, code: str, where: Ints) -> Ints:
    """Make one kind of error at these records; returns those really changed."""
    if code.startswith("dob_"):
        return _wrong_date(rng, world, draft, code, where)
    if code.startswith("postcode_"):
        return _wrong_postcode(rng, world, draft, code, where)
    if code.startswith("sex_"):
        column = draft.columns["sex"]
        column[where] = LABELS["M"] + LABELS["F"] - column[where] if code == "sex_wrong" else 0
        return where
    if code == "nhs_number_of_sibling":
        return _sibling_number(world, draft, where)
    return _wrong_name(rng, world, draft, code, where)


def _wrong_name(rng: np.random.Generator, world: World, draft: Draft, code: str, where: Ints) -> Ints:
    p, columns = world.people, draft.columns
    field = "surname" if "surname" in code else "forename"
    if code == "names_swapped":
        where = where[columns["surname"][where] > 0]
        columns["forename"][where], columns["surname"][where] = columns["surname"][where], columns["forename"][where]
        return where
    if code == "middle_name_as_forename":
        middle = p.names.middle[draft.rows[where]]
        where, middle = where[middle > 0], middle[middle > 0]
        columns["forename"][where] = middle
        return where
    if code.endswith("_different"):
        return _different(rng, world, draft, field, where)
    rule = {"sounds_alike": spelling.sounds_alike, "similar_start": spelling.similar_start, "typing_slip": spelling.mistyped,
            "initial_only": lambda word, _: word[:1], "one_surname_of_two": spelling.one_of_two}  # fmt: skip
    change = next(r for name, r in rule.items() if code.endswith(name))
    old = p.pool.words(columns[field][where])
    choices = rng.integers(0, 10_000, len(where)).tolist()
    new = [change(word or "", choice) for word, choice in zip(old, choices, strict=True)]
    real = np.array([a != b and len(b) > 0 for a, b in zip(old, new, strict=True)], np.bool_)
    codes = p.pool.add(new)
    columns[field][where[real]] = codes[real]
    return where[real]


def _different(rng: np.random.Generator, world: World, draft: Draft, field: str, where: Ints) -> Ints:
    """Another name altogether: a forename of the same kind, or the other parent's surname where there is one."""
    p, r = world.people, draft.rows[where]
    if field == "forename":
        band = np.clip((1970 + p.born[r] / 365.25 - 2005) // 5, 0, 3).astype(np.int32)
        new = draw_forenames(rng, p.tradition[r], p.sex[r], band)
    else:
        other = np.where(p.maiden[r] != draft.columns["surname"][where], p.maiden[r], p.father_surname[r])
        new = np.where(rng.random(len(where)) < 0.75, other, draw_surnames(rng, p.tradition[r])).astype(np.int32)
    real = new != draft.columns[field][where]
    draft.columns[field][where[real]] = new[real]
    return where[real]


def _wrong_date(rng: np.random.Generator, world: World, draft: Draft, code: str, where: Ints) -> Ints:
    """A wrong birth date, never in the future nor before 2004."""
    d, column, n = dates(), draft.columns["date_of_birth"], len(where)
    where = where[column[where] < d.month]
    n = len(where)
    day = d.day(column[where]).astype("datetime64[D]")
    month_start, year_start = day.astype("datetime64[M]"), day.astype("datetime64[Y]")
    of_month, month = (day - month_start).astype(np.int64) + 1, (month_start - year_start).astype(np.int64) + 1
    if code == "dob_partial":
        year = year_start.astype(np.int64) + 1970 - 2004
        column[where] = np.where(rng.random(n) < 0.6, d.month + year * 12 + month - 1, d.year + year)
        return where
    if code == "dob_day_month_swapped":
        ok = (of_month <= 12) & (of_month != month)
        new = (year_start.astype("datetime64[M]") + (of_month - 1)).astype("datetime64[D]") + (month - 1)
        new = np.where(ok, new, day)
    elif code == "dob_one_digit":
        step = np.where(rng.random(n) < 0.6, rng.integers(1, 10, n), 10 * rng.integers(1, 3, n))
        new = np.where((of_month + step) <= 28, day + step, np.where(of_month > step, day - step, day))
    elif code == "dob_year":
        new = _shift_years(day, np.where(rng.random(n) < 0.85, rng.choice([-1, 1], n), rng.choice([-10, 10], n)))
    elif code == "dob_first_of_january":
        new = year_start.astype("datetime64[D]")
    else:
        new = day + rng.integers(-2000, 2000, n)
    today = np.datetime64(world.people.as_at)
    real = (new != day) & (new <= today) & (new >= np.datetime64("2004-01-01"))
    column[where[real]] = d.code(new.astype("datetime64[D]").astype(np.int64))[real]
    return where[real]


def _shift_years(day: np.typing.NDArray[np.datetime64], years: Longs) -> np.typing.NDArray[np.datetime64]:
    """The same day and month in another year; 29 February becomes 1 March."""
    month = day.astype("datetime64[M]")
    shifted: np.typing.NDArray[np.datetime64] = (month + 12 * years).astype("datetime64[D]") + (day - month.astype("datetime64[D]"))
    return shifted


def _wrong_postcode(rng: np.random.Generator, world: World, draft: Draft, code: str, where: Ints) -> Ints:
    column, pool = draft.columns["postcode"], world.people.homes.postcodes
    if code == "postcode_missing":
        column[where] = 0
        return where
    where = where[column[where] != world.nowhere]
    if code == "postcode_different":
        new = rng.integers(1, len(world.people.homes.authority), len(where)).astype(np.int32)
        # never the home of the other half of a sealed identity: its whole point is that no record joins them
        column[where] = np.where(world.people.sealed[draft.rows[where]], column[where], new)
        return where[~world.people.sealed[draft.rows[where]]]
    old = pool.words(column[where])
    letters = rng.integers(0, 20, len(where)).tolist()
    near = [str(o)[:-2] + "CIKMOV"[k % 6] + "ABDEFGHJLNPQRSTUWXYZ"[k] for o, k in zip(old, letters, strict=True)]
    real = np.array([a != b for a, b in zip(old, near, strict=True)], np.bool_)
    codes = pool.add(near)
    column[where[real]] = codes[real]
    return where[real]


def _sibling_number(world: World, draft: Draft, where: Ints) -> Ints:
    """A brother's or sister's NHS number: the neighbouring row of the same family, never of a sealed identity."""
    p, r = world.people, draft.rows[where]
    other = np.where((r + 1 < p.children) & (p.family[np.minimum(r + 1, len(p) - 1)] == p.family[r]), r + 1, r - 1)
    real = (other >= 0) & (other < p.children) & (p.family[other] == p.family[r]) & (r < p.children)
    real &= ~p.sealed[r] & ~p.sealed[other] & ~p.state.later[other]
    draft.columns["nhs_number"][where[real]] = other[real] + 1
    return where[real]
