"""Whatever is killed, at whatever moment: nothing accepted is lost or doubled, nobody sees a mixture.

CONTACTPOINT_KILL_SEED repeats a run; CONTACTPOINT_KILLS says how many `make test-slow` tries.
"""

import contextlib
import http.client
import os
import secrets
import shutil
import threading
import time
from pathlib import Path

import psycopg
import pytest
from tests.harness.feeds import CHANGING, write_generation
from tests.harness.judge import faults, generations, picture
from tests.harness.killer import ARRIVE, DELIVER, LINK, PUBLISH, ROTATE, SAY, SEAL, Killer
from tests.harness.place import CONTROL, place
from tests.harness.reader import reading
from tests.harness.served import VICTIMS, Served
from tests.harness.window import Window

MANY = int(os.environ.get("CONTACTPOINT_KILLS", "360"))
SEED = int(os.environ.get("CONTACTPOINT_KILL_SEED", secrets.randbelow(10**6)))
PATIENCE = 150

# Whom a load by command meets, and the seal; and whom a file in the watch folder does.
WORKING = ("command", "backend", "postmaster")
TAKING_IN = (*VICTIMS, "taking in")
LOADING = {"deliver": DELIVER, "link": LINK, "publish": PUBLISH}
ARRIVING = {"arrive": ARRIVE, "link": LINK, "publish": PUBLISH}


@pytest.fixture(scope="module")
def fresh():
    """A place that was made once and has ended, for each test to begin with one like it."""
    with place(durable=False) as made:
        made.end()
        yield made


@pytest.fixture
def here(request, fresh):
    durable = request.node.get_closest_marker("slow") is not None
    with place(durable=durable, like=fresh.home) as made:
        yield made


@pytest.fixture
def killer(here, record_property):
    made = Killer(here, SEED)
    yield made
    record_property("kills", made.report)


def feeds(england, ending):
    return sorted(str(file) for file in (england / "feeds").glob(f"*{ending}.csv"))


def kill_a_runner(killer, runner, what, order, points, moment):
    """Let it begin, kill it or PostgreSQL somewhere on the way; say whether anything was killed."""
    point, victim = killer.deal(f"{what} point", points), killer.deal(f"{what} victim", WORKING)
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
        killer.count(what, victim, point)
    else:
        killer.return_to(f"{what} victim", victim)
    killer.place.recover()
    return killed, answer


def judge(here):
    with here.sql() as connection:
        assert faults(connection) == []


def take_in(killer, files, stage, moment, *, tries):
    """Take files in, killed on the way `tries` times, then once in peace."""
    runner = killer.place.runner()
    for _ in range(tries):
        answer = kill_a_runner(killer, runner, stage, ("load", files), LOADING[stage], moment)[1]
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


def same_as_never_killed(here, rounds):
    """Take the same files in, in the other database, and hold one against the other."""
    runner = here.control_runner()
    for files in rounds:
        runner.do("load", files)
    runner.end()
    with here.sql(database=CONTROL) as connection:
        expected = picture(connection)
    with here.sql() as connection:
        found = picture(connection)
    assert {what: found[what] == expected[what] for what in expected} == dict.fromkeys(expected, True)


def is_generation(here, number):
    with here.sql() as connection:
        assert generations(connection) == {source: {str(number)} for source in CHANGING}


def nobody_saw_a_mixture(reader):
    assert reader.seen > 0
    assert reader.mixtures == []


def run_loads(killer, *, loads, tries):
    """Load by the command: the first of everything, then generations of two sources, then the deltas."""
    here = killer.place
    rounds = [feeds(here.england, "_full")]
    take_in(killer, rounds[0], "publish", 0.5, tries=1)
    with reading(here) as reader:
        for number in range(1, loads + 1):
            rounds.append([str(file) for file in write_generation(here.england, number)])
            stage = killer.deal("stage", ["publish", "deliver", "publish", "link"])
            take_in(killer, rounds[-1], stage, 0.3, tries=tries)
            is_generation(here, number)
    rounds.append(feeds(here.england, "_delta"))
    take_in(killer, rounds[-1], "publish", 0.3, tries=1)
    nobody_saw_a_mixture(reader)
    same_as_never_killed(here, rounds)
    verify(here)


