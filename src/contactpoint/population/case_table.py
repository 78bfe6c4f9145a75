"""Which services are in contact with whom, and the small words that say so."""

from dataclasses import dataclass

from contactpoint.population.organisations import (
    CASE_HOURS,
    HOSPITAL_COVER,
    NO_COVER,
    OFFICE_HOURS,
    OUT_OF_HOURS,
    SCHOOL_HOURS,
    SURGERY_HOURS,
)
from contactpoint.population.shared import Labels
from contactpoint.population.tables import authorities, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One kind of involvement.

    Attributes:
        share: of children aged ``ages`` (inclusive); or ``flag``, a circumstance all of whose children have
            it.
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


def _cases() -> dict[str, tuple[Case, ...]]:
    """``tables/cases.csv`` by source."""
    found: dict[str, tuple[Case, ...]] = {}
    for r in rows_of("cases.csv"):
        case = Case(
            service=r["service"],
            team=r["team"],
            role=r["role"],
            ages=(int(r["from_age"]), int(r["to_age"])),
            share=float(r["share"] or 0),
            flag=r["flag"],
            boys=float(r["boys"]),
            open=float(r["open"]),
            caseload=int(r["caseload"]),
            lead=float(r["lead"]),
            assessment=float(r["assessment"]),
            years=float(r["years"]),
        )
        found[r["source"]] = (*found.get(r["source"], ()), case)
    return found


SENSITIVE = ("mental_health", "sexual_health", "substance_misuse")


CASES = _cases()


_EVERY = [case for group in CASES.values() for case in group]


LABELS = Labels(
    tuple(
        dict.fromkeys(
            [
                *[
                    "M",
                    "F",
                    "Y",
                    "1",
                    "2",
                    "3",
                    "home",
                    "second_home",
                    "placement",
                    "no_fixed_abode",
                    "none_known",
                    "left_england",
                    "overseas",
                ],
                *[
                    "school",
                    "early_years",
                    "gp",
                    "health_visitor",
                    "school_nurse",
                    "child",
                    "carer",
                    "significant_harm",
                    "Jr",
                ],
                "Mother",
                "Father",
                "Foster carer",
                "Adoptive parent",
                "Grandparent",
                "Guardian",
                "Health Visiting Team",
                "School Nursing Team",
                "Health visitor",
                "School nurse",
                CASE_HOURS,
                HOSPITAL_COVER,
                NO_COVER,
                OFFICE_HOURS,
                OUT_OF_HOURS,
                SCHOOL_HOURS,
                SURGERY_HOURS,
                *(c.service for c in _EVERY),
                *(c.team for c in _EVERY),
                *(c.role for c in _EVERY),
                *(a.dfe for a in authorities()),
            ]
        )
    )
)
