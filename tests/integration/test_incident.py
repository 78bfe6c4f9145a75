"""Shutting access in a security incident, opening it again, and saying who saw what (R55)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from tests.factories.directory import acting_as_role, amina, build_account, build_child, build_reference
from tests.factories.feeds import AMINA
from tests.factories.supply import feed, rows
from tests.factories.viewers import KEISHA, OWEN, PRIYA, WITH_ME, WORRIED, teacher, viewer

from contactpoint.access.accounts import signed_in
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.run.incident import NOT_THAT, agree, breach_report, incidents, open_again, shut
from contactpoint.domain.disclosure.actors import Lapse, Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Conflict, NotFound
from contactpoint.domain.incident import IncidentDone, Scope
from contactpoint.pipelines.deliver import deliver
from contactpoint.pipelines.dry_run import dry_run
from contactpoint.pipelines.intake import take_in
from contactpoint.storage.models import Delivery, FeedFile, IncidentShut, Membership, Organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
EWA, GRACE = UUID(int=61), UUID(int=62)
CONSOLE = system_viewer("command line")


def desk(account=EWA, role=Role.NATIONAL_TEAM, **changed):
    values = {"organisation_code": "contactpoint", "organisation_kind": "national", "authority": None}
    return viewer(account_id=account, role=role, **{**values, **changed})


SECOND = desk(GRACE, Role.TECHNICAL_ADMINISTRATOR)


@pytest.fixture
def directory():
    build_reference()
    for account in (EWA, GRACE, KEISHA, OWEN, PRIYA):
        build_account(account)
    for account, organisation in ((KEISHA, "bridgewater-nhs"), (OWEN, "105734"), (EWA, "contactpoint")):
        Membership.objects.create(account_id=account, organisation_id=organisation, role="practitioner")


def is_shut_out(account):
    return Lapse.SHUT in signed_in(account, membership_id=None, request_id="r", on=NOW.date()).viewer.lapses


def asked(scope, code="", by=None, because="A stolen laptop"):
    with acting_as_role("web"):
        return shut(scope=scope, code=code, because=because, by=by or desk(), at=NOW)


def agreed(number, by=SECOND):
    with acting_as_role("web"):
        return agree(incident=number, by=by, at=NOW)


def opened(number, by=None):
    with acting_as_role("web"):
        return open_again(incident=number, by=by or desk(), at=NOW)


def test_one_organisation_is_shut_out_and_let_in_again_by_one_person(directory):
    done = asked(Scope.ORGANISATION, "105734")
    assert done.state == "shut"
    assert (is_shut_out(OWEN), is_shut_out(KEISHA)) == (True, False)
    assert opened(done.id).state == "open"
    assert not is_shut_out(OWEN)
    assert opened(done.id) == NOT_THAT, "what is over stays over"


def test_everybody_is_shut_out_and_let_in_again_by_two(directory):
    done = asked(Scope.NATIONAL)
    assert done.state == "asked"
    assert not is_shut_out(KEISHA)
    assert agreed(done.id, desk()) == NOT_THAT, "whoever asked does not agree as well"
    assert agreed(done.id).state == "shut"
    assert is_shut_out(KEISHA)
    assert is_shut_out(OWEN)
    assert opened(done.id).state == "opening"
    assert is_shut_out(KEISHA)
    assert agreed(done.id, desk()) == NOT_THAT
    assert agreed(done.id).state == "open"
    assert not is_shut_out(KEISHA)


def test_whoever_is_shut_out_is_refused_everything_but_what_opens_it(directory):
    number, out = build_child(amina()), (Lapse.SHUT,)
    with acting_as_role("web"):
        refusal = open_record(number=number, purpose=WORRIED, by=viewer(lapses=out), at=NOW, how=WITH_ME)
        assert refusal.rules == ("R55",)
        assert "0808 157 0192" in refusal.way_on
        assert not isinstance(incidents(by=desk(lapses=out), at=NOW), Refusal)
        lapsed = desk(lapses=(Lapse.SHUT, Lapse.TRAINING_EXPIRED))
        assert isinstance(incidents(by=lapsed, at=NOW), Refusal)


@pytest.mark.parametrize(
    "who",
    [
        viewer(),
        viewer(role=Role.NATIONAL_TEAM),
        viewer(role=Role.TECHNICAL_ADMINISTRATOR),
        desk(role=Role.AUDITOR),
        desk(role=Role.SHIELD_TEAM),
    ],
)
def test_nobody_else_shuts_anything(directory, who):
    assert isinstance(asked(Scope.ORGANISATION, "105734", who), Refusal)
    assert not is_shut_out(OWEN)


def test_whoever_runs_the_directory_shuts_and_opens_at_once(directory):
    with acting_as_role("worker"):
        done = shut(scope=Scope.NATIONAL, code="", because="Now", by=CONSOLE, at=NOW)
        assert done.state == "shut"
    assert is_shut_out(KEISHA)
    assert opened(done.id).state == "opening", "two people may open what the command line shut"
    assert agreed(done.id).state == "open"


def test_what_is_not_there_is_not_shut_and_nothing_is_shut_twice(directory):
    with pytest.raises(NotFound):
        asked(Scope.ORGANISATION, "999999")
    with pytest.raises(NotFound):
        asked(Scope.FEED, "no-such-feed")
    asked(Scope.NATIONAL)
    with pytest.raises(Conflict):
        asked(Scope.NATIONAL)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO incident_shut (scope, because, asked_at, shut_at) VALUES ('national', '', now(), now())",
        "UPDATE incident_shut SET opened_at = now()",
        "UPDATE incident_shut SET opened_at = now(), opened_by_id = asked_by_id",
        "UPDATE incident_shut SET shut_at = now(), agreed_by_id = asked_by_id",
        "UPDATE incident_shut SET asked_by_id = NULL",
        "DELETE FROM incident_shut",
    ],
)
def test_no_page_shuts_or_opens_the_country_alone_whatever_the_code_says(directory, statement):
    asked(Scope.NATIONAL)
    with acting_as_role("web"), pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        IncidentShut.objects.raw(statement)._fetch_all() if statement.startswith("SELECT") else _do(statement)


def _do(statement):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def waiting(directory, tmp_path, transactional_db):
    """A feed that is shut, and two of its files in the watch folder."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    Delivery.objects.all().delete()
    with acting_as_role("worker"):
        shut(scope=Scope.FEED, code="births", because="A forged file", by=CONSOLE, at=NOW)
    for day in ("2026-11-20", "2026-11-21"):
        feed(inbox, "births", AMINA, as_at=day)
    return inbox


