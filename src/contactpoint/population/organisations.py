"""Schools, practices, trusts, councils, youth justice teams and charities, with telephone numbers and hours.

Every number is in a range Ofcom keeps for drama (01632 960000-960999, 0161 496 0000-0999, 020 7946 0000-0999
and 07700 900000-900999), so none can ring. Mean sizes: primary 275, secondary 1,063 (DfE, January 2024);
10,101 patients a practice, about 1,940 of them children (NHS England, June 2024).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from contactpoint.population.pools import Ints, Pool
from contactpoint.population.tables import (
    Authority,
    authorities,
    districts,
    unreal_inward_letters,
    word_lists,
)

PUPILS_A_PRIMARY, PUPILS_A_SECONDARY, CHILDREN_A_PRACTICE, CHILDREN_A_NURSERY = 275, 1063, 1940, 700
SCHOOL_HOURS, OFFICE_HOURS, SURGERY_HOURS, CASE_HOURS = (
    "Monday to Friday, 8:30am to 4pm",
    "Monday to Friday, 9am to 5pm",
    "Monday to Friday, 8am to 6:30pm",
    "Monday to Friday, 8:45am to 5:15pm",
)
OUT_OF_HOURS = "Nights, weekends and holidays: the council's emergency duty team"
HOSPITAL_COVER = "Nights and weekends: the crisis line; holidays: the duty clinician"
NO_COVER = "No cover at nights or in holidays: leave a message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One row of ``organisations.csv``."""

    code: str
    name: str
    kind: str
    authority: str
    phone: str
    hours: str
    cover: str
    address: str
    postcode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """All organisations, and where each block finds those its children use.

    Attributes:
        rows: every organisation.
        codes, phones, hours, cover: pools with one code for each organisation, in the order of ``rows``.
        code_of: an organisation's code in those pools.
        nurseries, primaries, secondaries, practices: by DfE code, pool codes of that authority's own.
        laestab: by pool code, the four-digit number a school gives its pupils' UPNs (0 where it is no
            school).
    """

    rows: tuple[Organisation, ...]
    codes: Pool
    phones: Pool
    hours: Pool
    cover: Pool
    code_of: dict[str, int]
    nurseries: dict[str, Ints]
    primaries: dict[str, Ints]
    secondaries: dict[str, Ints]
    practices: dict[str, Ints]
    laestab: Ints


def slug(text: str) -> str:
    """A region's or body's name as part of a code."""
    text = text.partition(" and ")[0]  # codes have at most 32 characters
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def phone(authority: Authority, serial: int) -> str:
    """A telephone number that cannot ring, of the kind that area has."""
    last = f"{serial * 37 % 1000:03d}"
    if authority.region == "London":
        return f"020 7946 0{last}"
    return f"0161 496 0{last}" if authority.dfe.startswith("35") else f"01632 960{last}"


def _postcode(a: Authority, serial: int) -> str:
    """A postcode of the authority that cannot be real."""
    place = districts()[a.dfe][serial % len(districts()[a.dfe])]
    letters = unreal_inward_letters()
    return f"{place.code} {place.sectors[serial % len(place.sectors)]}{letters[serial * 13 % len(letters)]}"


def community_trust(authority: Authority) -> str:
    """Code of the trust whose health visitors and school nurses work there."""
    return f"community-health-{slug(authority.region)}"


def mental_health_trust(authority: Authority) -> str:
    """Code of the trust that gives mental-health care to children there."""
    return f"mental-health-{slug(authority.region)}"


def _schools(a: Authority, children: int, index: int) -> list[tuple[str, str, str]]:
    """(suffix of URN and LAESTAB, phase, name) of one authority's schools; at least two of each phase."""
    count = {
        "nursery": max(2, round(children * 0.05 / 60)),
        "primary": max(3, round(children * 0.385 / PUPILS_A_PRIMARY)),
        "secondary": max(2, round(children * 0.31 / PUPILS_A_SECONDARY)),
    }
    names: list[tuple[str, str, str]] = []
    seen: set[str] = set()
    rng = np.random.default_rng([index, 77])
    for phase, n in count.items():
        for i in range(n):
            stems = word_lists()["saints" if i % 3 == 2 else "school_places"]
            stem = stems[int(rng.integers(0, len(stems)))]
            town = a.name.split(" and ")[0].split(", ")[0]
            kind = {"nursery": "Nursery School", "primary": "Primary School", "secondary": "High School"}[
                phase
            ]
            faith = (
                " Church of England"
                if i % 6 == 2 and phase != "nursery"
                else " Catholic"
                if i % 6 == 5 and phase != "nursery"
                else ""
            )
            name = f"{stem}{faith} {kind}, {town}"
            number = 2
            while name in seen:
                name, number = f"{stem}{faith} {kind} {number}, {town}", number + 1
            seen.add(name)
            names.append((f"{len(names):04d}", phase, name))
    return names


def _of_authority(a: Authority) -> list[Organisation]:
    base: dict[str, str] = {
        "authority": a.dfe,
        "address": f"Civic Centre, {a.name}",
        "postcode": _postcode(a, 0),
    }
    yj = f"youth-justice-{a.dfe}"
    council = f"{a.name} council" if not a.name.endswith("Council") else a.name
    return [
        Organisation(
            code=f"la-{a.dfe}",
            name=f"{council} children's services",
            kind="authority",
            phone=phone(a, 1),
            hours=CASE_HOURS,
            cover=OUT_OF_HOURS,
            **base,
        ),
        Organisation(
            code=yj,
            name=f"{a.name} youth justice team",
            kind="youth_justice",
            phone=phone(a, 2),
            hours=OFFICE_HOURS,
            cover=OUT_OF_HOURS,
            **base,
        ),
        Organisation(
            code=f"police-{a.dfe}",
            name=f"{a.name} police public protection unit",
            kind="police",
            phone=phone(a, 3),
            hours="Every day, 8am to 8pm",
            cover="Nights and holidays: the force control room",
            **base,
        ),
    ]


