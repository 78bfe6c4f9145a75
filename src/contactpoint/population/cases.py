"""Which services are in contact with whom: council, youth justice, mental health, charities, and universal ones.

Shares are of all children of the ages given. Figures with a source: children in need, on protection plans and looked
after by authority (DfE, 31 March 2025); education, health and care plans 638,700 to age 25, 78 % aged 5-15, 70.6 % male
(DfE 2025); young people under 18 in contact with mental health over 1 million in 2024/25 (NHS). The rest are assumptions.
"""

from dataclasses import dataclass, field

import numpy as np

from contactpoint.population.naming import draw_forenames, draw_surnames
from contactpoint.population.organisations import (
    CASE_HOURS, HOSPITAL_COVER, NO_COVER, OFFICE_HOURS, OUT_OF_HOURS, SCHOOL_HOURS, SURGERY_HOURS, Directory,
    community_trust, mental_health_trust,
)  # fmt: skip
from contactpoint.population.people import People
from contactpoint.population.pools import Flags, Floats, Ints, cumulative, draw
from contactpoint.population.shared import EPOCH, Labels, dates, phone_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One kind of involvement.

    Attributes:
        share: of children aged ``ages`` (inclusive); or ``flag``, a circumstance all of whose children have it.
        boys: share of the children who are boys.
        open: share still open. caseload: children to a practitioner; 0 names none.
        lead, assessment: share marked as lead practitioner, or with an assessment held.
    """

    service: str
    team: str
    role: str
    ages: tuple[int, int] = (0, 17)
    share: float = 0.0
    flag: str = ""
    boys: float = 0.5125
    open: float = 0.8
    caseload: int = 18
    lead: float = 0.0
    assessment: float = 0.0
    years: float = 1.5


COUNCIL = (
    Case(service="childrens_social_care", team="Looked After Children Team", role="Social worker", flag="looked_after", open=0.93, caseload=15, lead=0.95, assessment=1.0, years=3),
    Case(service="childrens_social_care", team="Child Protection Team", role="Social worker", flag="protected", open=0.9, caseload=15, lead=0.95, assessment=1.0, years=0.8),
    Case(service="childrens_social_care", team="Family Safeguarding Team", role="Social worker", flag="supported", open=0.85, caseload=16, lead=0.7, assessment=0.8, years=1),
    Case(service="childrens_social_care", team="Domestic Abuse Team", role="Social worker", flag="shielded", open=0.9, caseload=14, lead=0.8, assessment=0.9, years=0.8),
    Case(service="childrens_social_care", team="Front Door", role="Duty social worker", share=0.006, open=0.35, caseload=60, years=0.2),
    Case(service="send", team="SEND Service", role="SEND case officer", ages=(5, 15), share=0.060, boys=0.706, open=0.95, caseload=180, assessment=1.0, years=4),
    Case(service="send", team="SEND Service", role="SEND case officer", ages=(16, 17), share=0.045, boys=0.706, open=0.95, caseload=180, assessment=1.0, years=6),
    Case(service="send", team="Early Years Inclusion Team", role="Portage worker", ages=(1, 4), share=0.013, boys=0.706, open=0.9, caseload=30, assessment=0.8, years=1),
    Case(service="early_help", team="Early Help", role="Early help practitioner", share=0.016, open=0.6, caseload=20, lead=0.7, assessment=0.8, years=0.7),
    Case(service="disability", team="Children's Disability Team", role="Social worker", share=0.005, boys=0.65, open=0.9, caseload=18, lead=0.6, assessment=0.9, years=4),
    Case(service="education_welfare", team="Education Welfare", role="Education welfare officer", ages=(5, 15), share=0.006, open=0.5, caseload=40, years=0.6),
    Case(service="education_welfare", team="Children Missing Education", role="Tracking officer", flag="missing_education", open=0.95, caseload=60, years=0.5),
    Case(service="home_education", team="Elective Home Education", role="Home education adviser", flag="home_educated", open=0.95, caseload=150, years=2),
    Case(service="family_support", team="Family Hub", role="Family support worker", ages=(0, 10), share=0.006, open=0.6, caseload=15, lead=0.3, years=0.6),
    Case(service="young_carers", team="Young Carers Service", role="Young carers worker", ages=(7, 17), share=0.004, open=0.8, caseload=30, assessment=0.6, years=2),
    Case(service="youth_worker", team="Youth Service", role="Youth worker", ages=(11, 17), share=0.005, open=0.6, caseload=30, years=1),
)  # fmt: skip
JUSTICE = (
    Case(service="youth_justice", team="Youth Justice Team", role="Youth justice worker", ages=(10, 17), share=0.0022, boys=0.85, open=0.55, caseload=10, lead=0.3, assessment=0.9, years=0.8),
)  # fmt: skip
MENTAL_HEALTH = (
    Case(service="mental_health", team="Community Mental Health Team", role="Mental health practitioner", ages=(5, 17), share=0.05, boys=0.45, open=0.6, caseload=40, assessment=0.8, years=1.2),
    Case(service="mental_health", team="Eating Disorders Team", role="Nurse specialist", ages=(11, 17), share=0.0025, boys=0.1, open=0.7, caseload=20, assessment=1.0, years=1),
    Case(service="mental_health", team="Infant Mental Health Team", role="Parent-infant therapist", ages=(0, 2), share=0.003, open=0.6, caseload=15, years=0.5),
    Case(service="substance_misuse", team="Young People's Substance Misuse Service", role="Substance misuse worker", ages=(12, 17), share=0.002, boys=0.62, open=0.6, caseload=20, years=0.5),
    Case(service="sexual_health", team="Young People's Sexual Health Service", role="Outreach nurse", ages=(13, 17), share=0.002, boys=0.3, open=0.6, caseload=40, years=0.4),
)  # fmt: skip
BARNARDOS = (
    Case(service="family_support", team="Barnardo's Family Support", role="Project worker", ages=(0, 12), share=0.003, open=0.6, caseload=14, lead=0.2, assessment=0.5, years=0.7),
    Case(service="young_carers", team="Barnardo's Young Carers", role="Young carers worker", ages=(7, 17), share=0.0025, open=0.8, caseload=25, assessment=0.5, years=2),
    Case(service="sexual_health", team="Barnardo's Healthy Relationships", role="Project worker", ages=(13, 17), share=0.0008, boys=0.25, open=0.6, caseload=15, years=0.5),
)  # fmt: skip
KIDS = (
    Case(service="disability", team="KIDS Home Learning", role="Key worker", ages=(0, 5), share=0.002, boys=0.65, open=0.8, caseload=12, assessment=0.4, years=1.5),
    Case(service="early_help", team="KIDS Short Breaks", role="Short breaks coordinator", ages=(5, 17), share=0.0012, boys=0.68, open=0.8, caseload=20, years=2),
)  # fmt: skip
SENSITIVE = ("mental_health", "sexual_health", "substance_misuse")
_EVERY = (*COUNCIL, *JUSTICE, *MENTAL_HEALTH, *BARNARDOS, *KIDS)
LABELS = Labels(
    tuple(
        dict.fromkeys(
            [
                *"M F Y 1 2 3 home second_home placement no_fixed_abode none_known left_england overseas".split(),
                *"school early_years gp health_visitor school_nurse child carer significant_harm Jr".split(),
                "Mother", "Father", "Foster carer", "Adoptive parent", "Grandparent", "Guardian", "Health Visiting Team",
                "School Nursing Team", "Health visitor", "School nurse",
                CASE_HOURS, HOSPITAL_COVER, NO_COVER, OFFICE_HOURS, OUT_OF_HOURS, SCHOOL_HOURS, SURGERY_HOURS,
                *(c.service for c in _EVERY), *(c.team for c in _EVERY), *(c.role for c in _EVERY),
            ]
        )
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Involved:
    """Involvements of one source in one block, one row each, as codes; 0 is blank.

    Attributes:
        rows: rows of `People`. later: begins after the as-at date. next_end: end date that falls in the coming month.
        next_organisation, next_start: a change of school or practice in the coming month.
    """

    rows: Ints
    columns: dict[str, Ints]
    later: Flags
    next_end: Ints
    next_organisation: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    next_start: Ints = field(default_factory=lambda: np.zeros(0, np.int32))


def practitioners(rng: np.random.Generator, p: People, group: Ints, count: int) -> Ints:
    """Word codes of who works with each group (a family or a school): ``count`` invented people share the work."""
    tradition = draw(rng, cumulative(np.asarray(p.authority.mix) ** 0.9), count)
    sex = (rng.random(count) < 0.8).astype(np.int32)
    first = p.pool.take(draw_forenames(rng, tradition, sex, np.zeros(count, np.int32)))
    codes = p.pool.add(first + " " + p.pool.take(draw_surnames(rng, tradition)))
    return codes[(np.abs(group) * 7919 % count).astype(np.int64)]


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
    return np.flatnonzero(yes & (np.arange(n) < p.children) & (s.died_days < 0) & ~s.left & ~s.later).astype(np.int32)


def spans(rng: np.random.Generator, p: People, rows: Ints, years: float, still: float) -> tuple[Ints, Ints, Ints, Flags, Ints]:
    """Start, end and last-confirmed dates, which begin in the coming month, and ends that fall in it; as date codes."""
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
        d.code(np.where(later, np.maximum(start, p.born[rows]), start)), np.where(ended, d.code(end), 0).astype(np.int32),
        np.where(ended, 0, d.code(confirmed)).astype(np.int32), later, next_end.astype(np.int32),
    )  # fmt: skip


def _one(rng: np.random.Generator, p: People, case: Case, place: int, organisation: int, phone: int, cover: str, hours: str) -> Involved:
    rows = _chosen(rng, p, case)
    n = len(rows)
    start, end, confirmed, later, next_end = spans(rng, p, rows, case.years, case.open)
    staff = practitioners(rng, p, (p.family[rows] % 1_000_003).astype(np.int32), max(1, n // case.caseload + 1))
    open_case = end == 0
    team_phone = (phone - 1) // 1000 * 1000 + 1 + (phone - 1 + 41 * place) % 1000
    mobile = 1 + (staff * 37 % 1000)
    fill = lambda word: np.full(n, LABELS[word], np.int32)  # noqa: E731 - local shorthand
    columns = {
        "service": fill(case.service), "organisation": np.full(n, organisation, np.int32), "team": fill(case.team),
        "practitioner": np.where(open_case & (rng.random(n) < 0.9), staff, 0).astype(np.int32), "practitioner_role": fill(case.role),
        "contact_phone": np.where(rng.random(n) < 0.35, mobile, team_phone).astype(np.int32),
        "contact_hours": fill(hours), "contact_cover": fill(cover), "start_date": start, "end_date": end, "last_confirmed": confirmed,
        "lead_practitioner": np.where(open_case & (rng.random(n) < case.lead), LABELS["Y"], 0).astype(np.int32),
        "assessment": np.where(rng.random(n) < case.assessment, LABELS["Y"], 0).astype(np.int32),
    }  # fmt: skip
    columns |= _consent(rng, p, rows, case.service, start)
    return Involved(rows=rows, columns=columns, later=later, next_end=next_end)


def _consent(rng: np.random.Generator, p: People, rows: Ints, service: str, start: Ints) -> dict[str, Ints]:
    """Sensitive services: whose consent allows the record (the child's own from twelve), and until when."""
    n = len(rows)
    if service not in SENSITIVE:
        return {"consent": np.zeros(n, np.int32), "consent_until": np.zeros(n, np.int32)}
    basis = np.where(p.age[rows] >= 12, LABELS["child"], LABELS["carer"])
    basis = np.where(rng.random(n) < 0.02, LABELS["significant_harm"], basis)
    given = rng.random(n) < 0.87
    until = start + 365 * (1 + rng.integers(0, 2, n))
    return {"consent": np.where(given, basis, 0).astype(np.int32),
            "consent_until": np.where(given, until, 0).astype(np.int32)}  # fmt: skip


def together(parts: list[Involved]) -> Involved:
    """Several kinds of case as one, ordered by child."""
    rows = np.concatenate([x.rows for x in parts])
    order = np.argsort(rows, kind="stable")
    columns = {c: np.concatenate([x.columns[c] for x in parts])[order] for c in parts[0].columns}
    return Involved(
        rows=rows[order], columns=columns, later=np.concatenate([x.later for x in parts])[order],
        next_end=np.concatenate([x.next_end for x in parts])[order],
    )  # fmt: skip


def council_cases(rng: np.random.Generator, p: People, d: Directory) -> Involved:
    """Children's services: and, for a shielded child, at least one case, for somebody decided to shield it."""
    code = d.code_of[f"la-{p.authority.dfe}"]
    phone = phone_code(d.rows[code - 1].phone)
    return together([_one(rng, p, c, i, code, phone, OUT_OF_HOURS, CASE_HOURS) for i, c in enumerate(COUNCIL)])


def ended_care(rng: np.random.Generator, p: People, d: Directory, rows: Ints) -> Involved:
    """The closed looked-after cases of children since adopted, under the name they had."""
    code = d.code_of[f"la-{p.authority.dfe}"]
    n, calendar = len(rows), dates()
    begin = p.born[rows] + (rng.random(n) * np.minimum(300, p.age_days[rows] * 0.4)).astype(np.int32)
    end = begin + (rng.random(n) * (p.age_days[rows] * 0.5)).astype(np.int32) + 20
    label = lambda word: np.full(n, LABELS[word], np.int32)  # noqa: E731 - local shorthand
    nothing = np.zeros(n, np.int32)
    columns = {
        "service": label("childrens_social_care"), "organisation": np.full(n, code, np.int32),
        "team": label("Looked After Children Team"), "practitioner": nothing, "practitioner_role": label("Social worker"),
        "contact_phone": np.full(n, phone_code(d.rows[code - 1].phone), np.int32), "contact_hours": label(CASE_HOURS),
        "contact_cover": label(OUT_OF_HOURS), "start_date": calendar.code(begin), "end_date": calendar.code(end),
        "last_confirmed": nothing, "lead_practitioner": nothing, "assessment": label("Y"), "consent": nothing, "consent_until": nothing,
    }  # fmt: skip
    return Involved(rows=rows, columns=columns, later=np.zeros(n, np.bool_), next_end=nothing)


def justice_cases(rng: np.random.Generator, p: People, d: Directory) -> Involved:
    """The youth justice team's."""
    code = d.code_of[f"youth-justice-{p.authority.dfe}"]
    phone = phone_code(d.rows[code - 1].phone)
    return together([_one(rng, p, c, i, code, phone, OUT_OF_HOURS, OFFICE_HOURS) for i, c in enumerate(JUSTICE)])


def mental_health_cases(rng: np.random.Generator, p: People, d: Directory) -> Involved:
    """The regional trust's, all sensitive."""
    code = d.code_of[mental_health_trust(p.authority)]
    phone = phone_code(d.rows[code - 1].phone)
    return together([_one(rng, p, c, i, code, phone, HOSPITAL_COVER, OFFICE_HOURS) for i, c in enumerate(MENTAL_HEALTH)])


def charity_cases(rng: np.random.Generator, p: People, d: Directory, charity: str) -> Involved:
    """One charity's."""
    code = d.code_of[charity]
    phone = phone_code(d.rows[code - 1].phone)
    cases = BARNARDOS if charity == "barnardos" else KIDS
    return together([_one(rng, p, c, i, code, phone, NO_COVER, OFFICE_HOURS) for i, c in enumerate(cases)])


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
        visitor, practitioners(rng, p, (p.family[rows] % 1_000_003).astype(np.int32), max(1, int(visitor.sum()) // 380 + 1)),
        practitioners(rng, p, (p.family[rows] % 41).astype(np.int32), max(1, k // 4500 + 1)),
    )  # fmt: skip
    phone = phone_code(d.rows[code - 1].phone)
    label = lambda a, b: np.where(visitor, LABELS[a], LABELS[b]).astype(np.int32)  # noqa: E731 - local shorthand
    confirmed = np.maximum(begin, today - np.where(visitor, rng.integers(0, 200, k), rng.integers(0, 500, k)))
    columns = {
        "service": label("health_visitor", "school_nurse"), "organisation": np.full(k, code, np.int32),
        "team": label("Health Visiting Team", "School Nursing Team"),
        "practitioner": np.where(rng.random(k) < np.where(visitor, 0.85, 0.35), staff, 0).astype(np.int32),
        "practitioner_role": label("Health visitor", "School nurse"),
        "contact_phone": np.where(visitor, (phone - 1) // 1000 * 1000 + 1 + (phone + 57) % 1000, (phone - 1) // 1000 * 1000 + 1 + (phone + 91) % 1000).astype(np.int32),
        "contact_hours": np.full(k, LABELS[OFFICE_HOURS], np.int32), "contact_cover": np.full(k, LABELS[NO_COVER], np.int32),
        "start_date": calendar.code(begin), "end_date": np.zeros(k, np.int32), "last_confirmed": calendar.code(confirmed),
    }  # fmt: skip
    return Involved(rows=rows, columns=columns, later=later, next_end=np.zeros(k, np.int32))

