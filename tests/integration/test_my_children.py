"""My children: kept, handed over, and never telling what is hidden (R27, R39, R42-R46)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from tests.factories.directory import (
    NOW,
    acting_as_role,
    add_record,
    amina,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
    said_of,
)
from tests.factories.signed_in import events_of, sign_in
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WITH_ME, WORRIED, teacher, viewer

from contactpoint.actions.contribute.confirm_involvement import confirm_involvement
from contactpoint.actions.contribute.hand_over import accept_handover, decline_handover, offer_handover
from contactpoint.actions.contribute.keep_involvement import (
    NOT_YOURS,
    become_lead,
    correct_involvement,
    end_involvement,
    open_own_child,
    say_still_involved,
)
from contactpoint.actions.contribute.my_children import my_children
from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import KeptInvolvement, ProtectedRecord, Refusal
from contactpoint.domain.errors import InvalidInput
from contactpoint.storage.models import (
    Child,
    IdentityChange,
    IdentityMove,
    InvolvementRow,
    Membership,
    RecordVersion,
    SourceRecord,
)
from contactpoint.storage.queries import own_children
from contactpoint.storage.queries.history import numbers_joined_to, past_involvements_of, versions_of
from contactpoint.web.presenters.keeping import change_words
from contactpoint.web.presenters.words import number_words

pytestmark = pytest.mark.django_db
NURSE = viewer()
COLLEAGUE = viewer(account_id=PRIYA, name="Priya Nair", phone="0161 496 0102")
DAY = timedelta(days=1)
WEEK_ON = NOW + 7 * DAY


@pytest.fixture
def number(db):
    build_reference()
    for identity, name in ((KEISHA, "Keisha Barrow"), (PRIYA, "Priya Nair"), (OWEN, "Owen Tanner")):
        build_account(identity, name)
    for identity in (KEISHA, PRIYA):
        Membership.objects.create(
            account_id=identity,
            organisation_id="bridgewater-nhs",
            role="practitioner",
            services=["school_nurse", "health_visitor"],
        )
        sign_in(identity)
    return build_child(*amina_in_full())


def work_with(number, *, by=NURSE, second=COLLEAGUE, **changed):
    """Record an involvement as the web does, confirmed by `second` if there is one; return its id."""
    said = {
        "service": "health_visitor",
        "role": "Health visitor",
        "phone": "0161 496 0101",
        "start": date(2026, 9, 1),
        "lead_practitioner": False,
        "assessment_held": False,
        **changed,
    }
    with acting_as_role("web"):
        made = record_involvement(number=number, by=by, at=NOW, **said).involvement_id
        if second:
            confirm_involvement(involvement_id=made, by=second, at=NOW)
    return made


def listed(by=NURSE, at=NOW):
    with acting_as_role("web"):
        return my_children(by=by, at=at)


def act(action, by=NURSE, at=NOW, **terms):
    with acting_as_role("web"):
        return action(by=by, at=at, **terms)


def contacts(number, at=NOW):
    with acting_as_role("web"):
        return open_record(number=number, purpose=WORRIED, by=teacher(), at=at, how=WITH_ME).contacts


def shield(number):
    place_shields(numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=NOW)


def newest(account=KEISHA):
    with acting_as_role("worker"):
        return events_of(account, limit=1)[0]


def test_the_list_is_of_what_one_said_oneself_and_is_audited(number):
    involvement = work_with(number, assessment_held=True)
    (child,) = listed(at=NOW + DAY).children
    assert (child.involvement_id, child.name, child.date_of_birth) == (
        involvement,
        "Amina Okafor",
        "2016-05-09",
    )
    assert (child.service, child.role, child.start) == (
        "Health visiting",
        "Health visitor",
        date(2026, 9, 1),
    )
    assert (child.assessment_held, child.lead_practitioner, child.confirming) == (True, False, None)
    event = newest()
    assert (event.action, event.subjects) == ("listed_own_children", (number,))
    assert listed(COLLEAGUE).children == ()
    Membership.objects.create(account_id=KEISHA, organisation_id="105734", role="practitioner")
    assert listed(viewer(organisation_code="105734")).children == (), "another role is another list"


@pytest.mark.parametrize("role", [Role.NATIONAL_TEAM, Role.AUDITOR, Role.TECHNICAL_ADMINISTRATOR])
def test_roles_that_work_with_no_child_have_no_list(number, role):
    assert isinstance(listed(viewer(role=role)), Refusal)


def test_what_changed_is_told_once_it_is_confirmed_and_until_the_next_look(number):
    """R45: one person's own word earns no notice."""
    work_with(number, second=None)
    late = work_with(number, by=COLLEAGUE, second=NURSE, service="school_nurse")
    InvolvementRow.objects.filter(pk=late).update(confirmed_at=NOW + DAY)
    (waiting,) = listed(at=NOW + 2 * DAY).children
    assert (waiting.confirming, waiting.changes) == ("Bridgewater Community Health", ())

    act(confirm_involvement, COLLEAGUE, involvement_id=waiting.involvement_id)
    (child,) = listed(at=NOW + 2 * DAY + timedelta(minutes=5)).children
    assert [(one.service, one.began, one.on) for one in child.changes] == [
        ("School nursing", True, (NOW + DAY).date())
    ]
    assert listed(at=NOW + 2 * DAY + timedelta(minutes=9)).children[0].changes, "a reload loses nothing"
    assert listed(at=WEEK_ON).children[0].changes == ()


