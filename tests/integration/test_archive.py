"""What is archived, who comes back, stays and reads it, and what is let go of (R11, R16, R47-R50)."""

import os
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from tests.factories.directory import acting_as_role, amina, build_child, build_reference
from tests.factories.grown import BEN, THEN, archive_by_hand, grown_up
from tests.factories.signed_in import events_of, sign_in
from tests.factories.supply import build_sources, child_of, feed, load, rows, rows_for_web
from tests.factories.viewers import KEISHA, WITH_ME, WORRIED, viewer

from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.find.search import search
from contactpoint.actions.recording import record
from contactpoint.actions.retain.open_archived import open_archived
from contactpoint.actions.retain.release import release_archived
from contactpoint.actions.retain.stay import agree_to_stay, withdraw_staying
from contactpoint.domain.audit.events import Action
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import OpenRecord, Refusal
from contactpoint.domain.discreet import NOT_SHOWN_NAME
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.domain.retention import ReleaseReason
from contactpoint.pipelines.at_rest import settle_at_rest
from contactpoint.pipelines.keep_time import anything_to_end, keep_time
from contactpoint.storage.models import (
    Archived,
    ContactRequest,
    Delivery,
    InvolvementRow,
    Membership,
    Organisation,
    Rejection,
    RetentionRun,
    SearchIdentity,
    Shield,
)
from contactpoint.storage.queries.archive import archived_record

pytestmark = pytest.mark.django_db
NOW = timezone.localtime()
TODAY = NOW.date()
WORKER = system_viewer("worker")
TEAM_ID, DESK_ID = UUID(int=801), UUID(int=802)
TEAM = viewer(
    account_id=TEAM_ID, role=Role.AUTHORITY_TEAM, organisation_code="la-353", organisation_kind="authority"
)
DESK = viewer(
    account_id=DESK_ID,
    role=Role.NATIONAL_TEAM,
    organisation_code="contactpoint",
    organisation_kind="national",
    authority=None,
)


def years_ago(years, days=0):
    return (TODAY.replace(day=1, year=TODAY.year - years) - timedelta(days=days)).isoformat()


def do_it(at=NOW):
    with acting_as_role("worker"):
        return keep_time(by=WORKER, at=at)


def as_web(action, **values):
    with acting_as_role("web"):
        return action(**values, at=NOW)


def opened(number, by=None):
    return as_web(open_record, number=number, purpose=WORRIED, by=by or viewer(), how=WITH_ME)


def found(surname):
    asked = Criteria(surname=surname, forename="Amina")
    return [card.number for card in as_web(search, criteria=asked, purpose=WORRIED, by=viewer()).cards]


def build_managers():
    for one, organisation, role in (
        (TEAM_ID, "la-353", "authority_team"),
        (DESK_ID, "contactpoint", "national_team"),
    ):
        sign_in(one)
        Membership.objects.create(account_id=one, organisation_id=organisation, role=role)


@pytest.fixture
def grown():
    """Amina, who turned 18 a while ago, and is held by two sources."""
    build_reference()
    build_managers()
    return build_child(
        amina(date_of_birth=years_ago(18)),
        amina(
            "childrens-services-353",
            date_of_birth=years_ago(18),
            involvements=[{"service": "send", "organisation": "la-353", "start_date": date(2020, 9, 1)}],
        ),
    )


def test_r47_at_eighteen_a_record_leaves_every_page_and_the_index(grown):
    assert SearchIdentity.objects.filter(child=grown).exists()
    done = do_it()
    assert done.figures == {"archived": {"turned_18": 1}}
    assert not SearchIdentity.objects.filter(child=grown).exists()
    assert found("Okafor") == []
    refusal = opened(grown)
    assert isinstance(refusal, Refusal)
    assert refusal.rules == ("R11",)
    assert rows_for_web(f"SELECT * FROM statements_shown('{grown}')") == []
    assert rows("SELECT bool_and(sealed) FROM source_record WHERE child_id = %s", grown) == [(True,)]
    (entry,) = Archived.objects.all()
    assert (entry.why, entry.authority) == ("turned_18", "353")
    assert entry.purge_on.year - entry.since.year == 6
    ((subjects,),) = rows("SELECT subjects FROM audit_body WHERE action = 'archived'")
    assert subjects == [grown]


