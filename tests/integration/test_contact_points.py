"""The service directory: kept by the services, shown on records, changed by nobody else (R25, R44)."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from tests.factories.directory import NOW, acting_as_role
from tests.factories.signed_in import events_of, sign_in
from tests.factories.supply import rows
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WITH_ME, WORRIED, teacher
from tests.integration.test_contacting import COUNCIL, NURSE, ask, number, run

from contactpoint.actions.contact.inbox import inbox
from contactpoint.actions.contact.points import (
    confirm_contact_point,
    contact_point,
    contact_points,
    end_contact_point,
    keep_contact_point,
    version_of,
)
from contactpoint.actions.find.open_record import open_record
from contactpoint.domain.directory import PointDone, Reached
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Conflict
from contactpoint.domain.meanwhile import ChangedMeanwhile, PointVersion
from contactpoint.storage.models import Membership, Organisation, ServicePoint

pytestmark = pytest.mark.django_db
__all__ = ["number"]  # the fixture
OURS = {"organisation": "bridgewater-nhs", "service": "school_nurse"}
SAID = Reached(
    phone="0161 496 0111", hours="Weekdays 8 to 6", night="0161 496 0999", holidays="0161 496 0112"
)
TERM_ON = NOW + timedelta(days=91)


@pytest.fixture(autouse=True)
def signed_in(number):
    sign_in(KEISHA)


def keep(by=NURSE, said=SAID, at=NOW, **where):
    return run(keep_contact_point, by, at, said=said, **{**OURS, **where})


def shown(number, at=NOW):
    found = run(open_record, teacher(), at, number=number, purpose=WORRIED, how=WITH_ME)
    return {one.service_code: one.reached for one in found.contacts}


def test_r44_what_a_service_says_stands_on_every_record_beside_it(number):
    assert set(shown(number).values()) == {None}
    assert keep() == PointDone(service="school_nurse")
    assert shown(number)["school_nurse"].night == "0161 496 0999"
    assert shown(number)["school"] is None
    contacts = run(open_record, teacher(), number=number, purpose=WORRIED, how=WITH_ME).contacts
    (ours,) = [one for one in contacts if one.service_code == "school_nurse"]
    assert ours.hours is None, "what is said of the whole organisation stands no more"
    (event,) = [one for one in events_of(KEISHA) if one.action == "kept_contact_point"]
    assert event.subjects == ()
    assert event.details["now"]["night"] == "0161 496 0999"


def test_r25_it_is_asked_once_a_term_and_answered_with_one_press(number):
    keep()
    sign_in(OWEN)
    with pytest.raises(Conflict):
        run(confirm_contact_point, organisation="105734", service="school")
    found = run(contact_points, NURSE, TERM_ON)
    assert [(one.service, one.confirmed_by) for one in found.own] == [
        ("health_visitor", ""),
        ("school_nurse", "Keisha Barrow"),
    ]
    assert found.area == ()
    run(confirm_contact_point, NURSE, TERM_ON, **OURS)
    assert ServicePoint.objects.get().confirmed_on == TERM_ON.date()


def test_r44_a_service_that_is_not_provided_any_more_is_taken_out_and_can_be_said_again(number):
    keep()
    assert run(end_contact_point, COUNCIL, **OURS) == PointDone(service="school_nurse")
    assert shown(number)["school_nurse"] is None
    (event,) = [one for one in events_of(COUNCIL.account_id) if one.action == "ended_contact_point"]
    assert event.details["before"]["night"] == "0161 496 0999", "what it said can be said again from here"
    with pytest.raises(Conflict):
        run(end_contact_point, COUNCIL, **OURS)
    assert keep() == PointDone(service="school_nurse")


def test_the_team_of_an_authority_sees_all_in_it_and_may_help_them(number):
    Organisation.objects.create(code="haven", name="Haven House", kind="refuge", authority="353")
    Membership.objects.create(
        account_id=OWEN, organisation_id="haven", role="practitioner", services=["family_support"]
    )
    found = run(contact_points, COUNCIL)
    listed = {(one.organisation, one.service) for one in found.area}
    assert ("bridgewater-nhs", "school_nurse") in listed
    assert "haven" not in {code for code, _ in listed}, "a place that is named on no record"
    assert keep(COUNCIL) == PointDone(service="school_nurse")


# (who, whose contact point): all refused (R44)
NOT_THEIRS = [
    (teacher(), OURS),
    (NURSE, {"organisation": "105734", "service": "school"}),
    (NURSE, {"organisation": "bridgewater-nhs", "service": "mental_health"}),
    (NURSE, {"organisation": "nowhere", "service": "school_nurse"}),
    (NURSE, {"organisation": "bridgewater-nhs", "service": "gossip"}),
]


@pytest.mark.parametrize(("who", "where"), NOT_THEIRS, ids=str)
def test_r44_nobody_else_says_how_a_service_is_reached(number, who, where):
    sign_in(OWEN)
    assert isinstance(run(contact_point, who, **where), Refusal)
    assert isinstance(keep(who, **where), Refusal)
    assert isinstance(run(confirm_contact_point, who, **where), Refusal)
    assert isinstance(run(end_contact_point, who, **where), Refusal)
    assert not ServicePoint.objects.exists()


def test_the_database_lets_nobody_change_a_number_who_is_not_written_down(number):
    """Whoever could change a number could have calls go elsewhere."""
    keep()
    with acting_as_role("web"):
        for table_right in ("INSERT", "UPDATE", "DELETE"):
            allowed = rows("SELECT has_table_privilege('contactpoint_web', 'service_point', %s)", table_right)
            assert allowed == [(False,)]
        nobody = "00000000-0000-4000-8000-00000000ffff"
        said = ("bridgewater-nhs", "school_nurse", "0900 000 000", "", "", "")
        for call, values in (
            ("SELECT keep_point(%s, %s, %s, %s, %s, %s, %s)", (nobody, *said)),
            ("SELECT * FROM points_in(%s)", (nobody,)),
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():
                rows(call, *values)
    assert ServicePoint.objects.get().phone == "0161 496 0111"


def test_two_colleagues_who_say_otherwise_see_both(number):
    seen = version_of(run(contact_point, NURSE, **OURS))
    keep()
    answer = run(
        keep_contact_point, NURSE, said=Reached(phone="1", hours="", night="", holidays=""), seen=seen, **OURS
    )
    assert isinstance(answer, ChangedMeanwhile)
    assert answer.seen == PointVersion(phone="", hours="", night="", holidays="")
    assert answer.now.phone == "0161 496 0111"


def test_where_nobody_takes_a_request_on_it_says_how_else_the_service_is_reached(number):
    keep()
    sent = ask(number)
    assert sent.reached == ["0161 496 0111", "Weekdays 8 to 6", "0161 496 0999", "0161 496 0112"]
    (asked,) = run(inbox, at=NOW + timedelta(minutes=31)).asked
    assert asked.reached.phone == "0161 496 0111"


def test_r57_roles_without_services_keep_none(number):
    assert COUNCIL.account_id == PRIYA
    assert run(contact_points, COUNCIL).own == ()
