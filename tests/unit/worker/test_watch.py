"""What is done aside: a process is started where something waits, and the worker goes on."""

import threading

import pytest

from contactpoint.worker import watch as watching


@pytest.fixture
def started(monkeypatch):
    """The names of the modules that were run; each ends with the code at its place."""
    monkeypatch.setattr(watching, "close_old_connections", lambda: None)
    monkeypatch.setattr(watching.connection, "close", lambda: None)
    runs, codes = [], []

    def run(module, stop):
        runs.append(module)
        if len(runs) == len(codes):
            stop.set()
        return codes[len(runs) - 1]

    monkeypatch.setattr(watching, "_run", run)
    return runs, codes


class Patient(threading.Event):
    """An event that notes how long it was waited for and never waits."""

    def __init__(self):
        super().__init__()
        self.waits = []

    def wait(self, timeout=None):
        self.waits.append(timeout)
        return self.is_set()


def test_a_process_is_started_only_where_something_waits(started):
    runs, codes = started
    codes += [0, 0]
    asked = []

    def waits():
        asked.append(len(asked))
        return len(asked) % 2 == 0

    watching.watch(waits, "some.module", stop=Patient(), pause=0.001)
    assert (runs, len(asked)) == (["some.module"] * 2, 4)


def test_after_a_failure_it_waits_longer_and_no_less_than_between_two_questions(started):
    runs, codes = started
    codes += [1, 1, 0, 1]
    stop = Patient()
    watching.watch(lambda: True, "some.module", stop=stop, pause=3.0)
    assert stop.waits == [3.0, 6.0, 12.0, 3.0, 6.0]
    runs.clear()
    slow = Patient()
    watching.watch(lambda: True, "some.module", stop=slow, pause=1800.0, first=3.0)
    assert slow.waits == [3.0, 1800.0, 1800.0, 1800.0, 1800.0]
