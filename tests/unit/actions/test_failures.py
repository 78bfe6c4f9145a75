"""A full disk and a database that is away are told apart from faults of ours."""

import errno
from types import SimpleNamespace

import psycopg
import pytest
from django.db import OperationalError

from contactpoint.actions.failures import known_failure
from contactpoint.cli.messages import exit_code
from contactpoint.domain.errors import InvalidInput, NoRoom, Unavailable
from contactpoint.storage import room


def caused(error, cause):
    error.__cause__ = cause
    return error


FULL = psycopg.errors.DiskFull("could not extend file")


@pytest.mark.parametrize(
    "error",
    [
        FULL,
        caused(OperationalError("could not extend file"), FULL),
        caused(RuntimeError("rejects"), OSError(errno.ENOSPC, "No space left on device")),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
    ],
    ids=["PostgreSQL", "through Django", "a file", "a quota"],
)
def test_a_full_disk(error):
    known = known_failure(error)
    assert isinstance(known, NoRoom)
    assert "make room" in str(known)
    assert exit_code(known) == 1


@pytest.mark.parametrize(
    "error",
    [
        psycopg.OperationalError("connection refused"),
        psycopg.errors.AdminShutdown("terminating connection"),
        psycopg.errors.CannotConnectNow("the database system is starting up"),
        caused(
            OperationalError("consuming input failed"), psycopg.OperationalError("consuming input failed")
        ),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_database_that_is_away(error):
    assert isinstance(known_failure(error), Unavailable)


def test_a_text_that_no_server_can_be_given_is_the_senders_fault_and_one_that_it_refuses_is_ours():
    sent = psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    assert isinstance(known_failure(sent), InvalidInput)
    assert known_failure(psycopg.errors.NumericValueOutOfRange("integer out of range")) is None


def test_a_database_that_is_away_because_its_disk_is_full(settings, tmp_path, monkeypatch):
    settings.HOME = str(tmp_path)
    (tmp_path / "postgres").mkdir()
    free = [room.ROOM - 1]
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: SimpleNamespace(free=free[0]))
    away = psycopg.OperationalError("connection refused")
    known = known_failure(away)
    assert isinstance(known, NoRoom)
    assert str(known) == (
        "The disk is full, and the database stands still until there is room. Ask whoever runs ContactPoint "
        "to make room on it, then do the same again: what was recorded already is not recorded twice."
    )
    free[0] = room.ROOM
    assert isinstance(known_failure(away), Unavailable)
    free[0] = 0
    (tmp_path / "postgres").rmdir()  # it keeps its data elsewhere
    assert isinstance(known_failure(away), Unavailable)


@pytest.mark.parametrize(
    "error",
    [None, ValueError("ours"), FileNotFoundError("ours"), psycopg.errors.LockNotAvailable("ours"),
     caused(OperationalError("deadlock"), psycopg.errors.DeadlockDetected("deadlock"))],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_what_is_our_fault_stays_ours(error):
    assert known_failure(error) is None


def test_what_says_so_itself_is_itself():
    said = InvalidInput("Enter a name.")
    assert known_failure(said) is said
