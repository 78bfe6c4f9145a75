"""Let a suspended or idle account in again: one person asks, a second one agrees (R52, R56).

What reviewers of use have in hand, or found to be misuse, is theirs, and nothing lifts it here.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.domain.standing import IDLE_DAYS
from contactpoint.storage import reinstating as stored

LONGEST_REASON = 300
MAY_AGREE = frozenset({Role.TECHNICAL_ADMINISTRATOR.value, Role.AUDIT_REVIEWER.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinstatementSaid:
    """What came of it: whose account, and whether it is let in or waits for a second person."""

    name: str
    is_in: bool


@transaction.atomic
def ask_to_reinstate(
    *, account: UUID, asked_by: UUID, because: str, by: Viewer, at: datetime
) -> ReinstatementSaid:
    """Write down that somebody asks: the account's manager, or a technical administrator or reviewer.

    Raises:
        InvalidInput: no reason is given, or a long one.
        Conflict: nothing stops the account, it is asked for already, or it is not theirs to ask.
    """
    _check(by)
    if not because.strip() or len(because) > LONGEST_REASON:
        raise InvalidInput(f"Say why, in at most {LONGEST_REASON} characters.")
    found = _stopped(account, at)
    if asked_by == account:
        raise Conflict("Nobody asks for themselves.")
    roles = stored.roles_of(asked_by, at)
    if not (roles and found.manager == asked_by) and not roles & MAY_AGREE:
        raise Conflict("Their manager asks, or a technical administrator, or a reviewer of use.")
    if stored.asked_for(account):
        raise Conflict("Somebody has asked already. A second person agrees with --agreed-by.")
    stored.ask(account, asked_by=asked_by, because=because, at=at)
    details: dict[str, Json] = {"account": str(account), "asked_by": str(asked_by), "because": because}
    record(Action.ASKED_REINSTATEMENT, by=by, at=at, details=details)
    return ReinstatementSaid(name=found.name, is_in=False)


@transaction.atomic
def agree_to_reinstate(*, account: UUID, agreed_by: UUID, by: Viewer, at: datetime) -> ReinstatementSaid:
    """Let it in, because a second person agrees: a technical administrator or reviewer who did not ask.

    Raises:
        Conflict: nobody asked, it is not theirs to agree, or it is not to be lifted here.
    """
    _check(by)
    found = _stopped(account, at)
    asked_by = stored.asked_for(account)
    if asked_by is None:
        raise Conflict("Nobody has asked yet: begin with --asked-by and --because.")
    if agreed_by in (asked_by, account):
        raise Conflict("Whoever asked does not agree as well, and nobody agrees for themselves.")
    if not stored.roles_of(agreed_by, at) & MAY_AGREE:
        raise Conflict("A technical administrator or a reviewer of use agrees.")
    stored.agree(account, agreed_by=agreed_by, at=at)
    details: dict[str, Json] = {
        "account": str(account),
        "asked_by": str(asked_by),
        "agreed_by": str(agreed_by),
    }
    record(Action.REINSTATED, by=by, at=at, details=details)
    return ReinstatementSaid(name=found.name, is_in=True)


def _stopped(account: UUID, at: datetime) -> stored.Stopped:
    found = stored.stopped(account)
    if found.was_misuse:
        raise Conflict("A reviewer found misuse: this account stays suspended.")
    if found.waits_for_reviewer:
        raise Conflict("A reviewer of use has it in hand, and a second one lifts it on the page.")
    is_idle = found.last_seen_at is not None and (at - found.last_seen_at).days > IDLE_DAYS
    if not found.suspended and not is_idle:
        raise Conflict("This account is neither suspended nor idle.")
    return found


def _check(by: Viewer) -> None:
    if Permission.MANAGE_ACCOUNTS not in PERMISSIONS[by.role] or not by.is_system:
        raise Conflict("Accounts are let in again at the command line.")
