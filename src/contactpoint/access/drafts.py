"""What somebody had typed when their session ended or was locked: kept for them alone, given back once.

It lies encrypted under the account, never in an address, a cookie or another person's session.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.db import transaction

from contactpoint.access.ciphers import DRAFTS, cipher
from contactpoint.storage.models.sessions import KeptDraft

KEPT_FOR = timedelta(hours=24)
LARGEST = 64 * 1024  # bytes; the longest form has a few thousand
MOST = 5  # windows in which somebody may have been typing
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", "lock_from"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A form as it was sent: where to, from which page, and the values of each field.

    `why` is "ended" or "locked", for the words above the form; `kept_at` is seconds since 1970.
    """

    path: str
    page: str
    fields: Mapping[str, Sequence[str]]
    why: str
    kept_at: float = 0


@transaction.atomic
def keep(account_id: UUID, draft: Draft, at: datetime) -> bool:
    """Keep a draft beside those of other windows; False for one that is empty or too large to be a form."""
    typed = {name: list(values) for name, values in draft.fields.items() if name not in _NOT_TYPED}
    if not any(value for values in typed.values() for value in values):
        return False
    draft = replace(draft, fields=typed, kept_at=at.timestamp())
    if len(_written([draft])) > LARGEST:
        return False
    others = [one for one in _waiting(account_id, at) if (one.path, one.fields) != (draft.path, typed)]
    kept = [draft, *others][:MOST]
    while len(_written(kept)) > LARGEST:
        kept.pop()
    body = cipher(DRAFTS).encrypt(_written(kept)).decode()
    KeptDraft.objects.update_or_create(account_id=account_id, defaults={"body": body, "kept_at": at})
    return True


@transaction.atomic
def take(account_id: UUID, at: datetime) -> tuple[Draft, ...]:
    """The account's drafts of the last 24 hours, newest first, which are gone then."""
    waiting = _waiting(account_id, at)
    KeptDraft.objects.filter(account_id=account_id).delete()
    return waiting


def _waiting(account_id: UUID, at: datetime) -> tuple[Draft, ...]:
    kept = KeptDraft.objects.select_for_update().filter(account_id=account_id).first()
    if kept is None:
        return ()
    try:
        read = json.loads(cipher(DRAFTS).decrypt(kept.body.encode()))
    except InvalidToken:  # the service's secret was changed since
        return ()
    # An earlier release kept one alone, and its time beside it.
    drafts = read if isinstance(read, list) else [{**read, "kept_at": kept.kept_at.timestamp()}]
    since = (at - KEPT_FOR).timestamp()
    return tuple(Draft(**one) for one in drafts if one["kept_at"] >= since)


def _written(drafts: Sequence[Draft]) -> bytes:
    return json.dumps([asdict(one) for one in drafts]).encode()
