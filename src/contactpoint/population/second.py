"""How a source gets records wrong by the second error model, `errors.SECOND`; each noted in the mask.

What a source has not yet heard of (moves, new surnames) and the marks it loses are circumstances, not
mistakes, and are those of the first model.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from contactpoint.population import capture
from contactpoint.population.case_table import LABELS
from contactpoint.population.drafts import Draft
from contactpoint.population.errors import SECOND, ErrorKind
from contactpoint.population.mistakes import lose_marks, sibling_number
from contactpoint.population.people import People
from contactpoint.population.pools import Flags, Floats, Ints
from contactpoint.population.shared import dates
from contactpoint.population.tables import deprivation, pet_names
from contactpoint.population.traditions import TRADITIONS
from contactpoint.population.world import World

Maker = Callable[[np.random.Generator, World, Draft, Ints], Ints]

CUT_SHORT = ("child_benefit", "youth_justice")
"""The kinds of source that have room for twelve letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What a tradition's mistakes are multiplied by: of the ear, of another script, of a clerk's hand."""

    ear: float
    script: float
    clerk: float


def _g(ear: float, script: float, clerk: float) -> Group:
    return Group(ear=ear, script=script, clerk=clerk)


#: Assumptions, in steps of a quarter, made once and not by any result.
GROUPS: dict[str, Group] = {
    "english": _g(1.0, 0.25, 1.0),
    "irish": _g(1.5, 0.25, 1.0),
    "welsh": _g(1.5, 0.25, 1.0),
    "jewish": _g(1.25, 0.5, 1.0),
    "polish": _g(2.0, 1.0, 1.25),
    "romanian": _g(1.75, 1.0, 1.25),
    "latin": _g(1.5, 0.75, 1.25),
    "turkish": _g(1.75, 1.0, 1.25),
    "pakistani": _g(1.75, 1.5, 1.25),
    "bangladeshi": _g(1.75, 1.5, 1.25),
    "sikh": _g(1.5, 1.0, 1.25),
    "hindu": _g(1.5, 1.0, 1.25),
    "tamil": _g(2.0, 1.5, 1.5),
    "arab": _g(1.75, 1.75, 1.25),
    "somali": _g(2.0, 2.0, 1.5),
    "west_african": _g(2.0, 0.5, 1.25),
    "caribbean": _g(1.25, 0.25, 1.0),
    "chinese": _g(2.0, 1.75, 1.25),
    "afghan": _g(2.0, 2.0, 1.5),
    "mixed": _g(1.25, 0.5, 1.0),
}
#: On every mistake, by fifth of authorities from the most deprived (`tables.deprivation`); likewise assumed.
DEPRIVATION = (1.3, 1.15, 1.0, 0.9, 0.8)


def spoil(rng: np.random.Generator, world: World, draft: Draft) -> None:
    """Make this source's mistakes, kind by kind in the order of `SECOND`, each noted in the mask."""
    lose_marks(rng, world, draft)
    for kind in SECOND:
        if kind.pair_rate is None or kind.field not in draft.columns:
            continue
        chance = kind.pair_rate / 2 * draft.habits.errors * _factor(world.people, draft, kind)
        hit = rng.random(len(draft.rows)) < chance
        where = np.flatnonzero(hit & (draft.columns[kind.field] > 0)).astype(np.int32)
        if len(where):
            draft.mark(_MAKERS[kind.code](rng, world, draft, where), kind.code)
    if draft.contract in CUT_SHORT:
        _cut_short(world, draft)


def _factor(p: People, draft: Draft, kind: ErrorKind) -> Floats | float:
    place = DEPRIVATION[deprivation()[p.authority.dfe] - 1]
    if not kind.group:
        return place
    table = np.array([getattr(GROUPS[t.name], kind.group) for t in TRADITIONS])
    found: Floats = place * table[p.tradition[draft.rows]]
    return found


def _put(draft: Draft, field: str, where: Ints, new: Ints, good: Flags) -> Ints:
    """Write new codes where they are good and differ; returns those really changed."""
    real = good & (new != draft.columns[field][where])
    draft.columns[field][where[real]] = new[real]
    changed: Ints = where[real]
    return changed


def _written(world: World, draft: Draft, field: str, where: Ints, new: list[str]) -> Ints:
    """Write new words where they differ and something is left."""
    old = world.people.pool.words(draft.columns[field][where])
    good = np.array([a != b and len(b) > 0 for a, b in zip(old, new, strict=True)], np.bool_)
    return _put(draft, field, where, world.people.pool.add(new), good)


