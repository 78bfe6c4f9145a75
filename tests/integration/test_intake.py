"""Files that are uploaded or put into the watch folder are taken in, or refused with words that help."""

import gzip
from datetime import date
from types import SimpleNamespace

import psycopg
import pytest
from django.db import OperationalError
from tests.factories.directory import acting_as_role
from tests.factories.feeds import AMINA, feed_text
from tests.factories.supply import BEN, LATER, LOADER, NOW, build_sources, feed, load, rows
from tests.factories.viewers import viewer
from tests.factories.watch_folder import put, run

from contactpoint.actions.run.feeds import decide, pause, resume
from contactpoint.actions.run.feeds import feed as see_feed
from contactpoint.actions.run.upload_feed import upload_feed
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import DeliveryRefused, NoRoom, NotFound
from contactpoint.pipelines import intake
from contactpoint.pipelines.deliver import deliver
from contactpoint.pipelines.inbox import anything_to_do
from contactpoint.storage import room, staging
from contactpoint.storage.models import Account, Delivery, FeedFile, RejectsFile
from contactpoint.supply.places import safe_name

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(db, tmp_path, settings):
    build_sources()
    settings.HOME = str(tmp_path / "home")
    inbox = tmp_path / "home" / "inbox"
    (inbox / "uploaded").mkdir(parents=True)
    return inbox


@pytest.fixture
def dev(db):
    """Somebody of the team of Oldham."""
    account = Account.objects.create_user("dev@example.org", None, name="Dev Patel")
    return viewer(account_id=account.id, role=Role.AUTHORITY_TEAM, organisation_code="la-353")


BIRTHS = feed_text("births", AMINA, BEN)
NAMED = "births_2026-11-22_full.csv"


def test_a_file_in_the_watch_folder_is_published_and_moved_with_a_sentence_beside_it(home):
    put(home, NAMED, BIRTHS)
    assert anything_to_do(home)
    assert run(home) == 1
    assert rows("SELECT count(*) FROM child") == [(2,)]
    assert sorted(path.name for path in (home / "done").iterdir()) == [NAMED, f"{NAMED}.txt"]
    assert (home / "done" / f"{NAMED}.txt").read_text() == (
        "2 of 2 rows accepted; 2 records are new or changed.\n"
    )
    assert list((home / "uploaded").iterdir()) == []
    assert not anything_to_do(home)


def test_a_file_that_is_still_being_written_or_hidden_is_left_alone(home):
    (home / NAMED).write_text(BIRTHS)
    put(home, f".{NAMED}", BIRTHS)
    put(home, f"{NAMED}.part", BIRTHS)
    assert run(home) == 0
    assert len(list(home.iterdir())) == 6  # the three files and three folders


def test_a_packed_file_is_taken_in(home):
    put(home, f"{NAMED}.gz", gzip.compress(BIRTHS.encode()))
    run(home)
    assert FeedFile.objects.get().state == "taken_in"
    assert rows("SELECT count(*) FROM child") == [(2,)]


def test_two_files_of_one_source_are_published_one_after_the_other(home):
    put(home, "births_2026-11-20_full.csv", BIRTHS)
    put(home, "births_2026-11-21_delta.csv", feed_text("births", {**AMINA, "postcode": "OL2 5AA"}))
    assert run(home) == 2
    assert rows("SELECT count(*) FROM delivery WHERE state = 'published'") == [(2,)]


def test_a_file_that_ends_the_process_is_refused_in_the_end_and_the_rest_is_taken_in(home, monkeypatch):
    poison = "child-health_2026-11-22_full.csv"
    put(home, poison, feed_text("child_health", AMINA))
    real = intake.deliver

    def fragile(path, **given):
        if path.name == poison:
            raise MemoryError
        return real(path, **given)

    monkeypatch.setattr(intake, "deliver", fragile)
    for _ in range(intake.MOST_TRIES):
        with pytest.raises(MemoryError):
            run(home)
    put(home, NAMED, BIRTHS)
    assert run(home) == 2
    assert "ended the process 3 times" in FeedFile.objects.get(file_name=poison).sentence
    assert rows("SELECT count(*) FROM child") == [(2,)]


@pytest.mark.parametrize("trouble", ["no room for its rows", "no room to begin", "no database"])
def test_a_full_disk_or_a_database_that_is_away_is_no_fault_of_the_file(home, monkeypatch, trouble):
    """However often it was tried meanwhile, it is taken in once there is room."""
    put(home, NAMED, BIRTHS)
    (home.parent / "postgres").mkdir()

    def fail(*_given, **_named):
        if trouble == "no database":
            raise OperationalError("away") from psycopg.OperationalError("connection refused")
        raise OperationalError("full") from psycopg.errors.DiskFull("could not extend file")

    with monkeypatch.context() as patch:
        if trouble == "no room to begin":
            patch.setattr(room.shutil, "disk_usage", lambda _: SimpleNamespace(free=room.ROOM))
        else:
            patch.setattr(staging, "stage", fail)
        for _ in range(intake.MOST_TRIES + 2):
            with pytest.raises(NoRoom if trouble == "no room to begin" else OperationalError):
                run(home)
        waits = FeedFile.objects.get()
        assert (waits.state, waits.tries) == ("waiting", 0)
        assert waits.step == ("" if trouble == "no database" else "Waits: the disk is full")
    assert run(home) == 1
    assert FeedFile.objects.get().state == "taken_in"
    assert rows("SELECT count(*) FROM child") == [(2,)]


