"""Failures of the machine that a person can do something about, told apart from faults of ours.

Each becomes one of the exception tree, and so one page and one exit code. Whatever was asked was not done:
its transaction is rolled back, and asking again once there is room, or the database is back, does it.
"""

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError

from contactpoint.domain.errors import ContactPointError, InvalidInput, NoRoom, Unavailable
from contactpoint.storage.room import STANDS_STILL, has_room

NO_ROOM: Final = (
    "The disk is full, so nothing of this was done. Ask whoever runs ContactPoint to make room on it, then "
    "do the same again."
)
UNAVAILABLE: Final = (
    "The database does not answer, mostly because it is starting again. Wait a minute and do the same again: "
    "what was recorded already is not recorded twice."
)
UNREADABLE: Final = "What was sent holds a character that no text has. Go back, and type it anew."
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_GONE: Final = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


def known_failure(error: BaseException | None) -> ContactPointError | None:
    """Return what to tell the person who asked; None for what is a fault of ours."""
    if isinstance(error, ContactPointError):
        return error
    causes = list(_causes(error))
    if any(_is_full(cause) for cause in causes):
        return NoRoom(NO_ROOM)
    if any(_is_gone(cause) for cause in causes):
        return NoRoom(STANDS_STILL) if _no_room_at_home() else Unavailable(UNAVAILABLE)
    if any(_is_unreadable(cause) for cause in causes):
        return InvalidInput(UNREADABLE)
    return None


def _no_room_at_home() -> bool:
    """Say whether the database went, or stays away, because its disk is full."""
    home = Path(settings.HOME) if settings.configured and settings.HOME else None
    return home is not None and (home / "postgres").exists() and not has_room(home)


def _is_full(error: BaseException) -> bool:
    return isinstance(error, psycopg.errors.DiskFull) or (isinstance(error, OSError) and error.errno in _FULL)


def _is_unreadable(error: BaseException) -> bool:
    """Say whether the driver could not put a text into words for the server: it holds a zero byte."""
    return isinstance(error, psycopg.DataError) and error.sqlstate is None


def _is_gone(error: BaseException) -> bool:
    """Say whether the connection went; an error that carries a state was given by a server that lives."""
    state = getattr(error, "sqlstate", None) or ""
    return (
        isinstance(error, _GONE)
        and (error.__cause__ is None)
        and (not state or state.startswith(("08", "57P")))
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
