"""Get in touch: asked of a service that is shown, answered there, brokered by a silent desk (R32, R39)."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from tests.factories.directory import (
    NOW,
    acting_as_role,
    amina,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.signed_in import events_of, sign_in
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WORRIED, teacher, viewer

from contactpoint.actions.contact.ask import (
    ask_to_be_contacted,
    leave_message,
    whom_to_ask,
    withdraw_request,
)
from contactpoint.actions.contact.calls import note_call
from contactpoint.actions.contact.desk import deal_with_message, desk_messages, open_desk_message
from contactpoint.actions.contact.inbox import answer_request, hand_on_request, inbox, take_request
from contactpoint.actions.contact.points import (
    confirm_contact_point,
    contact_points,
    points_waiting,
)
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.brokering import REPLIES, goes_out_at
from contactpoint.domain.contacting import (
    About,
    CallNoted,
    CallOutcome,
    ContactQuestion,
    ContactSent,
    DeskOutcome,
    RequestOutcome,
    RequestState,
    Urgency,
)
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import InvalidInput
from contactpoint.pipelines.at_rest import settle_at_rest
from contactpoint.storage.models import (
    Child,
    ContactRequest,
    Correction,
    InvolvementRow,
    Membership,
    Organisation,
    ServicePoint,
)
from contactpoint.web.presenters.contacting import REPLY_WORDS, answered_view, asked_view
from contactpoint.web.presenters.points import point_view

pytestmark = pytest.mark.django_db
NURSE, TEACHER = viewer(), teacher()
COUNCIL = viewer(
    account_id=PRIYA,
    name="Priya Nair",
    role=Role.AUTHORITY_TEAM,
    organisation_code="la-353",
    organisation_name="Oldham Children's Services",
    organisation_kind="authority",
    services=(),
)
NATIONAL = viewer(
    account_id=PRIYA,
    name="Priya Nair",
    role=Role.NATIONAL_TEAM,
    organisation_code="contactpoint",
    organisation_name="ContactPoint",
    authority=None,
    services=(),
)
CAMHS = viewer(account_id=PRIYA, name="Priya Nair", services=("mental_health",))
SOON = ContactQuestion(about=About.SAFETY, urgency=Urgency.NOW, phone="0161 496 0734")
SCHOOL_NURSE = "bridgewater-nhs:school_nurse"
HIDDEN_SERVICE = {
    "service": "mental_health",
    "organisation": "bridgewater-nhs",
    "contact_phone": "0161 496 0177",
    "consent": "significant_harm",
}


@pytest.fixture
def number(db):
    build_reference()
    for identity, name in ((KEISHA, "Keisha Barrow"), (PRIYA, "Priya Nair"), (OWEN, "Owen Tanner")):
        build_account(identity, name)
    for account, organisation, role, services in (
        (KEISHA, "bridgewater-nhs", "practitioner", ["school_nurse"]),
        (PRIYA, "bridgewater-nhs", "practitioner", ["mental_health", "school_nurse"]),
        (PRIYA, "la-353", "authority_team", []),
        (PRIYA, "contactpoint", "national_team", []),
        (OWEN, "105734", "practitioner", ["school"]),
    ):
        Membership.objects.create(
            account_id=account, organisation_id=organisation, role=role, services=services
        )
    sign_in(PRIYA)
    return build_child(*amina_in_full(), amina("mental-health", involvements=[HIDDEN_SERVICE]))


def run(action, by=TEACHER, at=NOW, **terms):
    with acting_as_role("web"):
        return action(by=by, at=at, **terms)


def ask(number, key=SCHOOL_NURSE, *, by=TEACHER, question=SOON, at=NOW):
    return run(ask_to_be_contacted, by, at, number=number, key=key, question=question, purpose=WORRIED)


def leave(number, *, by=TEACHER, at=NOW):
    return run(leave_message, by, at, number=number, question=SOON, purpose=WORRIED)


def shield(number):
    place_shields(numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=NOW)


def test_only_services_that_are_shown_can_be_asked(number):
    """R39: the hidden service is neither offered nor there to be guessed."""
    found = run(whom_to_ask, number=number, purpose=WORRIED)
    keys = [one.key for one in found.services]
    assert SCHOOL_NURSE in keys
    assert "bridgewater-nhs:mental_health" not in keys
    guessed = ask(number, "bridgewater-nhs:mental_health")
    assert guessed == ask(number, "bridgewater-nhs:sexual_health"), "as if there were none"
    assert isinstance(guessed, Refusal)
    assert ContactRequest.objects.count() == 0


def test_a_service_whose_organisation_closed_cannot_be_asked_and_the_desk_reads_that_it_did(number):
    """R25: whoever asked there would wait for nobody."""
    Organisation.objects.filter(code="bridgewater-nhs").update(closed_on=NOW.date())
    found = run(whom_to_ask, number=number, purpose=WORRIED)
    assert SCHOOL_NURSE not in [one.key for one in found.services]
    assert isinstance(ask(number), Refusal)
    assert ContactRequest.objects.count() == 0
    leave(number)
    (line,) = run(desk_messages, COUNCIL)
    message = run(open_desk_message, COUNCIL, request=line.request)
    closed = {one.key: (one.closed is not None, one.phone, one.hidden) for one in message.contacts}
    assert closed[SCHOOL_NURSE] == (True, "", False)
    assert closed["105734:school"][0] is False


def test_the_list_says_whose_inbox_somebody_reads(number):
    found = {one.key: one.inbox for one in run(whom_to_ask, number=number, purpose=WORRIED).services}
    assert found == {
        SCHOOL_NURSE: True,
        "105734:school": True,
        "P85001:gp": False,
        "la-353:childrens_social_care": False,
    }


def test_asked_taken_answered_and_both_see_it(number):
    sent = ask(number)
    assert sent == ContactSent(request=sent.request, asked="Bridgewater Community Health")
    (waiting,) = run(inbox, NURSE).to_answer
    assert (waiting.child_name, waiting.asked_by, waiting.asked_for, waiting.phone) == (
        "Amina Okafor",
        "Owen Tanner",
        "Broadfield Primary School",
        "0161 496 0734",
    )
    run(take_request, NURSE, request=sent.request)
    (mine,) = run(inbox).asked
    assert (mine.state, mine.taken_by) == (RequestState.TAKEN, "Keisha Barrow")
    run(answer_request, NURSE, request=sent.request, outcome=RequestOutcome.SPOKE)
    (mine,) = run(inbox).asked
    assert (mine.state, mine.outcome) == (RequestState.ANSWERED, RequestOutcome.SPOKE)
    assert run(inbox, NURSE).to_answer == ()
    subjects = sorted((event.action, event.subjects) for event in events_of(KEISHA))
    assert subjects == [
        ("answered_contact", (number,)),
        ("listed_inbox", (number,)),
        ("listed_inbox", (number,)),
        ("took_contact", (number,)),
    ]


def test_both_sides_read_the_same_thread(number):
    """Asked, taken on, handed on, answered: step by step, by name, in the same words."""
    sent = ask(number)
    run(take_request, NURSE, request=sent.request)
    run(hand_on_request, NURSE, request=sent.request, to=PRIYA)
    colleague = replace(CAMHS, services=("mental_health", "school_nurse"))
    (waiting,) = run(inbox, colleague).to_answer
    run(answer_request, colleague, request=sent.request, outcome=RequestOutcome.SPOKE)
    (theirs,) = run(inbox, colleague).answered
    (mine,) = run(inbox).asked
    assert [(line.step.value, line.who, line.to, line.outcome) for line in mine.thread] == [
        ("asked", "Owen Tanner", None, None),
        ("taken", "Keisha Barrow", None, None),
        ("handed_on", "Keisha Barrow", "Priya Nair", None),
        ("answered", "Priya Nair", None, RequestOutcome.SPOKE),
    ]
    assert theirs.thread == mine.thread
    assert waiting.thread == mine.thread[:3]
    assert asked_view(mine, "h", NOW).thread == answered_view(theirs, NOW).thread


def test_what_the_desk_dealt_with_in_time_of_a_service_is_told_as_that_and_no_more(number):
    """The service is named to whoever asked, so that the desk dealt with it is; how it did is not."""
    ask(number, "P85001:gp")
    (line,) = run(desk_messages, COUNCIL)
    run(deal_with_message, COUNCIL, request=line.request, outcome=DeskOutcome.TOLD)
    (mine,) = run(inbox).asked
    assert (mine.state, mine.by_desk, mine.outcome) == (RequestState.ANSWERED, True, None)
    assert [(step.step.value, step.who) for step in mine.thread] == [("asked", "Owen Tanner"), ("desk", None)]
    assert "The desk dealt with it" in asked_view(mine, "h", NOW).became


def test_asked_twice_is_asked_once_and_again_once_it_is_answered(number):
    assert ask(number) == ask(number)
    sent = ask(number)
    run(answer_request, NURSE, request=sent.request, outcome=RequestOutcome.NOT_REACHED)
    assert ask(number).request != sent.request


@pytest.mark.parametrize(
    "by",
    [viewer(services=("health_visitor",)), viewer(organisation_code="la-353"), TEACHER, NATIONAL],
    ids=["another service", "another organisation", "whoever asked", "the national team"],
)
def test_nobody_else_answers_and_the_refusal_is_recorded(number, by):
    """R44."""
    sent = ask(number)
    assert isinstance(run(take_request, by, request=sent.request), Refusal)
    assert ContactRequest.objects.get().state == "waiting"
    assert "refused" in {event.action for event in events_of(by.account_id)}


@pytest.mark.parametrize("state", ["answered", "withdrawn"])
def test_what_has_ended_stays_ended(number, state):
    sent = ask(number)
    if state == "answered":
        run(answer_request, NURSE, request=sent.request, outcome=RequestOutcome.SPOKE)
    else:
        run(withdraw_request, request=sent.request)
    for step in (
        lambda: run(take_request, NURSE, request=sent.request),
        lambda: run(answer_request, NURSE, request=sent.request, outcome=RequestOutcome.NOT_INVOLVED),
        lambda: run(hand_on_request, NURSE, request=sent.request, to=PRIYA),
    ):
        assert isinstance(step(), Refusal)
    assert ContactRequest.objects.get().state == state


def test_it_is_handed_on_to_a_colleague_of_the_same_service_alone(number):
    sent = ask(number)
    run(take_request, NURSE, request=sent.request)
    assert isinstance(run(hand_on_request, NURSE, request=sent.request, to=OWEN), Refusal)
    run(hand_on_request, NURSE, request=sent.request, to=PRIYA)
    assert run(inbox, NURSE).to_answer == ()
    colleague = viewer(account_id=PRIYA, name="Priya Nair")
    assert [one.request for one in run(inbox, colleague).to_answer] == [sent.request]
    late = NOW + timedelta(minutes=31)
    assert [one.request for one in run(inbox, NURSE, late).to_answer] == [sent.request], "nobody took it on"


def test_only_whoever_asked_takes_it_back(number):
    sent = ask(number)
    assert isinstance(run(withdraw_request, NURSE, request=sent.request), Refusal)
    run(withdraw_request, request=sent.request)
    assert run(inbox, NURSE).to_answer == ()


def test_the_desk_sees_what_is_not_taken_on_in_time_and_at_once_where_nobody_reads_an_inbox(number):
    ask(number)
    unread = ask(number, "P85001:gp")
    assert unread.reachable is False
    assert [one.request for one in run(desk_messages, COUNCIL)] == [unread.request]
    late = run(desk_messages, COUNCIL, NOW + timedelta(minutes=31))
    assert len(late) == 2
    assert all(one.unanswered for one in late)


@pytest.mark.parametrize("outcome", [RequestOutcome.SPOKE, RequestOutcome.NO_REPLY])
def test_the_desk_passes_a_message_on_and_the_sender_learns_nothing(number, outcome):
    """R39, and what replaced R40: the same answer whether anybody is involved, or chooses to answer."""
    sent = leave(number)
    before = run(inbox).asked
    (line,) = run(desk_messages, COUNCIL)
    message = run(open_desk_message, COUNCIL, request=line.request)
    hidden = {one.key for one in message.contacts if one.hidden}
    assert hidden == {"bridgewater-nhs:mental_health"}
    assert (message.phone, message.asked_by) == ("0161 496 0734", "Owen Tanner")
    run(
        deal_with_message,
        COUNCIL,
        request=line.request,
        outcome=DeskOutcome.PASSED_ON,
        pass_on_to=["bridgewater-nhs:mental_health"],
    )
    (passed,) = run(inbox, CAMHS).to_answer
    assert (passed.through_desk, passed.service) == (True, "Mental health")
    assert [(one.step.value, one.who) for one in passed.thread] == [("passed_on", None)]
    run(answer_request, CAMHS, request=passed.request, outcome=outcome)
    assert run(inbox).asked == before, "not a word has changed"
    assert sent.asked is None
    assert run(desk_messages, COUNCIL) == ()


def test_the_desk_passes_on_a_message_about_a_child_who_is_in_the_archive_by_now(number):
    """Its services are encrypted: the desk opens them and says which rows are those of the inbox (ADR 28)."""
    leave(number)
    Child.objects.filter(pk=number).update(archived=True)
    with acting_as_role("worker"):
        assert settle_at_rest() > 0
    (line,) = run(desk_messages, COUNCIL)
    keys = {one.key for one in run(open_desk_message, COUNCIL, request=line.request).contacts}
    assert "bridgewater-nhs:mental_health" in keys
    elsewhere = {"request": line.request, "outcome": DeskOutcome.PASSED_ON}
    refused = run(deal_with_message, COUNCIL, pass_on_to=["harbour-recovery:mental_health"], **elsewhere)
    assert isinstance(refused, Refusal)
    run(deal_with_message, COUNCIL, pass_on_to=["bridgewater-nhs:mental_health"], **elsewhere)
    passed = ContactRequest.objects.exclude(via=None).values_list("organisation_id", "service")
    assert list(passed) == [("bridgewater-nhs", "mental_health")]


def passed_on(number):
    """A message that the desk passed on to a service nobody is shown; the request in its inbox."""
    leave(number)
    (line,) = run(desk_messages, COUNCIL)
    keys = ["bridgewater-nhs:mental_health"]
    run(deal_with_message, COUNCIL, request=line.request, outcome=DeskOutcome.PASSED_ON, pass_on_to=keys)
    (passed,) = run(inbox, CAMHS).to_answer
    return passed


@pytest.mark.parametrize("reply", sorted(REPLIES))
def test_a_reply_through_the_desk_goes_out_at_a_fixed_time_and_hides_who_gave_it(number, reply):
    """R32, R39: no name, no number, no place, and nothing moves between the times."""
    passed, before = passed_on(number), run(inbox).asked
    run(answer_request, CAMHS, request=passed.request, outcome=reply)
    out = goes_out_at(NOW)
    assert run(inbox, at=out - timedelta(seconds=1)).asked == before
    (asked,) = run(inbox, at=out).asked
    assert asked == replace(before[0], replies=(reply,))
    words = asked_view(asked, "x", out).became
    assert REPLY_WORDS[reply] in words
    for hidden in ("Priya", "Bridgewater", "Mental", "0161"):
        assert hidden not in words
    (answered,) = run(inbox, CAMHS, out).answered
    assert REPLY_WORDS[reply] in answered_view(answered, out).reads, "both read the same"


def test_of_a_child_that_is_shielded_since_no_reply_is_told(number):
    """R27."""
    passed = passed_on(number)
    run(answer_request, CAMHS, request=passed.request, outcome=RequestOutcome.WILL_RING)
    shield(number)
    sign_in(OWEN)
    later = NOW + timedelta(days=1)
    (asked,) = run(inbox, at=later).asked
    assert (asked.protected, asked.replies) == (True, ())
    assert run(inbox, CAMHS, later).answered == ()


@pytest.mark.parametrize("reply", sorted(REPLIES))
def test_only_what_a_desk_passed_on_is_replied_to_through_it(number, reply):
    sent = ask(number)
    assert isinstance(run(answer_request, NURSE, request=sent.request, outcome=reply), Refusal)


def test_what_we_answered_stands_there_as_whoever_asked_reads_it(number):
    sent = ask(number)
    run(answer_request, NURSE, request=sent.request, outcome=RequestOutcome.SPOKE)
    (answered,) = run(inbox, NURSE).answered
    assert answered_view(answered, NOW).reads == "They read: Keisha Barrow said that you have spoken."
    assert run(inbox, NURSE, NOW + timedelta(days=15)).answered == ()


def test_whoever_is_asked_openly_says_how_it_ended(number):
    ask(number)
    (waiting,) = run(inbox, NURSE).to_answer
    refused = run(answer_request, NURSE, request=waiting.request, outcome=RequestOutcome.NO_REPLY)
    assert isinstance(refused, Refusal)
    assert run(inbox, NURSE).to_answer == (waiting,)


def test_the_answer_to_a_message_is_the_same_for_every_child(number):
    """R27, R32."""
    sign_in(OWEN)
    alone = build_child(amina())
    protected = build_child(*amina_in_full())
    shield(protected)
    answers = [leave(one) for one in (number, alone, protected)]
    assert [(one.asked, one.reachable) for one in answers] == [(None, True)] * 3
    shown = [(one.organisation, one.state, one.outcome, one.taken_by) for one in run(inbox).asked]
    assert shown == [(None, None, None, None)] * 3


def test_what_was_asked_before_a_shield_goes_to_the_national_desk(number):
    """R27, R32: it is in nobody's inbox any more, and whoever asked learns of nothing that happens."""
    sign_in(OWEN)
    sent = ask(number)
    run(take_request, NURSE, request=sent.request)
    leave(number)
    shield(number)
    assert run(inbox, NURSE).to_answer == ()
    assert isinstance(run(answer_request, NURSE, request=sent.request, outcome=RequestOutcome.SPOKE), Refusal)
    told = [(one.protected, one.organisation, one.state) for one in run(inbox).asked]
    assert told == [(True, None, None)] * 2
    assert run(desk_messages, COUNCIL) == ()
    (line,) = run(desk_messages, NATIONAL)
    message = run(open_desk_message, NATIONAL, request=line.request)
    assert message.protected
    assert message.ring_back == "0161 496 0734"
    assert not any(one.inbox for one in message.contacts)
    refused = run(
        deal_with_message,
        NATIONAL,
        request=line.request,
        outcome=DeskOutcome.PASSED_ON,
        pass_on_to=[SCHOOL_NURSE],
    )
    assert isinstance(refused, Refusal)
    assert ContactRequest.objects.filter(via__isnull=False).count() == 0
    run(deal_with_message, NATIONAL, request=line.request, outcome=DeskOutcome.TOLD)
    assert run(desk_messages, NATIONAL) == ()