def _by_rule(
    field: str, rule: str, rng: np.random.Generator, world: World, draft: Draft, where: Ints
) -> Ints:
    if rule == "pet_name":
        known = np.array([w in pet_names() for w in world.people.pool.words(draft.columns[field][where])])
        where = where[known]
    choices = rng.integers(0, 10_000, len(where)).tolist()
    words = world.people.pool.words(draft.columns[field][where])
    return _written(world, draft, field, where, capture.each(rule, words, choices))


def _romanised(field: str, rng: np.random.Generator, world: World, draft: Draft, where: Ints) -> Ints:
    p = world.people
    names = [TRADITIONS[t].name for t in p.tradition[draft.rows[where]].tolist()]
    choices = rng.integers(0, 10_000, len(where)).tolist()
    words = p.pool.words(draft.columns[field][where])
    new = [
        capture.romanised(word or "", choice, name)
        for word, choice, name in zip(words, choices, names, strict=True)
    ]
    return _written(world, draft, field, where, new)


def _in_one(_rng: np.random.Generator, world: World, draft: Draft, where: Ints) -> Ints:
    p = world.people
    middle = p.pool.words(p.names.middle[draft.rows[where]])
    first = p.pool.words(draft.columns["forename"][where])
    new = [f"{f}{m.split(' ')[0].lower()}" if m else f or "" for f, m in zip(first, middle, strict=True)]
    return _written(world, draft, "forename", where, new)


def _of_carer(field: str, _rng: np.random.Generator, world: World, draft: Draft, where: Ints) -> Ints:
    """The mother's name; of a sealed identity nothing is ever copied."""
    p, rows = world.people, draft.rows[where]
    new = (p.mother if field == "forename" else p.mother_surname)[rows]
    return _put(draft, field, where, new, (new > 0) & ~p.sealed[rows] & (rows < p.children))


def _family_name_first(_rng: np.random.Generator, _world: World, draft: Draft, where: Ints) -> Ints:
    where = where[draft.columns["surname"][where] > 0]
    one, two = draft.columns["forename"][where], draft.columns["surname"][where]
    draft.columns["forename"][where], draft.columns["surname"][where] = two, one
    return where


def _wrong_date(how: str, rng: np.random.Generator, world: World, draft: Draft, where: Ints) -> Ints:
    """Another birth date, never in the future nor before 2004."""
    d, column = dates(), draft.columns["date_of_birth"]
    where = where[column[where] < d.month]
    day = d.day(column[where]).astype("datetime64[D]")
    choices = rng.integers(0, 10_000, len(where)).tolist()
    new = np.array(
        [np.datetime64(_DATES[how](str(text), choice)) for text, choice in zip(day, choices, strict=True)],
        dtype="datetime64[D]",
    )
    good = (new <= np.datetime64(world.people.as_at)) & (new >= np.datetime64("2004-01-01"))
    codes = d.code(np.where(good, new, day).astype("datetime64[D]").astype(np.int64))
    return _put(draft, "date_of_birth", where, codes, good)


def _american(text: str, _choice: int) -> str:
    year, month, day = text.split("-")
    return f"{year}-{day}-{month}" if int(day) <= 12 else text


def _misread_date(text: str, choice: int) -> str:
    """One digit of day, month or year's end taken for another, where that is a date."""
    for step in range(20):
        found = text[:2] + capture.digit_misread(text[2:], choice + step)
        try:
            np.datetime64(found)
        except ValueError:
            continue
        return found
    return text


def _thirty(text: str, _choice: int) -> str:
    """The thirteenth for the thirtieth, and the other way round where the month has one."""
    day = {"13": "30", "30": "13"}.get(text[8:], text[8:])
    return text if day == "30" and text[5:7] == "02" else text[:8] + day


_DATES: dict[str, Callable[[str, int], str]] = {
    "american": _american,
    "first_of_month": lambda text, _choice: text[:8] + "01",
    "new_year": lambda text, _choice: text[:5] + "01-01",
    "misread": _misread_date,
    "thirty": _thirty,
}