def test_a_load_that_would_fill_the_disk_is_refused_before_it_begins(home, tmp_path, monkeypatch):
    path = feed(tmp_path, "births", AMINA)
    (home.parent / "postgres").mkdir()
    free = [room.ROOM + 10 * path.stat().st_size - 1]
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: SimpleNamespace(free=free[0]))
    with acting_as_role("worker"), pytest.raises(NoRoom) as refusal:
        deliver(path, source="births", by=LOADER, at=NOW)
    assert str(refusal.value) == (
        "The disk is full, so nothing of this was done. Ask whoever runs ContactPoint to make room on it, "
        "then do the same again."
    )
    assert Delivery.objects.count() == 0
    free[0] += 1
    with acting_as_role("worker"):
        assert deliver(path, source="births", by=LOADER, at=NOW).state == "staged"


def test_what_was_staged_when_the_process_ended_is_published_by_the_next(home, monkeypatch):
    put(home, NAMED, BIRTHS)

    def killed(**_given):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(intake, "link", killed)
        with pytest.raises(KeyboardInterrupt):
            run(home)
    assert FeedFile.objects.get().state == "taking_in"
    assert run(home) == 1
    assert FeedFile.objects.get().sentence == "2 of 2 rows accepted; 2 records are new or changed."
    assert rows("SELECT count(*) FROM child") == [(2,)]


def upload(dev, home, tmp_path, name=NAMED, code="births", text=BIRTHS, **given):
    received = tmp_path / "received"
    received.write_text(text)
    with acting_as_role("web"):
        return upload_feed(
            code=code,
            received=received,
            inbox=home / "uploaded",
            file_name=name,
            as_at=given.get("as_at"),
            kind=given.get("kind"),
            by=dev,
            at=NOW,
        )


def test_an_upload_is_only_written_down_and_the_worker_takes_it_in(home, dev, tmp_path):
    upload(dev, home, tmp_path)
    assert rows("SELECT state, came_by FROM feed_file") == [("waiting", "page")]
    assert rows("SELECT count(*) FROM delivery") == [(0,)]
    run(home)
    assert rows("SELECT state FROM feed_file") == [("taken_in",)]
    assert rows("SELECT count(*) FROM child") == [(2,)]
    assert list((home / "uploaded").iterdir()) == []
    assert not (home / "done").exists() or list((home / "done").iterdir()) == []


def test_an_upload_may_say_what_its_name_does_not(home, dev, tmp_path):
    upload(dev, home, tmp_path, name="export.csv", as_at=date(2026, 11, 21), kind="delta")
    run(home)
    assert rows("SELECT as_at, kind, state FROM delivery") == [(date(2026, 11, 21), "delta", "published")]


def test_a_feed_of_another_authority_is_refused_and_nothing_is_kept(home, dev, tmp_path):
    assert isinstance(upload(dev, home, tmp_path, code="nhs-demographics"), Refusal)
    assert list((home / "uploaded").iterdir()) == []
    assert rows("SELECT count(*) FROM feed_file") == [(0,)]


def test_a_paused_source_is_refused_with_the_reason_until_it_is_resumed(home, dev):
    with acting_as_role("web"):
        pause(code="births", because="The register office moves house", by=dev, at=NOW)
        pause(code="births", because="Twice", by=dev, at=NOW)
    put(home, NAMED, BIRTHS)
    run(home)
    assert "has been paused since 22 November 2026 (The register office moves house)" in (
        FeedFile.objects.get().sentence
    )
    with acting_as_role("web"):
        resume(code="births", by=dev, at=NOW)
    put(home, NAMED, BIRTHS)
    run(home)
    assert rows("SELECT count(*) FROM child") == [(2,)]
    assert rows("SELECT action FROM audit_body WHERE right(action, 7) = '_source' ORDER BY 1") == [
        ("paused_source",), ("resumed_source",),
    ]  # fmt: skip


def held(home):
    """A delivery that would withdraw Ben."""
    load(feed(home, "births", AMINA, BEN, as_at="2026-11-01"))
    put(home, NAMED, feed_text("births", AMINA))
    run(home)
    return Delivery.objects.get(state="held")


def test_a_held_delivery_says_what_it_would_withdraw_and_goes_on_when_somebody_says_so(home, dev):
    one = held(home)
    assert (one.records_before, one.records_leaving) == (2, 1)
    with acting_as_role("web"):
        decide(code="births", delivery=one.pk, let_go_on=True, by=dev, at=NOW)
        with pytest.raises(NotFound):
            decide(code="births", delivery=one.pk, let_go_on=False, by=dev, at=NOW)
    assert anything_to_do(home)
    run(home, at=LATER)
    assert rows("SELECT state FROM delivery ORDER BY id") == [("published",), ("published",)]
    assert rows("SELECT count(*) FROM source_record WHERE withdrawn_at IS NOT NULL") == [(1,)]
    assert not anything_to_do(home)