def test_a_service_that_ended_is_told(number):
    work_with(number)
    listed()
    ending = InvolvementRow.objects.get(service="school_nurse")
    InvolvementRow.objects.filter(pk=ending.pk).update(
        end_date=date(2026, 11, 20), end_recorded_at=NOW + 3 * DAY
    )
    (child,) = listed(at=WEEK_ON).children
    assert [(one.service, one.began, one.on) for one in child.changes] == [
        ("School nursing", False, date(2026, 11, 20))
    ]


def says_now(number, source, at=NOW + DAY, involvements=None, **facts):
    """A source says something else from a moment on, as publishing writes it."""
    record = SourceRecord.objects.get(child_id=number, source_id=source)
    old = RecordVersion.objects.get(record=record, superseded_at=None)
    RecordVersion.objects.filter(pk=old.pk).update(superseded_at=at)
    held = {} if involvements is None else {"involvements": [said_of(one) for one in involvements]}
    RecordVersion.objects.create(
        record=record,
        as_at=at.date(),
        facts={**old.facts, **facts, **held},
        fingerprint=bytes(16),
        recorded_at=at,
    )


def words(at=WEEK_ON, by=NURSE):
    (child,) = listed(by, at=at).children
    return [change_words(one, at.date()) for one in child.changes]


def test_what_changed_on_the_record_is_told_in_words_until_the_next_look(number):
    """R24, R44: names, address, carers and school, since when and what stands now."""
    work_with(number)
    assert words(NOW) == []
    moved = {"address": "3 Quarry Bank, Rochdale", "postcode": "OL12 9XY", "surname": "Bello"}
    for source in ("nhs-demographics", "gp-registrations", "child-health", "childrens-services-353"):
        says_now(number, source, **moved, carer_surname="Bello")
    school = {"service": "school", "organisation": "P85001", "start_date": date(2026, 11, 23)}
    says_now(number, "school-census", **moved, carer_surname="Bello", involvements=[school])
    InvolvementRow.objects.filter(service="school").update(
        organisation="P85001", start_date=date(2026, 11, 23)
    )
    assert words() == [
        "Name changed on Monday: now Amina Bello",
        "Address changed on Monday: now Home, 3 Quarry Bank, Rochdale, OL12 9XY",
        "Parents and carers changed on Monday: now Grace Bello, mother, 07700 900123",
        "School changed on Monday: now Glodwick Surgery",
    ]
    assert words(WEEK_ON + DAY) == []


def test_a_new_lead_is_news_to_others_and_not_to_oneself(number):
    """R43."""
    work_with(number)
    theirs = work_with(number, by=COLLEAGUE, second=NURSE, service="school_nurse")
    listed(), listed(COLLEAGUE)
    act(become_lead, COLLEAGUE, at=NOW + DAY, involvement_id=theirs)
    assert words() == [
        "Lead practitioner changed on Monday: now Priya Nair, Health visitor, Bridgewater Community Health"
    ]
    assert words(by=COLLEAGUE) == []


