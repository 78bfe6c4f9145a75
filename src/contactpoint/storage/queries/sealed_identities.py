"""Sealed identities as pages come by them: through storage/sql/sealed.sql alone (R35).

What is typed is encrypted here, before it leaves the process. Nothing reads back which two numbers they were.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from contactpoint.domain.disclosure.sealed_identity import (
    Crosser,
    Crossing,
    CrossingInQuestion,
    CrossingReason,
    CrossingState,
    PairEnd,
    PairGround,
    ProposedPair,
)
from contactpoint.storage.asking import fetch
from contactpoint.storage.typed_texts import CROSSING, PAIR

BETWEEN: Final = " "


def pairs_proposed(seeing: UUID) -> tuple[ProposedPair, ...]:
    """Return the pairs that wait, and those that whoever looks typed."""
    query = "SELECT which, first, first_name, ground, asked_at, second, outcome FROM pairs_proposed(%s)"
    return tuple(
        ProposedPair(
            id=which,
            first=first,
            first_name=name,
            ground=PairGround(ground),
            asked_at=asked_at,
            second=second,
            end=PairEnd(outcome) if outcome else None,
        )
        for which, first, name, ground, asked_at, second, outcome in fetch(query, seeing)
    )


def type_pair(seeing: UUID, numbers: Sequence[str], ground: PairGround, at: datetime) -> None:
    """Keep a pair, encrypted, for a second person to type too."""
    (sealed,) = PAIR.seal(at, typed=BETWEEN.join(numbers))
    fetch("SELECT type_pair(%s, %s, %s)", seeing, sealed, ground.value)


def type_pair_again(seeing: UUID, pair: ProposedPair, numbers: Sequence[str]) -> bool:
    """Keep what the second person typed, encrypted; say whether it still waited."""
    (sealed,) = PAIR.seal(pair.asked_at, typed_again=BETWEEN.join(numbers))
    return bool(fetch("SELECT type_pair_again(%s, %s, %s)", seeing, pair.id, sealed)[0][0])


def drop_pair(seeing: UUID, pair: int) -> bool:
    """Drop one that waits."""
    return bool(fetch("SELECT drop_pair(%s, %s)", seeing, pair)[0][0])


def crossers_named(seeing: UUID) -> tuple[Crosser, ...]:
    """Return who is named, once or twice."""
    query = (
        "SELECT which, account, name, first, first_account, second, until, works_there "
        "FROM crossers_named(%s)"
    )
    return tuple(
        Crosser(
            id=which,
            account=account,
            name=name,
            first=first,
            first_account=first_account,
            second=second,
            until=until,
            works_there=works_there,
        )
        for which, account, name, first, first_account, second, until, works_there in fetch(query, seeing)
    )


def name_crosser(seeing: UUID, email: str, until: date) -> UUID | None:
    """Name somebody, for a second person to agree; return whom, None where that cannot be."""
    found: UUID | None = fetch("SELECT name_crosser(%s, %s, %s)", seeing, email, until)[0][0]
    return found


def agree_crosser(seeing: UUID, crosser: int) -> bool:
    """Agree to a name as the second person."""
    return bool(fetch("SELECT agree_crosser(%s, %s)", seeing, crosser)[0][0])


def end_crosser(seeing: UUID, crosser: int) -> bool:
    """Take a name off."""
    return bool(fetch("SELECT end_crosser(%s, %s)", seeing, crosser)[0][0])


def crossing_rights(seeing: UUID) -> CrossingInQuestion:
    """Say whether whoever looks is one of the two, and whether another is."""
    ((named, with_another),) = fetch("SELECT named, with_another FROM crossing_rights(%s)", seeing)
    return CrossingInQuestion(named=named, with_another=with_another)


def crossings(seeing: UUID) -> tuple[Crossing, ...]:
    """Return the crossings of the two, newest first; none to anybody else."""
    query = (
        "SELECT which, asker, asker_name, reason, asked_at, agreed_by, agreed_at, answered_at, ended_at "
        "FROM crossings(%s)"
    )
    return tuple(
        Crossing(
            id=which,
            asker=asker,
            asker_name=name,
            reason=CrossingReason(reason),
            asked_at=asked_at,
            agreed_by=agreed_by,
            agreed_at=agreed_at,
            state=_state(agreed_at, answered_at, ended_at),
        )
        for which, asker, name, reason, asked_at, agreed_by, agreed_at, answered_at, ended_at in fetch(
            query, seeing
        )
    )


def _state(agreed: datetime | None, answered: datetime | None, ended: datetime | None) -> CrossingState:
    if ended:
        return CrossingState.OVER
    if answered:
        return CrossingState.READY
    return CrossingState.AGREED if agreed else CrossingState.ASKED


def ask_crossing(seeing: UUID, number: str, reason: CrossingReason, at: datetime) -> bool:
    """Keep the number that somebody asks from, encrypted; False where they have one open still."""
    (sealed,) = CROSSING.seal(at, number=number)
    return bool(fetch("SELECT ask_crossing(%s, %s, %s)", seeing, sealed, reason.value)[0][0])


def agree_crossing(seeing: UUID, crossing: int) -> bool:
    """Agree as the other of the two; False where it was too late."""
    return bool(fetch("SELECT agree_crossing(%s, %s)", seeing, crossing)[0][0])


def end_crossing(seeing: UUID, crossing: int) -> bool:
    """End one that is not over."""
    return bool(fetch("SELECT end_crossing(%s, %s)", seeing, crossing)[0][0])


def see_crossing(seeing: UUID, crossing: int) -> tuple[str, ...] | None:
    """Return the numbers of the other half, once; None where there is nothing (any more) to be seen."""
    rows = fetch("SELECT asked_at, answer FROM see_crossing(%s, %s)", seeing, crossing)
    if not rows:
        return None
    asked_at, answer = rows[0]
    return tuple(CROSSING.open(asked_at, answer=answer)[0].split())
