"""Give a person an account, and something to act as (R1, R3)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from contactpoint.actions.people.first_password import random_password
from contactpoint.actions.recording import record, record_refusal
from contactpoint.actions.run.accredit_organisation import accredit_organisation
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.shielding import NATIONAL_DESK
from contactpoint.domain.errors import Conflict, InvalidInput, NotFound
from contactpoint.domain.involvement import SERVICES
from contactpoint.storage import accounts

_ASKED = Permission.MANAGE_ACCOUNTS
ENOUGH: Final = 2
"""People of the national team, after whom further ones are invited on the pages."""

TWO_ARE_THERE: Final = (
    "The national team has two people, so no account is made here. One of them invites others on the page "
    "People, and a second one agrees to what takes two."
)


@transaction.atomic
def create_account(
    *,
    email: str,
    password: str,
    name: str,
    organisation: str,
    role: Role,
    job_title: str = "",
    phone: str = "",
    services: Sequence[str] = (),
    checked_on: date | None = None,
    trained_until: date | None = None,
    agreement_signed_on: date | None = None,
    by: Viewer,
    at: datetime,
) -> UUID | Refusal:
    """Make an account with one membership and return its id. Access comes only from an organisation (R1).

    Raises:
        InvalidInput: a weak password, or a service that is none.
        Conflict: the e-mail address has an account.
        NotFound: there is no such organisation.
    """
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    _check(password, services)
    if accounts.account_of(email) is not None:
        raise Conflict("There is an account with this e-mail address already.")
    account = accounts.insert_account(
        email=email,
        password=password,
        name=name,
        job_title=job_title,
        phone=phone,
        checked_on=checked_on,
        trained_until=trained_until,
        agreement_signed_on=agreement_signed_on,
    )
    record(Action.CREATED_ACCOUNT, by=by, at=at, details={"account": str(account)})
    _grant(account, organisation, role, services, by=by, at=at)
    return account


@transaction.atomic
def create_first_account(
    *,
    email: str,
    name: str,
    checked_on: date,
    trained_until: date,
    agreement_signed_on: date,
    by: Viewer,
    at: datetime,
) -> UUID | Refusal:
    """Make an account of the national team while it has fewer than two people, and return its id.

    Everything powerful takes two of them, and nobody makes accounts on pages before there are any. The team's
    organisation is accredited for a year where it is not (R3). The password is nobody's: one has to be given.

    Raises:
        Conflict: two are there, or the e-mail address has an account.
        InvalidInput: what would not be in good standing today.
    """
    on = at.date()
    if not checked_on <= on or not agreement_signed_on <= on or trained_until <= on:
        raise InvalidInput("The check and the signature are of the past, and the training is still good.")
    people, accredited = accounts.national_team_now(NATIONAL_DESK, on)
    if people >= ENOUGH:
        raise Conflict(TWO_ARE_THERE)
    if not accredited:
        accredit_organisation(code=NATIONAL_DESK, until=on + timedelta(days=365), by=by, at=at)
    return create_account(
        email=email,
        password=random_password(),
        name=name,
        organisation=NATIONAL_DESK,
        role=Role.NATIONAL_TEAM,
        checked_on=checked_on,
        trained_until=trained_until,
        agreement_signed_on=agreement_signed_on,
        by=by,
        at=at,
    )


def _check(password: str | None, services: Sequence[str]) -> None:
    for service in services:
        if service not in SERVICES:
            raise InvalidInput(f"{service!r} is not a service.")
    if password is not None:
        try:
            validate_password(password)
        except ValidationError as fault:
            raise InvalidInput(" ".join(fault.messages)) from fault


def _grant(
    account: UUID, organisation: str, role: Role, services: Sequence[str], *, by: Viewer, at: datetime
) -> None:
    if not accounts.organisation_exists(organisation):
        raise NotFound(f"There is no organisation {organisation}.")
    if not accounts.insert_membership(account, organisation, role.value, services):
        raise Conflict("The account has this role for this organisation already.")
    record(
        Action.GRANTED,
        by=by,
        at=at,
        details={"account": str(account), "organisation": organisation, "role": role.value},
    )
