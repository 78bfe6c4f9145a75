"""What needs doing today: each count is that of the list behind it, and says nothing of whom."""

from datetime import timedelta

import pytest
from tests.factories.directory import (
    NOW,
    acting_as_role,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.signed_in import events_of, sign_in
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WORRIED, teacher, viewer

from contactpoint.actions.contact.ask import ask_to_be_contacted, leave_message
from contactpoint.actions.contact.desk import desk_messages
from contactpoint.actions.contribute.corrections import ask_correction, corrections
from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.actions.run.today import today
from contactpoint.domain.contacting import About, ContactQuestion, Urgency
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.contesting import Basis, Field
from contactpoint.domain.today import Queue
from contactpoint.storage.models import Membership, ServicePoint, Source, SourceRecord

pytestmark = pytest.mark.django_db
SOON = ContactQuestion(about=About.HELP, urgency=Urgency.NOW, phone="0161 496 0734")
COUNCIL = viewer(
    account_id=PRIYA,
    name="Priya Nair",
    role=Role.AUTHORITY_TEAM,
    organisation_code="la-353",
    organisation_name="Oldham Children's Services",
    organisation_kind="authority",
    services=("childrens_social_care",),
)
NATIONAL = viewer(
    account_id=PRIYA,
    role=Role.NATIONAL_TEAM,
    organisation_code="contactpoint",
    organisation_name="ContactPoint",
    authority=None,
    services=(),
)


@pytest.fixture
def number(db):
    build_reference()
    for identity, name in ((KEISHA, "Keisha Barrow"), (PRIYA, "Priya Nair"), (OWEN, "Owen Tanner")):
        build_account(identity, name)
    for organisation, role in (("la-353", "authority_team"), ("contactpoint", "national_team")):
        services = ["childrens_social_care"] if role == "authority_team" else []
        Membership.objects.create(
            account_id=PRIYA, organisation_id=organisation, role=role, services=services
        )
    sign_in(PRIYA)
    ServicePoint.objects.create(
        organisation_id="la-353",
        service="childrens_social_care",
        phone="0161 496 0353",
        confirmed_on=NOW.date(),
        confirmed_by_id=PRIYA,
    )
    return build_child(*amina_in_full())


def run(action, by=COUNCIL, at=NOW, **terms):
    with acting_as_role("web"):
        return action(by=by, at=at, **terms)


def counts(by=COUNCIL, at=NOW):
    return {one.queue: one.count for one in run(today, by, at)}


def test_a_quiet_day_shows_every_queue_of_the_team_empty_riskiest_first(number):
    assert [one.queue for one in run(today)] == [
        Queue.DESK,
        Queue.INBOX,
        Queue.FAMILIES,
        Queue.MIXED,
        Queue.CASES,
        Queue.EDUCATION,
        Queue.MOVES,
        Queue.TO_CONFIRM,
        Queue.CORRECTIONS,
        Queue.WORDS,
        Queue.POINTS,
        Queue.ROLES,
        Queue.MAPPINGS,
        Queue.ACCOUNTS,
        Queue.FEEDS_HELD,
        Queue.FEEDS_LATE,
    ]
    assert set(counts().values()) == {0}


def test_each_count_is_that_of_its_list(number):
    asked = {"number": number, "question": SOON, "purpose": WORRIED}
    run(leave_message, teacher(), **asked)
    run(ask_to_be_contacted, teacher(), key="la-353:childrens_social_care", **asked)
    run(
        ask_correction,
        teacher(),
        number=number,
        record_id=SourceRecord.objects.get(source_id="childrens-services-353").pk,
        field=Field.ADDRESS,
        right="3 Quarry Bank",
        basis=Basis.CARER,
        purpose=WORRIED,
    )
    colleague = viewer(organisation_code="la-353", services=("childrens_social_care",))
    run(
        record_involvement,
        colleague,
        number=number,
        service="childrens_social_care",
        role="Social worker",
        phone="0161 496 0399",
        start=NOW.date(),
        lead_practitioner=False,
        assessment_held=False,
    )
    found = counts()
    assert (found[Queue.DESK], found[Queue.INBOX]) == (1, 1)
    assert (found[Queue.CORRECTIONS], found[Queue.TO_CONFIRM]) == (1, 1)
    assert found[Queue.CORRECTIONS] == len(run(corrections).to_answer)
    late = NOW + timedelta(hours=1)
    assert counts(at=late)[Queue.DESK] == len(run(desk_messages, at=late)) == 2
    assert {one.queue: one.late for one in run(today, at=late)}[Queue.DESK] == 2


def test_late_feeds_are_counted_and_paused_ones_are_not(number):
    Source.objects.filter(code="childrens-services-353").update(promised_days=1)
    assert counts(at=NOW + timedelta(days=30))[Queue.FEEDS_LATE] >= 1


def test_r25_a_contact_point_nobody_has_confirmed_for_a_term_is_counted(number):
    assert counts(at=NOW + timedelta(days=91))[Queue.POINTS] == 1
    assert counts(at=NOW + timedelta(days=90))[Queue.POINTS] == 0


def test_what_is_about_a_shielded_child_counts_at_the_national_desk_alone(number):
    """R27, R32."""
    run(leave_message, teacher(), number=number, question=SOON, purpose=WORRIED)
    place_shields(numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=NOW)
    assert counts()[Queue.DESK] == 0
    assert counts(NATIONAL)[Queue.DESK] == 1


def test_it_names_nobody_and_is_recorded(number):
    run(leave_message, teacher(), number=number, question=SOON, purpose=WORRIED)
    run(today)
    (event,) = [one for one in events_of(PRIYA) if one.action == "listed_today"]
    assert event.subjects == ()


def test_a_practitioner_has_none(number):
    """R1."""
    assert isinstance(run(today, viewer()), Refusal)
