"""Whose shield desk is whose second, as pages come by it (storage/sql/pairings.sql)."""

from uuid import UUID

from contactpoint.domain.pairings import AskedPairing, Desk
from contactpoint.domain.two_people import Step
from contactpoint.storage.asking import fetch


def desks_paired(seeing: UUID) -> tuple[Desk, ...]:
    """Return the shield desk of every authority, by name."""
    query = "SELECT authority, name, people, second, second_name FROM desks_paired(%s)"
    return tuple(
        Desk(authority=authority, name=name, people=people, second=second, second_name=second_name)
        for authority, name, people, second, second_name in fetch(query, seeing)
    )


def pairings_asked(seeing: UUID) -> tuple[AskedPairing, ...]:
    """Return what waits for a second person."""
    query = (
        "SELECT which, authority, name, second, second_name, both_ways, asked_by, asked_at, because, mine "
        "FROM pairings_asked(%s)"
    )
    return tuple(
        AskedPairing(
            id=row[0],
            authority=row[1],
            name=row[2],
            second=row[3],
            second_name=row[4],
            both_ways=row[5],
            asked_by=row[6],
            asked_at=row[7],
            because=row[8],
            mine=row[9],
        )
        for row in fetch(query, seeing)
    )


def ask_pairing(seeing: UUID, authority: str, second: str, *, both_ways: bool, because: str) -> bool:
    """Ask for a pairing, or, with no second, that it ends; False where that would change nothing."""
    query = "SELECT ask_pairing(%s, %s, %s, %s, %s)"
    return bool(fetch(query, seeing, authority, second, both_ways, because)[0][0])


def answer_pairing(seeing: UUID, pairing: int, step: Step) -> bool:
    """Agree, refuse or drop; False where it does not wait any more."""
    return bool(fetch("SELECT answer_pairing(%s, %s, %s)", seeing, pairing, step.value)[0][0])
