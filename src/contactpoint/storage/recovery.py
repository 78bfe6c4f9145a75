"""Who manages whom, and requests for a new second factor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from contactpoint.domain.teams import TeamMember
from contactpoint.storage.models.accounts import Account
from contactpoint.storage.models.sessions import FactorRecovery


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An account and whom it is of."""

    account: UUID
    name: str
    is_open: bool


# One number for one lock: who manages whom is decided by one at a time, so that no circle closes.
_MANAGERS_LOCK: Final = 0x434F4E54_4D414E41


def lock_managers() -> None:
    """Keep others who name a manager waiting until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_MANAGERS_LOCK])


def named(account: UUID) -> Named | None:
    """An account by its id, None if there is none."""
    row = Account.objects.filter(pk=account).values_list("name", "is_active").first()
    return Named(account=account, name=row[0], is_open=row[1]) if row else None


def manager_named(account: UUID) -> Named | None:
    """The manager that an account names, even one whose own account is closed."""
    manager = Account.objects.filter(pk=account).values_list("manager_id", flat=True).first()
    return named(manager) if manager else None


def set_manager(account: UUID, manager: UUID | None) -> None:
    """Name the manager of an account."""
    Account.objects.filter(pk=account).update(manager_id=manager)


def manager_of(account: UUID) -> tuple[UUID, str] | None:
    """The manager's account and name, None where none is named or theirs is closed."""
    rows = Account.objects.filter(pk=account, manager__is_active=True)
    return rows.values_list("manager_id", "manager__name").first()


def managers_above(account: UUID) -> tuple[UUID, ...]:
    """The manager, the manager's manager and so on; a circle ends where it meets itself."""
    above: list[UUID] = []
    now: UUID | None = account
    while now is not None:
        now = Account.objects.filter(pk=now).values_list("manager_id", flat=True).first()
        if now is None or now in above:
            break
        above.append(now)
    return tuple(above)


def team_of(manager: UUID) -> tuple[TeamMember, ...]:
    """Everybody who names this account as manager, by name."""
    rows = list(Account.objects.filter(manager_id=manager, is_active=True).order_by("name", "pk"))
    waiting = {
        one.account_id: one for one in FactorRecovery.objects.filter(account__in=rows, closed_at__isnull=True)
    }
    return tuple(
        TeamMember(
            account_id=row.pk,
            name=row.name,
            job_title=row.job_title,
            email=row.email,
            waiting_since=waiting[row.pk].asked_at if row.pk in waiting else None,
            link_until=waiting[row.pk].ends_at if row.pk in waiting else None,
            suspended_since=row.suspended_at,
        )
        for row in rows
    )


def ask(account: UUID, at: datetime) -> bool:
    """Note that an account waits for a new second factor; False if it does already."""
    _, made = FactorRecovery.objects.get_or_create(
        account_id=account, closed_at=None, defaults={"asked_at": at}
    )
    return made


def allow(account: UUID, *, by: UUID, link_digest: str, at: datetime, ends_at: datetime) -> bool:
    """Attach the digest of a link to the waiting request, replacing an older one; False if none waits."""
    waiting = FactorRecovery.objects.filter(account_id=account, closed_at__isnull=True)
    return waiting.update(allowed_by_id=by, link_digest=link_digest, allowed_at=at, ends_at=ends_at) == 1


def account_of_link(link_digest: str, at: datetime) -> UUID | None:
    """Whom a link still lets in, if anybody."""
    open_to = Q(closed_at__isnull=True, ends_at__gt=at, account__is_active=True)
    rows = FactorRecovery.objects.filter(open_to, link_digest=link_digest)
    return rows.values_list("account_id", flat=True).first() if link_digest else None


def use_link(link_digest: str, at: datetime) -> UUID | None:
    """Use a link up and return whose it is; None if it was used, replaced or has run out meanwhile."""
    account = account_of_link(link_digest, at)
    used = FactorRecovery.objects.filter(link_digest=link_digest, closed_at__isnull=True).update(
        closed_at=at, link_digest=""
    )
    return account if used else None
