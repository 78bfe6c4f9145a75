"""Letting an account in again: what stands in its way, and who asked and agreed (R52, R56)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from contactpoint.storage.models import Account, Membership, Reinstatement, UseItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """An account as far as it decides whether it may be let in again."""

    name: str
    manager: UUID | None
    suspended: bool
    last_seen_at: datetime | None
    waits_for_reviewer: bool
    was_misuse: bool


def stopped(account: UUID) -> Stopped:
    """How an account stands, kept still until the transaction ends."""
    row = Account.objects.select_for_update().get(pk=account)
    states = set(UseItem.objects.filter(account_id=account).values_list("state", flat=True))
    return Stopped(
        name=row.name,
        manager=row.manager_id,
        suspended=row.suspended_at is not None,
        last_seen_at=row.last_seen_at,
        waits_for_reviewer="suspended" in states,
        was_misuse="misuse" in states,
    )


def roles_of(account: UUID, at: datetime) -> frozenset[str]:
    """The roles that somebody may act in who may sign in now; none for whoever may not."""
    may = Membership.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=at),
        account_id=account,
        account__is_active=True,
        account__suspended_at__isnull=True,
    )
    return frozenset(may.values_list("role", flat=True))


def asked_for(account: UUID) -> UUID | None:
    """Who asked that it be let in again, where nobody has agreed yet."""
    waiting = Reinstatement.objects.filter(account_id=account, agreed_at=None)
    return waiting.values_list("asked_by_id", flat=True).first()


def ask(account: UUID, *, asked_by: UUID, because: str, at: datetime) -> None:
    """Write down that somebody asks."""
    Reinstatement.objects.create(account_id=account, asked_by_id=asked_by, because=because, asked_at=at)


def agree(account: UUID, *, agreed_by: UUID, at: datetime) -> None:
    """Write down that a second person agrees, and let the account in: neither suspended nor idle."""
    Reinstatement.objects.filter(account_id=account, agreed_at=None).update(
        agreed_by_id=agreed_by, agreed_at=at
    )
    Account.objects.filter(pk=account).update(suspended_at=None, suspended_for="", last_seen_at=at)
