"""The worker's loop: it goes on after failures, and does its work once more when told to end."""

import threading
from datetime import UTC, datetime, timedelta

from contactpoint.pipelines.seal import Sealed
from contactpoint.worker import loop


def test_it_goes_on_after_a_failure_and_works_once_more_at_the_end(monkeypatch):
    monkeypatch.setattr(loop, "close_old_connections", lambda: None)
    stop, calls = threading.Event(), []

    def work():
        calls.append(len(calls))
        if len(calls) == 1:
            raise OSError("the disk is full")
        if len(calls) == 2:
            stop.set()
        return Sealed(numbered=1, size=len(calls))

    loop.repeat(work, stop=stop, pause=0.001)

    assert calls == [0, 1, 2]


def test_after_failures_it_waits_longer_each_time_up_to_a_minute(monkeypatch):
    monkeypatch.setattr(loop, "close_old_connections", lambda: None)
    waits = []

    class Patient(threading.Event):
        def wait(self, timeout=None):
            waits.append(timeout)
            if len(waits) == 7:
                self.set()
            return self.is_set()

    def fail():
        raise OSError("no database")

    loop.repeat(fail, stop=Patient(), pause=2.0)

    assert waits == [4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]


def test_tidying_is_done_at_once_then_when_due_and_a_failure_stops_nothing():
    done = []

    def tidy(at):
        done.append(at)
        raise OSError

    when_due = loop.every(timedelta(minutes=10), tidy)
    start = datetime(2026, 11, 22, tzinfo=UTC)
    for minutes in (0, 5, 10, 11, 21):
        when_due(start + timedelta(minutes=minutes))
    assert [int((at - start).total_seconds()) // 60 for at in done] == [0, 10, 21]
