"""Forms that were answered, by the random key each carried."""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from contactpoint.storage.models import AnsweredForm

KEPT: Final = timedelta(days=2)
"""Longer than any session lives: after that no page with the key can be sent any more."""


class Answered(NamedTuple):
    """What a form was for, the digest of what it said, and the answer."""

    action: str
    sent: bytes
    answer: dict[str, Any]


def await_turn(account: UUID, key: UUID) -> None:
    """Wait until no other transaction answers the same form; needs an open transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{account} {key}"])


def answer_of(account: UUID, key: UUID) -> Answered | None:
    """Return what the form was answered with, if it was."""
    row = AnsweredForm.objects.filter(account_id=account, key=key).first()
    return Answered(row.action, bytes(row.sent), row.answer) if row else None


def keep_answer(account: UUID, key: UUID, answered: Answered, *, at: datetime) -> None:
    """Keep an answer beside what it answers, in the caller's transaction."""
    AnsweredForm.objects.create(
        account_id=account,
        key=key,
        action=answered.action,
        sent=answered.sent,
        answer=answered.answer,
        answered_at=at,
    )


def forget_old_answers(*, at: datetime) -> int:
    """Delete answers that nobody can ask for any more, as the worker; return how many."""
    deleted, _ = AnsweredForm.objects.filter(answered_at__lt=at - KEPT).delete()
    return deleted
