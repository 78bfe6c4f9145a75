"""Reports: counted from the audit once a day is over, each day once, and read by whom they are for."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from tests.factories.directory import NOW, acting_as_role, build_account, build_reference
from tests.factories.signed_in import events_of
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WORRIED, teacher, viewer

from contactpoint.actions.recording import record
from contactpoint.actions.run.reports import Period, use_report
from contactpoint.domain.audit.events import Action
from contactpoint.domain.counting_use import Soon
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Misconfigured
from contactpoint.domain.hours import Within
from contactpoint.pipelines import count_use as counting
from contactpoint.pipelines.count_use import anything_to_count, count_use
from contactpoint.storage.models import Account, Membership, UseCount

pytestmark = pytest.mark.django_db
WORKER = system_viewer("worker")
LAST_WEEK = datetime(2026, 11, 10, 10, tzinfo=UTC)
TEAM = viewer(
    account_id=PRIYA,
    role=Role.AUTHORITY_TEAM,
    organisation_code="la-353",
    organisation_name="Oldham Children's Services",
    authority="353",
)
PARTNER = viewer(
    account_id=PRIYA,
    role=Role.PARTNER_TEAM,
    organisation_code="harbour-recovery",
    organisation_kind="charity",
)
NATIONAL = viewer(
    account_id=PRIYA,
    role=Role.NATIONAL_TEAM,
    organisation_code="contactpoint",
    organisation_name="ContactPoint",
    authority=None,
)


@pytest.fixture
def used(db):
    """A school of Oldham searched six times and rang once; a practice elsewhere searched five times."""
    build_reference()
    build_account(PRIYA, "Priya Nair")
    school, elsewhere = teacher(), viewer(organisation_code="anywhere", authority=None)
    for place in range(6):
        searched(school, LAST_WEEK + timedelta(hours=place))
    said(Action.OPENED_RECORD, school, LAST_WEEK + timedelta(minutes=2))
    said(Action.NOTED_CALL, school, LAST_WEEK + timedelta(minutes=4), outcome="spoke")
    said(Action.NOTED_CALL, school, LAST_WEEK + timedelta(minutes=5), outcome="no_answer")
    for place in range(5):
        searched(elsewhere, LAST_WEEK + timedelta(days=1, hours=place))


def searched(by, at):
    with transaction.atomic():
        record(Action.SEARCHED, by=by, at=at, purpose=WORRIED)


def said(action, by, at, **details):
    with transaction.atomic():
        record(action, by=by, at=at, details=details)


def count(at=NOW):
    with acting_as_role("worker"):
        return count_use(by=WORKER, at=at)


def read(by=TEAM, period=Period.MONTH, at=NOW):
    with acting_as_role("web"):
        return use_report(period=period, by=by, at=at)


def test_a_team_reads_what_its_area_did_and_the_nation_all_of_it(used):
    count()
    here, whole = read(), read(NATIONAL)
    assert (here.searches, here.contacts, here.people_a_day) == (6, 1, 1)
    assert here.by_purpose == {"safeguarding": 6}
    assert here.contacted == {**dict.fromkeys(Soon, 0), "five": None}
    assert here.took == {**dict.fromkeys(Within, 0), "five": None}
    assert here.saved is None, "of fewer than five contacts no hours are told"
    kept = UseCount.objects.get(day=LAST_WEEK.date(), scope="authority:353").figures
    assert kept["rang"] == {"spoke": 1, "no_answer": 1}
    assert here.rang == {"spoke": None, "no_answer": None, "wrong_number": 0, "not_involved": 0}
    assert here.areas == ()
    assert (whole.searches, len(whole.weeks)) == (11, 1)
    assert [(one.name, one.searches, one.contacts) for one in whole.areas] == [
        ("Oldham Children's Services", 6, None)
    ]
    assert events_of(PRIYA)[0].action is Action.READ_REPORT


def signed_in_at(account, at):
    with transaction.atomic():
        record(Action.SIGNED_IN, by=viewer(account_id=account, organisation_code=None), at=at)


def works(account, organisation, role="practitioner"):
    Account.objects.get_or_create(pk=account, defaults={"email": f"{account}@example.org"})
    Membership.objects.create(account_id=account, organisation_id=organisation, role=role)


def test_sign_ins_are_counted_where_people_work_and_once_for_england(used):
    works(KEISHA, "105734")
    works(KEISHA, "bridgewater-nhs")
    works(OWEN, "harbour-recovery")
    works(UUID(int=71), "contactpoint", "shield_team")
    for hour in range(6):
        signed_in_at(KEISHA, LAST_WEEK + timedelta(hours=hour))
        signed_in_at(UUID(int=71), LAST_WEEK + timedelta(hours=hour))
    for hour in range(5):
        signed_in_at(OWEN, LAST_WEEK + timedelta(hours=hour))
    assert read().sign_ins is None, "before anything is counted there is no figure, not 0"
    count()
    assert (read().sign_ins, read(NATIONAL).sign_ins) == (11, 11), "none of whoever works at a shield desk"
    assert read(PARTNER).sign_ins == 5


def test_a_day_counted_before_sign_ins_were_has_no_figure_of_them(used):
    count()
    UseCount.objects.update(figures={"searches": {"": 9}})
    assert read().sign_ins is None


def test_a_team_of_an_organisation_without_an_area_reads_its_own(used):
    count()
    partner = viewer(account_id=PRIYA, role=Role.AUTHORITY_TEAM, organisation_code="anywhere", authority=None)
    assert read(partner).searches == 5


def test_a_day_is_counted_once_it_is_over_and_only_once(used):
    assert count(LAST_WEEK) == 0
    assert count(LAST_WEEK + timedelta(days=1)) == 1
    assert count() > 0
    before = read()
    assert count() == 0
    assert not anything_to_count(NOW)
    assert read() == before
    assert UseCount.objects.filter(scope="").count() == (NOW.date() - LAST_WEEK.date()).days


def test_a_day_that_was_cut_off_is_counted_whole_by_the_next_run(used, monkeypatch):
    kept = counting.stored.keep_counts

    def fails_on_the_second(day, by_scope):
        kept(day, by_scope)
        if day > LAST_WEEK.date():
            raise ConnectionError

    monkeypatch.setattr(counting.stored, "keep_counts", fails_on_the_second)
    with pytest.raises(ConnectionError):
        count()
    monkeypatch.undo()
    count()
    assert read(NATIONAL).searches == 11


def test_what_shield_desks_do_is_counted_nowhere(used):
    searched(viewer(role=Role.SHIELD_TEAM, organisation_code="la-353"), LAST_WEEK)
    count()
    assert read(NATIONAL).searches == 11


def test_reports_are_for_teams(used):
    refused = read(teacher())
    assert isinstance(refused, Refusal)
    assert refused.rules == ("R1",)


def test_only_a_process_counts(used):
    with pytest.raises(Misconfigured), acting_as_role("worker"):
        count_use(by=TEAM, at=NOW)


def test_a_report_is_that_of_any_other_day_of_the_week(used):
    count()
    monday = datetime(2026, 11, 23, 9, tzinfo=UTC)
    reports = [read(at=monday + timedelta(days=days)) for days in range(7)]
    assert all(one == reports[0] for one in reports)
    assert reports[0].until == date(2026, 11, 22)


@pytest.mark.parametrize("role", ["web", "worker"])
def test_a_count_once_made_stands(used, role):
    count()
    with acting_as_role(role), connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('use_count', 'UPDATE'), has_table_privilege('use_count', 'DELETE')"
        )
        assert cursor.fetchone() == (False, False)
