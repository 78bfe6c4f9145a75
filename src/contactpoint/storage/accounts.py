"""Writes of organisations, accounts and memberships, for whoever runs the service."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from contactpoint.storage.models import Account, Membership, Organisation


def set_accredited(code: str, until: date) -> bool:
    """Set until when an organisation is accredited; False if there is none of that code."""
    return Organisation.objects.filter(pk=code).update(accredited_until=until) == 1


def organisation_exists(code: str) -> bool:
    """Say whether there is an organisation of that code."""
    return Organisation.objects.filter(pk=code).exists()


def account_of(email: str) -> UUID | None:
    """Return the account of an e-mail address, None if there is none."""
    return Account.objects.filter(email=email.strip().lower()).values_list("pk", flat=True).first()


def insert_account(
    *,
    email: str,
    password: str,
    name: str,
    job_title: str,
    phone: str,
    checked_on: date | None,
    trained_until: date | None,
    agreement_signed_on: date | None,
) -> UUID:
    """Insert an account and return its id."""
    account = Account.objects.create_user(
        email,
        password,
        name=name,
        job_title=job_title,
        phone=phone,
        checked_on=checked_on,
        trained_until=trained_until,
        agreement_signed_on=agreement_signed_on,
    )
    return account.pk


def insert_membership(account: UUID, organisation: str, role: str, services: Sequence[str]) -> bool:
    """Let an account act in a role for an organisation; False if it may already."""
    _, made = Membership.objects.get_or_create(
        account_id=account, organisation_id=organisation, role=role, defaults={"services": list(services)}
    )
    return made


def national_team_now(organisation: str, on: date) -> tuple[int, bool]:
    """Return how many open accounts it has, and whether it is accredited, held until the transaction ends."""
    found = Organisation.objects.select_for_update().get(code=organisation)
    held = Membership.objects.filter(organisation=found, role="national_team", ended_at=None)
    people = held.filter(account__is_active=True).values("account").distinct().count()
    return people, found.accredited_until is not None and found.accredited_until >= on


def is_of_the_national_team(person: UUID) -> bool:
    """Say whether somebody is of the national team now (worker); the functions refuse everybody else."""
    held = Membership.objects.filter(account_id=person, role="national_team", ended_at=None)
    return held.filter(account__is_active=True, account__suspended_at=None).exists()
