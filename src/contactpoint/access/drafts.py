"""What somebody had typed when their session ended or was locked: kept for them alone, given back once.

It lies encrypted under the account, never in an address, a cookie or another person's session.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.db import transaction

from contactpoint.access.ciphers import DRAFTS, cipher
from contactpoint.storage.models.sessions import KeptDraft

KEPT_FOR = timedelta(hours=24)
LARGEST = 64 * 1024  # bytes; the longest form has a few thousand
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", "lock_from"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A form as it was sent: where to, from which page, and the values of each field.

    `why` is "ended" or "locked", for the words above the form.
    """

    path: str
    page: str
    fields: Mapping[str, Sequence[str]]
    why: str


def keep(account_id: UUID, draft: Draft, at: datetime) -> bool:
    """Keep a draft in the place of an older one; False for one that is empty or too large to be a form."""
    typed = {name: list(values) for name, values in draft.fields.items() if name not in _NOT_TYPED}
    body = json.dumps({**asdict(draft), "fields": typed}).encode()
    if not any(value for values in typed.values() for value in values) or len(body) > LARGEST:
        return False
    encrypted = cipher(DRAFTS).encrypt(body).decode()
    KeptDraft.objects.update_or_create(account_id=account_id, defaults={"body": encrypted, "kept_at": at})
    return True


@transaction.atomic
def take(account_id: UUID, at: datetime) -> Draft | None:
    """The account's draft, which is gone then; None where there is none of the last 24 hours."""
    kept = KeptDraft.objects.filter(account_id=account_id).first()
    if kept is None:
        return None
    kept.delete()
    if at - kept.kept_at > KEPT_FOR:
        return None
    try:
        return Draft(**json.loads(cipher(DRAFTS).decrypt(kept.body.encode())))
    except InvalidToken:  # the service's secret was changed since
        return None
