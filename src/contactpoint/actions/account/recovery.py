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
from contactpoint.domain.errors import NotFound
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
    way_on="Ask them to sign in with their password, choose “I have lost my telephone” and ask you there.",
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


@transaction.atomic
def name_manager(*, account: UUID, manager: UUID | None, by: Viewer, at: datetime) -> None:
    """Name who manages an account. For whoever runs the service: no page does it.

    Raises:
        NotFound: there is no such account.
    """
    if not recovery.set_manager(account, manager):
        raise NotFound("There is no such account.")
    details = {"account": str(account), "manager": str(manager) if manager else ""}
    record(Action.NAMED_MANAGER, by=by, at=at, details=details)


def link_digest(secret: str) -> str:
    """What is kept of a link; 256 random bits need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _team(by: Viewer) -> tuple[TeamMember, ...]:
    return recovery.team_of(by.account_id) if by.account_id else ()


def _refused(refusal: Refusal, account: UUID, *, by: Viewer, at: datetime) -> Refusal:
    details = {"account": str(account), "rules": list(refusal.rules)}
    record(Action.ALLOWED_RECOVERY, by=by, at=at, outcome=Outcome.REFUSED, details=details)
    return refusal