def joined(number, source, *, at=NOW + DAY, kind="merge"):
    """A record of that source came with a number that was found to be this child's too."""
    other = build_child(amina("births"))
    record = SourceRecord.objects.get(child_id=number, source_id=source)
    change = IdentityChange.objects.create(
        kind=kind, kept_id=number, other_id=other, because="one child", made_by="test", made_at=at
    )
    IdentityMove.objects.create(change=change, record=record, from_child_id=other, to_child_id=number)
    Child.objects.filter(pk=other).update(retired_into=number)
    return other, change


def test_r22_a_number_that_was_joined_is_told_and_leads_on(number):
    work_with(number)
    listed()
    other, change = joined(number, "school-census")
    (told,) = words()
    number_that_leads_on = f"ContactPoint number {number_words(other)} leads to this child now"
    assert told == f"Two records became one on Monday: {number_that_leads_on}"
    IdentityChange.objects.create(
        kind="split",
        kept_id=number,
        other_id=other,
        because="",
        made_by="test",
        made_at=WEEK_ON,
        undoes=change,
    )
    assert words(WEEK_ON + timedelta(minutes=1)) == [], "it was a mistake"


@pytest.mark.parametrize("consent", ["child", "significant_harm"])
def test_r39_that_a_sensitive_service_had_a_record_of_its_own_is_not_told(number, consent):
    work_with(number)
    listed()
    service = {"service": "mental_health", "organisation": "bridgewater-nhs", "consent": consent}
    add_record(number, amina("mental-health", known_as="Zuleika", involvements=[service]))
    RecordVersion.objects.filter(record__source_id="mental-health").update(recorded_at=NOW + DAY)
    joined(number, "mental-health")
    assert words() == []


def test_r27_of_a_shielded_child_nothing_is_news(number):
    work_with(number)
    listed()
    says_now(number, "school-census", address="3 Quarry Bank, Rochdale", postcode="OL12 9XY")
    joined(number, "school-census")
    shield(number)
    with acting_as_role("web"):
        assert versions_of(number) == past_involvements_of(number) == ()
        assert numbers_joined_to(number, NOW) == ()
    (child,) = listed(at=WEEK_ON).children
    assert isinstance(child, ProtectedRecord)


def test_nothing_sensitive_is_news_even_with_consent(number):
    """R39, R41."""
    work_with(number)
    listed()
    add_record(
        number,
        amina(
            "mental-health",
            involvements=[
                {"service": "mental_health", "organisation": "bridgewater-nhs", "consent": "child"}
            ],
        ),
    )
    InvolvementRow.objects.filter(service="mental_health").update(recorded_at=NOW + DAY)
    assert listed(at=WEEK_ON).children[0].changes == ()


def test_a_shielded_child_is_four_facts_and_constants_and_cannot_be_kept(number):
    """R27: whatever one said of it, and whatever happened to it."""
    involvement = work_with(number, lead_practitioner=True)
    act(offer_handover, involvement_id=involvement, to=PRIYA)
    assert len(listed(COLLEAGUE).offers) == 1
    shield(number)
    assert listed(at=WEEK_ON).children == (
        ProtectedRecord(
            number=number,
            name="Amina Okafor",
            date_of_birth="2016-05-09",
            sex="F",
            desk_phone="0808 157 0192",
        ),
    )
    assert listed(COLLEAGUE).offers == ()
    for action in (end_involvement, say_still_involved, become_lead, open_own_child):
        assert act(action, involvement_id=involvement) == NOT_YOURS
    assert act(end_involvement, involvement_id=10**9) == NOT_YOURS


def test_still_involved_is_asked_once_a_term_and_answered(number):
    involvement = work_with(number)
    assert not listed(at=NOW + 90 * DAY).children[0].ask_whether_still
    assert listed(at=NOW + 91 * DAY).children[0].ask_whether_still
    assert act(say_still_involved, at=NOW + 91 * DAY, involvement_id=involvement) == KeptInvolvement(
        involvement_id=involvement
    )
    assert not listed(at=NOW + 92 * DAY).children[0].ask_whether_still


