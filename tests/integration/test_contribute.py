"""I am working with this child: said, confirmed by a second person, then seen by a third (R37, R43-R45)."""

from datetime import date

import pytest
from tests.factories.directory import (
    NOW,
    acting_as_role,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WORRIED, teacher, viewer

from contactpoint.actions.contribute.confirm_involvement import confirm_involvement, waiting
from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.find.open_record import open_record
from contactpoint.domain.disclosure.answers import RecordedInvolvement, Refusal
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.involvement import ConsentBasis
from contactpoint.storage import audit_log

pytestmark = pytest.mark.django_db
COLLEAGUE = {"account_id": PRIYA, "name": "Priya Nair"}


@pytest.fixture
def number(db):
    build_reference()
    for identity, name in ((KEISHA, "Keisha Barrow"), (PRIYA, "Priya Nair"), (OWEN, "Owen Tanner")):
        build_account(identity, name)
    return build_child(*amina_in_full())


def say(number, by=None, **changed):
    said = {
        "service": "health_visitor",
        "role": "Health visitor",
        "phone": "0161 496 0101",
        "start": date(2026, 9, 1),
        "lead_practitioner": False,
        "assessment_held": True,
        **changed,
    }
    with acting_as_role("web"):
        return record_involvement(number=number, by=by or viewer(), at=NOW, **said)


def services_seen(number, by):
    with acting_as_role("web"):
        return [
            (one.service_code, one.lead_practitioner)
            for one in open_record(number=number, purpose=WORRIED, by=by, at=NOW).contacts
        ]


def test_a_third_person_sees_it_once_a_second_has_confirmed_it(number):
    said = say(number)
    assert said.confirming == "Bridgewater Community Health"
    assert ("health_visitor", False) not in services_seen(number, teacher())

    with acting_as_role("web"):
        listed = waiting(by=viewer(**COLLEAGUE), at=NOW)
        assert [(one.involvement_id, one.child_name, one.practitioner) for one in listed] == [
            (said.involvement_id, "Amina Okafor", "Keisha Barrow")
        ]
        confirmed = confirm_involvement(involvement_id=said.involvement_id, by=viewer(**COLLEAGUE), at=NOW)

    assert isinstance(confirmed, RecordedInvolvement)
    assert ("health_visitor", False) in services_seen(number, teacher())
    with acting_as_role("web"):
        assert waiting(by=viewer(**COLLEAGUE), at=NOW) == ()


@pytest.mark.parametrize("by", [viewer(), teacher()], ids=["oneself", "another organisation"])
def test_it_is_not_confirmed_by(number, by):
    said = say(number)
    with acting_as_role("web"):
        assert isinstance(confirm_involvement(involvement_id=said.involvement_id, by=by, at=NOW), Refusal)
        assert isinstance(confirm_involvement(involvement_id=10**9, by=by, at=NOW), Refusal)
    assert ("health_visitor", False) not in services_seen(number, teacher())


def test_a_new_lead_practitioner_takes_over_from_the_last(number):
    assert ("childrens_social_care", True) in services_seen(number, teacher())
    said = say(number, lead_practitioner=True)
    with acting_as_role("web"):
        confirm_involvement(involvement_id=said.involvement_id, by=viewer(**COLLEAGUE), at=NOW)
    assert services_seen(number, teacher())[:2] == [
        ("health_visitor", True),
        ("childrens_social_care", False),
    ]


def test_only_ones_own_services(number):
    assert say(number, service="mental_health").rules == ("R44", "R37")
    assert say(number, service="youth_justice").rules == ("R44",)


def test_a_sensitive_service_needs_its_basis(number):
    by = viewer(services=("sexual_health",))
    assert say(number, by=by, service="sexual_health").rules == ("R37",)
    said = say(number, by=by, service="sexual_health", consent=ConsentBasis.CHILD)
    assert isinstance(said, RecordedInvolvement)


@pytest.mark.parametrize("wrong", [{"role": " "}, {"phone": ""}, {"start": date(2027, 1, 1)}], ids=str)
def test_what_cannot_be_recorded_says_what_to_do(number, wrong):
    with pytest.raises(InvalidInput, match="Enter"):
        say(number, **wrong)


def test_saying_and_refusing_are_audited_in_the_same_transaction(number):
    say(number)
    say(number, service="youth_justice")
    with acting_as_role("worker"):
        newest = audit_log.activity(KEISHA, limit=2)
    assert {(event.action.value, event.outcome.value, event.subjects) for event in newest} == {
        ("refused", "refused", (number,)),
        ("recorded_involvement", "allowed", (number,)),
    }
