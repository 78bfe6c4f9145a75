"""The supervisor of the embedded PostgreSQL, against everything that can end a process."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from contactpoint.cli import postgres_files
from contactpoint.cli.postgres import Cluster, ServerFailed, port_is_free
from contactpoint.domain.errors import Misconfigured, NoRoom
from contactpoint.storage import room


@pytest.fixture
def home():
    """A folder PostgreSQL's user may reach, which pytest's own are not for root."""
    with tempfile.TemporaryDirectory(prefix="contactpoint-postgres-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "home"


@pytest.fixture
def cluster(home):
    made = Cluster(home)
    yield made
    made.start()  # whatever the test left, the next start copes with it
    made.stop()
    assert not made.is_running


def postmaster(cluster):
    return postgres_files.read_pid_file(cluster.home / "postgres" / "data").pid


def ask(cluster, query="SELECT 1"):
    with psycopg.connect(cluster.url("owner")) as connection:
        return connection.execute(query).fetchone()[0]


def in_a_process_killed_afterwards(home, *, throwaway=False):
    """Start the server in a process that is killed without a chance to tidy up."""
    script = (
        "import os, pathlib, sys; from contactpoint.cli.postgres import Cluster;"
        f"cluster = Cluster(pathlib.Path(sys.argv[1]), throwaway={throwaway}); cluster.start();"
        "os.kill(os.getpid(), 9)"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(home)], check=False)
    assert ended.returncode == -signal.SIGKILL


def test_it_starts_answers_to_its_password_and_stops(cluster):
    cluster.start()

    assert cluster.is_running
    assert ask(cluster, "SELECT current_user::text") == "contactpoint_owner"
    assert ask(cluster, "SHOW data_checksums") == "on"
    assert ask(cluster, "SHOW server_encoding") == "UTF8"
    assert ask(cluster, "SHOW fsync") == "on"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(cluster.url("owner"), password="guess")

    cluster.stop()
    assert not cluster.is_running


def test_its_secrets_are_for_its_owner_alone(cluster):
    cluster.start()

    for path in (cluster.home / "secrets").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((cluster.home / "secrets").stat().st_mode) == 0o700
    assert not list((cluster.home / "postgres").glob("*.password"))


def test_the_command_is_killed_and_the_next_adopts_its_server(home, cluster):
    in_a_process_killed_afterwards(home)
    left = postmaster(cluster)

    cluster.start()

    assert postmaster(cluster) == left
    assert ask(cluster) == 1


def test_the_postmaster_is_killed_too_and_no_row_is_lost(home, cluster):
    cluster.start()
    with psycopg.connect(cluster.url("owner"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
    os.kill(postmaster(cluster), signal.SIGKILL)
    cluster.stop()

    again = Cluster(home)
    again.start()

    assert ask(again, "SELECT count(*) FROM kept") == 1000
    again.stop()


def test_a_pid_file_that_names_a_stranger_does_not_stop_the_start(cluster):
    cluster.start()
    cluster.stop()
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    pid_file = cluster.home / "postgres" / "data" / "postmaster.pid"
    pid_file.write_text(f"{stranger.pid}\n{pid_file.parent}\n1\n1\n\n127.0.0.1\n", encoding="utf-8")

    cluster.start()

    assert ask(cluster) == 1
    stranger.kill()
    stranger.wait()


def test_a_pid_file_that_names_another_postgres_does_not_stop_the_start(home, cluster):
    """Neither is that one taken for ours, nor ended."""
    cluster.start()
    cluster.stop()
    other = Cluster(home.with_name("other"))
    other.start()
    named = (other.home / "postgres" / "data" / "postmaster.pid").read_text(encoding="utf-8")
    (cluster.home / "postgres" / "data" / "postmaster.pid").write_text(named, encoding="utf-8")

    assert not cluster.lives
    cluster.start()

    assert ask(cluster) == ask(other) == 1
    assert postmaster(cluster) != postmaster(other)
    other.stop()


def test_a_lock_that_is_still_held_is_tried_again_until_it_falls(cluster, monkeypatch):
    """As where there is no /proc: what a dead server left is PostgreSQL's to judge, and may fall late."""
    cluster.start()
    cluster.stop()
    user = postgres_files.server_user()
    person = {} if user is None else {"user": user.uid, "group": user.gid, "extra_groups": []}
    holder = subprocess.Popen(["sleep", "3"], cwd="/", **person)
    pid_file = cluster.home / "postgres" / "data" / "postmaster.pid"
    pid_file.write_text(f"{holder.pid}\n{pid_file.parent}\n1\n1\n\n127.0.0.1\n", encoding="utf-8")
    threading.Thread(target=holder.wait, daemon=True).start()  # a zombie would still count as alive
    monkeypatch.setattr(postgres_files, "end_orphans", lambda _data: None)

    cluster.start()

    assert ask(cluster) == 1
    assert 'lock file "postmaster.pid" already exists' in cluster.log.read_text(encoding="utf-8")


