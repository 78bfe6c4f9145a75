"""Who may manage whose account, give which role, accredit which body; each row names its rule."""

from uuid import UUID

import pytest
from tests.factories.records import NOW
from tests.factories.viewers import KEISHA, OWEN, viewer

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.staff import (
    GIVEN_ROLES,
    BodyInQuestion,
    GrantInQuestion,
    PersonInQuestion,
    does_it_take_two_to_give,
    does_the_role_belong_there,
    is_the_body_within,
    may_it_ask_for,
)

MANAGE, RENEW, GIVE, ACCREDIT = (
    Permission.MANAGE_PEOPLE,
    Permission.RENEW_ACCOUNT,
    Permission.GIVE_ROLE,
    Permission.ACCREDIT,
)
NURSE = viewer()
TEAM = viewer(role=Role.AUTHORITY_TEAM, organisation_code="la-353", organisation_kind="authority")
NATION = viewer(
    role=Role.NATIONAL_TEAM, organisation_code="contactpoint", organisation_kind="national", authority=None
)


def person(account=OWEN, *, reach=True, managed=False, above=False):
    """Somebody else, within reach, unless said otherwise."""
    return {
        "person": PersonInQuestion(
            account=account, in_reach=reach, managed_by_viewer=managed, above_viewer=above
        )
    }


def grant(role, kind="authority", *, reach=True, own=False, agreeing=False, asked_by_viewer=False):
    """A role for somebody else, at an authority within reach, unless said otherwise."""
    return {
        "grant": GrantInQuestion(
            role=role,
            organisation_kind=kind,
            in_reach=reach,
            for_viewer=own,
            agreeing=agreeing,
            asked_by_viewer=asked_by_viewer,
        )
    }


def body(*, reach=True, own=False):
    return {"body": BodyInQuestion(in_reach=reach, own=own)}


# (rule, who, asks to do, with what, allowed)
TABLE = [
    ("R1", NURSE, MANAGE, person(), False),
    ("R1", TEAM, MANAGE, person(), True),
    ("R1", TEAM, MANAGE, person(reach=False), False),
    ("R1", TEAM, MANAGE, person(reach=False, managed=True), False),
    ("R1", TEAM, MANAGE, person(KEISHA), False),
    ("R1", TEAM, MANAGE, person(above=True), False),
    ("R1", NATION, MANAGE, person(), True),
    ("R1", NATION, MANAGE, person(KEISHA), False),
    ("R1", viewer(role=Role.TECHNICAL_ADMINISTRATOR), MANAGE, person(), False),
    ("R1", viewer(role=Role.SHIELD_TEAM), MANAGE, person(), False),
    ("R1", NURSE, RENEW, person(reach=False, managed=True), True),
    ("R1", NURSE, RENEW, person(reach=False), False),
    ("R1", NURSE, RENEW, person(KEISHA, reach=False, managed=True), False),
    ("R1", NURSE, RENEW, person(reach=False, managed=True, above=True), False),
    ("R1", viewer(role=Role.AUDITOR), RENEW, person(reach=False, managed=True), True),
    ("R1", NURSE, GIVE, grant(Role.PRACTITIONER), False),
    ("R1", TEAM, GIVE, grant(Role.PRACTITIONER), True),
    ("R1", TEAM, GIVE, grant(Role.PRACTITIONER, "school"), True),
    ("R1", TEAM, GIVE, grant(Role.PRACTITIONER, reach=False), False),
    ("R1", TEAM, GIVE, grant(Role.PRACTITIONER, own=True), False),
    ("R1", TEAM, GIVE, grant(Role.AUTHORITY_TEAM), True),
    ("R1", TEAM, GIVE, grant(Role.AUTHORITY_TEAM, "school"), False),
    ("R1", TEAM, GIVE, grant(Role.SHIELD_TEAM), True),
    ("R1", TEAM, GIVE, grant(Role.SHIELD_TEAM, "school"), False),
    ("R1", TEAM, GIVE, grant(Role.AUDIT_REVIEWER), True),
    ("R1", TEAM, GIVE, grant(Role.AUDITOR), False),
    ("R1", TEAM, GIVE, grant(Role.NATIONAL_TEAM, "national"), False),
    ("R1", TEAM, GIVE, grant(Role.TECHNICAL_ADMINISTRATOR, "national"), False),
    ("R1", TEAM, GIVE, grant(Role.SHIELD_TEAM, agreeing=True), False),
    ("R1", NATION, GIVE, grant(Role.NATIONAL_TEAM, "national"), True),
    ("R1", NATION, GIVE, grant(Role.NATIONAL_TEAM, "authority"), False),
    ("R1", NATION, GIVE, grant(Role.NATIONAL_TEAM, "national", own=True), False),
    ("R1", NATION, GIVE, grant(Role.NATIONAL_TEAM, "national", agreeing=True), True),
    ("R1", NATION, GIVE, grant(Role.NATIONAL_TEAM, "national", agreeing=True, asked_by_viewer=True), False),
    ("R1", NATION, GIVE, grant(Role.NATIONAL_TEAM, "national", agreeing=True, own=True), False),
    ("R1", NURSE, ACCREDIT, body(), False),
    ("R3", TEAM, ACCREDIT, body(), True),
    ("R3", TEAM, ACCREDIT, body(reach=False), False),
    ("R3", TEAM, ACCREDIT, body(own=True), False),
    ("R3", NATION, ACCREDIT, body(), True),
    ("R3", NATION, ACCREDIT, body(own=True), False),
]