@pytest.mark.parametrize(
    ("rule", "said", "why"),
    [
        ("R49", {"date_of_death": years_ago(1)}, "died"),
        ("R49", {"date_of_death": years_ago(0)}, None),
        ("R50", {"address_kind": "left_england", "address_from": years_ago(3)}, "left_england"),
        ("R50", {"address_kind": "left_returning", "address_from": years_ago(2)}, None),
        ("R50", {"address_kind": "left_for_good", "address_from": years_ago(2)}, "left_england"),
        ("R47", {"date_of_birth": years_ago(18)[:4]}, None),  # on the last day of that year, not before
        ("R47", {"date_of_birth": years_ago(19)[:4]}, "turned_18"),
        ("R47", {}, None),
    ],
)
def test_what_ends_a_record(rule, said, why):
    build_reference()
    number = build_child(amina(**said))
    do_it()
    assert [one.why for one in Archived.objects.filter(child=number)] == ([why] if why else []), rule


@pytest.mark.parametrize("hidden", [{"date_of_death": years_ago(3)}, {"address_kind": "left_for_good"}])
def test_what_a_shield_hides_moves_nothing(hidden):
    build_reference()
    number = build_child(amina(address_from=years_ago(5), **hidden), shielded=True)
    old = build_child(amina(date_of_birth=years_ago(18), surname="Quist"), shielded=True)
    assert do_it().figures == {"archived": {"turned_18": 1}}
    assert SearchIdentity.objects.filter(child=number).exists()
    assert not SearchIdentity.objects.filter(child=old).exists()
    assert opened(old).rules == ("R11",)
    (entry,) = Archived.objects.all()
    assert entry.authority == ""  # a hidden place, in the archive as before


def test_r47_whoever_all_sources_let_go_of_is_archived_by_what_they_said_last(tmp_path):
    grown_up(tmp_path)
    later = tmp_path / "later"
    later.mkdir()
    load(feed(later, "nhs-demographics", BEN, as_at="2014-11-22"), at=THEN.replace(year=2014))
    assert do_it().figures["archived"] == {"turned_18": 1}


def test_r16_with_their_own_consent_they_stay_and_are_found_until_they_take_it_back(grown):
    assert do_it().figures["archived"] == {"turned_18": 1}
    with acting_as_role("worker"):
        stays = agree_to_stay(number=grown, given_on=TODAY, by=WORKER, at=NOW)
    assert stays.until.year == date.fromisoformat(years_ago(18)).year + 25
    assert isinstance(opened(grown), OpenRecord)
    assert found("Okafor") == [grown]
    with acting_as_role("worker"), pytest.raises(Conflict):
        agree_to_stay(number=grown, given_on=TODAY, by=WORKER, at=NOW)
    with acting_as_role("worker"):
        withdraw_staying(number=grown, by=WORKER, at=NOW)
    assert opened(grown).rules == ("R11",)
    assert found("Okafor") == []
    RetentionRun.objects.all().delete()
    do_it()
    assert [one.why for one in Archived.objects.all()] == ["turned_18"]


def test_r16_a_consent_needs_a_day_that_has_come_and_a_birth_date():
    build_reference()
    number = build_child(amina(date_of_birth=""))
    for given in (TODAY + timedelta(days=1), TODAY):
        with acting_as_role("worker"), pytest.raises(InvalidInput):
            agree_to_stay(number=number, given_on=given, by=WORKER, at=NOW)
    assert as_web(agree_to_stay, number=number, given_on=TODAY, by=viewer()).rules == ("R1",)


