"""Somebody leaves a body or moves to another: access ends at once, their work goes to a colleague (R56)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.people.asking import NOT_NOW, ask_person
from contactpoint.actions.people.roles import ask_grant, give
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import Colleague, Refusal
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.errors import Conflict
from contactpoint.domain.staff import StaffDone, StaffMember, StaffRole
from contactpoint.storage.queries import staff
from contactpoint.storage.queries.handovers import colleagues_of

_ASKED: Final = Permission.RENEW_ACCOUNT
NO_COLLEAGUE: Final = Refusal(
    sentence="Their work cannot go to that person because they do not do the same there.",
    rules=("R44",),
    way_on="Choose a colleague who is listed. Nobody hands somebody's work to themselves.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """Somebody who may leave: for which bodies the viewer may end it, and who could take their work over."""

    member: StaffMember
    roles: tuple[StaffRole, ...]
    colleagues: tuple[Colleague, ...]


@transaction.atomic
def leaving(*, account: UUID, body: str, by: Viewer, at: datetime) -> Leaving | Refusal:
    """Return what somebody does for a body, and which colleagues do all of it too.

    Raises:
        NotFound: there is no such account.
    """
    member = ask_person(account, _ASKED, by=by, at=at, details={"organisation": body})
    if isinstance(member, Refusal):
        return member
    record(Action.OPENED_PERSON, by=by, at=at, details={"account": str(account)})
    return _leaving(member, body, by)


@transaction.atomic
def leave(*, account: UUID, body: str, to: UUID | None, by: Viewer, at: datetime) -> StaffDone | Refusal:
    """End all that somebody does for a body, at once, and hand their work to a colleague or end it (R56).

    Raises:
        NotFound: there is no such account.
    """
    return _end(account, body, to, moves=False, what="left", by=by, at=at)


@transaction.atomic
def move(
    *,
    account: UUID,
    body: str,
    to: UUID | None,
    new_body: str,
    role: Role,
    services: tuple[str, ...],
    by: Viewer,
    at: datetime,
) -> StaffDone | Refusal:
    """Let somebody go on at another body that the viewer answers for; what they did at the first ends.

    Raises:
        NotFound: there is no such account or body.
        InvalidInput: a service that is none.
    """
    refusal = ask_grant(account, new_body, role, by=by, at=at)
    if refusal:
        return refusal
    done = _end(account, body, to, moves=True, what="moved", by=by, at=at)
    if not isinstance(done, Refusal):
        give(account, new_body, role, services, by=by, at=at)
    return done


def _end(
    account: UUID, body: str, to: UUID | None, *, moves: bool, what: str, by: Viewer, at: datetime
) -> StaffDone | Refusal:
    details = {"account": str(account), "organisation": body, "to": str(to) if to else ""}
    member = ask_person(account, _ASKED, by=by, at=at, details=details)
    if isinstance(member, Refusal):
        return member
    found = _leaving(member, body, by)
    if not found.roles:
        raise Conflict(NOT_NOW)
    if to is not None and to not in {one.account for one in found.colleagues}:
        return record_refusal(NO_COLLEAGUE, _ASKED, by=by, at=at, details=details)
    seeing = record(Action.REVOKED, by=by, at=at, details=details)
    if not staff.end_memberships(seeing, account, body, to=to, moves=moves):
        raise Conflict(NOT_NOW)
    return StaffDone(what=what, account=str(account), name=member.name)


def _leaving(member: StaffMember, body: str, by: Viewer) -> Leaving:
    roles = tuple(one for one in member.roles if one.organisation == body)
    services = {service for one in roles for service in one.services}
    doing = [frozenset(colleagues_of(member.account, body, service)) for service in sorted(services)]
    shared = frozenset.intersection(*doing) if doing else frozenset()
    colleagues = sorted((one for one in shared if one.account != by.account_id), key=lambda one: one.name)
    return Leaving(member=member, roles=roles, colleagues=tuple(colleagues))
