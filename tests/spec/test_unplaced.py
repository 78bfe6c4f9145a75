"""A child for whom no authority is responsible: why, who is asked, and who is once it accepted (R15, R58)."""

from datetime import date

import pytest
from tests.factories.records import NOW, involvement, statement
from tests.factories.viewers import viewer

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import BelongsBecause
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.held import Gazetteer, KnownRecord
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.redact import is_it_said_that_they_left, who_is_responsible_and_why
from contactpoint.domain.moves import MoveState, MoveStep, Side, what_becomes_of_the_move
from contactpoint.domain.people import AddressKind
from contactpoint.domain.retention import Leaving
from contactpoint.domain.unplaced import NobodyBecause, why_is_nobody_responsible

HERE = Gazetteer(names=(("353", "Oldham"), ("354", "Rochdale")), districts=(("OL1", "353"),))
GLASGOW = statement("nhs_demographics", address="1 High Street, Glasgow", postcode="G1 1AA")
OLDHAM = statement("nhs_demographics", address="14 Mill Lane, Oldham", postcode="OL1 4AB")
NOWHERE = statement("nhs_demographics")
KEPT_BACK = statement("nhs_demographics", kind=AddressKind.NOT_SHOWN)

# (rule, the postcode that may be shown, why nobody is responsible)
WHY = [
    ("R58", None, NobodyBecause.NO_POSTCODE),
    ("R58", "", NobodyBecause.NO_POSTCODE),
    ("R58", "G1 1AA", NobodyBecause.NOT_IN_ENGLAND),
]
# (rule, what is said of the home, given to, stays with, who is responsible, because)
RESPONSIBLE = [
    ("R15", NOWHERE, None, None, None, None),
    ("R15", GLASGOW, None, None, None, None),
    ("R58", KEPT_BACK, None, None, None, None),
    ("R58", NOWHERE, "354", None, "354", BelongsBecause.GIVEN),
    ("R58", GLASGOW, "354", None, "354", BelongsBecause.GIVEN),
    ("R58", OLDHAM, "354", None, "353", BelongsBecause.HOME),
    ("R59", OLDHAM, "354", "354", "354", BelongsBecause.NOT_ACCEPTED),
]


@pytest.mark.parametrize(("rule", "postcode", "because"), WHY)
def test_why_nobody_is_responsible(rule, postcode, because):
    assert why_is_nobody_responsible(postcode) is because, rule


@pytest.mark.parametrize(("rule", "said", "given_to", "stays_with", "authority", "because"), RESPONSIBLE)
def test_whoever_accepted_is_responsible_until_a_source_says_otherwise(
    rule, said, given_to, stays_with, authority, because
):
    record = KnownRecord(
        number="C000000001A",
        statements=(said,),
        gazetteer=HERE,
        given_to=given_to,
        stays_with=stays_with,
    )
    assert who_is_responsible_and_why(record, NOW.date()) == (authority, because), rule


def test_a_school_in_england_is_enough_for_an_authority():
    """R58: who is in the list has none."""
    school = involvement("school", authority="354")
    record = KnownRecord(
        number="C000000001A", statements=(GLASGOW,), involvements=(school,), gazetteer=HERE, given_to="353"
    )
    assert who_is_responsible_and_why(record, NOW.date()) == ("354", BelongsBecause.NEAREST)


@pytest.mark.parametrize("role", list(Role))
def test_the_national_team_alone_gives_a_child_to_an_authority(role):
    """R58."""
    asked = AccessRequest(viewer=viewer(role=role), permission=Permission.GIVE_AUTHORITY, at=NOW)
    assert authorise(asked).allowed is (role is Role.NATIONAL_TEAM)


def test_the_authority_that_is_asked_answers_as_for_any_move():
    """R58: it accepts, or declines and the national team decides."""
    assert what_becomes_of_the_move(Side.COMING, MoveState.ASKED, MoveStep.ACCEPT) is MoveState.ACCEPTED
    assert what_becomes_of_the_move(Side.COMING, MoveState.ASKED, MoveStep.DECLINE) is MoveState.DECLINED
    assert what_becomes_of_the_move(Side.NATIONAL, MoveState.DECLINED, MoveStep.GIVE) is MoveState.ACCEPTED


LEFT = Leaving(kind=AddressKind.LEFT_FOR_GOOD, since=date(2026, 3, 1))


@pytest.mark.parametrize(
    ("rule", "said", "stands"), [("R50", NOWHERE, True), ("R50", GLASGOW, True), ("R50", OLDHAM, False)]
)
def test_that_they_left_england_stands_while_nobody_is_responsible(rule, said, stands):
    record = KnownRecord(number="C000000001A", statements=(said,), gazetteer=HERE, left=LEFT)
    assert is_it_said_that_they_left(record, NOW.date()) == (LEFT if stands else None), rule