def test_r50_whoever_comes_back_is_found_as_soon_as_a_source_says_so(tmp_path):
    build_sources()
    gone = {
        **BEN,
        "date_of_birth": years_ago(9),
        "address_kind": "left_for_good",
        "address_from": years_ago(3),
    }
    load(feed(tmp_path, "nhs-demographics", gone), at=NOW)
    number = child_of("nhs-demographics", "B1")
    assert do_it().figures["archived"] == {"left_england": 1}
    assert not SearchIdentity.objects.filter(child=number).exists()
    back = {**gone, "address": "1 New Street, Oldham", "address_kind": "home", "address_from": years_ago(0)}
    later = NOW + timedelta(minutes=5)
    load(feed(tmp_path, "nhs-demographics", back, as_at="2026-11-23"), at=later)
    assert SearchIdentity.objects.filter(child=number).exists()
    assert not Archived.objects.exists()
    assert rows("SELECT count(*) FROM audit_body WHERE action = 'came_back'") == [(1,)]
    assert rows("SELECT sealed FROM source_record WHERE child_id = %s", number) == [(False,)]


def test_r48_data_managers_of_the_authority_and_the_desk_read_the_first_year(grown):
    """Which is encrypted by the time the desk reads it (ADR 28)."""
    do_it()
    for one in (TEAM, DESK):
        if one is DESK:
            with acting_as_role("worker"):
                assert settle_at_rest() > 0
        shown = as_web(open_archived, number=grown, purpose=WORRIED, by=one)
        assert isinstance(shown, OpenRecord)
        assert [contact.service_code for contact in shown.contacts] == ["send"]
    assert {event.action for event in events_of(TEAM_ID)} >= {Action.OPENED_ARCHIVED, Action.OPENED_RECORD}
    assert as_web(open_archived, number=grown, purpose=WORRIED, by=viewer()).rules == ("R1",)


def test_r48_a_refuge_is_named_no_more_in_the_archive_when_it_is_encrypted(grown):
    """ADR 20: the database sees no more which organisation it hands on; whoever opens it leaves it out."""
    Organisation.objects.create(code="refuge", name="Alder House", kind="refuge", authority="353")
    at = {"organisation_id": "refuge", "practitioner": "Pat Low", "contact_phone": "0161 496 0777"}
    InvolvementRow.objects.filter(record__child_id=grown).update(**at)
    do_it()
    before = as_web(open_archived, number=grown, purpose=WORRIED, by=TEAM)
    with acting_as_role("worker"):
        assert settle_at_rest() > 0
    after = as_web(open_archived, number=grown, purpose=WORRIED, by=TEAM)
    assert after.contacts == before.contacts
    assert [one.organisation for one in after.contacts] == [NOT_SHOWN_NAME]
    assert not {"Alder House", "Pat Low", "0161 496 0777"} & set(repr(after).split("'"))


def test_r48_nobody_reads_it_later_or_elsewhere_and_the_answers_say_no_more_than_that(grown):
    archive_by_hand(grown, TODAY - timedelta(days=400))
    assert as_web(open_archived, number=grown, purpose=WORRIED, by=DESK).rules == ("R48",)
    Archived.objects.update(since=TODAY, purge_on=date(2040, 1, 1), authority="354")
    assert as_web(open_archived, number=grown, purpose=WORRIED, by=TEAM).rules == ("R48",)
    protected = build_child(amina(date_of_birth=years_ago(18), surname="Quist"), shielded=True)
    archive_by_hand(protected, TODAY)
    living = build_child(amina(surname="Ames"))
    answers = {
        as_web(open_archived, number=number, purpose=WORRIED, by=DESK)
        for number in (protected, living, "C000000102M", "nonsense")
    }
    assert len(answers) == 1


def test_r48_the_database_gives_it_to_nobody_who_is_not_written_down(grown):
    do_it()
    sign_in(KEISHA)
    for seeing in (UUID(int=5), UUID(int=0)):
        with acting_as_role("web"), pytest.raises(DatabaseError), transaction.atomic():
            archived_record(seeing, grown)
    with acting_as_role("web"):
        assert rows("SELECT * FROM in_archive(%s, %s)", KEISHA, grown) == []


