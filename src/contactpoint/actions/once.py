"""A form that is sent twice is answered twice and acted on once.

Every form that changes something carries a random key. What it was answered with is kept under that key, in
the transaction of the change: whoever presses twice, goes back, reloads, or never saw the answer because the
server was killed, gets the first answer.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.storage.queries.answered_forms import Answered, answer_of, await_turn, keep_answer

Answer = TypeVar("Answer")
Other = TypeVar("Other")

OTHER_FORM = (
    "This form was sent already, and said something else then. What was sent first is recorded. Open the "
    "page anew to see it, and to send something else."
)
OUT_OF_DATE = "This page is out of date. Nothing was changed. Open it anew and send it again."


@transaction.atomic
def once(
    act: Callable[[], Answer | Other],
    *,
    key: str,
    action: str,
    sent: Mapping[str, object],
    answered: type[Answer],
    by: Viewer,
    at: datetime,
) -> Answer | Other:
    """Act, or return what the same form was answered with before.

    A second press waits for the first. Only an answer of the type `answered` is kept: whatever else comes
    back, a refusal for one, changed nothing, and is decided anew.

    Args:
        act: the use case; it joins this transaction.
        key: what the form carried.
        action: the name of what is done.
        sent: what the form said, as far as it decides what is done.
        answered: the dataclass of the answer when it was done, of JSON values only.
        by: the viewer; keys of different accounts never meet.
        at: now.

    Raises:
        InvalidInput: the form carried no key.
        Conflict: the key was sent before with other contents.
    """
    number = _read_key(key)
    if by.account_id is None:
        return act()
    await_turn(by.account_id, number)
    before = answer_of(by.account_id, number)
    if before is not None:
        if (before.action, before.sent) != (action, _digest(sent)):
            raise Conflict(OTHER_FORM)
        return answered(**before.answer)
    answer = act()
    if isinstance(answer, answered):
        kept = asdict(answer)  # type: ignore[call-overload]
        keep_answer(by.account_id, number, Answered(action, _digest(sent), kept), at=at)
    return answer


def answered_before(*, key: str, action: str, answered: type[Answer], by: Viewer) -> Answer | None:
    """Return what this viewer's form of that key was answered with; None where it was not acted on yet."""
    try:
        before = by.account_id and answer_of(by.account_id, _read_key(key))
    except InvalidInput:
        return None
    return answered(**before.answer) if before and before.action == action else None


def _read_key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInput(OUT_OF_DATE) from None


def _digest(sent: Mapping[str, object]) -> bytes:
    """With the secret of these pages: whoever has the database alone can try out no telephone number."""
    said = json.dumps(sent, sort_keys=True, default=str)
    return salted_hmac("contactpoint once", said, algorithm="sha256").digest()
