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
from tests.factories.records import agreed
from tests.factories.signed_in import events_of, sign_in
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WITH_ME, WORRIED, teacher, viewer

from contactpoint.actions.contribute.already_said import already_said
from contactpoint.actions.contribute.confirm_involvement import confirm_involvement, waiting
from contactpoint.actions.contribute.keep_involvement import end_involvement
from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import AlreadySaid, RecordedInvolvement, Refusal, ShownTo
from contactpoint.domain.errors import InvalidInput
from contactpoint.storage.models import InvolvementRow

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
            for one in open_record(number=number, purpose=WORRIED, by=by, at=NOW, how=WITH_ME).contacts
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
    said = say(number, by=by, service="sexual_health", consent=agreed())
    assert isinstance(said, RecordedInvolvement)


@pytest.mark.parametrize("wrong", [{"role": " "}, {"phone": ""}, {"start": date(2027, 1, 1)}], ids=str)
def test_what_cannot_be_recorded_says_what_to_do(number, wrong):
    with pytest.raises(InvalidInput, match="Enter"):
        say(number, **wrong)


def test_said_again_it_stands_once_and_is_told_back(number):
    """R44: until it is ended; then it is a new one."""
    first = say(number)
    again = say(number, role="Team lead", phone="0161 496 0199")
    assert again == AlreadySaid(
        involvement_id=first.involvement_id,
        service="Health visiting",
        service_code="health_visitor",
        shown_to=ShownTo.WHOEVER_OPENS,
        confirming="Bridgewater Community Health",
        role="Health visitor",
        phone="0161 496 0101",
        start=date(2026, 9, 1),
        assessment_held=True,
    )
    with acting_as_role("worker"):
        told = [event.subjects for event in events_of(KEISHA) if event.action == "read_own_word"]
    assert told == [(number,)]

    for other in ({"service": "school_nurse"}, {"by": viewer(**COLLEAGUE)}):
        assert isinstance(say(number, **other), RecordedInvolvement)
    elsewhere = viewer(organisation_code="105734", services=("health_visitor",))
    assert isinstance(say(number, by=elsewhere), RecordedInvolvement), "for another organisation"
    with acting_as_role("web"):
        confirm_involvement(involvement_id=first.involvement_id, by=viewer(**COLLEAGUE), at=NOW)
        end_involvement(involvement_id=first.involvement_id, by=viewer(), at=NOW)
    assert isinstance(say(number), RecordedInvolvement)


def test_of_a_shielded_child_the_same_said_again_tells_the_service_alone(number):
    """R27: whether it was confirmed, and what was said, is told no more."""
    made = say(number).involvement_id
    with acting_as_role("web"):
        confirm_involvement(involvement_id=made, by=viewer(**COLLEAGUE), at=NOW)
    sign_in(KEISHA), sign_in(PRIYA)
    place_shields(numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=NOW)
    told = AlreadySaid(
        involvement_id=made,
        service="Health visiting",
        service_code="health_visitor",
        shown_to=ShownTo.NOBODY,
    )
    assert say(number) == told
    with acting_as_role("web"):
        assert already_said(number=number, by=viewer(), at=NOW) == (told,)
        assert already_said(number=number, by=viewer(**COLLEAGUE), at=NOW) == ()
        assert already_said(number=number, by=teacher(), at=NOW) == ()


def test_of_a_shielded_child_nothing_is_told_back_where_nobody_is_signed_in(number):
    """ADR 9: nothing is recorded either."""
    say(number)
    place_shields(numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=NOW)
    assert say(number).rules == ("R12",)
    with acting_as_role("web"):
        assert already_said(number=number, by=viewer(), at=NOW) == ()
    assert InvolvementRow.objects.filter(typed_by=KEISHA).count() == 1


def test_who_may_not_keep_involvements_is_not_told_whether_they_said_one(number):
    with acting_as_role("web"):
        for by in (viewer(role=Role.AUDITOR), viewer(account_id=None)):
            assert isinstance(already_said(number=number, by=by, at=NOW), Refusal)
        assert already_said(number="C000000000X", by=viewer(), at=NOW).rules == ("R12",)


def test_saying_and_refusing_are_audited_in_the_same_transaction(number):
    say(number)
    say(number, service="youth_justice")
    with acting_as_role("worker"):
        newest = events_of(KEISHA, limit=2)
    assert {(event.action.value, event.outcome.value, event.subjects) for event in newest} == {
        ("refused", "refused", (number,)),
        ("recorded_involvement", "allowed", (number,)),
    }
