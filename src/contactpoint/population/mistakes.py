"""How a source gets records wrong by the first error model, `errors.ERRORS`; each noted in the mask."""

from collections.abc import Callable
from functools import partial

import numpy as np

from contactpoint.population import spelling
from contactpoint.population.case_table import LABELS
from contactpoint.population.drafts import Draft
from contactpoint.population.errors import ERRORS, ErrorKind
from contactpoint.population.naming import draw_forenames, draw_surnames
from contactpoint.population.pools import Floats, Ints, Longs
from contactpoint.population.shared import dates
from contactpoint.population.traditions import TRADITIONS
from contactpoint.population.world import World


def _factor(world: World, draft: Draft, kind: ErrorKind) -> Floats | float:
    if not kind.group:
        return draft.habits.errors
    trait = {"name": "misspelt", "date": "misdated", "order": "reordered"}[kind.group]
    table = np.array([getattr(t, trait) for t in TRADITIONS])
    factor: Floats = table[world.people.tradition[draft.rows]] * draft.habits.errors
    return factor


def spoil(rng: np.random.Generator, world: World, draft: Draft) -> None:
    """Make this source's mistakes, kind by kind in the order of `ERRORS`, each noted in the mask."""
    lose_marks(rng, world, draft)
    for kind in ERRORS:
        if kind.pair_rate is None or kind.field not in draft.columns:
            continue
        if kind.code == "dob_partial" and draft.contract not in (
            "childrens_services",
            "youth_justice",
            "charity",
        ):
            continue
        hit = rng.random(len(draft.rows)) < kind.pair_rate / 2 * _factor(world, draft, kind)
        where = np.flatnonzero(hit & (draft.columns[kind.field] > 0)).astype(np.int32)
        if len(where):
            draft.mark(_apply(rng, world, draft, kind.code, where), kind.code)


def lose_marks(rng: np.random.Generator, world: World, draft: Draft) -> None:
    """Accents go where the system knows none; hyphens and apostrophes by habit."""
    n, pool = len(draft.rows), world.people.pool
    plain = rng.random(n) >= draft.habits.accents
    for column in (
        "forename",
        "middle_names",
        "surname",
        "former_surname",
        "known_as",
        "carer_forename",
        "carer_surname",
        "carer2_forename",
        "carer2_surname",
        "mother_former_surname",
    ):
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
        found = [
            (i, spelling.without_punctuation(t, c))
            for i, (t, c) in enumerate(zip(text, choices, strict=True))
            if t and ("-" in t or "'" in t)
        ]
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
        return sibling_number(world, draft, where)
    return _wrong_name(rng, world, draft, code, where)


def _wrong_name(rng: np.random.Generator, world: World, draft: Draft, code: str, where: Ints) -> Ints:
    p, columns = world.people, draft.columns
    field = "surname" if "surname" in code else "forename"
    if code == "names_swapped":
        where = where[columns["surname"][where] > 0]
        columns["forename"][where], columns["surname"][where] = (
            columns["surname"][where],
            columns["forename"][where],
        )
        return where
    if code == "middle_name_as_forename":
        middle = p.names.middle[draft.rows[where]]
        where, middle = where[middle > 0], middle[middle > 0]
        columns["forename"][where] = middle
        return where
    if code.endswith("_different"):
        return _different(rng, world, draft, field, where)
    rule: dict[str, Callable[[str, int], str]] = {
        "sounds_alike": spelling.sounds_alike,
        "similar_start": partial(spelling.similar_start, surname=field == "surname"),
        "typing_slip": spelling.mistyped,
        "initial_only": spelling.initial,
        "one_surname_of_two": spelling.one_of_two,
    }
    change = next(r for name, r in rule.items() if code.endswith(name))
    old = p.pool.words(columns[field][where])
    choices = rng.integers(0, 10_000, len(where)).tolist()
    new = [change(word or "", choice) for word, choice in zip(old, choices, strict=True)]
    real = np.array([a != b and len(b) > 0 for a, b in zip(old, new, strict=True)], np.bool_)
    codes = p.pool.add(new)
    columns[field][where[real]] = codes[real]
    changed: Ints = where[real]
    return changed


def _different(rng: np.random.Generator, world: World, draft: Draft, field: str, where: Ints) -> Ints:
    """Another name altogether: a forename of the same kind, or the other parent's surname."""
    p, r = world.people, draft.rows[where]
    if field == "forename":
        band = np.clip((1970 + p.born[r] / 365.25 - 2005) // 5, 0, 3).astype(np.int32)
        new = draw_forenames(rng, p.tradition[r], p.sex[r], band)
    else:
        other = np.where(p.maiden[r] != draft.columns["surname"][where], p.maiden[r], p.father_surname[r])
        new = np.where(rng.random(len(where)) < 0.75, other, draw_surnames(rng, p.tradition[r])).astype(
            np.int32
        )
    real = new != draft.columns[field][where]
    draft.columns[field][where[real]] = new[real]
    changed: Ints = where[real]
    return changed


def _wrong_date(rng: np.random.Generator, world: World, draft: Draft, code: str, where: Ints) -> Ints:
    """A wrong birth date, never in the future nor before 2004."""
    d, column, n = dates(), draft.columns["date_of_birth"], len(where)
    where = where[column[where] < d.month]
    n = len(where)
    day = d.day(column[where]).astype("datetime64[D]")
    month_start, year_start = day.astype("datetime64[M]"), day.astype("datetime64[Y]")
    of_month, month = (
        (day - month_start).astype(np.int64) + 1,
        (month_start - year_start).astype(np.int64) + 1,
    )
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
        new = _shift_years(
            day, np.where(rng.random(n) < 0.85, rng.choice([-1, 1], n), rng.choice([-10, 10], n))
        )
    elif code == "dob_first_of_january":
        new = year_start.astype("datetime64[D]")
    else:
        new = day + rng.integers(-2000, 2000, n)
    today = np.datetime64(world.people.as_at)
    real = (new != day) & (new <= today) & (new >= np.datetime64("2004-01-01"))
    column[where[real]] = d.code(new.astype("datetime64[D]").astype(np.int64))[real]
    changed: Ints = where[real]
    return changed


def _shift_years(day: np.typing.NDArray[np.datetime64], years: Longs) -> np.typing.NDArray[np.datetime64]:
    """The same day and month in another year; 29 February becomes 1 March."""
    month = day.astype("datetime64[M]")
    shifted: np.typing.NDArray[np.datetime64] = (month + 12 * years).astype("datetime64[D]") + (
        day - month.astype("datetime64[D]")
    )
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
    near = [
        str(o)[:-2] + "CIKMOV"[k % 6] + "ABDEFGHJLNPQRSTUWXYZ"[k] for o, k in zip(old, letters, strict=True)
    ]
    real = np.array([a != b for a, b in zip(old, near, strict=True)], np.bool_)
    codes = pool.add(near)
    column[where[real]] = codes[real]
    changed: Ints = where[real]
    return changed


def sibling_number(world: World, draft: Draft, where: Ints) -> Ints:
    """A brother's or sister's NHS number (the next row of the family), never that of a sealed identity."""
    p, r = world.people, draft.rows[where]
    other = np.where(
        (r + 1 < p.children) & (p.family[np.minimum(r + 1, len(p) - 1)] == p.family[r]), r + 1, r - 1
    )
    real = (other >= 0) & (other < p.children) & (p.family[other] == p.family[r]) & (r < p.children)
    real &= ~p.sealed[r] & ~p.sealed[other] & ~p.state.later[other]
    draft.columns["nhs_number"][where[real]] = other[real] + 1
    changed: Ints = where[real]
    return changed
