"""Statements of Training England: signed there (JWS, RFC 7515, with Ed25519), read where its key is trusted.

It says who passed, as what and when, and sets the training date of the account of that e-mail address.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from contactpoint.access.audit import note_own
from contactpoint.access.training_key import ALGORITHM
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.errors import Conflict, InvalidInput, Misconfigured, NotFound
from contactpoint.domain.training import STATEMENT_LASTS, TRAINED_FOR, Statement
from contactpoint.storage import training as stored
from contactpoint.storage.models.accounts import Account
from contactpoint.storage.training import Kept

_LONGEST: Final = 4000
NOT_ONE: Final = (
    "This is not what Training England gave you. Copy all of it, from the first letter to the last"
)
UNKNOWN: Final = (
    "It was signed by a training directory that is not known here. Ask your organisation's account manager"
)
CHANGED: Final = "It was changed after it was signed. Copy it again from Training England"
OF_ANOTHER: Final = "It is about somebody else: it counts only for the account of the same e-mail address"
TOO_OLD: Final = "It is more than 30 days old. Take the assessment in Training England again"
USED: Final = "It has been used for another account. Take the assessment in Training England yourself"
NOT_NOW: Final = "Nothing was changed. Sign in again and enter it once more."


def is_training() -> bool:
    """Whether this is a training directory: it has a key to sign statements with."""
    return bool(settings.TRAINING_KEY)


def sign_for(account: UUID, number: UUID, role: Role, passed: date) -> str:
    """The text that says that somebody has passed."""
    whose = Account.objects.get(pk=account)
    return sign(Statement(id=number, email=whose.email, name=whose.name, role=role, passed=passed))


def sign(statement: Statement) -> str:
    """The text that somebody takes from here to the directory.

    Raises:
        Misconfigured: this is no training directory.
    """
    if not is_training():
        raise Misconfigured("This is not a training directory: it has no key to sign with.")
    key = OKPKey.import_key(Path(settings.TRAINING_KEY).read_text(encoding="ascii"))
    claims = {
        "iss": "Training England",
        "jti": str(statement.id),
        "sub": statement.email,
        "name": statement.name,
        "role": statement.role.value,
        "passed": statement.passed.isoformat(),
    }
    header = {"alg": ALGORITHM, "kid": key.thumbprint()}
    return jws.serialize_compact(header, json.dumps(claims).encode(), key, algorithms=[ALGORITHM])


def read(text: str, trusted: Mapping[str, Mapping[str, Any]]) -> tuple[str, Statement]:
    """Verify a text by the keys that are trusted; return the id of the key, and what it says.

    Raises:
        InvalidInput: it is no statement, of no key that is trusted, or was changed.
    """
    text = "".join(text.split())
    try:
        kid = (
            str(jws.extract_compact(text.encode("ascii")).headers().get("kid", ""))
            if len(text) < _LONGEST
            else ""
        )
    except (JoseError, ValueError):
        raise InvalidInput(NOT_ONE) from None
    if not kid:
        raise InvalidInput(NOT_ONE)
    if kid not in trusted:
        raise InvalidInput(UNKNOWN)
    try:
        key = OKPKey.import_key(dict(trusted[kid]))
        said = json.loads(jws.deserialize_compact(text, key, algorithms=[ALGORITHM]).payload)
        return kid, Statement(
            id=UUID(said["jti"]),
            email=str(said["sub"]),
            name=str(said["name"]),
            role=Role(said["role"]),
            passed=date.fromisoformat(said["passed"]),
        )
    except (JoseError, KeyError, TypeError, ValueError):
        raise InvalidInput(CHANGED) from None


@transaction.atomic
def accept(text: str, *, account: UUID, at: datetime, request_id: str) -> date:
    """Set one's own training date by a statement (R3); return until when. The same one twice is once.

    Raises:
        InvalidInput: it is no statement, of somebody else, too old, or was used for another account.
        Conflict: whoever sends it is not signed in any more, or its key was just ended.
    """
    kid, said = read(text, stored.trusted_keys())
    today = at.date()
    if said.email.lower() != Account.objects.get(pk=account).email.lower():
        raise InvalidInput(OF_ANOTHER)
    if said.passed > today:
        raise InvalidInput(CHANGED)
    if today - said.passed > STATEMENT_LASTS:
        raise InvalidInput(TOO_OLD)
    until = said.passed + TRAINED_FOR
    kept = stored.keep_statement(account, kid, said.id, text, until)
    if kept is Kept.USED:
        raise InvalidInput(USED)
    if kept is Kept.NOT_NOW:
        raise Conflict(NOT_NOW)
    if kept is Kept.KEPT:
        details = {"statement": str(said.id), "key": kid, "trained_until": until.isoformat()}
        note_own(Action.RECORDED_OWN_TRAINING, account, request_id=request_id, details=details)
    return until


@transaction.atomic
def trust(text: str, name: str, *, by: Viewer, at: datetime) -> str:
    """Believe what a training directory signs from now on; return the id of its key.

    Raises:
        InvalidInput: the text is not the public key that a training directory prints.
    """
    try:
        given = json.loads(text)
        key = OKPKey.import_key({name: given[name] for name in ("kty", "crv", "x")})
    except (JoseError, KeyError, TypeError, ValueError):
        raise InvalidInput("This is not the key that `contactpoint training key` prints.") from None
    if given.get("d"):
        raise InvalidInput("This is the private half of a key: give the one that `training key` prints.")
    kid = key.thumbprint()
    stored.trust_key(kid, name, key.as_dict(private=False), at)
    record(Action.TRUSTED_TRAINING, by=by, at=at, details={"key": kid, "name": name})
    return kid


@transaction.atomic
def distrust(kid: str, *, by: Viewer, at: datetime) -> None:
    """Believe a training directory no more; what was recorded by its statements stays.

    Raises:
        NotFound: no such key is trusted.
    """
    if not stored.end_key(kid, at):
        raise NotFound(f"No key {kid} is trusted. `contactpoint training trusted` lists those that are.")
    record(Action.TRUSTED_TRAINING, by=by, at=at, details={"key": kid, "ended": True})
