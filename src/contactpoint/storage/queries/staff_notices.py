"""Whom the worker tells: who was invited, and of whose account something runs out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from contactpoint.domain.disclosure.actors import Lapse
from contactpoint.storage.asking import fetch
from contactpoint.storage.models import Account

_TO_INVITE: Final = """
    SELECT a.id, a.email, o.name, b.name FROM invitation i JOIN account a ON a.id = i.account_id
    JOIN organisation o ON o.code = i.organisation_id JOIN account b ON b.id = i.invited_by_id
    WHERE i.told_at IS NULL AND a.is_active AND a.last_login IS NULL ORDER BY i.invited_at, a.id LIMIT %s
"""
_NOTE: Final = """
    INSERT INTO lapse_notice (account_id, what, last_day, told_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT DO NOTHING RETURNING id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Somebody who was invited and has not been told."""

    account: UUID
    email: str
    organisation: str
    invited_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where somebody is told."""

    account: UUID
    email: str


def to_invite(limit: int) -> tuple[Invited, ...]:
    """Return who is to be told that they were invited, first come first."""
    return tuple(
        Invited(account=row[0], email=row[1], organisation=row[2], invited_by=row[3])
        for row in fetch(_TO_INVITE, limit)
    )


def note(account: UUID, what: Lapse, last_day: date, *, at: datetime) -> bool:
    """Note that somebody is told; False where they were."""
    return bool(fetch(_NOTE, account, what.value, last_day, at))


def addresses(accounts: Iterable[UUID]) -> tuple[Address, ...]:
    """Return where those of the accounts are told that are open."""
    rows = Account.objects.filter(pk__in=list(accounts), is_active=True).order_by("pk")
    return tuple(Address(account=pk, email=email) for pk, email in rows.values_list("pk", "email"))