def test_ending_takes_it_off_the_list_and_into_the_past(number):
    """R46."""
    involvement = work_with(number)
    assert isinstance(act(end_involvement, at=WEEK_ON, involvement_id=involvement), KeptInvolvement)
    assert newest().action == "ended_involvement"
    assert listed(at=WEEK_ON).children == ()
    assert involvement not in [one.id for one in contacts(number, WEEK_ON)], "at once"
    assert act(end_involvement, at=WEEK_ON, involvement_id=involvement) == NOT_YOURS
    with acting_as_role("web"):
        record = open_record(number=number, purpose=WORRIED, by=teacher(), at=WEEK_ON, how=WITH_ME)
    (past,) = [one for one in record.past_contacts if one.id == involvement]
    assert past.end == WEEK_ON.date(), "it ended on the day on which it was ended"


def test_what_a_colleague_ended_today_is_news_of_today(number):
    work_with(number)
    theirs = work_with(number, by=COLLEAGUE, second=NURSE, service="school_nurse")
    listed()
    act(end_involvement, COLLEAGUE, at=WEEK_ON, involvement_id=theirs)
    (child,) = listed(at=WEEK_ON).children
    assert [change_words(one, WEEK_ON.date()) for one in child.changes] == ["School nursing ended today"]


@pytest.mark.parametrize("by", [COLLEAGUE, teacher()], ids=["a colleague", "another organisation"])
def test_nobody_keeps_what_another_said(number, by):
    involvement = work_with(number)
    for action in (end_involvement, say_still_involved, become_lead, open_own_child):
        assert act(action, by, involvement_id=involvement).rules in {("R44",), ("R1",)}
    feeds = InvolvementRow.objects.get(service="school_nurse").pk
    assert act(end_involvement, involvement_id=feeds) == NOT_YOURS


def test_one_corrects_what_one_said(number):
    """R42, R44."""
    involvement = work_with(number)
    said = {
        "role": "Team lead",
        "phone": "0161 496 0199",
        "start": date(2026, 8, 1),
        "assessment_held": True,
    }
    act(correct_involvement, at=NOW + DAY, involvement_id=involvement, **said)
    (shown,) = [one for one in contacts(number) if one.id == involvement]
    assert (shown.practitioner_role, shown.phone, shown.start, shown.assessment_held) == (
        "Team lead",
        "0161 496 0199",
        date(2026, 8, 1),
        True,
    )
    assert newest().details["before"]["phone"] == "0161 496 0101"
    for wrong in ({"role": " "}, {"phone": ""}, {"start": date(2030, 1, 1)}):
        with pytest.raises(InvalidInput):
            act(correct_involvement, involvement_id=involvement, **{**said, **wrong})


def test_there_is_one_lead_and_taking_over_closes_the_last(number):
    """R43: also where the last one began later, and also where it was typed."""
    mine = work_with(number, start=date(2020, 1, 1))
    theirs = work_with(number, by=COLLEAGUE, second=NURSE, service="school_nurse", lead_practitioner=True)
    full = act(open_own_child, involvement_id=mine)
    assert full.lead_now.id == theirs, "it is said before it happens"
    act(become_lead, at=NOW + DAY, involvement_id=mine)
    leads = [one.id for one in contacts(number) if one.lead_practitioner]
    assert leads == [mine]
    assert newest().details["closed"] == (theirs,)
    act(end_involvement, involvement_id=mine)
    assert not InvolvementRow.objects.get(pk=theirs).lead_practitioner, "the last one does not come back"


def test_ones_own_word_alone_leads_nobody_and_hands_nothing_over(number):
    """R45."""
    involvement = work_with(number, second=None)
    assert act(become_lead, involvement_id=involvement).rules == ("R45",)
    assert act(offer_handover, involvement_id=involvement, to=PRIYA).rules == ("R45",)
    assert act(open_own_child, involvement_id=involvement).colleagues == ()


