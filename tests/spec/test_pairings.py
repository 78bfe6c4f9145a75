"""Whose shield desk is whose second is said by two people of the national team (R31)."""

import pytest
from tests.factories.records import NOW
from tests.factories.viewers import viewer

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.pairings import Desk, PairingInQuestion
from contactpoint.domain.two_people import Step

TEAM, DESK = viewer(role=Role.NATIONAL_TEAM), viewer(role=Role.SHIELD_TEAM)

# (rule, who, the step, whether they asked for it themselves, allowed)
TABLE = [
    ("R31", TEAM, Step.AGREE, False, True),
    ("R31", TEAM, Step.REFUSE, False, True),
    ("R31", TEAM, Step.DROP, True, True),
    ("R31", TEAM, Step.AGREE, True, False),
    ("R31", TEAM, Step.DROP, False, False),
    ("R1", DESK, Step.AGREE, False, False),
    ("R1", viewer(role=Role.AUTHORITY_TEAM), Step.AGREE, False, False),
]


@pytest.mark.parametrize(("rule", "who", "step", "mine", "allowed"), TABLE)
def test_who_may(rule, who, step, mine, allowed):
    asked = PairingInQuestion(step=step, by_viewer=mine)
    decision = authorise(
        AccessRequest(viewer=who, permission=Permission.KEEP_REFERENCE, at=NOW, pairing=asked)
    )
    assert decision.allowed is allowed
    if not allowed:
        assert rule in decision.rules


@pytest.mark.parametrize(("people", "small"), [(0, True), (1, True), (2, False)])
def test_a_desk_of_fewer_than_two_needs_a_second_r31(people, small):
    desk = Desk(authority="353", name="Oldham", people=people, second="", second_name="")
    assert desk.is_small is small
