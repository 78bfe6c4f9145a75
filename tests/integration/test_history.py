"""How a record came to be, asked as the web role: what was held when, and what is never told (R27-R51)."""

from datetime import date, datetime, timedelta

import pytest
from tests.factories.directory import (
    NOW,
    acting_as_role,
    amina,
    build_account,
    build_child,
    build_reference,
    said_of,
)
from tests.factories.viewers import KEISHA, PRIYA, WORRIED, teacher, viewer

from contactpoint.actions.find.history import fields_of, history
from contactpoint.actions.find.index import refresh
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import ProtectedRecord, Refusal
from contactpoint.domain.disclosure.history import History, HistoryField
from contactpoint.storage.models import AuditBody, Child, InvolvementRow, Link, RecordVersion, SourceRecord

pytestmark = pytest.mark.django_db
MAY_31 = date(2026, 5, 31)
MARCH = datetime(2026, 3, 10, 8, 0, tzinfo=NOW.tzinfo)
OLD = {"address": "1 Old Road, Oldham", "forename": "Amina", "surname": "Okafor", "former_surname": "Bello"}
ROLES = [Role.PRACTITIONER, Role.AUTHORITY_TEAM, Role.NATIONAL_TEAM]


@pytest.fixture(autouse=True)
def reference(db):
    build_reference()


def ask(number, field=HistoryField.ADDRESS, on=MAY_31, by=None, at=NOW):
    with acting_as_role("web"):
        return history(number=number, purpose=WORRIED, field=field, on=on, by=by or viewer(), at=at)


def record_of(number, source):
    return SourceRecord.objects.get(child_id=number, source_id=source)


def said_before(number, source, **facts):
    """The source said something else from March until now."""
    return RecordVersion.objects.create(
        record=record_of(number, source),
        as_at=MARCH.date(),
        facts={**OLD, **facts},
        fingerprint=bytes(16),
        recorded_at=MARCH,
        superseded_at=NOW,
    )


@pytest.mark.parametrize("role", ROLES)
def test_what_did_the_school_census_say_in_may(role):
    number = build_child(amina("school-census"), amina("births"))
    said_before(number, "school-census")
    told = ask(number, by=viewer(role=role))
    assert isinstance(told, History)
    assert [(one.source_name, one.told[0].line) for one in told.said] == [
        ("School census", "1 Old Road, Oldham")
    ]
    assert [one.address.line for one in told.showed] == ["1 Old Road, Oldham"]
    assert {one.told[0].line for one in ask(number, on=NOW.date()).said} == {"14 Mill Lane, Oldham"}
    (former,) = ask(number, HistoryField.FORMER_NAME, by=viewer(role=role)).said
    assert former.told == ("Bello",)


@pytest.mark.parametrize("field", HistoryField)
@pytest.mark.parametrize("role", ROLES)
def test_r27_of_a_shielded_child_nothing_is_told(field, role):
    number = build_child(amina("school-census"), amina("births"))
    said_before(number, "school-census")
    Child.objects.filter(pk=number).update(shielded=True)
    refresh([number])
    told = ask(number, field, by=viewer(role=role, organisation_kind="national"))
    assert isinstance(told, ProtectedRecord)
    for word in ("Old Road", "Bello", "Mill Lane", "School"):
        assert word not in repr(told)


@pytest.mark.parametrize("consent", ["significant_harm", "child"])
def test_r39_a_sensitive_source_is_silent_about_the_past(consent):
    lapsed = {"consent": consent, "consent_until": NOW.date() - timedelta(days=1)}
    service = {"service": "mental_health", "organisation": "bridgewater-nhs", "start_date": date(2025, 1, 1)}
    number = build_child(amina("births"), amina("mental-health", involvements=[{**service, **lapsed}]))
    said_before(number, "mental-health", known_as="Zuleika")
    for field in (HistoryField.ADDRESS, HistoryField.KNOWN_AS):
        told = repr(ask(number, field))
        assert "Mental" not in told
        assert "Old Road" not in told
        assert "Zuleika" not in told


def link(number, source, child, at):
    Link.objects.create(
        record=record_of(number, source),
        child_id=child,
        decision="linked",
        decided_at=at,
        decided_by="model",
        model_version="test",
    )


def test_a_record_joined_from_another_child_speaks_from_that_day_only():
    stranger = build_child(amina("births"))
    number = build_child(amina("school-census"), amina("births"))
    said_before(number, "school-census")
    link(number, "school-census", stranger, MARCH)
    link(number, "school-census", number, NOW - timedelta(days=10))
    assert ask(number).said == ()
    (turn,) = (one for one in ask(number).source_turns if "Old Road" in repr(one.after))
    assert turn.at == NOW - timedelta(days=10)


def test_a_record_of_a_number_that_was_taken_over_speaks_of_all_its_past():
    number = build_child(amina("school-census"), amina("births"))
    retired = build_child(amina("births"))
    Child.objects.filter(pk=retired).update(retired_into=number)
    said_before(number, "school-census")
    link(number, "school-census", retired, MARCH)
    link(number, "school-census", number, NOW - timedelta(days=10))
    assert [one.source_name for one in ask(number).said] == ["School census"]


SCHOOL = {"service": "school", "organisation": "105734", "start_date": date(2025, 9, 1)}


