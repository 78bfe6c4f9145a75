"""Overriding a shield: who may, what they must say, who looks into it (R33)."""

import pytest
from tests.factories.records import NOW
from tests.factories.viewers import WORRIED, viewer

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.override import (
    OverrideInQuestion,
    OverrideReason,
    OverrideUseInQuestion,
    RightInQuestion,
)
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest

NURSE, TEAM = viewer(), viewer(role=Role.AUTHORITY_TEAM)
DESK, NATIONAL = viewer(role=Role.SHIELD_TEAM), viewer(role=Role.NATIONAL_TEAM)
OVERRIDE, GIVE, LOOK = (
    Permission.OVERRIDE_SHIELD,
    Permission.GIVE_OVERRIDE,
    Permission.LOOK_INTO_OVERRIDE,
)


def override(*, right=True, reason=OverrideReason.DANGER_NOW, proved=True):
    return {"override": OverrideInQuestion(holds_right=right, reason=reason, proved=proved)}


def right(*, mine=False, first=False):
    return {"override_right": RightInQuestion(for_viewer=mine, first_given_by_viewer=first)}


def use(*, mine):
    return {"override_use": OverrideUseInQuestion(made_by_viewer=mine)}


# (rule, who, asks to do, with what else, allowed)
TABLE = [
    ("R33", NURSE, OVERRIDE, override(), True),
    ("R33", TEAM, OVERRIDE, override(), True),
    ("R33", NURSE, OVERRIDE, override(right=False), False),
    ("R33", NURSE, OVERRIDE, override(reason=None), False),
    ("R33", NURSE, OVERRIDE, override(proved=False), False),
    ("R8", NURSE, OVERRIDE, {**override(), "purpose": None}, False),
    ("R1", DESK, OVERRIDE, override(), False),
    ("R1", NATIONAL, OVERRIDE, override(), False),
    ("R57", viewer(role=Role.TECHNICAL_ADMINISTRATOR), OVERRIDE, override(), False),
    ("R33", DESK, GIVE, right(), True),
    ("R33", DESK, GIVE, right(mine=True), False),
    ("R33", DESK, GIVE, right(first=True), False),
    ("R1", TEAM, GIVE, right(), False),
    ("R1", NATIONAL, GIVE, right(), False),
    ("R33", DESK, LOOK, use(mine=False), True),
    ("R33", DESK, LOOK, use(mine=True), False),
    ("R8", DESK, LOOK, {**use(mine=False), "purpose": None}, False),
    ("R1", NURSE, LOOK, use(mine=False), False),
]


@pytest.mark.parametrize(("rule", "who", "permission", "what", "allowed"), TABLE)
def test_who_may(rule, who, permission, what, allowed):
    asked = AccessRequest(**{"viewer": who, "permission": permission, "at": NOW, "purpose": WORRIED, **what})
    decision = authorise(asked)
    assert decision.allowed is allowed
    if not allowed:
        assert rule in decision.rules
