"""A directory in a folder of its own, and processes at work in it that may be killed."""

import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg

from contactpoint.cli.directory import Directory
from contactpoint.cli.filling import England, _make_accounts, make_england
from contactpoint.cli.home import CHECKOUT, make_home, open_to_all
from contactpoint.cli.sign_ins import SignIn, make_sign_ins

SMALL: Final = England(children=300, authorities="1", seed=7)
PATIENCE: Final = 60
CONTROL: Final = "control"


class Runner:
    """A warm process that takes files in or seals; it may be killed, and is then replaced."""

    def __init__(self, environment: dict[str, str]) -> None:
        path = os.pathsep.join([str(CHECKOUT / "src"), str(CHECKOUT)])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.harness.runner"],
            env=environment | {"PYTHONPATH": path, "PYTHONWARNINGS": "ignore"},
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self._warm = False

    def begin(self, *order: Any) -> None:
        """Give an order and do not wait for its answer."""
        if not self._warm:
            assert self.answer(), "The process did not start."
            self._warm = True
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def answer(self, *, patience: float = PATIENCE) -> dict[str, Any] | None:
        """The answer; None if the process was killed first."""
        assert select.select([self.process.stdout], [], [], patience)[0], "No answer came."
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def do(self, *order: Any) -> Any:
        """Give an order and return what was done; anything else fails the test."""
        self.begin(*order)
        answer = self.answer()
        assert answer is not None, order
        assert "done" in answer, (order, answer)
        return answer["done"]

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return not select.select([self.process.stdout], [], [], 0)[0]

    def end(self) -> None:
        """Kill it, if it lives, and clear it away."""
        self.process.kill()
        self.process.wait()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()


class Place:
    """A directory with a small England whose files nobody has taken in yet.

    Args:
        home: the data folder.
        durable: write through to the disk, as the product does. What a killed process has written the kernel
            keeps, so that kills alone show nothing by it, and every start after one takes longer.
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.durable = durable
        self.home = make_home(home)
        self.england = make_england(home / "england", SMALL)
        self.directory = Directory(self.home)
        self._spare: list[Runner] = []
        self._started: list[Runner] = []

    def start(self) -> None:
        """PostgreSQL, tables, sources; and a second database that no kill will ever touch half-way."""
        self.directory.__enter__()
        with self.sql("superuser") as connection:
            connection.execute(f"ALTER SYSTEM SET fsync = {'on' if self.durable else 'off'}")
            connection.execute("SELECT pg_reload_conf()")
            query = "SELECT FROM pg_database WHERE datname = %s"
            if connection.execute(query, [CONTROL]).fetchone() is not None:
                return
        runner = self.runner()
        runner.do("reference", str(self.england))
        runner.end()
        with self.sql("superuser") as connection:
            connection.execute(f"CREATE DATABASE {CONTROL} TEMPLATE contactpoint")

    def make_people(self) -> dict[str, SignIn]:
        """Accounts to sign in with, by the first part of their address."""
        made = make_sign_ins(self.home, self.england / "organisations.csv")
        _make_accounts(self.directory)
        return {one.email.partition("@")[0]: one for one in made}

    def recover(self) -> None:
        """What every start does first: adopt PostgreSQL where it lives, else start it."""
        self.directory.cluster.start()

    def runner(self) -> Runner:
        """A warm process; the next one warms up meanwhile."""
        environment = self.directory.environment("worker")
        while len(self._spare) < 2:
            self._spare.append(self._run(environment))
        return self._spare.pop(0)

    def control_runner(self) -> Runner:
        """A process on the other database."""
        environment = self.directory.environment("worker")
        url = environment["DATABASE_URL"].rpartition("/")[0] + f"/{CONTROL}"
        return self._run(environment | {"DATABASE_URL": url, "CONTACTPOINT_AUDIT_DIR": ""})

    def auditor(self) -> Runner:
        """A process that may read the audit and nothing else; it verifies."""
        environment = self.directory.environment("auditor")
        return self._run(environment | {"CONTACTPOINT_AUDIT_DIR": str(self.directory.audit_dir)})

    def _run(self, environment: dict[str, str]) -> Runner:
        self._started.append(Runner(environment))
        return self._started[-1]

    @contextlib.contextmanager
    def sql(self, role="superuser", *, database="contactpoint") -> Iterator[psycopg.Connection]:
        """A connection of the harness's own; it may be killed with the server."""
        connection = self._connect(role, database)
        try:
            yield connection
        finally:
            with contextlib.suppress(psycopg.Error):
                connection.close()

    def _connect(self, role: str, database: str) -> psycopg.Connection:
        """Sign in; a server that was just killed may be starting again."""
        deadline = time.monotonic() + PATIENCE
        while True:
            url = self.directory.cluster.url(role).rpartition("/")[0] + f"/{database}"
            try:
                return psycopg.connect(url, autocommit=True)
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def end(self) -> None:
        """End what was started."""
        for runner in self._started:
            runner.end()
        self._started, self._spare = [], []
        self.directory.__exit__(None, None, None)


@contextlib.contextmanager
def place(*, durable: bool = True, like: Path | None = None) -> Iterator[Place]:
    """A place in a temporary folder that PostgreSQL's user can reach, perhaps like one that has ended."""
    usual = Path(tempfile.gettempdir())
    reachable = "/var/tmp" if os.geteuid() == 0 and not open_to_all(usual) else None
    folder = Path(tempfile.mkdtemp(prefix="contactpoint-kills-", dir=reachable))
    folder.chmod(0o711)
    if like is not None:
        subprocess.run(
            ["cp", "--archive", str(like), str(folder / "home")], check=True
        )  # each file its owner's
    made = Place(folder / "home", durable=durable)
    try:
        made.start()
        yield made
    finally:
        made.end()
        shutil.rmtree(folder)
