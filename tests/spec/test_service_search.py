"""Which services can be looked for of no child in particular, and by whom (R1, R34, R36, R57)."""

import pytest
from tests.factories.records import NOW
from tests.factories.viewers import viewer

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.service_search import LISTED, is_it_listed

# (rule, service, its organisation, of which kind, can it be looked for)
TABLE = [
    ("R25", "school", "105734", "school", True),
    ("R25", "school_nurse", "bridgewater-nhs", "nhs_trust", True),
    ("R25", "", "la-353", "authority", True),
    ("R36", "mental_health", "bridgewater-nhs", "nhs_trust", False),
    ("R36", "sexual_health", "bridgewater-nhs", "nhs_trust", False),
    ("R36", "substance_misuse", "harbour-recovery", "charity", False),
    ("R34", "family_support", "haven", "refuge", False),
    ("R34", "", "haven", "refuge", False),
    ("R34", "school", "ward-school", "hospital_school", False),
    ("R34", "family_support", "secure", "secure_home", False),
    ("R34", "family_support", "not-shown", "charity", False),
]
# (rule, role, may they look)
WHO = [
    ("R1", Role.PRACTITIONER, True),
    ("R1", Role.AUTHORITY_TEAM, True),
    ("R1", Role.NATIONAL_TEAM, True),
    ("R1", Role.SHIELD_TEAM, True),
    ("R1", Role.CONSENT_TEAM, True),
    ("R57", Role.PARTNER_TEAM, True),
    ("R1", Role.AUDITOR, False),
    ("R1", Role.AUDIT_REVIEWER, False),
    ("R1", Role.TECHNICAL_ADMINISTRATOR, False),
]


@pytest.mark.parametrize(("rule", "service", "organisation", "kind", "listed"), TABLE)
def test_what_can_be_looked_for(rule, service, organisation, kind, listed):
    assert is_it_listed(service, organisation, kind) is listed, rule


def test_r36_no_sensitive_service_is_among_those_to_choose_from():
    assert {one.code for one in LISTED}.isdisjoint({"mental_health", "sexual_health", "substance_misuse"})


@pytest.mark.parametrize(("rule", "role", "may"), WHO)
def test_who_may_look(rule, role, may):
    asked = AccessRequest(viewer=viewer(role=role), permission=Permission.FIND_SERVICE, at=NOW)
    assert (authorise(asked).refusal is None) is may, rule