def in_contact_before(number, source, *involvements, until=NOW):
    """The source named other services from March on."""
    version = said_before(number, source)
    version.facts["involvements"] = [said_of(one, place) for place, one in enumerate(involvements)]
    version.superseded_at = until
    version.save()


def organisations(history):
    return [[contact.organisation for contact in one.told] for one in history.said]


def test_r44_which_school_did_the_census_name_in_may():
    number = build_child(amina("births"), amina("school-census", involvements=[SCHOOL]))
    in_contact_before(number, "school-census", {**SCHOOL, "organisation": "P85001"})
    told = ask(number, HistoryField.SERVICE)
    assert organisations(told) == [["Glodwick Surgery"]]
    assert [one.contact.service for one in told.showed] == ["School"]
    assert organisations(ask(number, HistoryField.SERVICE, on=NOW.date())) == [["Broadfield Primary School"]]
    assert [turn.at for turn in told.source_turns] == [NOW, MARCH]


def test_r45_ones_own_word_counts_from_its_confirmation_until_it_was_ended():
    number = build_child(amina("births"))
    for account in (KEISHA, PRIYA):
        build_account(account)
    record = SourceRecord.objects.create(source_id="practitioners", local_id="own", child_id=number)
    fields = {"record": record, "service": "school_nurse", "organisation_id": "bridgewater-nhs"}
    said = InvolvementRow.objects.create(
        **fields, practitioner="Keisha Barrow", typed_by_id=KEISHA, recorded_at=MARCH
    )
    assert ask(number, HistoryField.SERVICE, on=NOW.date()).said == ()
    InvolvementRow.objects.filter(pk=said.pk).update(
        confirmed_by_id=PRIYA, confirmed_at=MARCH + timedelta(days=30)
    )
    assert ask(number, HistoryField.SERVICE, on=MARCH.date()).said == ()
    (then,) = ask(number, HistoryField.SERVICE).showed
    assert (then.contact.practitioner, then.contact.end) == ("Keisha Barrow", None)
    ended = NOW - timedelta(days=3)
    InvolvementRow.objects.filter(pk=said.pk).update(end_date=ended.date(), end_recorded_at=ended)
    assert ask(number, HistoryField.SERVICE).showed == (then,), "in May it stood as it stood in May"
    today = ask(number, HistoryField.SERVICE, on=NOW.date())
    assert today.showed == ()
    assert [turn.at for turn in today.source_turns] == [ended, MARCH + timedelta(days=30)]


@pytest.mark.parametrize("consent", ["child", "carer", "significant_harm"])
def test_r36_of_sensitive_services_nothing_is_told_whoever_agrees(consent):
    sensitive = {"service": "mental_health", "organisation": "bridgewater-nhs", "consent": consent}
    plain = {"service": "family_support", "organisation": "harbour-recovery"}
    number = build_child(
        amina("births"),
        amina("mental-health", involvements=[sensitive]),
        amina("harbour", involvements=[plain, {**sensitive, "service": "substance_misuse"}]),
    )
    in_contact_before(number, "mental-health", sensitive)
    in_contact_before(number, "harbour", plain, {**sensitive, "service": "sexual_health"})
    for on in (MAY_31, NOW.date()):
        told = ask(number, HistoryField.SERVICE, on=on)
        assert organisations(told) == [["Harbour Recovery"]]
        for word in ("Mental", "Sexual", "Substance", "Bridgewater"):
            assert word not in repr(told)


def test_r39_who_holds_few_children_tells_of_then_only_while_something_of_it_is_shown():
    sensitive = {"service": "substance_misuse", "organisation": "harbour-recovery", "consent": "child"}
    plain = {"service": "family_support", "organisation": "harbour-recovery"}
    number = build_child(amina("births"), amina("harbour", involvements=[sensitive]))
    in_contact_before(number, "harbour", plain)
    assert "Harbour" not in repr(ask(number, HistoryField.SERVICE))


def test_a_number_that_another_body_gave_is_not_told():
    number = build_child(amina("nhs-demographics"))
    assert HistoryField.NHS_NUMBER not in fields_of(teacher())
    told = ask(number, HistoryField.NHS_NUMBER, on=NOW.date(), by=teacher())
    assert isinstance(told, Refusal)
    assert ask(number, HistoryField.NHS_NUMBER, on=NOW.date()).said[0].told == ("9000000009",)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.TECHNICAL_ADMINISTRATOR])
def test_r57_whoever_reads_no_records_reads_no_history(role):
    told = ask(build_child(amina("births")), by=viewer(role=role))
    assert isinstance(told, Refusal)
    assert "R57" in told.rules


def test_r47_on_the_eighteenth_birthday_history_closes_too():
    number = build_child(amina("births"))
    birthday = NOW.replace(year=2034, month=5, day=9)
    assert isinstance(ask(number, at=birthday - timedelta(days=1)), History)
    told = ask(number, at=birthday)
    assert isinstance(told, Refusal)
    assert told.rules == ("R11",)


@pytest.mark.parametrize("number", ["C000000000X", "nothing", ""])
def test_a_number_that_was_never_given_is_refused(number):
    assert isinstance(ask(number), Refusal)


def test_r51_the_audit_has_the_item_and_the_day():
    number = build_child(amina("births"))
    ask(number)
    (event,) = AuditBody.objects.filter(action="read_history")
    assert event.subjects == [number]
    assert '"field":"address"' in bytes(event.body).decode()
    assert '"on":"2026-05-31"' in bytes(event.body).decode()