def test_of_a_shielded_child_nobody_can_be_asked(number):
    shield(number)
    found = run(whom_to_ask, number=number, purpose=WORRIED)
    assert (found.protected, found.services, found.rows) == (True, (), ())
    assert isinstance(ask(number), Refusal)


def test_consent_withdrawn_takes_the_service_out_of_what_was_asked(number):
    """R41."""
    agreed = {**HIDDEN_SERVICE, "consent": "child"}
    other = build_child(*amina_in_full(), amina("mental-health", involvements=[agreed]))
    sent = ask(other, "bridgewater-nhs:mental_health")
    assert run(inbox).asked[0].service == "Mental health"
    InvolvementRow.objects.filter(consent="child").update(consent_withdrawn_at=NOW)
    assert (run(inbox).asked[0].organisation, run(inbox).asked[0].state) == (None, None)
    assert isinstance(sent, ContactSent)


NURSING, PHONE, OWN = "School nursing", "0161 496 0100", "0161 496 0111"


def rang(number, outcome, *, row=None, service=NURSING, rung=None):
    keys = run(whom_to_ask, number=number, purpose=WORRIED).rows
    place = keys.index(SCHOOL_NURSE) if row is None else row
    said = {"row": place, "service": service, "outcome": outcome, "rung": rung or PHONE}
    return run(note_call, number=number, purpose=WORRIED, **said)