@pytest.mark.parametrize(("rule", "who", "permission", "what", "allowed"), TABLE)
def test_who_manages_accounts(rule, who, permission, what, allowed):
    decision = authorise(AccessRequest(viewer=who, permission=permission, at=NOW, **what))
    assert decision.allowed is allowed
    if not allowed:
        assert rule in decision.rules
        assert decision.refusal.way_on


@pytest.mark.parametrize("role", GIVEN_ROLES)
def test_a_role_that_reads_what_is_hidden_or_manages_the_nation_takes_two(role):
    """R1: whatever an authority's team may not do itself is not one person's to give."""
    more = PERMISSIONS[role] - PERMISSIONS[Role.AUTHORITY_TEAM]
    assert does_it_take_two_to_give(role) or not more


@pytest.mark.parametrize("role", [role for role in GIVEN_ROLES if role is not Role.PRACTITIONER])
def test_no_school_has_a_team_a_desk_or_a_reviewer(role):
    assert not does_the_role_belong_there(role, "school")


PARTNERS = Role.PARTNER_TEAM


@pytest.mark.parametrize("kind", ["authority", "national", "school", "nhs_trust"])
def test_the_team_of_a_partner_belongs_to_a_partner_alone(kind):
    assert does_the_role_belong_there(PARTNERS, "charity")
    assert not does_the_role_belong_there(PARTNERS, kind)


@pytest.mark.parametrize(
    ("kind", "may"), [("authority", True), ("national", True), ("charity", True), ("school", False)]
)
def test_reviewers_belong_to_an_authority_a_partner_or_the_nation(kind, may):
    """R52: and two people of the national team give a partner's."""
    assert does_the_role_belong_there(Role.AUDIT_REVIEWER, kind) is may
    assert does_it_take_two_to_give(Role.AUDIT_REVIEWER)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_the_team_of_a_partner_gives_practice_and_nothing_else(role):
    assert may_it_ask_for(PARTNERS, role) is (role is Role.PRACTITIONER)


@pytest.mark.parametrize(
    ("reach", "authority", "code", "within"),
    [
        (None, "", "kids", True),
        ("353", "353", "P85001", True),
        ("353", "", "kids", False),
        ("at:kids", "", "kids", True),
        ("at:kids", "", "barnardos", False),
        ("at:kids", "353", "la-353", False),
    ],
)
def test_a_partner_reaches_its_own_body_alone(reach, authority, code, within):
    assert is_the_body_within(reach, authority, code) is within


def test_nobody_without_an_account_is_anybody():
    """R1: a question without an account is never somebody's own."""
    asked = AccessRequest(
        viewer=viewer(account_id=UUID(int=5), role=Role.NATIONAL_TEAM),
        permission=MANAGE,
        at=NOW,
        **person(UUID(int=5)),
    )
    assert not authorise(asked).allowed
