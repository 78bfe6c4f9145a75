"""A password for one use, for somebody who has none or has forgotten theirs (R4).

Whoever runs the service gives it, having made sure who asks. It signs in for a day, leads to nothing but
choosing one's own, and leaves the second factor as it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from contactpoint.access import sessions
from contactpoint.actions.people.first_password import random_password
from contactpoint.actions.people.standing import may_give_password
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Conflict
from contactpoint.domain.staff import INVITATION_LASTS
from contactpoint.storage.models.accounts import Account
from contactpoint.storage.models.staff import Invitation

LASTS: Final = timedelta(hours=24)
CHOOSE: Final = "choose_password"
"""In a session: its owner signed in with such a password, and has to choose another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenPassword:
    """Whose it is, and the password: shown now and never again."""

    name: str
    password: str
    ends_at: datetime


@transaction.atomic
def give_password(account_id: UUID, *, by: Viewer, at: datetime) -> GivenPassword:
    """Put a random password for one use in the place of the one that was, and end every session.

    Raises:
        Conflict: the account is closed.
    """
    given, ended = _put(account_id, at)
    details: dict[str, Json] = {"account": str(account_id), "sessions_ended": ended}
    record(Action.GAVE_PASSWORD, by=by, at=at, details=details)
    return given


def _put(account_id: UUID, at: datetime) -> tuple[GivenPassword, int]:
    account = Account.objects.select_for_update().get(pk=account_id)
    if not account.is_active:
        raise Conflict("This account is closed.")
    password = random_password()
    account.set_password(password)
    account.password_given_at = at
    account.save(update_fields=["password", "password_given_at"])
    ended = sessions.end_sessions(account_id, at)
    return GivenPassword(name=account.name, password=password, ends_at=at + LASTS), ended


@transaction.atomic
def give_as_manager(account_id: UUID, *, by: Viewer, at: datetime) -> GivenPassword | Refusal:
    """Let somebody who manages accounts give a password for one use (R1).

    Raises:
        NotFound: there is no such account.
        Conflict: it is closed.
    """
    allowed = may_give_password(account=account_id, by=by, at=at)
    return allowed if isinstance(allowed, Refusal) else _put(account_id, at)[0]


def has_run_out(account: Any, at: datetime) -> bool:
    """Whether the password of an account was given for one use, and that is over.

    What came with an invitation is good for longer: nobody waits for it.
    """
    given = account.password_given_at
    if given is None:
        return False
    invited = Invitation.objects.filter(account_id=account.pk, told_at=given).exists()
    return bool(at - given > (INVITATION_LASTS if invited else LASTS))
