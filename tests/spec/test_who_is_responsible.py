"""Whose record it is: one authority, by a fixed order (R58)."""

from dataclasses import replace
from datetime import date

import pytest
from tests.factories.records import statement
from tests.factories.viewers import viewer

from contactpoint.domain.disclosure.actors import OnBehalfOf, Role
from contactpoint.domain.disclosure.answers import BelongsBecause
from contactpoint.domain.disclosure.redact import which_reason_may_they_read
from contactpoint.domain.survivorship import responsible_authority, why_is_it_responsible

OLDHAM = statement("childrens_services", forename="Amina", as_at=date(2026, 5, 1))
SCHOOL = statement("school_census", record=2, forename="Amina")

PLACED = statement("childrens_services", as_at=date(2026, 3, 1), placed_by="353")
HOST = statement("childrens_services", authority="354", record=3, as_at=date(2026, 6, 1))
HOST_TELLS = statement(
    "childrens_services", authority="354", record=3, as_at=date(2026, 6, 1), placed_by="353"
)
PLACED_BY_HOST = statement("childrens_services", authority="354", record=3, placed_by="354")

# (rule, what is said, the home's authority, the nearest service's, who is responsible, why)
RESPONSIBLE = [
    ("R58", (OLDHAM,), "354", "355", "353", "known"),
    ("R58", (SCHOOL,), "354", "355", "354", "home"),
    ("R58", (SCHOOL,), None, "355", "355", "nearest"),
    ("R58", (SCHOOL, OLDHAM), None, None, "353", "known"),
    ("R58", (), None, None, None, None),
    ("R58", (PLACED,), "354", "354", "353", "placed"),
    ("R58", (PLACED, HOST), "354", "354", "353", "placed"),  # whoever knows it there, and last
    ("R58", (HOST_TELLS,), "354", "354", "353", "placed"),  # as the other says, where its own says nothing
    ("R58", (PLACED, HOST_TELLS), None, None, "353", "placed"),
    ("R58", (OLDHAM, HOST_TELLS), "354", None, "353", "placed"),  # its own word is older
    ("R58", (replace(OLDHAM, as_at=date(2026, 7, 1)), HOST_TELLS), "354", None, "353", "known"),  # has ended
    ("R58", (SCHOOL, HOST), "353", None, "354", "known"),
    ("R58", (PLACED, PLACED_BY_HOST), None, None, "354", "placed"),  # two say so: whoever said it last
]


TEAM = viewer(role=Role.AUTHORITY_TEAM, authority="353")
# (rule, who reads, the reason, what they are told)
READERS = [
    ("R18", TEAM, "placed", "placed"),
    ("R18", replace(TEAM, authority="354"), "placed", "known"),
    ("R18", viewer(), "placed", "known"),  # a school nurse of the same area
    ("R18", replace(viewer(), role=Role.NATIONAL_TEAM, authority=None), "placed", "known"),
    (
        "R6",
        replace(
            TEAM, mediates_for=OnBehalfOf(name="A", title="B", organisation="C", organisation_kind="school")
        ),
        "placed",
        "known",
    ),
    ("R58", viewer(), "known", "known"),
    ("R58", TEAM, "home", "home"),
]


@pytest.mark.parametrize(("rule", "reads", "because", "told"), READERS)
def test_who_placed_the_child_is_told_to_its_own_team(rule, reads, because, told):
    assert which_reason_may_they_read(BelongsBecause(because), "353", reads) == told, rule


@pytest.mark.parametrize(("rule", "said", "home", "nearest", "whose", "why"), RESPONSIBLE)
def test_who_is_responsible(rule, said, home, nearest, whose, why):
    assert responsible_authority(said, home, nearest) == whose, rule
    assert responsible_authority(said[::-1], home, nearest) == whose, "in whatever order they came"
    assert why_is_it_responsible(said, home, nearest) == why