@pytest.mark.parametrize("outcome", [CallOutcome.SPOKE, CallOutcome.NO_ANSWER])
def test_how_ringing_went_is_recorded(number, outcome):
    assert rang(number, outcome) == CallNoted(asked=None)
    (event,) = [one for one in events_of(OWEN) if one.action == "noted_call"]
    assert (event.subjects, event.details["outcome"]) == ((number,), outcome.value)
    assert Correction.objects.count() == 0


@pytest.mark.parametrize("outcome", [CallOutcome.WRONG_NUMBER, CallOutcome.NOT_INVOLVED])
def test_a_wrong_number_becomes_a_correction(number, outcome):
    """R25: asked of the source that gave it, once however often it is rung."""
    assert rang(number, outcome) == rang(number, outcome) == CallNoted(asked="Child health")
    correction = Correction.objects.get()
    assert (correction.field, correction.record.source_id) == ("service", "child-health")


@pytest.fixture
def point(number):
    """The school nurses say how they are reached themselves."""
    sign_in(OWEN)
    return ServicePoint.objects.create(
        organisation_id="bridgewater-nhs",
        service="school_nurse",
        phone=OWN,
        confirmed_on=NOW.date(),
        confirmed_by_id=KEISHA,
    )


def test_a_wrong_number_of_a_services_own_is_asked_of_the_service(number, point):
    """R25: it is no source's, so no source is asked to correct it; it waits for whoever keeps it."""
    assert rang(number, CallOutcome.WRONG_NUMBER, rung=OWN) == CallNoted(asked=None, asked_again=True)
    assert Correction.objects.count() == 0
    sign_in(KEISHA)
    (own,) = [one for one in run(contact_points, NURSE).own if one.service == "school_nurse"]
    view = point_view(own, NOW.date())
    assert (view.waits, "says that it is wrong" in view.doubted) == (True, True)
    assert points_waiting(NURSE, NOW) == 2, "and the health visitors, who have said nothing yet"
    run(confirm_contact_point, NURSE, organisation="bridgewater-nhs", service="school_nurse")
    (own,) = [one for one in run(contact_points, NURSE).own if one.service == "school_nurse"]
    assert point_view(own, NOW.date()).doubted == ""


