"""Which services are in contact with whom: council, youth justice, mental health, charities, child health.

Shares are of all children of the ages given. Figures with a source: children in need, on protection plans and
looked after by authority (DfE, 31 March 2025); education, health and care plans 638,700 to age 25, 78 % aged
5-15, 70.6 % male (DfE 2025); young people under 18 in contact with mental health over 1 million in 2024/25
(NHS). The rest are assumptions.
"""

from dataclasses import dataclass, field

import numpy as np

from contactpoint.population.case_table import CASES, LABELS, SENSITIVE, Case
from contactpoint.population.identifiers import spread
from contactpoint.population.naming import draw_forenames, draw_surnames
from contactpoint.population.organisations import (
    CASE_HOURS,
    HOSPITAL_COVER,
    NO_COVER,
    OFFICE_HOURS,
    OUT_OF_HOURS,
    Directory,
    community_trust,
    mental_health_trust,
)
from contactpoint.population.people import People
from contactpoint.population.pools import Flags, Floats, Ints, cumulative, draw
from contactpoint.population.shared import EPOCH, dates, phone_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Involved:
    """Involvements of one source in one block, one row each, as codes; 0 is blank.

    Attributes:
        rows: rows of `People`. later: begins after the as-at date. next_end: end date that falls in the
            coming month.
        next_organisation, next_start: a change of school or practice in the coming month.
    """

    rows: Ints
    columns: dict[str, Ints]
    later: Flags
    next_end: Ints
    next_organisation: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    next_start: Ints = field(default_factory=lambda: np.zeros(0, np.int32))


def practitioners(rng: np.random.Generator, p: People, group: Ints, count: int) -> Ints:
    """Word codes of who works with each group (a family or a school).

    ``count`` invented people share the work.
    """
    tradition = draw(rng, cumulative(np.asarray(p.authority.mix) ** 0.9), count)
    sex = (rng.random(count) < 0.8).astype(np.int32)
    first = p.pool.take(draw_forenames(rng, tradition, sex, np.zeros(count, np.int32)))
    codes = p.pool.add(first + " " + p.pool.take(draw_surnames(rng, tradition)))
    return codes[spread(group, count)]


def _chosen(rng: np.random.Generator, p: People, case: Case) -> Ints:
    """Rows of the children a case is about; first halves and the dead have none."""
    s, n = p.state, len(p)
    if case.flag == "supported":
        yes = s.in_need & ~s.protected & ~s.looked_after
    elif case.flag:
        yes = getattr(s, case.flag) & (rng.random(n) < (0.6 if case.flag == "shielded" else 1.0))
    else:
        of_sex = np.where(p.sex == 0, case.boys / 0.5125, (1 - case.boys) / 0.4875)
        age = p.age
        yes = (rng.random(n) < case.share * of_sex) & (age >= case.ages[0]) & (age <= case.ages[1])
    return np.flatnonzero(yes & (np.arange(n) < p.children) & (s.died_days < 0) & ~s.left & ~s.later).astype(
        np.int32
    )


def spans(
    rng: np.random.Generator, p: People, rows: Ints, years: float, still: float
) -> tuple[Ints, Ints, Ints, Flags, Ints]:
    """Date codes of start, end, last confirmation; which begin in the coming month; ends in that month."""
    d, today, n = dates(), (p.as_at - EPOCH).days, len(rows)
    length = np.minimum(rng.gamma(1.5, years * 243.0, n), np.maximum(p.age_days[rows], 1)).astype(np.int32)
    length = np.minimum(np.maximum(length, 3), np.maximum(p.age_days[rows], 0))
    later = (rng.random(n) < 0.03) | p.state.later[rows]
    ended = ~later & (rng.random(n) >= still)
    start = np.where(later, today + 1 + rng.integers(0, 27, n), today - length)
    end = np.where(ended, start + (length * rng.random(n)).astype(np.int64), 0)
    confirmed = np.where(later, today + 27, np.maximum(start, today - rng.integers(0, 80, n)))
    ends = ~later & ~ended & (rng.random(n) < 0.025)
    next_end = np.where(ends, d.code(today + 1 + rng.integers(0, 27, n)), 0)
    return (
        d.code(np.where(later, np.maximum(start, p.born[rows]), start)),
        np.where(ended, d.code(end), 0).astype(np.int32),
        np.where(ended, 0, d.code(confirmed)).astype(np.int32),
        later,
        next_end.astype(np.int32),
    )


def _every(n: int, word: str) -> Ints:
    """The same small word in every row."""
    return np.full(n, LABELS[word], np.int32)


