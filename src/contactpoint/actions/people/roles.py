"""Invite somebody, give them a role, ask for one that takes two people, agree to it (R1)."""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from contactpoint.actions.people.asking import HAS_LEFT, NOT_NOW, Reach, ask_reach, reach_of
from contactpoint.actions.people.standing import manager_called
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import Conflict, InvalidInput, NotFound
from contactpoint.domain.involvement import SERVICES
from contactpoint.domain.staff import (
    AskedRole,
    Body,
    GrantInQuestion,
    NewPerson,
    StaffDone,
    does_it_take_two_to_give,
)
from contactpoint.storage import accounts
from contactpoint.storage.queries import staff

_ASKED: Final = Permission.GIVE_ROLE


@transaction.atomic
def invite(*, new: NewPerson, by: Viewer, at: datetime) -> StaffDone | Refusal:
    """Make an account and give it its first role; whoever has an account gets the role beside what they have.

    Nobody can sign in to it until they are told how; a role that takes two people waits for the second.

    Raises:
        NotFound: there is no such body.
        InvalidInput: a service that is none, or a manager without an account.
        Conflict: they have that role already.
    """
    before = accounts.account_of(new.email)
    refusal = ask_grant(before, new.organisation, new.role, by=by, at=at)
    if refusal:
        return refusal
    account = before or _make(new, by=by, at=at)
    what = give(account, new.organisation, new.role, new.services, by=by, at=at)
    if what is None:
        raise Conflict("They have that role there already, or it was asked for.")
    return StaffDone(
        what="added" if before and what == "given" else what, account=str(account), name=new.name
    )


@transaction.atomic
def add_role(
    *, account: UUID, organisation: str, role: Role, services: tuple[str, ...], by: Viewer, at: datetime
) -> StaffDone | Refusal:
    """Give somebody one more role, or ask for one that takes two people; nobody who has left gets one (R56).

    Raises:
        NotFound: there is no such body or account.
        Conflict: they have that role already.
    """
    member = staff.person(account)
    if member is None:
        raise NotFound("There is no such account.")
    refusal = ask_grant(account, organisation, role, by=by, at=at)
    if refusal:
        return refusal
    if not member.is_open:
        details = _said(account, organisation, role)
        return record_refusal(HAS_LEFT, _ASKED, by=by, at=at, details=details)
    what = give(account, organisation, role, services, by=by, at=at)
    if what is None:
        raise Conflict("They have that role there already, or it was asked for.")
    return StaffDone(what=what, account=str(account), name=member.name)


@transaction.atomic
def asked_roles(*, by: Viewer, at: datetime) -> tuple[AskedRole, ...] | Refusal:
    """Return the roles that wait for a second person, of bodies that the viewer answers for."""
    reach = ask_reach(by=by, at=at)
    if isinstance(reach, Refusal):
        return reach
    record(Action.LISTED_PEOPLE, by=by, at=at, details={"which": "asked_roles"})
    return staff.asked_roles(reach.authority)


@transaction.atomic
def agree(*, grant: int, by: Viewer, at: datetime) -> StaffDone | Refusal:
    """Agree to a role as the second person, of the national team; with it the role is given."""
    found = _asked_role(grant, by, at)
    if isinstance(found, Refusal):
        return found
    reach = reach_of(by)
    question = GrantInQuestion(
        role=found.role,
        organisation_kind=found.organisation_kind,
        in_reach=reach is not None and reach.reaches(found.authority, found.organisation),
        for_viewer=found.account == by.account_id,
        agreeing=True,
        asked_by_viewer=found.asked_by == by.account_id,
    )
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, grant=question))
    details = _said(found.account, found.organisation, found.role)
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details)
    seeing = record(Action.GRANTED, by=by, at=at, details={**details, "asked_by": str(found.asked_by)})
    if not staff.agree_role(seeing, grant):
        raise Conflict(NOT_NOW)
    return StaffDone(what="agreed", name=found.name)


@transaction.atomic
def refuse(*, grant: int, by: Viewer, at: datetime) -> StaffDone | Refusal:
    """Let a role that was asked for be."""
    found = _asked_role(grant, by, at)
    if isinstance(found, Refusal):
        return found
    details = _said(found.account, found.organisation, found.role)
    seeing = record(Action.REVOKED, by=by, at=at, details=details)
    if not staff.refuse_role(seeing, grant):
        raise Conflict(NOT_NOW)
    return StaffDone(what="refused", name=found.name)


def ask_grant(
    account: UUID | None, organisation: str, role: Role, *, by: Viewer, at: datetime
) -> Refusal | None:
    """Ask the rules whether the viewer may give a role, or ask for it; a refusal is recorded.

    Raises:
        NotFound: there is no such body.
    """
    body, reach = body_called(organisation, at), reach_of(by)
    question = GrantInQuestion(
        role=role,
        organisation_kind=body.kind,
        in_reach=reach is not None and reach.reaches(body.authority, body.code),
        for_viewer=account is not None and account == by.account_id,
    )
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, grant=question))
    if decision.refusal is None:
        return None
    details: dict[str, Json] = {"organisation": organisation, "role": role.value}
    return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details)


def give(
    account: UUID, organisation: str, role: Role, services: tuple[str, ...], *, by: Viewer, at: datetime
) -> str | None:
    """Give a role or ask for it; "given", "asked", or None where it is held or asked for.

    Raises:
        InvalidInput: a service that is none.
    """
    unknown = [one for one in services if one not in SERVICES]
    if unknown:
        raise InvalidInput(f"{unknown[0]!r} is not a service.")
    details = _said(account, organisation, role)
    if does_it_take_two_to_give(role):
        seeing = record(Action.ASKED_ROLE, by=by, at=at, details=details)
        return "asked" if staff.ask_role(seeing, account, organisation, role, services) else None
    seeing = record(Action.GRANTED, by=by, at=at, details=details)
    return "given" if staff.give_role(seeing, account, organisation, role, services) else None


def body_called(code: str, at: datetime) -> Body:
    """The body of that code.

    Raises:
        NotFound: there is none.
    """
    found = staff.bodies(authority=None, code=code, on=at.date(), limit=1)
    if not found:
        raise NotFound(f"There is no organisation {code}.")
    return found[0]


def _make(new: NewPerson, *, by: Viewer, at: datetime) -> UUID:
    account, manager = uuid4(), manager_called(new.manager_email)
    details = _said(account, new.organisation, new.role)
    seeing = record(Action.CREATED_ACCOUNT, by=by, at=at, details=details)
    if not staff.invite_person(seeing, new, account=account, manager=manager):
        raise Conflict("There is an account with this e-mail address already.")
    return account


def _asked_role(grant: int, by: Viewer, at: datetime) -> AskedRole | Refusal:
    reach: Reach | Refusal = ask_reach(by=by, at=at)
    if isinstance(reach, Refusal):
        return reach
    found = [one for one in staff.asked_roles(reach.authority) if one.id == grant]
    if not found:
        raise NotFound(NOT_NOW)
    return found[0]


def _said(account: UUID, organisation: str, role: Role) -> dict[str, Json]:
    return {"account": str(account), "organisation": organisation, "role": role.value}
