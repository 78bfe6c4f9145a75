"""Record what makes an account's standing, suspend it and open it again, renew it for a year (R3, R56)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.people.asking import NOT_NOW, ask_person, reach_of
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.domain.staff import StaffDone, StaffMember
from contactpoint.storage import accounts
from contactpoint.storage.queries import staff

_MANAGE: Final = Permission.MANAGE_PEOPLE
UNDER_REVIEW: Final = Refusal(
    sentence="You cannot open this account again because its use is looked into.",
    rules=("R52",),
    way_on="The reviewer who suspended it lifts it, or says that it was misuse.",
)


@transaction.atomic
def record_standing(
    *,
    account: UUID,
    checked_on: date | None,
    trained_until: date | None,
    agreement_signed_on: date | None,
    manager_email: str = "",
    by: Viewer,
    at: datetime,
) -> StaffDone | Refusal:
    """Record a check, training or agreement that a person brought proof of, or who manages them (R3).

    Raises:
        InvalidInput: the manager has no account.
    """
    manager = manager_called(manager_email)
    given = {
        "checked_on": checked_on,
        "trained_until": trained_until,
        "agreement_signed_on": agreement_signed_on,
    }
    details: dict[str, Json] = {name: day.isoformat() for name, day in given.items() if day}
    if manager:
        details["manager"] = str(manager)
    return _change(
        account,
        Action.RECORDED_STANDING,
        "standing",
        lambda seeing: staff.record_standing(seeing, account, **given, manager=manager),
        details=details,
        by=by,
        at=at,
    )


@transaction.atomic
def suspend(*, account: UUID, because: str, by: Viewer, at: datetime) -> StaffDone | Refusal:
    """Suspend an account from its next request on (R52)."""
    return _change(
        account,
        Action.SUSPENDED,
        "suspended",
        lambda seeing: staff.suspend_person(seeing, account),
        details={"because": because},
        by=by,
        at=at,
    )


@transaction.atomic
def reinstate(*, account: UUID, by: Viewer, at: datetime) -> StaffDone | Refusal:
    """Open again what a manager closed, or 90 idle days; a review's suspension stays (R52, R56)."""
    member = ask_person(account, _MANAGE, by=by, at=at)
    if isinstance(member, Refusal):
        return member
    if member.standing.is_suspended() and member.suspended_for != "manager":
        return record_refusal(UNDER_REVIEW, _MANAGE, by=by, at=at, details={"account": str(account)})
    return _do(
        member,
        Action.REINSTATED,
        "reinstated",
        lambda seeing: staff.reinstate_person(seeing, account),
        by=by,
        at=at,
    )


@transaction.atomic
def invite_again(*, account: UUID, by: Viewer, at: datetime) -> StaffDone | Refusal:
    """Let somebody who has never signed in be told once more how to."""
    return _change(
        account,
        Action.INVITED_AGAIN,
        "invited_again",
        lambda seeing: staff.invite_again(seeing, account),
        details={},
        by=by,
        at=at,
    )


@transaction.atomic
def renew(*, account: UUID, by: Viewer, at: datetime) -> StaffDone | Refusal:
    """Say that an account is needed for a year more: its manager, or who manages accounts (R56)."""
    member = ask_person(account, Permission.RENEW_ACCOUNT, by=by, at=at)
    if isinstance(member, Refusal):
        return member
    body = body_for(member, by)
    return _do(
        member,
        Action.RENEWED_ACCOUNT,
        "renewed",
        lambda seeing: staff.renew_account(seeing, account, body),
        by=by,
        at=at,
    )


@transaction.atomic
def renewals(*, by: Viewer) -> tuple[StaffMember, ...]:
    """Whose account names the viewer as manager, at the body they act for; who is due comes first.

    It stands on the page of the team, which records that it was looked at.
    """
    if by.account_id is None:
        return ()
    return staff.managed_by(by.account_id, by.organisation_code)


@transaction.atomic
def may_give_password(*, account: UUID, by: Viewer, at: datetime) -> StaffMember | Refusal:
    """Make sure that the viewer may give somebody a password for one use, and record that they do."""
    member = ask_person(account, _MANAGE, by=by, at=at)
    if isinstance(member, Refusal):
        return member
    seeing = record(Action.GAVE_PASSWORD, by=by, at=at, details={"account": str(account)})
    staff.may_give_password(seeing, account)
    return member


def body_for(member: StaffMember, by: Viewer) -> str:
    """The body in whose name a viewer speaks about somebody: their own, or else one that they answer for."""
    codes = [one.organisation for one in member.roles]
    if by.organisation_code in codes:
        return by.organisation_code
    reach = reach_of(by)
    answered_for = (
        one.organisation for one in member.roles if reach and reach.reaches(one.authority, one.organisation)
    )
    return next(answered_for, codes[0])


def manager_called(email: str) -> UUID | None:
    """The account of a manager's e-mail address; None where none was given.

    Raises:
        InvalidInput: the address has no account.
    """
    if not email.strip():
        return None
    found = accounts.account_of(email)
    if found is None:
        raise InvalidInput("No account has the e-mail address of the manager.")
    return found


def _change(
    account: UUID,
    action: Action,
    what: str,
    change: Callable[[UUID], bool],
    *,
    details: dict[str, Json],
    by: Viewer,
    at: datetime,
) -> StaffDone | Refusal:
    member = ask_person(account, _MANAGE, by=by, at=at)
    if isinstance(member, Refusal):
        return member
    return _do(member, action, what, change, details=details, by=by, at=at)


def _do(
    member: StaffMember,
    action: Action,
    what: str,
    change: Callable[[UUID], bool],
    *,
    details: dict[str, Json] | None = None,
    by: Viewer,
    at: datetime,
) -> StaffDone | Refusal:
    """Write down what is done, and do it; raises Conflict where it cannot be done as things stand."""
    said = {"account": str(member.account), **(details or {})}
    seeing = record(action, by=by, at=at, details=said)
    if not change(seeing):
        raise Conflict(NOT_NOW)
    return StaffDone(what=what, account=str(member.account), name=member.name)