def test_two_starts_at_once_after_everything_was_killed_make_one_server(home, cluster):
    in_a_process_killed_afterwards(home)
    os.kill(postmaster(cluster), signal.SIGKILL)
    script = (
        "import pathlib, sys; from contactpoint.cli.postgres import Cluster;"
        "cluster = Cluster(pathlib.Path(sys.argv[1])); cluster.start();"
        "print((cluster.home / 'postgres/data/postmaster.pid').read_text().split()[0], flush=True);"
        "sys.stdin.read(); cluster.stop()"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [one.stdout.readline() for one in both]

    assert said[0] == said[1] != ""
    assert int(said[0]) == postmaster(cluster)
    for one in both:
        one.communicate()
    assert not cluster.is_running


def test_without_room_it_says_so_instead_of_showing_its_log(cluster, monkeypatch):
    def fail():
        raise ServerFailed("PostgreSQL did not start.")

    monkeypatch.setattr(cluster, "_launch", fail)
    with pytest.raises(ServerFailed):
        cluster.start()
    free = SimpleNamespace(free=room.ROOM - 1)
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: free)
    with pytest.raises(NoRoom, match="the database stands still until there is room"):
        cluster.start()
    monkeypatch.undo()


def test_a_half_made_data_folder_is_made_again(cluster):
    half = cluster.home / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    cluster.start()

    assert ask(cluster) == 1


def test_the_kept_port_is_taken_by_somebody_else(cluster):
    taken = cluster.url("owner").rsplit(":", 1)[1].split("/")[0]
    server = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import socket, time; s = socket.create_server(('127.0.0.1', {taken})); time.sleep(60)",
        ]
    )
    deadline = time.monotonic() + 20
    while port_is_free(int(taken)) and time.monotonic() < deadline:
        time.sleep(0.05)

    cluster.start()

    assert ask(cluster) == 1
    assert f":{taken}/" not in cluster.url("owner")
    server.kill()
    server.wait()


def test_two_commands_share_it_and_the_last_one_ends_it(home, cluster):
    cluster.start()
    second = Cluster(home)
    second.start()

    cluster.stop()
    assert second.is_running

    second.stop()
    assert not second.is_running


def test_two_first_starts_at_once_make_one_server(home):
    first, second = Cluster(home), Cluster(home)
    threads = [threading.Thread(target=one.start) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ask(first) == ask(second) == 1
    assert first.url("owner") == second.url("owner")
    first.stop()
    second.stop()
    assert not first.is_running


def test_a_throwaway_server_ends_with_its_process(home):
    in_a_process_killed_afterwards(home, throwaway=True)

    deadline = time.monotonic() + 20
    data = home / "postgres" / "data"
    while postgres_files.postmaster_lives(data) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not postgres_files.postmaster_lives(data)


@pytest.mark.parametrize("shut", ["parent", "grandparent"])
def test_root_is_told_when_postgres_cannot_reach_the_folder(shut, tmp_path):
    nobody = postgres_files.ServerUser(name="nobody", uid=os.getuid(), gid=os.getgid())
    folder = tmp_path / "a" / "b" / "postgres"
    folder.parent.mkdir(parents=True)
    {"parent": folder.parent, "grandparent": folder.parent.parent}[shut].chmod(0o700)

    with pytest.raises(Misconfigured, match="CONTACTPOINT_HOME"):
        postgres_files.prepare_folder(folder, nobody)


def test_what_a_statement_fails_on_is_not_logged(cluster):
    cluster.start()
    with psycopg.connect(cluster.url("owner")) as connection:
        connection.execute("CREATE TEMP TABLE child (name text PRIMARY KEY CHECK (name <> 'Quilligan'))")
        for forename in ("Quilligan", "Thistlewood", "Thistlewood"):
            try:
                with connection.transaction():
                    connection.execute("INSERT INTO child VALUES (%s)", [forename])
            except psycopg.IntegrityError:
                continue
        with pytest.raises(psycopg.DataError, match="Thistlewood"), connection.transaction():
            connection.execute("SELECT %s::integer", ["Thistlewood"])
    said = cluster.log.read_text(encoding="utf-8")
    assert "ready to accept connections" in said
    assert "Quilligan" not in said
    assert "Thistlewood" not in said