def run_seals(killer, *, kills):
    """Seal a few events, two at a time, killed on the way; sealing that ended sooner is tried again."""
    here = killer.place
    runner, wrote, before = here.runner(), 0, killer.kills.total()
    while killer.kills.total() < before + kills:
        runner.do("events", 6)
        wrote += 6
        assert wrote < 60 * kills, "Hardly anything was killed."
        killed, answer = kill_a_runner(killer, runner, "seal", ("seal", 2), SEAL, 0.03)
        if answer is None:
            runner.end()
            runner = here.runner()
        if killed:
            runner.do("seal", 2)
        judge(here)
    runner.end()
    verify(here)
    with here.sql() as connection:
        query = "SELECT count(*) FROM audit_leaf JOIN audit_body USING (event_id) WHERE body LIKE %s"
        assert connection.execute(query, [b'%"harness":true%']).fetchone()[0] == wrote


def run_rotations(killer, *, kills):
    """Change the key of what is sealed, killed on the way; whatever was begun is ended by the next one."""
    here = killer.place
    with here.sql() as connection:
        query = "SELECT number FROM child WHERE number < 'C5' AND NOT shielded ORDER BY 1"
        numbers = [row[0] for row in connection.execute(query).fetchall()]
    runner, before = here.runner(), killer.kills.total()
    runner.do("shield", numbers)
    for _ in range(5 * kills):
        if killer.kills.total() == before + kills:
            break
        if kill_a_runner(killer, runner, "rotate", ("rotate",), ROTATE, 0.2)[1] is None:
            runner.end()
            runner = here.runner()
        judge(here)
        newest = runner.do("rotate")
        assert is_under(here, newest)
    runner.end()
    verify(here)


def is_under(here, newest):
    """Whether every sealed row is under that key, which is in the file with every one before it."""
    with here.sql() as connection:
        query = """
            SELECT v.sealed_with FROM record_version v WHERE v.sealed
            UNION SELECT m.sealed_with FROM match_identity m JOIN source_record r ON r.id = m.record_id
            WHERE r.sealed"""
        found = connection.execute(query).fetchall()
        changes = connection.execute("SELECT count(*) FROM audit_body WHERE action = 'rotated_seal_key'")
        assert changes.fetchone()[0] == newest - 1
    lines = here.directory.seal_key.read_text().splitlines()
    assert [int(line.split()[0]) for line in lines] == list(range(1, newest + 1))
    return found == [(newest,)]


def put(here, files):
    """Move files into the watch folder, each in one step, as if they had lain there for a while."""
    inbox = here.home / "inbox"
    inbox.mkdir(exist_ok=True)
    for age, file in enumerate(reversed(files), start=10):
        hidden = inbox / f".{Path(file).name}"
        shutil.copyfile(file, hidden)
        os.utime(hidden, (time.time() - age,) * 2)
        hidden.rename(inbox / hidden.name[1:])


def waits(here):
    """Whether a file lies in the watch folder, or is on its way."""
    if any(path.is_file() for path in (here.home / "inbox").iterdir()):
        return True
    with contextlib.suppress(psycopg.OperationalError), here.sql() as connection:
        query = "SELECT EXISTS (SELECT FROM feed_file WHERE state IN ('waiting', 'taking_in'))"
        return connection.execute(query).fetchone()[0]
    return True  # nobody knows: the server went just now


def wait_until_taken_in(here, served):
    deadline = time.monotonic() + PATIENCE
    while waits(here):
        assert served.broke == []
        assert time.monotonic() < deadline, "What lay in the watch folder was not taken in."
        time.sleep(0.1)


def arrive(killer, served, files):
    """Put files into the watch folder, kill somebody while they are taken in, and wait."""
    here = killer.place
    stage = killer.deal("arriving", ["publish", "arrive", "publish", "link"])
    point, victim = killer.deal(f"{stage} point", ARRIVING[stage]), killer.deal("taking in", TAKING_IN)
    put(here, files)
    with killer.wait_for(point, moment=0.3, busy=lambda: waits(here)) as waiter:
        if waits(here) and served.kill(killer, victim, waiter, role="worker"):
            killer.count(f"watch folder, {stage}", victim, point)
        else:
            killer.return_to("taking in", victim)
    served.wait()  # it recovers alone
    wait_until_taken_in(here, served)
    judge(here)