def test_r34_to_whoever_a_child_is_kept_from_the_archive_says_nothing(grown):
    archive_by_hand(grown, TODAY)
    sign_in(TEAM_ID)
    asked = {"number": grown, "purpose": WORRIED, "by": TEAM}
    nobody = as_web(open_archived, **{**asked, "number": "C000000102M"})
    assert isinstance(as_web(open_archived, **asked), OpenRecord)
    Shield.objects.create(
        child_id=grown, ground="adoption", placed_at=NOW, placed_by="test", review_by=TODAY,
        authority="353", confirm_by=NOW, kept_from_id=TEAM_ID,
    )  # fmt: skip
    assert as_web(open_archived, **asked) == nobody
    with acting_as_role("web"):
        assert rows("SELECT * FROM in_archive(%s, %s)", TEAM_ID, grown) == []
        event = record(Action.OPENED_ARCHIVED, by=TEAM, at=timezone.now(), subjects=[grown])
        with pytest.raises(DatabaseError, match="may not read"), transaction.atomic():
            archived_record(event, grown)


def test_r48_afterwards_it_is_released_for_three_purposes_and_on_record(grown):
    archive_by_hand(grown, TODAY - timedelta(days=700))
    asked = {"because": ReleaseReason.CASE_REVIEW, "asked_by": "Oldham partnership", "reference": "CR-12"}
    with acting_as_role("worker"):
        given = release_archived(number=grown, by=WORKER, at=NOW, **asked)
        assert {one["surname"] for one in given.statements} == {"Okafor"}
        assert [one["service"] for one in given.contacts] != []
        with pytest.raises(InvalidInput):
            release_archived(number=grown, by=WORKER, at=NOW, **{**asked, "reference": " "})
        with pytest.raises(Conflict):
            release_archived(number=build_child(amina(surname="Ames")), by=WORKER, at=NOW, **asked)
    ((subjects,),) = rows("SELECT subjects FROM audit_body WHERE action = 'released_archived'")
    assert subjects == [grown]
    assert as_web(release_archived, number=grown, by=TEAM, **asked).rules == ("R1",)


def test_what_is_left_over_goes_in_its_time_and_not_before(settings, tmp_path):
    build_reference()
    settings.HOME = str(tmp_path)
    for folder in ("rejects", "inbox/done", "inbox/refused", "outbox"):
        (tmp_path / folder).mkdir(parents=True)
        for name, days in (("old", 31), ("new", 29)):
            path = tmp_path / folder / name
            path.write_text("x")
            os.utime(path, (NOW.timestamp() - days * 86400,) * 2)
    old, new = (NOW - timedelta(days=400)), NOW - timedelta(days=10)
    for place, at in enumerate((old, new)):
        held = Delivery.objects.create(
            source_id="births", as_at=at.date(), kind="full", sha256=f"{place}" * 64, file_name="f",
            state=("held", "published")[place], received_at=at,
        )  # fmt: skip
        Rejection.objects.create(delivery=held, line=1, field="x", reason="y")
        asked = {"desk": "353", "about": "child", "urgency": "today", "phone": "1", "asked_by_id": TEAM_ID}
        sign_in(TEAM_ID)
        ContactRequest.objects.create(
            child_id=build_child(amina(surname=f"Ames{place}")), asked_for_id="la-353", asked_at=at,
            answer_by=at, state="withdrawn", changed_at=at, **asked,
        )  # fmt: skip
    done = do_it()
    assert done.figures["let_go"] == {
        "staged": 1, "rejected": 1, "requests": 1, "rejected_files": 1, "delivered_files": 2, "mail": 1,
    }  # fmt: skip
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["new"] * 4
    assert Delivery.objects.filter(state="refused").count() == 1
    assert [row.changed_at for row in ContactRequest.objects.all()] == [new]


def test_a_day_that_has_not_come_is_for_dry_runs_alone():
    with acting_as_role("worker"), pytest.raises(InvalidInput, match="not come"):
        keep_time(by=WORKER, at=NOW + timedelta(days=1))


def test_a_day_is_done_once_and_the_worker_knows(grown):
    assert anything_to_end(TODAY)
    do_it()
    assert not anything_to_end(TODAY)
    assert anything_to_end(TODAY + timedelta(days=1))
