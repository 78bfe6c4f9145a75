"""Lost second factor: the account asks, its manager lets it set up a new one (R4).

Nobody helps themselves, anybody they have not been named the manager of, or anybody above them.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action, Outcome
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Conflict, InvalidInput, NotFound
from contactpoint.domain.teams import TeamMember
from contactpoint.storage import recovery

LINK_LASTS = timedelta(minutes=60)
NOT_YOUR_TEAM = Refusal(
    sentence="You cannot let this person set up a new one-time code.",
    rules=("R4",),
    way_on="Only the manager named on the account can, and nobody for themselves or somebody above them.",
)
NOTHING_WAITS = Refusal(
    sentence="This person is not waiting for a new one-time code.",
    rules=("R4",),
    way_on=(
        "Ask them to sign in with their password, choose “I have lost my telephone” or “I have lost my "
        "passkey”, and ask you there."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentLink:
    """A link that works once: `secret` is shown to the manager now and never again."""

    name: str
    secret: str
    ends_at: datetime


@transaction.atomic
def your_team(*, by: Viewer, at: datetime) -> tuple[TeamMember, ...]:
    """Everybody whose named manager the viewer is."""
    if by.account_id is None:
        return ()
    record(Action.LISTED_TEAM, by=by, at=at)
    return recovery.team_of(by.account_id)


@transaction.atomic
def allow_recovery(*, account: UUID, by: Viewer, at: datetime) -> EnrolmentLink | Refusal:
    """Make the one link with which the account may set up a new second factor, for 60 minutes.

    The caller has just asked the manager for their own second factor. An older link stops working.
    """
    member = next((one for one in _team(by) if one.account_id == account), None)
    above = recovery.managers_above(by.account_id) if by.account_id else ()
    if member is None or account == by.account_id or account in above:
        return _refused(NOT_YOUR_TEAM, account, by=by, at=at)
    link = EnrolmentLink(name=member.name, secret=secrets.token_urlsafe(32), ends_at=at + LINK_LASTS)
    digest = link_digest(link.secret)
    if not by.account_id or not recovery.allow(
        account, by=by.account_id, link_digest=digest, at=at, ends_at=link.ends_at
    ):
        return _refused(NOTHING_WAITS, account, by=by, at=at)
    record(Action.ALLOWED_RECOVERY, by=by, at=at, details={"account": str(account)})
    return link


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerNamed:
    """Whose manager was named, who it is now and who it was, by name; None for nobody."""

    name: str
    now: str | None
    before: str | None


@transaction.atomic
def name_manager(*, account: UUID, manager: UUID | None, by: Viewer, at: datetime) -> ManagerNamed:
    """Name who manages an account, or that nobody does. For whoever runs the service: no page does it.

    Raises:
        NotFound: there is no such account, or the manager has none.
        InvalidInput: somebody would manage themselves.
        Conflict: the manager's account is closed, or they would be below whom they manage.
    """
    recovery.lock_managers()
    who, chosen = recovery.named(account), recovery.named(manager) if manager else None
    if who is None or (manager and chosen is None):
        raise NotFound("There is no such account.")
    if manager == account:
        raise InvalidInput("Nobody manages themselves: nobody could help them when their telephone is lost.")
    if chosen and not chosen.is_open:
        raise Conflict(f"The account of {chosen.name} is closed: they could help nobody.")
    if chosen and manager and account in recovery.managers_above(manager):
        raise Conflict(
            f"{who.name} stands above {chosen.name}, and nobody helps somebody who stands above them. "
            f"Name another manager of {chosen.name} first."
        )
    before = recovery.manager_named(account)
    recovery.set_manager(account, manager)
    details = {
        "account": str(account),
        "manager": str(manager) if manager else "",
        "before": str(before.account) if before else "",
    }
    record(Action.NAMED_MANAGER, by=by, at=at, details=details)
    return ManagerNamed(
        name=who.name, now=chosen.name if chosen else None, before=before.name if before else None
    )


def link_digest(secret: str) -> str:
    """What is kept of a link; 256 random bits need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _team(by: Viewer) -> tuple[TeamMember, ...]:
    return recovery.team_of(by.account_id) if by.account_id else ()


def _refused(refusal: Refusal, account: UUID, *, by: Viewer, at: datetime) -> Refusal:
    details = {"account": str(account), "rules": list(refusal.rules)}
    record(Action.ALLOWED_RECOVERY, by=by, at=at, outcome=Outcome.REFUSED, details=details)
    return refusal
