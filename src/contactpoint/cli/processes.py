"""The process tree: PostgreSQL, the web server, the worker, and whoever watches over them."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from contactpoint.cli.directory import Directory
from contactpoint.cli.lifelines import die_with_parent
from contactpoint.cli.logs import log_tail, open_log
from contactpoint.cli.postgres import ServerFailed
from contactpoint.domain.errors import Conflict, ContactPointError, NoRoom
from contactpoint.storage.room import has_room

READY_PATIENCE: Final = 60  # seconds until the pages must answer
STOP_PATIENCE: Final = 20  # seconds for requests under way
SHORT_LIFE: Final = 10  # seconds: a process that ends sooner than this ended at once
MOST_RESTARTS: Final = 3  # times in a row that a process may end at once


class ProcessFailed(ContactPointError):
    """A process of the tree would not start, or would not stay up; the message holds the end of its log."""


class Stopped(Exception):
    """Ctrl-C, or a polite request to end."""


@dataclass(kw_only=True)
class Child:
    """One process that is started again when it ends by itself."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    short_lives: int = 0

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches it through us, in order."""
        with open_log(self.log) as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - see lifelines
            )
        self.started = time.monotonic()

    def keep_up(self) -> None:
        """Start it again if it ended.

        Raises:
            ProcessFailed: it has ended at once too often.
        """
        if self.process is None or self.process.poll() is None:
            return
        if time.monotonic() - self.started >= SHORT_LIFE:
            self.short_lives = 0
        elif self.process.returncode != -signal.SIGKILL:  # who was killed from outside did not end by itself
            self.short_lives += 1
        if self.short_lives >= MOST_RESTARTS:
            raise ProcessFailed(f"The {self.name} keeps ending.\n{log_tail(self.log)}")
        self.start()

    def stop(self) -> None:
        """Ask it to end, wait, insist."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None


class ProcessTree:
    """The web server and the worker of one directory, on one port of loopback."""

    def __init__(self, directory: Directory, *, port: int) -> None:
        self._directory = directory
        self.address = f"http://localhost:{port}"
        self._children = [
            Child(
                name="worker",
                command=worker_command(),
                environment=directory.environment("worker"),
                log=directory.home / "worker.log",
            ),
            Child(
                name="web server",
                command=web_command(port),
                environment=directory.environment("web", port=port),
                log=directory.home / "web.log",
            ),
        ]
        self._note = directory.home / "processes.json"

    def start(self) -> None:
        """End what a killed command left, start both, and wait until the pages answer.

        Raises:
            ProcessFailed: one of them does not come up.
        """
        end_leftovers(self._note)
        for child in self._children:
            child.start()
        self._write_note()
        self._wait_until_ready()

    def watch(self) -> NoReturn:
        """Keep everything up, PostgreSQL too, until an exception ends it; a full disk is waited out."""
        while True:
            time.sleep(1)
            had_room = has_room(self._directory.home)  # there may be room again when it has failed
            try:
                self.look_after()
            except (OSError, ServerFailed, NoRoom):
                if had_room and has_room(self._directory.home):
                    raise

    def look_after(self) -> None:
        """Start again whatever has ended, PostgreSQL first.

        Raises:
            ProcessFailed: one of the processes has ended at once too often.
            ServerFailed: PostgreSQL does not come up.
            NoRoom: likewise, because the disk is full.
            OSError: a file cannot be written.
        """
        if not self._directory.cluster.lives:
            self._directory.cluster.start()
        for child in self._children:
            child.keep_up()
        self._write_note()

    def stop(self) -> None:
        """End the pages first and the worker last, so that it seals what they did."""
        for child in reversed(self._children):
            child.stop()
        self._note.unlink(missing_ok=True)

    def _write_note(self) -> None:
        running = [child.process.pid for child in self._children if child.process is not None]
        note = {"address": self.address, "processes": {str(pid): birth(pid) for pid in running}}
        new = self._note.with_suffix(".new")
        new.write_text(json.dumps(note), encoding="ascii")
        new.replace(self._note)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_PATIENCE
        while time.monotonic() < deadline:
            for child in self._children:
                if child.process is not None and child.process.poll() is not None:
                    raise ProcessFailed(f"The {child.name} did not start.\n{log_tail(child.log)}")
            if answers(f"{self.address}/readyz"):
                return
            time.sleep(0.1)
        raise ProcessFailed(f"The pages do not answer.\n{log_tail(self._children[-1].log)}")


def web_command(port: int) -> list[str]:
    """Gunicorn: two processes, so that one slow request does not stop the rest."""
    options = ["--workers", "2", "--threads", "4", "--graceful-timeout", "10", "--no-control-socket"]
    return [
        *(sys.executable, "-P", "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"),
        *options,
        "contactpoint.config.wsgi:application",
    ]


def worker_command() -> list[str]:
    """The worker, in a process of its own because it holds other keys."""
    return [sys.executable, "-P", "-m", "contactpoint.worker"]


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[None]:
    """One process tree per data folder.

    Raises:
        Conflict: another command serves it already.
    """
    with (home / "serving").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict("Another command serves this data folder already.") from None
        yield


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Inside, Ctrl-C, SIGTERM and a closed terminal raise Stopped; once raised, more of them are ignored."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        for one in signals:
            signal.signal(one, signal.SIG_IGN)
        raise Stopped

    before: dict[signal.Signals, Callable[[int, FrameType | None], object] | int | None]
    before = {one: signal.signal(one, stop) for one in signals}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def served_at(home: Path) -> str | None:
    """Where a data folder is being served: its address, if the processes noted there live and answer."""
    try:
        note = json.loads((home / "processes.json").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    alive = all(birth(int(pid)) == born for pid, born in note["processes"].items())
    address = str(note["address"])
    return address if alive and answers(f"{address}/readyz") else None


def answers(address: str) -> bool:
    """Whether a page is there and well."""
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 - our own loopback address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def birth(pid: int) -> str | None:
    """When a process began, so that its number is not mistaken for a later one's; None if it has ended."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return None
        found = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return found.stdout.strip() or None
    return None if after_name[0] == "Z" else after_name[19]


def end_leftovers(note: Path) -> None:
    """End processes that a killed command left: Linux ends them with it, other systems do not."""
    with contextlib.suppress(FileNotFoundError):
        noted = json.loads(note.read_text(encoding="ascii"))["processes"]
        left = {int(pid): born for pid, born in noted.items()}
        deadline = time.monotonic() + STOP_PATIENCE
        while left := {pid: born for pid, born in left.items() if born is not None and birth(pid) == born}:
            how = signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, how)
            time.sleep(0.2)
        note.unlink(missing_ok=True)
