"""The service directory: found by name, kind and area; nothing that is not listed (R25, R34, R36; ADR 55)."""

import pytest
from tests.factories.directory import build_reference
from tests.factories.national import EWA, EWA_HERE, NINA, build_people
from tests.factories.signed_in import events_of
from tests.factories.viewers import viewer
from tests.integration.test_reference_lists import run

from contactpoint.actions.contact.points import bodies_to_reach
from contactpoint.actions.find.services import find_services
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.involvement import SERVICES
from contactpoint.domain.service_search import IMPLIED, ServiceSought, is_it_listed
from contactpoint.storage.models import Membership, Organisation, ServicePoint

pytestmark = pytest.mark.django_db
NINA_HERE = viewer(account_id=NINA, name="Nina Cole", organisation_code="105734", services=())


@pytest.fixture(autouse=True)
def services(db):
    """A trust with three services, a charity with one that is sensitive, a refuge; a school closed."""
    build_reference()
    build_people()
    Organisation.objects.create(code="haven", name="Haven House", kind="refuge", authority="353", phone="1")
    Organisation.objects.create(
        code="900001", name="Gone School", kind="school", authority="353", closed_on="2026-09-01"
    )
    Organisation.objects.create(code="barnardos", name="Barnardo's", kind="charity", phone="0808 496 0001")
    for organisation, service in (
        ("bridgewater-nhs", "school_nurse"),
        ("bridgewater-nhs", "mental_health"),
        ("harbour-recovery", "substance_misuse"),
        ("haven", "family_support"),
    ):
        ServicePoint.objects.create(
            organisation_id=organisation,
            service=service,
            phone="0161 496 0111",
            hours="Weekdays 8 to 6",
            night="0161 496 0999",
            holidays="0161 496 0112",
            confirmed_on="2026-11-01",
            confirmed_by_id=EWA,
        )
    Membership.objects.create(
        account_id=NINA,
        organisation_id="bridgewater-nhs",
        role="practitioner",
        services=["health_visitor", "sexual_health"],
    )


def found(by=NINA_HERE, skip=0, **sought):
    return run(find_services, by, sought=ServiceSought(**sought), skip=skip)


def named(**sought):
    return [(one.organisation, one.service) for one in found(**sought)]


def test_r25_a_service_is_found_by_name_kind_and_area_with_night_and_holidays():
    (nurse,) = found(service="school_nurse")
    assert (nurse.organisation_name, nurse.reached.phone, nurse.reached.night, nurse.reached.holidays) == (
        "Bridgewater Community Health",
        "0161 496 0111",
        "0161 496 0999",
        "0161 496 0112",
    )
    assert named(words="community BRIDGEWATER") == [
        ("bridgewater-nhs", "health_visitor"),
        ("bridgewater-nhs", "school_nurse"),
    ]
    (visitor,) = found(service="health_visitor")
    assert (visitor.reached, visitor.phone) == (None, "0161 496 0100"), "the organisation's own number"
    assert named(service="school") == [("105734", "school")], "a school is one, and a closed one is not there"
    assert named(authority="354") == [("la-354", "")]
    assert named(words="barnardo's") == [("barnardos", "")]
    assert named(words="100%") == []


def test_r34_r36_what_is_not_listed_is_found_by_nothing():
    everything = named()
    assert all(one not in {code for code, _ in everything} for one in ("haven", "harbour-recovery", "900001"))
    for sought in (
        {"words": "haven"},
        {"words": "harbour"},
        {"service": "family_support"},
        {"service": "mental_health"},
        {"service": "sexual_health"},
        {"service": "substance_misuse"},
    ):
        assert named(**sought) == []
    for one in found():
        assert is_it_listed(one.service, one.organisation, one.kind)
    assert len(everything) == len(set(everything)) == 8


def test_pages_are_in_order_and_nobody_else_looks():
    assert [one.organisation for one in found(skip=1)] == [code for code, _ in named()][1:]
    for role in (Role.AUDITOR, Role.AUDIT_REVIEWER, Role.TECHNICAL_ADMINISTRATOR):
        assert isinstance(found(viewer(account_id=NINA, role=role)), Refusal)
    events = [one for one in events_of(NINA) if one.action == Action.LISTED_SERVICES.value]
    assert events
    assert all(one.subjects == () for one in events)


def test_the_database_implies_the_same_of_a_kind():
    """What a school, a practice or a youth justice service does where nobody said it."""
    for kind, service in IMPLIED.items():
        Organisation.objects.create(code=f"new-{kind}", name=f"New {kind}", kind=kind, authority="354")
        assert (f"new-{kind}", service) in named(authority="354")
        assert service in SERVICES


def test_r44_a_team_adds_a_service_of_its_own_organisations():
    council = viewer(account_id=NINA, role=Role.AUTHORITY_TEAM, organisation_code="la-353", authority="353")
    offered = {one.code for one in run(bodies_to_reach, council)}
    assert offered == {"la-353", "105734", "P85001", "bridgewater-nhs", "harbour-recovery"}
    partner = viewer(
        account_id=NINA, role=Role.PARTNER_TEAM, organisation_code="barnardos", authority=None, services=()
    )
    assert [one.code for one in run(bodies_to_reach, partner)] == ["barnardos"]
    for who in (NINA_HERE, EWA_HERE):
        assert isinstance(run(bodies_to_reach, who), Refusal)