def test_the_other_number_beside_it_is_its_sources(number, point):
    assert rang(number, CallOutcome.WRONG_NUMBER) == CallNoted(asked="Child health")
    point.refresh_from_db()
    assert point.doubted_on is None
    assert rang(number, CallOutcome.NOT_INVOLVED, rung=OWN) == CallNoted(asked="Child health")


def test_one_number_of_both_is_asked_of_both(number, point):
    ServicePoint.objects.update(phone=PHONE)
    assert rang(number, CallOutcome.WRONG_NUMBER) == CallNoted(asked="Child health", asked_again=True)


def test_a_list_that_has_changed_meanwhile_notes_nothing(number):
    for changed in ({"service": "Mental health"}, {"row": 99}, {"row": -1}, {"rung": "0161 496 0999"}):
        assert isinstance(rang(number, CallOutcome.WRONG_NUMBER, **changed), Refusal)
    shield(number)
    assert isinstance(rang(number, CallOutcome.WRONG_NUMBER, row=0), Refusal)
    assert Correction.objects.count() == 0


def test_a_desk_shows_itself_to_nobody_who_has_not_been_written_down(number, web_role):
    """R32: not to a statement run as the web role, nor with somebody else's event."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web_role.execute("SELECT * FROM desk_messages(gen_random_uuid(), now())")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web_role.execute("SELECT * FROM contact_request")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web_role.execute("SELECT desk_of(gen_random_uuid())")


@pytest.mark.parametrize("by", [NURSE, viewer(role=Role.AUDITOR), viewer(role=Role.TECHNICAL_ADMINISTRATOR)])
def test_only_teams_run_a_desk(number, by):
    leave(number)
    assert isinstance(run(desk_messages, by), Refusal)


def test_another_authoritys_desk_sees_none_of_it(number):
    leave(number)
    Membership.objects.filter(account_id=PRIYA, role="authority_team").update(organisation_id="la-354")
    elsewhere = viewer(
        account_id=PRIYA, role=Role.AUTHORITY_TEAM, organisation_code="la-354", authority="354", services=()
    )
    assert run(desk_messages, elsewhere) == ()


def test_a_telephone_number_is_needed(number):
    with pytest.raises(InvalidInput):
        ask(number, question=ContactQuestion(about=About.TALK, urgency=Urgency.WEEK, phone=" "))


def test_asking_needs_a_reason_and_a_record(number):
    """R8."""
    refused = run(ask_to_be_contacted, number=number, key=SCHOOL_NURSE, question=SOON, purpose=None)
    assert refused.rules == ("R8",)
    assert run(leave_message, number="nothing", question=SOON, purpose=WORRIED).rules == ("R12",)