def test_a_held_delivery_that_is_refused_changes_nothing_and_its_file_is_refused_again(home, dev):
    one = held(home)
    with acting_as_role("web"):
        decide(code="births", delivery=one.pk, let_go_on=False, by=dev, at=NOW)
    run(home)
    one.refresh_from_db()
    assert one.state == "refused"
    assert rows("SELECT count(*) FROM source_record WHERE withdrawn_at IS NOT NULL") == [(0,)]
    assert rows("SELECT count(*) FROM staged_record") == [(0,)]
    put(home, NAMED, feed_text("births", AMINA))
    run(home)
    assert "somebody decided not to let it go on" in FeedFile.objects.latest("id").sentence


WRONG = {"sex": "secret"}
HIDDEN = {
    **AMINA,
    "local_id": "H1",
    "forename": "Tamsin",
    "surname": "Ashworth",
    "date_of_birth": "2015-02-03",
    "address": "7 Hidden Row",
    "nhs_number": "9000000009",
}


def team_rows(delivery):
    kept = RejectsFile.objects.filter(delivery_id=delivery).first()
    return kept.rows if kept else 0


@pytest.mark.parametrize("shielded", [True, False], ids=["shielded", "not shielded"])
def test_rejected_rows_near_a_shield_are_in_no_file_and_no_count(home, tmp_path, settings, shielded):
    """R21, R27. What a page can count is the sum, which does not move."""
    restricted = {**HIDDEN, "restricted": "Y"} if shielded else HIDDEN
    load(feed(tmp_path, "nhs-demographics", AMINA, restricted, as_at="2026-11-01"))
    path = feed(
        tmp_path,
        "births",
        {**HIDDEN, **WRONG},
        {
            **AMINA,
            **WRONG,
            "local_id": "A9",
            "date_of_birth": "2011-01-01",
            "forename": "Zoe",
            "surname": "Quill",
        },
        BEN,
    )
    with acting_as_role("worker"):
        report = deliver(path, source="births", by=LOADER, at=NOW)
    assert report.rejected == 2, "whoever runs the directory has them all"
    one = Delivery.objects.get(pk=report.delivery)
    shown = 1 if shielded else 2
    assert (one.rows_read, one.rows_accepted, one.rows_rejected) == (3, 3 - shown, shown)
    assert team_rows(one.pk) == shown
    text = (tmp_path / "home" / "rejects" / f"delivery-{one.pk}.csv").read_text(encoding="utf-8-sig")
    assert "Quill" in text
    assert ("Ashworth" in text) is not shielded


def test_a_row_that_tries_to_mark_a_child_as_restricted_and_is_rejected_stays_away_from_pages(home, tmp_path):
    path = feed(tmp_path, "nhs-demographics", {**HIDDEN, "restricted": "yes"}, AMINA)
    with acting_as_role("worker"):
        report = deliver(path, source="nhs-demographics", by=LOADER, at=NOW)
    assert report.rejected == 1
    assert rows("SELECT rows_accepted, rows_rejected FROM delivery") == [(2, 0)]
    assert not RejectsFile.objects.exists()


def test_formulas_come_back_disarmed(home, tmp_path):
    path = feed(tmp_path, "births", {**AMINA, **WRONG, "surname": "=HYPERLINK(1)"}, BEN)
    with acting_as_role("worker"):
        report = deliver(path, source="births", by=LOADER, at=NOW)
    text = (tmp_path / "home" / "rejects" / f"delivery-{report.delivery}.csv").read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK(1)" in text


def test_the_page_role_reads_a_feed_and_can_load_nothing(home, dev):
    with acting_as_role("web"):
        assert see_feed(code="births", by=dev, at=NOW).line.name == "Birth registrations"
    for table in ("delivery", "staged_record"):
        assert rows(
            "SELECT has_table_privilege('contactpoint_web', %s, 'INSERT, UPDATE, DELETE')", table
        ) == [(False,)]
    assert rows(
        "SELECT has_column_privilege('contactpoint_web', 'feed_file', 'state', 'INSERT, UPDATE')"
    ) == [(False,)]


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\a b;rm -rf.csv", "a_b_rm_-rf.csv"),
        ("\x00.csv", "csv"),
        ("", "file.csv"),
        ("a" * 300 + ".csv", "a" * 116 + ".csv"),
    ],
)
def test_names_are_made_safe(given, safe):
    assert safe_name(given) == safe


def test_a_delivery_larger_than_the_setting_is_refused(home, tmp_path, settings):
    settings.DELIVERY_LIMIT = 100
    with acting_as_role("worker"), pytest.raises(DeliveryRefused, match="larger than 100 bytes"):
        deliver(feed(tmp_path, "births", AMINA), source="births", by=LOADER, at=NOW)
