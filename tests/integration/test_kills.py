"""Whatever is killed, at whatever moment: nothing accepted is lost or doubled, nobody sees a mixture.

CONTACTPOINT_KILL_SEED repeats a run; CONTACTPOINT_KILLS says how many of each sort `make test-slow` makes.
"""

import contextlib
import http.client
import os
import secrets
import signal
import threading
import time
from pathlib import Path

import psycopg
import pytest
from tests.harness.feeds import CHANGING, write_generation
from tests.harness.judge import faults, generations, picture
from tests.harness.killer import DELIVER, LINK, PUBLISH, SAY, SEAL, Killer
from tests.harness.place import CONTROL, place
from tests.harness.window import Window

from contactpoint.cli.postgres import free_port
from contactpoint.cli.processes import ProcessTree, answers

MANY = int(os.environ.get("CONTACTPOINT_KILLS", "120"))
SEED = int(os.environ.get("CONTACTPOINT_KILL_SEED", secrets.randbelow(10**6)))


class Reader(threading.Thread):
    """Reads one moment after another, all the time, and keeps every state it saw."""

    def __init__(self, at):
        super().__init__(daemon=True)
        self.place, self.stopping, self.seen, self.mixtures = at, threading.Event(), 0, []

    def run(self):
        while not self.stopping.is_set():
            with contextlib.suppress(psycopg.Error), self.place.sql() as connection:
                while not self.stopping.wait(0.005):
                    found = generations(connection)
                    self.seen += 1
                    if any(len(of_one) > 1 for of_one in found.values()):
                        self.mixtures.append(found)


@contextlib.contextmanager
def reading(at):
    reader = Reader(at)
    reader.start()
    try:
        yield reader
    finally:
        reader.stopping.set()
        reader.join()


@pytest.fixture
def here():
    with place() as made:
        yield made


@pytest.fixture
def killer(here, capsys):
    made = Killer(here, SEED)
    yield made
    with capsys.disabled():
        print(f"\n{made.report}")


def feeds(england, ending):
    return sorted(str(file) for file in (england / "feeds").glob(f"*{ending}.csv"))


def kill_a_runner(killer, runner, order, points, moment):
    """Let it begin, kill it or PostgreSQL somewhere on the way; say whether anything was killed."""
    point, victim = (
        killer.choose(*points),
        killer.random.choice(["command", "command", "backend", "postmaster"]),
    )
    began = time.monotonic()
    runner.begin(*order)
    killed = True
    with killer.wait_for(point, moment=moment, busy=lambda: runner.is_busy) as waiter:
        if not runner.is_busy:
            killed = False  # it had finished
        elif victim == "command":
            runner.process.kill()
        elif victim == "backend":
            killed = killer.kill_backend(waiter, user="worker")
        else:
            killer.kill_postmaster()
    answer = runner.answer()
    assert answer is None or "refused" not in answer, answer
    if killed:
        killer.count(f"{order[0]}: {victim}", point)
    killer.place.recover()
    return killed, answer, time.monotonic() - began


def judge(here):
    with here.sql() as connection:
        assert faults(connection) == []


def take_in(killer, files, points, moment, *, tries):
    """Take files in, killed on the way `tries` times, then once in peace."""
    runner = killer.place.runner()
    for _ in range(tries):
        _, answer, _ = kill_a_runner(killer, runner, ("load", files), points, moment)
        judge(killer.place)
        if answer is None:
            runner.end()
            runner = killer.place.runner()
    runner.do("load", files)
    runner.end()
    judge(killer.place)


def verify(here):
    runner = here.runner()
    runner.do("seal", 5000)
    runner.end()
    auditor = here.auditor()
    assert auditor.do("verify", str(here.directory.public_key)) == []
    auditor.end()


def never_killed(here, rounds):
    """Take the same files in, in the other database, and return what is there then."""
    runner = here.control_runner()
    for files in rounds:
        runner.do("load", files)
    runner.end()
    with here.sql(database=CONTROL) as connection:
        return picture(connection)


def run_loads(killer, *, loads, tries):
    here = killer.place
    rounds = [feeds(here.england, "_full")]
    take_in(killer, rounds[0], DELIVER + LINK + PUBLISH, 1.2, tries=tries)
    with reading(here) as reader:
        for number in range(1, loads + 1):
            rounds.append([str(file) for file in write_generation(here.england, number)])
            stage = killer.random.choice([DELIVER, LINK, PUBLISH, PUBLISH])
            take_in(killer, rounds[-1], stage, 0.5, tries=tries)
            with here.sql() as connection:
                assert generations(connection) == {source: {str(number)} for source in CHANGING}
    rounds.append(feeds(here.england, "_delta"))
    take_in(killer, rounds[-1], PUBLISH, 0.5, tries=1)
    assert reader.seen > 0
    assert reader.mixtures == []
    expected = never_killed(here, rounds)
    with here.sql() as connection:
        found = picture(connection)
    assert {what: found[what] == expected[what] for what in expected} == dict.fromkeys(expected, True)
    verify(here)


def run_seals(killer, *, seals):
    here = killer.place
    runner, wrote = here.runner(), 0
    for _ in range(seals):
        runner.do("events", 6)
        wrote += 6
        killed, answer, _ = kill_a_runner(killer, runner, ("seal", 2), SEAL, 0.06)
        if answer is None:
            runner.end()
            runner = here.runner()
        if killed:
            runner.do("seal", 2)
        judge(here)
    runner.end()
    verify(here)
    with here.sql() as connection:
        query = "SELECT count(*) FROM audit_leaf JOIN audit_body USING (event_id) WHERE action = 'delivered'"
        assert connection.execute(query).fetchone()[0] == wrote + 1  # and the reference files