def test_a_colleague_takes_over_and_the_first_one_ends(number):
    old = work_with(number, assessment_held=True)
    act(become_lead, involvement_id=old)
    assert [one.account for one in act(open_own_child, involvement_id=old).colleagues] == [PRIYA]
    act(offer_handover, involvement_id=old, to=PRIYA)
    assert listed().children[0].offered_to == "Priya Nair"
    (offer,) = listed(COLLEAGUE).offers
    assert (offer.child_name, offer.offered_by, offer.lead_practitioner) == (
        "Amina Okafor",
        "Keisha Barrow",
        True,
    )
    assert listed().children, "until they accept, nothing changes"

    new = act(accept_handover, COLLEAGUE, handover_id=offer.handover_id, phone="").involvement_id

    assert listed().children == ()
    (child,) = listed(COLLEAGUE).children
    assert (child.involvement_id, child.lead_practitioner, child.assessment_held) == (new, True, True)
    assert (child.confirming, child.phone) == (None, "0161 496 0102")
    assert [one.id for one in contacts(number) if one.lead_practitioner] == [new]
    assert old not in [one.id for one in contacts(number)]
    again = act(accept_handover, COLLEAGUE, handover_id=offer.handover_id, phone="")
    assert again.rules == ("R44",)


def test_whoever_works_with_the_child_already_takes_over_into_what_they_have(number):
    """R44: one card and not two; it is confirmed, and lead and assessment come along."""
    old = work_with(number, assessment_held=True, lead_practitioner=True)
    own = work_with(number, by=COLLEAGUE, second=None, role="Deputy", start=date(2026, 10, 1))
    act(offer_handover, involvement_id=old, to=PRIYA)
    (offer,) = listed(COLLEAGUE).offers
    taken = act(accept_handover, COLLEAGUE, handover_id=offer.handover_id, phone="")
    assert taken == KeptInvolvement(involvement_id=own)
    (child,) = listed(COLLEAGUE).children
    assert (child.confirming, child.role, child.start) == (None, "Deputy", date(2026, 10, 1))
    assert (child.lead_practitioner, child.assessment_held) == (True, True)
    assert listed().children == ()


def test_an_offer_is_declined_replaced_or_not_for_others(number):
    old = work_with(number)
    assert act(offer_handover, involvement_id=old, to=OWEN).rules == ("R44",)
    assert act(offer_handover, involvement_id=old, to=KEISHA).rules == ("R44",)
    act(offer_handover, involvement_id=old, to=PRIYA)
    act(offer_handover, involvement_id=old, to=PRIYA)
    (offer,) = listed(COLLEAGUE).offers
    for by in (NURSE, teacher(), viewer(account_id=PRIYA, services=())):
        assert isinstance(act(accept_handover, by, handover_id=offer.handover_id, phone=""), Refusal)
    act(decline_handover, COLLEAGUE, handover_id=offer.handover_id)
    assert listed(COLLEAGUE).offers == ()
    assert listed().children[0].offered_to is None
    act(offer_handover, involvement_id=old, to=PRIYA)
    act(end_involvement, involvement_id=old)
    assert listed(COLLEAGUE).offers == ()


def test_at_eighteen_a_child_is_nobodys_to_keep(number):
    """R47."""
    involvement = work_with(number)
    later = NOW.replace(year=2034, month=5, day=10)
    assert listed(at=later).children == ()
    assert act(end_involvement, at=later, involvement_id=involvement) == NOT_YOURS


@pytest.mark.parametrize(
    "table", ["handover", "correction", "own_look", "own_word_version", "correction_unsealed"]
)
def test_the_web_role_reads_none_of_the_tables(number, table):
    """ADR 6: pages come by them through functions alone."""
    with connection.cursor() as cursor:
        for verb in ("SELECT", "INSERT", "UPDATE"):
            cursor.execute("SELECT has_any_column_privilege('contactpoint_web', %s, %s)", [table, verb])
            assert cursor.fetchone() == (False,)


def test_the_functions_change_only_what_the_account_typed_and_nothing_sealed(number):
    old = work_with(number)
    feeds = InvolvementRow.objects.get(service="school_nurse").pk
    with acting_as_role("web"):
        for which, whose in ((feeds, KEISHA), (old, PRIYA)):
            own_children.end_own(which, whose, on=NOW.date(), at=NOW)
            own_children.correct_own(
                which, whose, role="x", phone="x", start=NOW.date(), assessment_held=True, at=NOW
            )
            assert own_children.take_lead(which, whose, on=NOW.date(), at=NOW) == []
    shield(number)
    with acting_as_role("web"):
        own_children.end_own(old, KEISHA, on=NOW.date(), at=NOW)
    rows = InvolvementRow.objects.filter(pk__in=[old, feeds])
    assert {(row.end_date, row.practitioner_role) for row in rows} == {(None, "Health visitor"), (None, "")}
