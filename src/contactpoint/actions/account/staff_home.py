"""Where members of staff live, kept as digests under the worker's key and in no other form (R53)."""

import hmac
import re
from datetime import datetime
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import InvalidInput
from contactpoint.linking.names import fold
from contactpoint.storage import use as stored
from contactpoint.storage.sealed_pairs import pair_key


def home_digest(line: str, postcode: str, *, key: bytes) -> bytes | None:
    """The digest of an address: its postcode and the numbers, or else the words, of its line (R53).

    None without a postcode: too many share the rest.
    """
    code = _plain(postcode)
    if not code:
        return None
    place = " ".join(re.findall(r"\d+[A-Z]?\b", line.upper())) or fold(line)
    return hmac.digest(key, f"staff home\0{code}\0{place}".encode(), "sha256")


def postcode_digest(postcode: str, *, key: bytes) -> bytes | None:
    """The digest of a postcode alone, by which neighbours are found (R53)."""
    code = _plain(postcode)
    return hmac.digest(key, f"staff postcode\0{code}".encode(), "sha256") if code else None


def _plain(postcode: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", postcode.upper())


@transaction.atomic
def note_home(*, account: UUID, line: str, postcode: str, by: Viewer, at: datetime) -> bool:
    """Keep where somebody lives, so that their looks at children who live there are found (R53).

    The address itself is kept nowhere, the audit included. False if it was kept already.

    Raises:
        InvalidInput: there is no postcode, or no line.
    """
    key = pair_key()
    home, near = home_digest(line, postcode, key=key), postcode_digest(postcode, key=key)
    if home is None or near is None or not line.strip():
        raise InvalidInput("Give the first line of the address and its postcode.")
    made = stored.note_home(account, home, at=at)
    stored.note_home(account, near, at=at)
    record(Action.NOTED_HOME, by=by, at=at, details={"account": str(account), "new": made})
    return made


@transaction.atomic
def forget_homes(*, account: UUID, by: Viewer, at: datetime) -> int:
    """Forget where somebody lives; return how many digests that were."""
    gone = stored.forget_homes(account)
    record(Action.NOTED_HOME, by=by, at=at, details={"account": str(account), "forgotten": gone})
    return gone
