"""A password for one use, for somebody who has none or has forgotten theirs (R4).

Whoever runs the service gives it, having made sure who asks. It signs in for a day, leads to nothing but
choosing one's own, and leaves the second factor as it is.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from contactpoint.access import sessions
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import Conflict
from contactpoint.storage.models.accounts import Account

LASTS: Final = timedelta(hours=24)
CHOOSE: Final = "choose_password"
"""In a session: its owner signed in with such a password, and has to choose another."""

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_GROUPS, _IN_ONE = 4, 4


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
    account = Account.objects.select_for_update().get(pk=account_id)
    if not account.is_active:
        raise Conflict("This account is closed.")
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_IN_ONE)) for _ in range(_GROUPS))
    account.set_password(password)
    account.password_given_at = at
    account.save(update_fields=["password", "password_given_at"])
    ended = sessions.end_sessions(account_id, at)
    details: dict[str, Json] = {"account": str(account_id), "sessions_ended": ended}
    record(Action.GAVE_PASSWORD, by=by, at=at, details=details)
    return GivenPassword(name=account.name, password=password, ends_at=at + LASTS)


def has_run_out(account: Any, at: datetime) -> bool:
    """Whether the password of an account was given for one use, and that is over."""
    return account.password_given_at is not None and at - account.password_given_at > LASTS
