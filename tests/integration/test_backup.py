"""Backup, restore and upgrade, rehearsed with the command itself on data of the first release."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from pathlib import Path

import psycopg
import pytest
from tests.fixtures.make_release import BEGAN

from contactpoint.cli.backup import back_up, count_rows, prepare_target
from contactpoint.cli.directory import Directory
from contactpoint.cli.doctor_keys import seal_key_finding
from contactpoint.cli.manifest import Manifest
from contactpoint.cli.place import RESTORING, home_place
from contactpoint.cli.postgres import Cluster
from contactpoint.cli.restore import restore_here
from contactpoint.domain.errors import Conflict, InvalidInput, Misconfigured, NotFound

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
FIRST, SECOND = FIXTURES / "first-release.tar.xz", FIXTURES / "second-release.tar.xz"
AN_EVENT = "INSERT INTO audit_event (id, commitment) VALUES (%s, %s)"


def command(home, *arguments, **outside):
    """Run `contactpoint` on a data folder; it must find no database but its own, or the one given."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    source = str(Path(__file__).resolve().parents[2] / "src")
    return subprocess.run(
        [sys.executable, "-m", "contactpoint", *map(str, arguments)],
        env=environment | {"CONTACTPOINT_HOME": str(home), "PYTHONPATH": source} | outside,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def place():
    """A folder PostgreSQL's user may pass through, with the first release's backup in it."""
    with tempfile.TemporaryDirectory(prefix="contactpoint-backup-") as folder:
        Path(folder).chmod(0o711)
        unpack(FIRST, folder)
        yield Path(folder)


def unpack(fixture, folder):
    with tarfile.open(fixture) as archive:
        # Debian 12's own Python, 3.11.2, has no filters yet.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder)


@pytest.fixture(scope="module")
def home(place):
    """The first release's data, restored by the command into an empty folder and brought up to date."""
    done = command(place / "home", "restore", place / "backup")
    assert done.returncode == 0, done.stderr
    assert "as many as were backed up" in done.stdout
    return place / "home"


@pytest.fixture(scope="module")
def directory(home):
    with Directory(home) as opened:
        yield opened


@pytest.fixture
def damaged(place, tmp_path):
    copy = tmp_path / "backup"
    shutil.copytree(place / "backup", copy)
    return copy


@pytest.fixture
def refused(monkeypatch, tmp_path):
    """Restores a backup that must be refused, and looks that nothing was made."""
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("CONTACTPOINT_HOME", str(tmp_path / "never"))

    def restore(folder, kind, words, **options):
        with pytest.raises(kind, match=words):
            restore_here(folder, **{"secrets": None, "published": None, **options})
        assert not (tmp_path / "never").exists()

    return restore


def tables(url):
    with psycopg.connect(url) as connection:
        return count_rows(connection)


def test_what_was_restored_verifies_and_begins_with_the_log_an_outsider_kept(place, home):
    kept = place / "backup" / "audit" / "checkpoints" / "20.note"

    done = command(home, "audit", "verify", "--since", kept)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Entries verified: 56" in done.stdout
    published = command(
        home, "audit", "verify", "--dir", home / "audit", "--key", home / "secrets" / "audit.key.pub"
    )
    assert published.returncode == 0, published.stdout + published.stderr


def test_an_earlier_releases_data_have_every_row_and_are_up_to_date(place, directory):
    backed_up = Manifest.read(place / "backup")
    there = tables(directory.cluster.url("owner"))

    for table in ("child", "source_record", "record_version", "involvement", "link", "audit_body", "shield"):
        assert there[table] == backed_up.rows[table], table
    assert there["child"] > 100
    with psycopg.connect(directory.cluster.url("web")) as web:
        assert web.execute("SELECT count(*) FROM search_identity").fetchone()[0] > 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("SELECT count(*) FROM match_identity")


def test_a_backup_from_before_a_new_sealing_key_is_restored_with_the_line_it_was_made_under(place, directory):
    with psycopg.connect(directory.cluster.url("owner")) as owner:
        row = owner.execute("SELECT child_id FROM match_identity WHERE facts ? 'address' LIMIT 1").fetchone()
        owner.execute("UPDATE child SET shielded = true WHERE number = %s", row)
    manifests = []
    for because in ("a year is over", "another one is"):
        done = command(directory.home, "seal", "rotate-key", "--because", because)
        assert done.returncode == 0, done.stderr
        target = place / f"sealed {len(manifests)}"
        prepare_target(target)
        manifests.append(back_up(home_place(directory.home, directory.cluster), target, with_secrets=False))
    assert [sorted(one.keys) for one in manifests] == [
        ["audit.key", "django.key", "pair.key", *(f"seal.key {line}" for line in range(1, number + 1))]
        for number in (2, 3)
    ], "events stay under the key that they were written with, so every line is needed"
    with psycopg.connect(directory.cluster.url("owner")) as owner:
        facts = "SELECT DISTINCT sealed_with, facts ? 'address' FROM match_identity WHERE child_id = %s"
        assert owner.execute(facts, row).fetchall() == [(3, False)]

    again = command(
        place / "with-old-line", "restore", place / "sealed 0", "--secrets", directory.home / "secrets"
    )

    assert again.returncode == 0, again.stderr
    with Directory(place / "with-old-line") as opened, psycopg.connect(opened.cluster.url("owner")) as owner:
        found = seal_key_finding(owner, opened.seal_key)
    assert (found.state, found.found) == ("ok", "key 2 is in force")


def test_a_backup_is_of_one_moment_though_others_write_and_holds_what_is_hidden(place, directory):
    owner = directory.cluster.url("owner")
    stop, written = threading.Event(), []
    with psycopg.connect(owner) as connection:
        hidden = connection.execute(
            "SELECT child_id FROM source_record WHERE child_id IS NOT NULL"
        ).fetchone()
        connection.execute("UPDATE child SET shielded = true WHERE number = %s", hidden)

    def write():
        with psycopg.connect(owner) as connection:
            while not stop.is_set():
                with connection.transaction():
                    event = os.urandom(16).hex()
                    connection.execute(AN_EVENT, [event, os.urandom(32)])
                    connection.execute(
                        "INSERT INTO audit_body (event_id, occurred_at, action, outcome, subjects, body,"
                        " salt) VALUES (%s, now(), 'test', 'allowed', '{}', 'x', %s)",
                        [event, os.urandom(32)],
                    )
                    written.append(event)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        target = place / "while-serving"
        prepare_target(target)
        manifest = back_up(home_place(directory.home, directory.cluster), target, with_secrets=False)
    finally:
        stop.set()
        writer.join()

    assert written
    assert manifest.rows["audit_event"] == manifest.rows["audit_body"]
    assert not (target / "secrets").exists()
    other = place / "again"
    without = command(other, "restore", target)
    assert without.returncode == 2
    assert "audit.key, django.key, pair.key" in without.stderr
    assert not other.exists()
    dump = place / "hidden.sql"
    read_dump(target, dump)
    sealed = dump.read_text(encoding="utf-8").count(f"\t{hidden[0]}\t")
    assert sealed > 0, "a shielded child's records are in the backup"


def read_dump(target, dump):
    from contactpoint.cli import postgres_files

    program = postgres_files.binaries(Path("/"), None) / "pg_restore"
    table = ["--data-only", "--table=source_record", f"--file={dump}"]
    subprocess.run([program, *table, target / "database.dump"], check=True)


def test_a_backup_never_overwrites(place, home, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me")
    (tmp_path / "file").write_text("keep me")

    assert command(home, "backup", tmp_path / "mine").returncode == 3
    assert command(home, "backup", tmp_path / "file").returncode == 2
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_a_killed_backup_is_never_taken_for_a_whole_one(home, directory, refused, tmp_path):
    target = tmp_path / "killed"
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    running = subprocess.Popen(
        [sys.executable, "-m", "contactpoint", "backup", str(target)],
        env=environment
        | {"CONTACTPOINT_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        stdout=subprocess.DEVNULL,
    )
    while not (target / "database.dump").exists():
        assert running.poll() is None
        time.sleep(0.001)
    running.kill()
    running.wait()

    refused(target, NotFound, "not a whole backup")
    with pytest.raises(Conflict, match="cut short"):
        prepare_target(target)


def test_what_is_damaged_is_refused_before_anything_is_made(damaged, refused):
    dump = damaged / "database.dump"
    whole = dump.read_bytes()
    dump.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    refused(damaged, Conflict, "database.dump was altered")

    dump.unlink()
    refused(damaged, Conflict, "database.dump is missing")

    dump.write_bytes(whole)
    (damaged / "audit" / "more.bin").write_bytes(b"x")
    refused(damaged, Conflict, "audit/more.bin is none of its files")


def test_an_altered_manifest_is_refused(damaged, refused):
    path = damaged / "manifest.json"
    path.write_text(path.read_text().replace('"child": 1', '"child": 2'))
    refused(damaged, InvalidInput, "its own checksum")

    path.write_text(path.read_text()[:-50])
    refused(damaged, InvalidInput, "cannot be read")


def rewritten(folder, **changes):
    """Another manifest of the same files, as a later release or a wrong count would write it."""
    kept = Manifest.read(folder)
    fields = {name: getattr(kept, name) for name in kept.__dataclass_fields__}
    Manifest(**{**fields, **changes}).write(folder)


def test_data_of_a_later_release_are_refused(damaged, refused):
    rewritten(damaged, migrations=["storage.0001_initial", "storage.9999_of_the_future"])
    refused(damaged, Conflict, "later release .*9999_of_the_future")


def test_other_keys_than_those_of_the_data_are_refused(damaged, refused, place, tmp_path):
    (tmp_path / "other").mkdir()
    for name in ("audit.key", "django.key", "pair.key"):
        shutil.copy(damaged / "secrets" / name, tmp_path / "other")
    (tmp_path / "other" / "pair.key").write_text("5e" * 32)
    refused(damaged, InvalidInput, "not the ones of this backup: pair.key", secrets=tmp_path / "other")


def test_a_backup_behind_the_published_log_is_refused(damaged, refused, place):
    rewritten(damaged, audit_size=40)
    refused(damaged, Conflict, "two histories", published=place / "backup" / "audit")


def test_rows_that_did_not_come_back_are_noticed_and_the_folder_is_not_used(damaged, place):
    rows = {**Manifest.read(damaged).rows}
    rows["child"] += 1
    rewritten(damaged, rows=rows)
    short = place / "short"

    done = command(short, "restore", damaged)

    assert done.returncode == 1
    assert "child: " in done.stderr
    with pytest.raises(Misconfigured, match="not done"):
        Directory(short)
    assert command(short, "backup", place / "of-a-half").returncode == 2
    again = command(short, "restore", place / "backup")
    assert again.returncode == 0, again.stderr
    assert "Beginning again" in again.stdout
    assert not (short / RESTORING).exists()


def test_a_restore_never_overwrites(place, home, directory):
    before = tables(directory.cluster.url("owner"))

    done = command(home, "restore", place / "backup")

    assert done.returncode == 3
    assert "never overwrites" in done.stderr
    assert tables(directory.cluster.url("owner")) == before


@pytest.fixture
def older(place):
    """The first release's data without its sessions' table, as if a later release had brought that."""
    home = place / "older"
    assert command(home, "restore", place / "backup").returncode == 0
    cluster = Cluster(home)
    cluster.start()
    with psycopg.connect(cluster.url("owner")) as connection:
        connection.execute("DROP TABLE django_session")
        connection.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    yield cluster
    cluster.stop()


def test_an_upgrade_says_what_changes_and_backs_up_first_and_a_later_release_is_refused(older):
    done = command(older.home, "upgrade")

    assert done.returncode == 0, done.stderr
    assert "sessions.0001_initial: Create model Session" in done.stdout
    (made,) = (older.home / "backups").iterdir()
    assert "django_session" not in Manifest.read(made).rows
    assert "django_session" in tables(older.url("owner"))
    with psycopg.connect(older.url("owner")) as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('storage', '9999_later', now())"
        )
    refused = command(older.home, "upgrade")
    assert refused.returncode == 3
    assert "storage.9999_later" in refused.stderr
    assert list((older.home / "backups").iterdir()) == [made], "nothing was changed, so nothing backed up"


def test_a_database_of_somebody_elses_is_restored_upgraded_and_backed_up(place, directory, tmp_path):
    owner = directory.cluster.url("owner")
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("CREATE DATABASE elsewhere")
    keys = place / "backup" / "secrets"
    shutil.copy(keys / "audit.key", tmp_path)
    settings = {
        "DATABASE_URL": owner.rpartition("/")[0] + "/elsewhere",
        "CONTACTPOINT_SECRET_KEY": (keys / "django.key").read_text(),
        "CONTACTPOINT_PAIR_KEY": (keys / "pair.key").read_text(),
        "CONTACTPOINT_AUDIT_KEY": str(tmp_path / "audit.key"),
        "CONTACTPOINT_SEAL_KEY": str(tmp_path / "seal.key"),
        "CONTACTPOINT_AUDIT_DIR": str(tmp_path / "audit"),
    }
    home = tmp_path / "home"

    wrong = command(home, "restore", place / "backup", **settings | {"CONTACTPOINT_PAIR_KEY": "5e" * 32})
    assert wrong.returncode == 2
    for steps in (["restore", place / "backup"], ["upgrade", "--backups", tmp_path / "before"]):
        done = command(home, *steps, **settings)
        assert done.returncode == 0, done.stdout + done.stderr
    again = command(home, "restore", place / "backup", **settings)
    assert again.returncode == 3
    assert "never overwrites" in again.stderr
    made = command(home, "backup", tmp_path / "made", **settings)
    assert made.returncode == 0, made.stderr
    rows = Manifest.read(tmp_path / "made").rows
    assert rows["source_record"] == Manifest.read(place / "backup").rows["source_record"]

    found = json.loads(command(home, "doctor", "--json", **settings).stdout)
    wrong_in_it = {one["check"] for one in found["findings"] if one["state"] == "wrong"}
    assert wrong_in_it <= {"port", "disk", "memory"}, found


SAID_THEN = """
    SELECT practitioner_role, right(contact_phone, 4), assessment, end_date IS NULL,
        held_from::date - %(began)s::date, held_until::date - %(began)s::date
    FROM own_word_version WHERE involvement_id = (
        SELECT i.id FROM involvement i WHERE typed_by_id IS NOT NULL ORDER BY i.id OFFSET %(place)s LIMIT 1)
    ORDER BY id
"""
TOLD_NOW = """
    SELECT right(phone, 4), held_from::date - %(began)s::date FROM involvements_shown_before((
        SELECT r.child_id FROM involvement i JOIN source_record r ON r.id = i.record_id
        WHERE typed_by_id IS NOT NULL ORDER BY i.id LIMIT 1))
    WHERE typed AND practitioner = 'Keisha Barrow' ORDER BY held_from
"""


def test_what_practitioners_corrected_under_the_release_before_has_its_history(place):
    """As tests/fixtures/make_release.py let them work; what was said before it was confirmed is not told."""
    unpack(SECOND, place / "second")
    home = place / "worked"
    assert command(home, "restore", place / "second" / "backup").returncode == 0
    with Directory(home) as opened, psycopg.connect(opened.cluster.url("owner")) as owner:
        stood = [owner.execute(SAID_THEN, {"began": BEGAN, "place": place}).fetchall() for place in range(4)]
        told = owner.execute(TOLD_NOW, {"began": BEGAN}).fetchall()
    assert stood == [
        [
            ("Nurse", "0101", False, True, 0, 1),
            ("School nurse", "0102", True, True, 1, 3),
            ("Matron", "0103", True, True, 3, 4),
            ("Matron", "0104", True, True, 4, 8),
            ("Matron", "0104", True, False, 8, None),
        ],
        [("Nurse", "0101", False, True, 5, None)],
        [
            ("Nurse", "0101", False, True, 9, 10),
            ("Nobody yet", "0105", True, True, 10, 13),
            ("Nobody yet", "0105", True, False, 13, None),
        ],
        [("School nurse", "0101", True, True, 13, None)],
    ]
    assert told == [("0102", 2), ("0103", 3), ("0104", 4), ("0104", 8)]
    done = command(home, "audit", "verify", "--since", place / "second/backup/audit/checkpoints/20.note")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_fixtures_are_small():
    assert FIRST.stat().st_size + SECOND.stat().st_size < 400_000
