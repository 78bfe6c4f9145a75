"""Questions of what somebody could see: asked and read by pages, answered by the worker (R51, ADR 26)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from contactpoint.domain.replay import Became, Replayed, ReplayLine, ToldTo, from_text, to_text
from contactpoint.storage.asking import execute, fetch
from contactpoint.storage.typed_texts import REPLAY

_WAITING: Final = """
    SELECT id, account_id, child_id, moment, because, asked_at, role FROM replay_request
    WHERE answered_at IS NULL ORDER BY id FOR UPDATE SKIP LOCKED
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One that waits for the worker."""

    request: int
    account: UUID
    child: str
    moment: datetime
    because: str
    told_to: ToldTo


def ask(seeing: UUID, *, child: str, account: UUID, moment: datetime, because: str, at: datetime) -> Became:
    """Write down a question, at the moment of the event, if both are the asker's to ask about."""
    query = "SELECT ask_replay(%s, %s, %s, %s, %s)"
    return Became(fetch(query, seeing, child, account, moment, *REPLAY.seal(at, because=because))[0][0])


def asked(seeing: UUID) -> tuple[ReplayLine, ...]:
    """The questions of whoever looks, newest first."""
    query = "SELECT name, child, moment, because, asked_at, closed, answer FROM replays_asked(%s)"
    return tuple(
        ReplayLine(
            name=name,
            child=child,
            moment=moment,
            because=REPLAY.open(asked_at, because=because)[0],
            asked_at=asked_at,
            closed=closed,
            answer=from_text(answer) if answer else None,
        )
        for name, child, moment, because, asked_at, closed, answer in fetch(query, seeing)
    )


def waiting() -> tuple[Waiting, ...]:
    """Every question without an answer, kept still."""
    return tuple(
        Waiting(
            request=request,
            account=account,
            child=child,
            moment=moment,
            because=REPLAY.open(asked_at, because=because)[0],
            told_to=ToldTo.SHIELD_STAFF if role == "shield_team" else ToldTo.REVIEWER,
        )
        for request, account, child, moment, because, asked_at, role in fetch(_WAITING)
    )


def answer(request: int, found: Replayed, *, protected: bool, at: datetime) -> None:
    """Keep the answer."""
    execute(
        "UPDATE replay_request SET answer = %s, protected = %s, answered_at = %s WHERE id = %s",
        to_text(found), protected, at, request,
    )  # fmt: skip


def forget(before: datetime) -> None:
    """Let go of what was asked earlier."""
    execute("DELETE FROM replay_request WHERE asked_at < %s", before)