def _date_of_sibling(_rng: np.random.Generator, world: World, draft: Draft, where: Ints) -> Ints:
    """The birth date of the next child of the family, or of the one before."""
    p, rows = world.people, draft.rows[where]
    after = np.minimum(rows + 1, p.children - 1)
    other = np.where(p.family[after] == p.family[rows], after, np.maximum(rows - 1, 0))
    good = (p.family[other] == p.family[rows]) & (rows < p.children) & ~p.sealed[rows] & ~p.state.later[other]
    return _put(draft, "date_of_birth", where, dates().code(p.born[other]), good)


def _sex(code: int, _rng: np.random.Generator, _world: World, draft: Draft, where: Ints) -> Ints:
    return _put(draft, "sex", where, np.full(len(where), code, np.int32), np.ones(len(where), np.bool_))


def _blank(field: str, _rng: np.random.Generator, _world: World, draft: Draft, where: Ints) -> Ints:
    draft.columns[field][where] = 0
    return where


def _misread_postcode(rng: np.random.Generator, world: World, draft: Draft, where: Ints) -> Ints:
    """A digit of the inward half misread: its letters, which no real postcode has, stay."""
    column, pool = draft.columns["postcode"], world.people.homes.postcodes
    where = where[column[where] != world.nowhere]
    choices = rng.integers(0, 10_000, len(where)).tolist()
    old = [text or "" for text in pool.words(column[where])]
    new = [text[:-3] + capture.digit_misread(text[-3:], c) for text, c in zip(old, choices, strict=True)]
    return _put(draft, "postcode", where, pool.add(new), np.ones(len(where), np.bool_))


def _postcode_of_another(rng: np.random.Generator, world: World, draft: Draft, where: Ints) -> Ints:
    """Another home's; of a sealed identity never, for it might be that of its other half."""
    p = world.people
    new = rng.integers(1, len(p.homes.authority), len(where)).astype(np.int32)
    good = ~p.sealed[draft.rows[where]] & (draft.columns["postcode"][where] != world.nowhere)
    return _put(draft, "postcode", where, new, good)


def _number_of_sibling(_rng: np.random.Generator, world: World, draft: Draft, where: Ints) -> Ints:
    return sibling_number(world, draft, where)


def _cut_short(world: World, draft: Draft) -> None:
    """A source without room for it loses the end of every long name."""
    for field in ("forename", "surname"):
        codes = np.unique(draft.columns[field])
        words = world.people.pool.words(codes)
        long = [
            (code, word) for code, word in zip(codes, words, strict=True) if word and len(word) > capture.ROOM
        ]
        if long:
            short = world.people.pool.add([capture.cut_short(word) for _, word in long])
            old = np.array([code for code, _ in long], np.int32)
            column = draft.columns[field]
            hit = np.isin(column, old)
            column[hit] = short[np.searchsorted(old, column[hit])]
            draft.mark(hit, "cut_short")


_MAKERS: dict[str, Maker] = {
    "forename_misread": partial(_by_rule, "forename", "misread"),
    "forename_misheard": partial(_by_rule, "forename", "misheard"),
    "forename_romanised": partial(_romanised, "forename"),
    "forename_run_together": partial(_by_rule, "forename", "run_together"),
    "forenames_in_one": _in_one,
    "pet_name": partial(_by_rule, "forename", "pet_name"),
    "forename_of_carer": partial(_of_carer, "forename"),
    "surname_misread": partial(_by_rule, "surname", "misread"),
    "surname_misheard": partial(_by_rule, "surname", "misheard"),
    "surname_romanised": partial(_romanised, "surname"),
    "surname_run_together": partial(_by_rule, "surname", "run_together"),
    "surname_of_carer": partial(_of_carer, "surname"),
    "family_name_first": _family_name_first,
    "dob_american": partial(_wrong_date, "american"),
    "dob_first_of_month": partial(_wrong_date, "first_of_month"),
    "dob_new_year": partial(_wrong_date, "new_year"),
    "dob_misread": partial(_wrong_date, "misread"),
    "dob_thirty_for_thirteen": partial(_wrong_date, "thirty"),
    "dob_of_sibling": _date_of_sibling,
    "sex_by_default": partial(_sex, LABELS["M"]),
    "sex_not_asked": partial(_blank, "sex"),
    "postcode_misread": _misread_postcode,
    "postcode_of_another": _postcode_of_another,
    "postcode_not_asked": partial(_blank, "postcode"),
    "number_of_sibling": _number_of_sibling,
}
