"""How many records a day one may open, when one says why again, and when one is stopped (R53)."""

import pytest

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.purpose import PurposeCode
from contactpoint.domain.disclosure.trawling import (
    Pace,
    check_need,
    limits_of,
    limits_of_purpose,
    most_searches,
    strictest,
    what_happens_next,
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