class Served:
    """The product's own process tree, which has to keep itself up."""

    def __init__(self, here):
        self.tree, self.broke = ProcessTree(here.directory, port=free_port()), []
        self.tree.start()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self):
        try:
            while not self._stopping.wait(0.2):
                self.tree.look_after()
        except Exception as error:  # noqa: BLE001 - told to the test
            self.broke.append(error)

    def stop(self):
        self._stopping.set()
        self._thread.join()
        self.tree.stop()

    def pid(self, name):
        return next(child.process.pid for child in self.tree._children if child.name == name)

    def web_workers(self):
        master = self.pid("web server")
        return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]

    def wait(self):
        deadline = time.monotonic() + 60
        while not answers(f"{self.tree.address}/readyz"):
            assert self.broke == []
            assert time.monotonic() < deadline, "The pages did not come back by themselves."
            time.sleep(0.05)


def kill_for_a_form(killer, served, victim, waiter):
    """Kill one of those that stand between a press and its answer."""
    if victim == "web server":
        os.kill(served.pid("web server"), signal.SIGKILL)
    elif victim == "web worker":
        for pid in served.web_workers():
            os.kill(pid, signal.SIGKILL)
    elif victim == "worker":
        os.kill(served.pid("worker"), signal.SIGKILL)
    elif victim == "backend":
        return killer.kill_backend(waiter, user="web")
    else:
        killer.kill_postmaster()
    return True


VICTIMS = ("web server", "web worker", "web worker", "worker", "backend", "backend", "postmaster")
SAID = {"service": "school", "role": "Head of year", "lead": "no", "assessment": "no"}
SINCE = {"start-day": "1", "start-month": "9", "start-year": "2026"}


class Press(threading.Thread):
    """One press of "Record it"; its answer, or None where the line went dead."""

    def __init__(self, window, path, page):
        super().__init__(daemon=True)
        self._given, self.answer = (window, path, page), None
        self.start()

    def run(self):
        window, path, page = self._given
        with contextlib.suppress(OSError, http.client.HTTPException):
            fields = {"form_key": page.hidden("form_key")}
            self.answer = window.post(f"{path}working/check/", fields, page, patience=0)


def press_again(killer, window, path, page, phone):
    """What people do when no answer comes: press again, reload the page, or fill the form in once more."""
    how = killer.random.choice(["press", "reload", "fill in"])
    if how == "fill in":
        form = window.get(f"{path}working/")
        page = window.post(f"{path}working/", {**SAID, **SINCE, "phone": phone}, form)
    elif how == "reload":
        page = window.get(f"{path}working/check/")
    if page.title == "Check before you record it":
        return window.post(f"{path}working/check/", {"form_key": page.hidden("form_key")}, page)
    return page


def run_forms(killer, *, forms):
    here = killer.place
    runner = here.runner()
    runner.do("load", feeds(here.england, "_full"))
    runner.end()
    people = here.make_people()
    with here.sql() as connection:
        query = "SELECT number FROM child WHERE NOT shielded ORDER BY number LIMIT %s"
        numbers = [row[0] for row in connection.execute(query, [12]).fetchall()]
    served = Served(here)
    try:
        window = Window(served.tree.address)
        window.sign_in(people["amina"])
        paths = [window.open_record(number) for number in numbers]
        for form in range(forms):
            submit(killer, served, window, paths[form % len(paths)], f"0161 496 {form:04d}")
        served.wait()
        assert served.broke == []
    finally:
        served.stop()
    verify(here)


def submit(killer, served, window, path, phone):
    """Say that one works with a child, be cut off, press again; it stands there once, and one was told so."""
    form = window.get(f"{path}working/")
    page = window.post(f"{path}working/", {**SAID, **SINCE, "phone": phone}, form)
    assert page.title == "Check before you record it", page.title
    point, victim = killer.choose(*SAY), killer.random.choice(VICTIMS)
    press = Press(window, path, page)
    with killer.wait_for(point, moment=0.06, busy=press.is_alive) as waiter:
        if kill_for_a_form(killer, served, victim, waiter):
            killer.count(f"form: {victim}", point)
    press.join()
    served.wait()
    told = press.answer
    assert said(killer.place, phone) <= 1
    if told is None or told.status >= 500:
        told = press_again(killer, window, path, page, phone)
    assert told.title == "Recorded", (told.status, told.path, told.title)
    assert said(killer.place, phone) == 1
    judge(killer.place)


def said(here, phone):
    """How often a person has said it; sources name numbers of the same kind."""
    with here.sql() as connection:
        query = "SELECT count(*) FROM involvement WHERE contact_phone = %s AND typed_by_id IS NOT NULL"
        return connection.execute(query, [phone]).fetchone()[0]


def test_deliveries_survive_kills(killer):
    run_loads(killer, loads=5, tries=2)
    assert killer.kills.total() >= 8


def test_the_seal_survives_kills(killer):
    run_seals(killer, seals=8)
    assert killer.kills.total() >= 4


def test_what_people_say_survives_kills(killer):
    run_forms(killer, forms=8)
    assert killer.kills.total() >= 6


@pytest.mark.slow
def test_deliveries_survive_many_kills(killer):
    run_loads(killer, loads=MANY // 3, tries=3)
    assert killer.kills.total() >= MANY // 2


@pytest.mark.slow
def test_the_seal_survives_many_kills(killer):
    run_seals(killer, seals=MANY)
    assert killer.kills.total() >= MANY // 2


@pytest.mark.slow
def test_what_people_say_survives_many_kills(killer):
    run_forms(killer, forms=MANY)
    assert killer.kills.total() >= MANY // 2