def _either(first: Flags, a: str, b: str) -> Ints:
    """One small word or another."""
    return np.where(first, LABELS[a], LABELS[b]).astype(np.int32)


def _one(
    rng: np.random.Generator,
    p: People,
    case: Case,
    place: int,
    organisation: int,
    phone: int,
    cover: str,
    hours: str,
) -> Involved:
    rows = _chosen(rng, p, case)
    n = len(rows)
    start, end, confirmed, later, next_end = spans(rng, p, rows, case.years, case.open)
    staff = practitioners(
        rng, p, (p.family[rows] % 1_000_003).astype(np.int32), max(1, n // case.caseload + 1)
    )
    open_case = end == 0
    team_phone = (phone - 1) // 1000 * 1000 + 1 + (phone - 1 + 41 * place) % 1000
    mobile = 1 + (staff * 37 % 1000)
    columns = {
        "service": _every(n, case.service),
        "organisation": np.full(n, organisation, np.int32),
        "team": _every(n, case.team),
        "practitioner": np.where(open_case & (rng.random(n) < 0.9), staff, 0).astype(np.int32),
        "practitioner_role": _every(n, case.role),
        "contact_phone": np.where(rng.random(n) < 0.35, mobile, team_phone).astype(np.int32),
        "contact_hours": _every(n, hours),
        "contact_cover": _every(n, cover),
        "start_date": start,
        "end_date": end,
        "last_confirmed": confirmed,
        "lead_practitioner": np.where(open_case & (rng.random(n) < case.lead), LABELS["Y"], 0).astype(
            np.int32
        ),
        "assessment": np.where(rng.random(n) < case.assessment, LABELS["Y"], 0).astype(np.int32),
    }
    columns |= _consent(rng, p, rows, case.service, start)
    return Involved(rows=rows, columns=columns, later=later, next_end=next_end)


def _consent(rng: np.random.Generator, p: People, rows: Ints, service: str, start: Ints) -> dict[str, Ints]:
    """Sensitive services: whose consent allows the record (the child's own from twelve), and until when."""
    n = len(rows)
    if service not in SENSITIVE:
        return {"consent": np.zeros(n, np.int32), "consent_until": np.zeros(n, np.int32)}
    basis = np.where(p.age[rows] >= 12, LABELS["child"], LABELS["carer"])
    basis = np.where(rng.random(n) < 0.02, LABELS["significant_harm"], basis)
    given = rng.random(n) < 0.99  # the rest are mistakes, which the directory must refuse (R37)
    until = start + 365 * (1 + rng.integers(0, 2, n))
    return {
        "consent": np.where(given, basis, 0).astype(np.int32),
        "consent_until": np.where(given, until, 0).astype(np.int32),
    }


def together(parts: list[Involved]) -> Involved:
    """Several kinds of case as one, ordered by child."""
    rows = np.concatenate([x.rows for x in parts])
    order = np.argsort(rows, kind="stable")
    columns = {c: np.concatenate([x.columns[c] for x in parts])[order] for c in parts[0].columns}
    return Involved(
        rows=rows[order],
        columns=columns,
        later=np.concatenate([x.later for x in parts])[order],
        next_end=np.concatenate([x.next_end for x in parts])[order],
    )


def council_cases(rng: np.random.Generator, p: People, d: Directory) -> Involved:
    """The council's children's services."""
    code = d.code_of[f"la-{p.authority.dfe}"]
    phone = phone_code(d.rows[code - 1].phone)
    return together(
        [_one(rng, p, c, i, code, phone, OUT_OF_HOURS, CASE_HOURS) for i, c in enumerate(CASES["council"])]
    )


def ended_care(rng: np.random.Generator, p: People, d: Directory, rows: Ints) -> Involved:
    """The closed looked-after cases of children since adopted, under the name they had."""
    code = d.code_of[f"la-{p.authority.dfe}"]
    n, calendar = len(rows), dates()
    begin = p.born[rows] + (rng.random(n) * np.minimum(300, p.age_days[rows] * 0.4)).astype(np.int32)
    end = begin + (rng.random(n) * (p.age_days[rows] * 0.5)).astype(np.int32) + 20
    nothing = np.zeros(n, np.int32)
    columns = {
        "service": _every(n, "childrens_social_care"),
        "organisation": np.full(n, code, np.int32),
        "team": _every(n, "Looked After Children Team"),
        "practitioner": nothing,
        "practitioner_role": _every(n, "Social worker"),
        "contact_phone": np.full(n, phone_code(d.rows[code - 1].phone), np.int32),
        "contact_hours": _every(n, CASE_HOURS),
        "contact_cover": _every(n, OUT_OF_HOURS),
        "start_date": calendar.code(begin),
        "end_date": calendar.code(end),
        "last_confirmed": nothing,
        "lead_practitioner": nothing,
        "assessment": _every(n, "Y"),
        "consent": nothing,
        "consent_until": nothing,
    }
    return Involved(rows=rows, columns=columns, later=np.zeros(n, np.bool_), next_end=nothing)


def justice_cases(rng: np.random.Generator, p: People, d: Directory) -> Involved:
    """The youth justice team's."""
    code = d.code_of[f"youth-justice-{p.authority.dfe}"]
    phone = phone_code(d.rows[code - 1].phone)
    return together(
        [
            _one(rng, p, c, i, code, phone, OUT_OF_HOURS, OFFICE_HOURS)
            for i, c in enumerate(CASES["youth_justice"])
        ]
    )


def mental_health_cases(rng: np.random.Generator, p: People, d: Directory) -> Involved:
    """The regional trust's, all sensitive."""
    code = d.code_of[mental_health_trust(p.authority)]
    phone = phone_code(d.rows[code - 1].phone)
    return together(
        [
            _one(rng, p, c, i, code, phone, HOSPITAL_COVER, OFFICE_HOURS)
            for i, c in enumerate(CASES["mental_health"])
        ]
    )


def charity_cases(rng: np.random.Generator, p: People, d: Directory, charity: str) -> Involved:
    """One charity's."""
    code = d.code_of[charity]
    phone = phone_code(d.rows[code - 1].phone)
    return together(
        [_one(rng, p, c, i, code, phone, NO_COVER, OFFICE_HOURS) for i, c in enumerate(CASES[charity])]
    )


def health_cases(rng: np.random.Generator, p: People, d: Directory) -> Involved:
    """Health visitors to school age, school nurses after."""
    n = len(p)
    age, s = p.age, p.state
    there = (np.arange(n) < p.children) & (s.died_days < 0) & ~s.left & ~s.overseas
    share: Floats = np.where(age < 5, 0.98, np.where(s.home_educated | s.missing_education, 0.1, 0.86))
    rows = np.flatnonzero(there & (rng.random(n) < share)).astype(np.int32)
    visitor, k = age[rows] < 5, len(rows)
    code = d.code_of[community_trust(p.authority)]
    today, calendar = (p.as_at - EPOCH).days, dates()
    begin = np.where(visitor, np.maximum(p.born[rows] + 12, 0), p.born[rows] + 1826 + rng.integers(0, 200, k))
    begin = np.where(begin > today, np.maximum(p.born[rows], today - 3), begin)
    later = s.later[rows]
    begin = np.where(later, np.maximum(p.born[rows], today + 1 + rng.integers(0, 27, k)), begin)
    staff = np.where(
        visitor,
        practitioners(
            rng, p, (p.family[rows] % 1_000_003).astype(np.int32), max(1, int(visitor.sum()) // 380 + 1)
        ),
        practitioners(rng, p, (p.family[rows] % 41).astype(np.int32), max(1, k // 4500 + 1)),
    )
    phone = phone_code(d.rows[code - 1].phone)
    confirmed = np.maximum(begin, today - np.where(visitor, rng.integers(0, 200, k), rng.integers(0, 500, k)))
    columns = {
        "service": _either(visitor, "health_visitor", "school_nurse"),
        "organisation": np.full(k, code, np.int32),
        "team": _either(visitor, "Health Visiting Team", "School Nursing Team"),
        "practitioner": np.where(rng.random(k) < np.where(visitor, 0.85, 0.35), staff, 0).astype(np.int32),
        "practitioner_role": _either(visitor, "Health visitor", "School nurse"),
        "contact_phone": np.where(
            visitor,
            (phone - 1) // 1000 * 1000 + 1 + (phone + 57) % 1000,
            (phone - 1) // 1000 * 1000 + 1 + (phone + 91) % 1000,
        ).astype(np.int32),
        "contact_hours": np.full(k, LABELS[OFFICE_HOURS], np.int32),
        "contact_cover": np.full(k, LABELS[NO_COVER], np.int32),
        "start_date": calendar.code(begin),
        "end_date": np.zeros(k, np.int32),
        "last_confirmed": calendar.code(confirmed),
    }
    return Involved(rows=rows, columns=columns, later=later, next_end=np.zeros(k, np.int32))