def run_inbox(killer, served, *, loads):
    """Load through the watch folder of a served directory."""
    here = killer.place
    rounds = [feeds(here.england, "_full")]
    with reading(here) as reader:
        for number in range(1, loads + 1):
            rounds.append([str(file) for file in write_generation(here.england, number)])
            arrive(killer, served, rounds[-1])
            is_generation(here, number)
    nobody_saw_a_mixture(reader)
    same_as_never_killed(here, rounds)
    with here.sql() as connection:
        states = connection.execute("SELECT state, count(*) FROM feed_file GROUP BY 1").fetchall()
    assert states == [("taken_in", loads * len(CHANGING))]
    assert list((here.home / "inbox" / "refused").iterdir()) == []


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
    how = killer.deal("again", ["press", "reload", "fill in"])
    if how == "fill in":
        form = window.get(f"{path}working/")
        page = window.post(f"{path}working/", {**SAID, **SINCE, "phone": phone}, form)
    elif how == "reload":
        page = window.get(f"{path}working/check/")
    if page.title == "Check before you record it":
        return window.post(f"{path}working/check/", {"form_key": page.hidden("form_key")}, page)
    return page


def run_forms(killer, served, *, forms):
    here = killer.place
    people = here.make_people()
    with here.sql() as connection:
        query = "SELECT number FROM child WHERE NOT shielded ORDER BY number LIMIT %s"
        numbers = [row[0] for row in connection.execute(query, [forms]).fetchall()]
    assert len(numbers) == forms, "of one child it is said once"
    window = Window(served.tree.address)
    window.sign_in(people["amina"])
    for form, number in enumerate(numbers):
        submit(killer, served, window, window.open_record(number), f"0161 496 {form:04d}")
    served.wait()


def submit(killer, served, window, path, phone):
    """Say that one works with a child, be cut off, press again; it stands there once, and one was told so."""
    form = window.get(f"{path}working/")
    page = window.post(f"{path}working/", {**SAID, **SINCE, "phone": phone}, form)
    assert page.title == "Check before you record it", page.text
    point, victim = killer.deal("form point", SAY), killer.deal("form victim", VICTIMS)
    press = Press(window, path, page)
    with killer.wait_for(point, moment=0.06, busy=press.is_alive) as waiter:
        if served.kill(killer, victim, waiter, role="web"):
            killer.count("form", victim, point)
        else:
            killer.return_to("form victim", victim)
    press.join()
    served.wait()
    told = press.answer
    assert said(killer.place, phone) <= 1
    if told is None or told.status >= 500:
        told = press_again(killer, window, path, page, phone)
    assert told.title == "Recorded", (told.status, told.path, told.text)
    assert said(killer.place, phone) == 1
    judge(killer.place)


def said(here, phone):
    """How often a person has said it; sources name numbers of the same kind."""
    with here.sql() as connection:
        query = "SELECT count(*) FROM involvement WHERE contact_phone = %s AND typed_by_id IS NOT NULL"
        return connection.execute(query, [phone]).fetchone()[0]


def run_served(killer, *, loads, forms):
    """The directory as it is served: files come by the watch folder, then people press buttons."""
    here = killer.place
    runner = here.runner()
    runner.do("load", feeds(here.england, "_full"))
    runner.end()
    served = Served(here)
    try:
        run_inbox(killer, served, loads=loads)
        run_forms(killer, served, forms=forms)
        assert served.broke == []
    finally:
        served.stop()
    verify(here)


def test_deliveries_and_the_seal_survive_kills(killer):
    run_loads(killer, loads=4, tries=2)
    run_seals(killer, kills=10)
    assert killer.kills.total() >= 16
    run_rotations(killer, kills=4)
    assert killer.never_killed("publish", WORKING) == killer.never_killed("seal", WORKING) == set()


def test_what_is_served_survives_kills(killer):
    run_served(killer, loads=2, forms=7)
    assert killer.kills.total() >= 7
    assert killer.never_killed("form", VICTIMS) == set()


@pytest.mark.slow
def test_deliveries_and_the_seal_survive_many_kills(killer):
    run_loads(killer, loads=MANY // 9, tries=3)
    run_seals(killer, kills=MANY // 4)
    assert killer.kills.total() >= MANY // 2
    run_rotations(killer, kills=MANY // 9)
    for what in (*LOADING, "seal", "rotate"):
        assert killer.never_killed(what, WORKING) == set()


@pytest.mark.slow
def test_what_is_served_survives_many_kills(killer):
    run_served(killer, loads=MANY // 9, forms=MANY // 6)
    assert killer.kills.total() >= MANY * 2 // 9
    assert killer.never_killed("watch folder, publish", VICTIMS) == set()
    assert killer.never_killed("form", VICTIMS) == set()