def _national() -> list[Organisation]:
    rows = [
        ("general-register-office", "Register of births", "national"),
        ("child-benefit-office", "Child benefit office", "national"),
        ("nhs-demographics", "NHS demographics service", "national"),
        ("school-census-office", "National school census", "national"),
        ("gp-registration-service", "GP registration service", "national"),
        ("child-health-information", "Child health information service", "nhs_trust"),
        ("mental-health-data", "Children's mental health data service", "nhs_trust"),
        ("barnardos", "Barnardo's", "charity"),
        ("kids", "KIDS", "charity"),
        ("national-desk", "ContactPoint national desk", "national"),
    ]
    return [
        Organisation(
            code=c,
            name=n,
            kind=k,
            authority="",
            phone=f"020 7946 0{100 + i * 7:03d}",
            hours=OFFICE_HOURS,
            cover=NO_COVER,
            address="",
            postcode="",
        )
        for i, (c, n, k) in enumerate(rows)
    ]


def _regional(chosen: list[Authority]) -> list[Organisation]:
    found: list[Organisation] = []
    for region in dict.fromkeys(a.region for a in chosen):
        a = next(x for x in chosen if x.region == region)
        for code, name, cover, serial in (
            (community_trust(a), f"{region} community health trust", NO_COVER, 11),
            (mental_health_trust(a), f"{region} children's mental health trust", HOSPITAL_COVER, 12),
        ):
            found.append(
                Organisation(
                    code=code,
                    name=name,
                    kind="nhs_trust",
                    authority="",
                    phone=phone(a, serial),
                    hours=OFFICE_HOURS,
                    cover=cover,
                    address="",
                    postcode="",
                )
            )
    return found


def _surgery(a: Authority, index: int, i: int) -> str:
    places = word_lists()["school_places"]
    number = f" {i // len(places) + 1}" if i >= len(places) else ""
    return f"{places[(index * 5 + i) % len(places)]} Surgery{number}, {a.name}"


def _schools_and_practices(a: Authority, children: int, urn: int, ods: int) -> list[Organisation]:
    index = next(i for i, x in enumerate(authorities()) if x.dfe == a.dfe)
    schools = [
        Organisation(
            code=str(urn + i),
            name=name,
            kind="school",
            authority=a.dfe,
            phone=phone(a, 20 + i),
            hours=SCHOOL_HOURS,
            cover=NO_COVER,
            address=name,
            postcode=_postcode(a, 10 + i),
        )
        for i, (_, _, name) in enumerate(_schools(a, children, index))
    ]
    practices = [
        Organisation(
            code=f"Z{ods + i:05d}",
            name=_surgery(a, index, i),
            kind="gp",
            authority=a.dfe,
            phone=phone(a, 500 + i),
            hours=SURGERY_HOURS,
            cover="Nights, weekends and holidays: NHS 111",
            address=_surgery(a, index, i),
            postcode=_postcode(a, 700 + i),
        )
        for i in range(max(2, round(children / CHILDREN_A_PRACTICE)))
    ]
    return schools + practices


def make_directory(children: dict[str, int]) -> Directory:
    """All organisations for authorities with so many children each, keyed by DfE code."""
    chosen = [a for a in authorities() if a.dfe in children]
    rows = _national() + _regional(chosen)
    phases: dict[str, dict[str, list[int]]] = {}
    laestab: dict[int, int] = {}
    urn, ods = 900_000, 1
    for a in chosen:
        rows += _of_authority(a)
        more = _schools_and_practices(a, children[a.dfe], urn, ods)
        mine: dict[str, list[int]] = {"nursery": [], "primary": [], "secondary": [], "gp": []}
        for organisation in more:
            rows.append(organisation)
            kind = "gp" if organisation.kind == "gp" else _phase(organisation.name)
            mine[kind].append(len(rows))
            if kind != "gp":
                laestab[len(rows)] = 2000 + sum(len(mine[k]) for k in ("nursery", "primary", "secondary"))
                urn += 1
            else:
                ods += 1
        phases[a.dfe] = mine
    return _directory(rows, phases, laestab)


def _phase(name: str) -> str:
    return "nursery" if "Nursery School" in name else "primary" if "Primary School" in name else "secondary"


def _directory(
    rows: list[Organisation], phases: dict[str, dict[str, list[int]]], laestab: dict[int, int]
) -> Directory:
    numbers = np.zeros(len(rows) + 1, np.int32)
    for code, number in laestab.items():
        numbers[code] = number
    pick = {
        k: {d: np.array(m[k], np.int32) for d, m in phases.items()}
        for k in ("nursery", "primary", "secondary", "gp")
    }
    return Directory(
        rows=tuple(rows),
        codes=Pool(r.code for r in rows),
        phones=Pool(r.phone for r in rows),
        hours=Pool(r.hours for r in rows),
        cover=Pool(r.cover for r in rows),
        code_of={r.code: i + 1 for i, r in enumerate(rows)},
        nurseries=pick["nursery"],
        primaries=pick["primary"],
        secondaries=pick["secondary"],
        practices=pick["gp"],
        laestab=numbers,
    )


def as_table(directory: Directory) -> pl.DataFrame:
    """``organisations.csv``."""
    columns = Organisation.__slots__ if hasattr(Organisation, "__slots__") else ()
    return pl.DataFrame({c: [getattr(r, c) or None for r in directory.rows] for c in columns})
