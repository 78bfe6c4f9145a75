"""Whose record it is: one authority, by a fixed order (R58)."""

from datetime import date

import pytest
from tests.factories.records import statement

from contactpoint.domain.survivorship import responsible_authority, why_is_it_responsible

OLDHAM = statement("childrens_services", forename="Amina", as_at=date(2026, 5, 1))
SCHOOL = statement("school_census", record=2, forename="Amina")

# (rule, what is said, the home's authority, the nearest service's, who is responsible, why)
RESPONSIBLE = [
    ("R58", (OLDHAM,), "354", "355", "353", "known"),
    ("R58", (SCHOOL,), "354", "355", "354", "home"),
    ("R58", (SCHOOL,), None, "355", "355", "nearest"),
    ("R58", (SCHOOL, OLDHAM), None, None, "353", "known"),
    ("R58", (), None, None, None, None),
]


@pytest.mark.parametrize(("rule", "said", "home", "nearest", "whose", "why"), RESPONSIBLE)
def test_who_is_responsible(rule, said, home, nearest, whose, why):
    assert responsible_authority(said, home, nearest) == whose, rule
    assert responsible_authority(said[::-1], home, nearest) == whose, "in whatever order they came"
    assert why_is_it_responsible(said, home, nearest) == why
