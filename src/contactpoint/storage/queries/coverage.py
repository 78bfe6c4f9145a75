"""Which sources are connected for an authority, and when each last told us: what an empty answer means."""

from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

from django.db import connection

from contactpoint.domain.coverage import CoverageState, coverage_of
from contactpoint.domain.disclosure.held import CoveredServices

# What a practitioner would ask after, and which contract and services answer. Sensitive services are never
# listed: every record carries the same sentence about them. A label without a contract has no feed yet.
_ASKED_AFTER: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("School", "school_census", ("school", "early_years")),
    ("GP practice", "gp_registrations", ("gp",)),
    ("Health visiting and school nursing", "child_health", ("health_visitor", "school_nurse")),
    (
        "Children's services",
        "childrens_services",
        (
            "childrens_social_care",
            "early_help",
            "send",
            "disability",
            "education_welfare",
            "home_education",
            "family_support",
            "young_carers",
        ),
    ),
    ("Youth justice", "youth_justice", ("youth_justice", "youth_worker")),
    ("Charities", "charity", ("family_support", "young_carers", "youth_worker", "disability")),
    ("Police", "", ()),
)

Told: TypeAlias = tuple[str, int, date | None]

_NEWEST = """
    SELECT s.contract, s.promised_days, max(d.as_at)
    FROM source s LEFT JOIN delivery d ON d.source_id = s.code AND d.state = 'published'
    WHERE s.authority IN ('', %s)
    GROUP BY s.code, s.contract, s.promised_days
"""


def coverage_for(authority: str | None, on: date) -> tuple[CoveredServices, ...]:
    """Say for each kind of service what silence means in an authority on a day.

    Of several sources of one kind (charities) the one that told last speaks.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [authority or ""])
        return coverage_told(cursor.fetchall(), on)


def coverage_told(told: Sequence[Told], on: date) -> tuple[CoveredServices, ...]:
    """The same, of what each source has told: its contract, promised days, and the day it last spoke for."""
    answers = []
    for label, contract, services in _ASKED_AFTER:
        ours = [(last, promised) for kind, promised, last in told if kind == contract and last is not None]
        last, promised = max(ours, default=(None, 0))
        coverage = coverage_of(label, connected=bool(ours), last_told=last, promised_days=promised, on=on)
        covered = frozenset() if coverage.state is CoverageState.NOT_CONNECTED and not services else services
        answers.append(CoveredServices(coverage=coverage, services=frozenset(covered)))
    return tuple(answers)
