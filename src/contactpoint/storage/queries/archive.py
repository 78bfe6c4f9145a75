"""Archived records as data managers read them: through storage/sql/retention.sql alone (R48)."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contactpoint.domain.involvement import Involvement
from contactpoint.domain.people import Statement
from contactpoint.storage.asking import fetch
from contactpoint.storage.queries.whole_record import COLUMNS, read_whole

_READ: Final = f"SELECT {COLUMNS} FROM archived_record(%s, %s)"  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True, kw_only=True)
class InArchive:
    """Since when a record is in the archive, and which authority was responsible for it."""

    since: date
    authority: str


def in_archive(asking: UUID, number: str) -> InArchive | None:
    """Return it to a data manager who is signed in; None for others, and where there is none to be read."""
    rows = fetch("SELECT since, authority FROM in_archive(%s, %s)", asking, number)
    return InArchive(since=rows[0][0], authority=rows[0][1]) if rows else None


def archived_record(seeing: UUID, number: str) -> tuple[tuple[Statement, ...], tuple[Involvement, ...]]:
    """Return what an archived record says to whoever the event names, which this transaction wrote."""
    return read_whole(_READ, [seeing, number])
