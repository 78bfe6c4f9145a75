"""Children for whom nobody is responsible, as pages come by them (storage/sql/unplaced.sql)."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from contactpoint.domain.retention import Leaving
from contactpoint.domain.unplaced import GivenBecause
from contactpoint.storage.asking import fetch


class UnplacedRow(NamedTuple):
    """A child of the list, since when, and how many there are in all."""

    child: str
    since: date
    in_all: int


def unplaced_seen(seeing: UUID, most: int) -> list[UnplacedRow]:
    """Return those who wait, the oldest first."""
    return [UnplacedRow._make(row) for row in fetch("SELECT * FROM unplaced_seen(%s, %s)", seeing, most)]


def give(event: UUID, authority: str, because: GivenBecause, answer_by: date) -> bool:
    """Ask an authority to accept the child that the event names; say whether that could be asked."""
    statement = "SELECT give_authority(%s, %s, %s, %s)"
    given: bool = fetch(statement, event, authority, because.value, answer_by)[0][0]
    return given


def note_leaving(event: UUID, leaving: Leaving) -> bool:
    """Write down that the child whom the event names left England; say whether it waited in the list."""
    statement = "SELECT note_leaving(%s, %s, %s)"
    noted: bool = fetch(statement, event, leaving.kind.value, leaving.since)[0][0]
    return noted
