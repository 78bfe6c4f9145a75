"""What was typed, encrypted in the events that tell it: the log commits to what stands there (ADR 28).

Whoever writes an event puts sealed text in the place of each, and whoever reads one opens them: here alone.
An event is never rewritten, so its texts stay under the key that they were written with.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from contactpoint.domain.audit.canonical import decode
from contactpoint.domain.audit.events import Action, AuditEvent, Json
from contactpoint.storage.typed_texts import MARK, TypedTable, key_to_write_with

# Half of a sealed identity: nobody who reads the audit is told which child somebody asked from (R35, ADR 53).
HALF: Final = "half"
# Of the details, at any depth: what was searched for, why, and who decided. Names stand in the clear.
TYPED: Final = (
    "terms",
    "because",
    "said",
    "said_again",
    "how_text",
    "decided_by",
    "decided_by_title",
    "asked_by",
    "reference",
    HALF,
)
_PURPOSE, _NAME, _TITLE = "purpose", "mediated_for.name", "mediated_for.role"
_BLOCK: Final = 128
_EVENT: Final = TypedTable(
    "audit_body", "occurred_at", dict.fromkeys((*TYPED, _PURPOSE, _NAME, _TITLE), _BLOCK)
)
# About keys and accounts, and written where there is no key to seal with.
_OF_NO_CHILD: Final = frozenset({
    Action.ASKED_REINSTATEMENT, Action.REINSTATED, Action.ROTATED_KEY, Action.ROTATED_SEAL_KEY,
})  # fmt: skip
_JSON: Final = "\0"  # nobody types it
_Change = Callable[[str, Json], Json]


def with_texts_sealed(event: AuditEvent, *, using: str = "default") -> AuditEvent:
    """Return the event as it is written; `using` is the connection that writes it."""
    if event.action in _OF_NO_CHILD or not _typed_in(event):
        return event
    key = key_to_write_with(using=using)

    def seal(name: str, value: Json) -> Json:
        text = value if isinstance(value, str) else _JSON + json.dumps(_plain(value), ensure_ascii=False)
        return _EVENT.seal(event.occurred_at, key, **{name: text})[0]

    return _changed(event, seal)


def read_event(body: bytes) -> AuditEvent:
    """Read an event back, with what was typed; half of a sealed identity stays sealed, whoever reads.

    Raises:
        InvalidInput: the bytes are not an event.
        Misconfigured: the key that its texts were written with is not there, or is another one.
    """
    event = decode(body)
    if MARK.encode() not in body:
        return event

    def opened(name: str, value: Json) -> Json:
        if name == HALF or not isinstance(value, str):
            return value
        (text,) = _EVENT.open(event.occurred_at, None, **{name: value})
        found: Json = json.loads(text.removeprefix(_JSON)) if text.startswith(_JSON) else text
        return found

    return _changed(event, opened)


def _typed_in(event: AuditEvent) -> bool:
    found: list[str] = []

    def seen(name: str, value: Json) -> Json:
        found.append(name)
        return value

    _changed(event, seen)
    return bool(found)


def _changed(event: AuditEvent, change: _Change) -> AuditEvent:
    """The event with each typed text changed."""
    purpose, actor = event.purpose, event.actor
    if purpose and purpose.text:
        purpose = replace(purpose, text=_text(change(_PURPOSE, purpose.text)))
    if actor.mediated_for:
        asks = actor.mediated_for
        name, role = _text(change(_NAME, asks.name)), _text(change(_TITLE, asks.role))
        actor = replace(actor, mediated_for=replace(asks, name=name, role=role))
    return replace(event, purpose=purpose, actor=actor, details=_each(event.details, change))


def _each(details: Mapping[str, Json], change: _Change) -> Mapping[str, Json]:
    return {name: _one(name, value, change) for name, value in details.items()}


def _one(name: str, value: Json, change: _Change) -> Json:
    if name in TYPED and value and isinstance(value, str | Mapping):
        return change(name, value)
    return _each(value, change) if isinstance(value, Mapping) else value


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _plain(value: Json) -> Json:
    """A value that cannot be changed as one that JSON can be made of."""
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(part) for part in value]
    return value
