"""What is done aside: a process is started where something waits, and the worker goes on."""

import threading
from datetime import timedelta

import pytest

from contactpoint.worker import watch as watching
from contactpoint.worker.works import Work


@pytest.fixture
def started(monkeypatch):
    """The names of the works that were done; each process ends with the code at its place."""
    monkeypatch.setattr(watching, "close_old_connections", lambda: None)
    monkeypatch.setattr(watching.connection, "close", lambda: None)
    runs, codes = [], []

    def run(name, stop):
        runs.append(name)
        if len(runs) == len(codes):
            stop.set()
        return codes[len(runs) - 1]

    monkeypatch.setattr(watching, "_run", run)
    return runs, codes


def work(waits=lambda: True, pause=3.0):
    return Work(waits=waits, do=lambda: None, pause=timedelta(seconds=pause))


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

    watching.watch("some", work(waits, 0.001), stop=Patient(), first=0.001)
    assert (runs, len(asked)) == (["some"] * 2, 4)


def test_after_a_failure_it_waits_longer_and_no_less_than_between_two_questions(started):
    runs, codes = started
    codes += [1, 1, 0, 1]
    stop = Patient()
    watching.watch("some", work(), stop=stop, first=3.0)
    assert stop.waits == [3.0, 6.0, 12.0, 3.0, 6.0]
    runs.clear()
    slow = Patient()
    watching.watch("some", work(pause=1800.0), stop=slow, first=3.0)
    assert slow.waits == [3.0, 1800.0, 1800.0, 1800.0, 1800.0]
