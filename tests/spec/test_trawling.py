"""How many records a day one may open, when one says why again, and when one is stopped (R53)."""

import pytest

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.purpose import PurposeCode
from contactpoint.domain.disclosure.trawling import (
    Pace,
    SearchesMade,
    SearchPace,
    check_need,
    limits_of,
    limits_of_purpose,
    limits_of_searches,
    most_searches,
    strictest,
    what_happens_next,
    what_happens_to_a_search,
)
from contactpoint.domain.errors import InvalidInput

NURSE, TEAM = limits_of(Role.PRACTITIONER), limits_of(Role.NATIONAL_TEAM)
ELSE = limits_of_purpose(PurposeCode.OTHER)

# (rule, limits, which record of the day, how often one said why again, what happens)
TABLE = [
    ("R53", NURSE, 40, 0, Pace.FREE),
    ("R53", NURSE, 41, 0, Pace.SAY_AGAIN),
    ("R53", NURSE, 50, 1, Pace.FREE),
    ("R53", NURSE, 51, 1, Pace.SAY_AGAIN),
    ("R53", NURSE, 120, 8, Pace.FREE),
    ("R53", NURSE, 121, 99, Pace.STOP),
    ("R53", TEAM, 120, 0, Pace.FREE),
    ("R53", TEAM, 121, 0, Pace.SAY_AGAIN),
    ("R53", TEAM, 401, 99, Pace.STOP),
    ("R9", ELSE, 15, 0, Pace.FREE),
    ("R9", ELSE, 16, 0, Pace.SAY_AGAIN),
    ("R9", ELSE, 61, 99, Pace.STOP),
]


@pytest.mark.parametrize(("rule", "limits", "opened", "again", "happens"), TABLE)
def test_pace(rule, limits, opened, again, happens):
    assert what_happens_next(opened, again, limits) is happens


# (rule, role, reason, how many searches a day it explains)
SEARCHES = [
    ("R53", Role.PRACTITIONER, PurposeCode.SAFEGUARDING, 300),
    ("R53", Role.PRACTITIONER, PurposeCode.TRANSFER, 200),
    ("R53", Role.AUTHORITY_TEAM, PurposeCode.CORRECTING, 600),
    ("R53", Role.SHIELD_TEAM, PurposeCode.SHIELD_DECISION, 300),
    ("R53", Role.NATIONAL_TEAM, PurposeCode.FAMILY_ASKS, 180),
    ("R9", Role.PRACTITIONER, PurposeCode.OTHER, 60),
    ("R9", Role.NATIONAL_TEAM, PurposeCode.OTHER, 60),
]


@pytest.mark.parametrize(("rule", "role", "purpose", "most"), SEARCHES)
def test_searches_a_day(rule, role, purpose, most):
    assert most_searches(role, purpose) == most


def test_every_reason_has_its_number_of_searches():
    assert min(most_searches(Role.PRACTITIONER, code) for code in PurposeCode) > 0


def made(*, minute=1, reason=1, day=1, organisation=1, again=0):
    return SearchesMade(
        of_minute=minute, of_reason=reason, of_day=day, of_organisation=organisation, said_again=again
    )


SAFE, OTHER = PurposeCode.SAFEGUARDING, PurposeCode.OTHER
TEACHER, DESK = Role.PRACTITIONER, Role.NATIONAL_TEAM
# (rule, searches made with this one, role, reason, what happens)
SEARCHED = [
    ("R53", made(minute=60, reason=150, day=150, organisation=10_000), TEACHER, SAFE, SearchPace.FREE),
    ("R53", made(minute=61), TEACHER, SAFE, SearchPace.WAIT),
    ("R53", made(day=151), TEACHER, SAFE, SearchPace.SAY_AGAIN),
    ("R53", made(day=180, again=1), TEACHER, SAFE, SearchPace.FREE),
    ("R53", made(day=181, again=1), TEACHER, SAFE, SearchPace.SAY_AGAIN),
    ("R53", made(reason=301, day=301, again=9), TEACHER, SAFE, SearchPace.OTHER_REASON),
    ("R53", made(reason=601, day=420, again=9), TEACHER, SAFE, SearchPace.STOP),
    ("R53", made(day=500, again=99), TEACHER, SAFE, SearchPace.FREE),
    ("R53", made(day=501, again=99), TEACHER, SAFE, SearchPace.STOP),
    ("R53", made(minute=61, day=501), TEACHER, SAFE, SearchPace.STOP),
    ("R53", made(organisation=10_001), TEACHER, SAFE, SearchPace.SAY_AGAIN),
    ("R53", made(organisation=10_001, again=1), TEACHER, SAFE, SearchPace.FREE),
    ("R53", made(day=450), DESK, SAFE, SearchPace.FREE),
    ("R53", made(day=451), DESK, SAFE, SearchPace.SAY_AGAIN),
    ("R53", made(day=1501, again=99), DESK, SAFE, SearchPace.STOP),
    ("R9", made(reason=60), TEACHER, OTHER, SearchPace.FREE),
    ("R9", made(reason=61), TEACHER, OTHER, SearchPace.OTHER_REASON),
    ("R9", made(reason=121), TEACHER, OTHER, SearchPace.STOP),
]


@pytest.mark.parametrize(("rule", "searches", "role", "purpose", "happens"), SEARCHED)
def test_one_more_search(rule, searches, role, purpose, happens):
    assert what_happens_to_a_search(searches, role=role, purpose=purpose) is happens


def test_one_is_asked_about_searches_before_one_is_stopped():
    for role in Role:
        limits = limits_of_searches(role)
        assert limits.asked_from < limits.stopped_at


def test_other_reasons_have_no_limit_of_their_own():
    assert [code for code in PurposeCode if limits_of_purpose(code)] == [PurposeCode.OTHER]


def test_of_several_limits_the_strictest_holds():
    assert strictest((Pace.FREE, Pace.STOP, Pace.SAY_AGAIN)) is Pace.STOP
    assert strictest((Pace.SAY_AGAIN, Pace.FREE)) is Pace.SAY_AGAIN
    assert strictest(()) is Pace.FREE


@pytest.mark.parametrize("text", ["", "because", "x" * 201])
def test_a_need_says_something_and_not_too_much(text):
    with pytest.raises(InvalidInput):
        check_need(text)
    assert check_need("  The health  visitor rang ") == "The health visitor rang"
