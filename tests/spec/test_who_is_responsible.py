"""Whose record it is: one authority, by a fixed order (R58)."""

from datetime import date

import pytest
from tests.factories.records import statement

from contactpoint.domain.survivorship import responsible_authority

OLDHAM = statement("childrens_services", forename="Amina", as_at=date(2026, 5, 1))
SCHOOL = statement("school_census", record=2, forename="Amina")

# (rule, what is said, the home's authority, the nearest service's, who is responsible)
RESPONSIBLE = [
    ("R58", (OLDHAM,), "354", "355", "353"),
    ("R58", (SCHOOL,), "354", "355", "354"),
    ("R58", (SCHOOL,), None, "355", "355"),
    ("R58", (SCHOOL, OLDHAM), None, None, "353"),
    ("R58", (), None, None, None),
]


@pytest.mark.parametrize(("rule", "said", "home", "nearest", "whose"), RESPONSIBLE)
def test_who_is_responsible(rule, said, home, nearest, whose):
    assert responsible_authority(said, home, nearest) == whose, rule
    assert responsible_authority(said[::-1], home, nearest) == whose, "in whatever order they came"