def take(inbox):
    import os
    import time

    for path in inbox.glob("*.csv"):
        os.utime(path, (time.time() - 60, time.time() - 60))
    with acting_as_role("worker"):
        return take_in(inbox, by=system_viewer("loader"), at=NOW)


def test_files_of_a_feed_that_is_shut_wait_and_are_taken_in_in_order(waiting):
    assert take(waiting) == 0
    assert [row.state for row in FeedFile.objects.all()] == ["waiting", "waiting"]
    with acting_as_role("worker"):
        tried = dry_run("births", waiting)
    assert [(one.file_name[7:17], one.rows, one.rejected) for one in tried] == [
        ("2026-11-20", 1, 0),
        ("2026-11-21", 1, 0),
    ]
    assert Delivery.objects.count() == 0, "a dry run keeps nothing"
    number = IncidentShut.objects.get().pk
    assert opened(number) == NOT_THAT, "no page opens a feed"
    with acting_as_role("worker"):
        open_again(incident=number, by=CONSOLE, at=NOW)
    assert take(waiting) == 2
    assert [f"{one.as_at}" for one in Delivery.objects.order_by("id")] == ["2026-11-20", "2026-11-21"]


def test_a_file_cannot_be_loaded_past_a_feed_that_is_shut(waiting, tmp_path):
    path = feed(tmp_path, "births", AMINA, as_at="2026-11-22")
    with acting_as_role("worker"), pytest.raises(Conflict, match="is shut"):
        deliver(path, source="births", by=system_viewer("loader"), at=NOW)


def test_a_dry_run_says_which_file_cannot_be_read(waiting):
    take(waiting)
    row = FeedFile.objects.order_by("id").first()
    (waiting / "uploaded" / row.folder / row.file_name).write_text("nonsense", encoding="utf-8")
    with acting_as_role("worker"):
        broken, sound = dry_run("births", waiting)
    assert broken.refused
    assert not sound.refused


def test_a_report_says_exactly_who_saw_what_of_a_child_an_account_or_a_time(directory):
    one, other, hidden = build_child(amina()), build_child(amina()), build_child(amina(), shielded=True)
    with acting_as_role("web"):
        for number, who, hours in (
            (one, viewer(), 0),
            (one, teacher(), 1),
            (other, viewer(), 2),
            (hidden, viewer(), 3),
        ):
            open_record(number=number, purpose=WORRIED, by=who, at=NOW + timedelta(hours=hours), how=WITH_ME)
        open_record(number=one, purpose=None, by=viewer(account_id=PRIYA), at=NOW)  # refused: saw nothing

    def seen(**which):
        asked_for = {"child": None, "account": None, "begin": None, "end": None, **which}
        with acting_as_role("worker"):
            return breach_report(**asked_for, by=CONSOLE, at=NOW)

    assert [(line.child, line.account) for line in seen(child=one)] == [(one, str(KEISHA)), (one, str(OWEN))]
    assert [line.child for line in seen(account=KEISHA)] == [one, other, hidden]
    reports = rows("SELECT subjects FROM audit_body WHERE action = 'reported_breach' ORDER BY occurred_at")
    assert reports[-1] == ([one, other, hidden],), "whom a report told of is written down with it"
    assert [line.child for line in seen(begin=NOW + timedelta(hours=1), end=NOW + timedelta(hours=3))] == [
        one,
        other,
    ]
    (line,) = seen(child=hidden)
    assert line.shown == ("protected",)
    assert "addresses" in seen(child=other)[0].shown
    assert seen(child=one)[0].who == "Keisha Barrow"
    with acting_as_role("web"):
        assert isinstance(
            breach_report(child=one, account=None, begin=None, end=None, by=viewer(), at=NOW), Refusal
        )


def test_what_was_done_is_in_the_audit(directory):
    from tests.factories.signed_in import events_of

    done = asked(Scope.NATIONAL)
    agreed(done.id)
    assert isinstance(done, IncidentDone)
    assert events_of(EWA)[0].action.value == "asked_to_shut"
    assert events_of(GRACE)[0].action.value == "shut_access"
    assert Organisation.objects.filter(pk="contactpoint").exists()
