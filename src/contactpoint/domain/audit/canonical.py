"""One event, one sequence of bytes: RFC 8785 JSON and the salted commitment to it (ADR 0001)."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import rfc8785

from contactpoint.domain.audit.events import (
    Action,
    Actor,
    ActorKind,
    AuditEvent,
    Json,
    Outcome,
    Requester,
    StatedPurpose,
)
from contactpoint.domain.errors import InvalidInput

BODY_VERSION = 1
LEAF_VERSION = 0x01
LEAF_LENGTH = 49
SALT_LENGTH = 32
COMMITMENT_LENGTH = 32

_DOMAIN = b"contactpoint audit event v1\n"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def encode(event: AuditEvent) -> bytes:
    """Write an event as RFC 8785 bytes: sorted names, no spaces, UTF-8, times to the microsecond in UTC."""
    actor, purpose = event.actor, event.purpose
    body = {
        "v": BODY_VERSION,
        "event_id": str(event.event_id),
        "occurred_at": event.occurred_at.astimezone(UTC)
        .isoformat(timespec="microseconds")
        .replace("+00:00", "Z"),
        "action": event.action.value,
        "outcome": event.outcome.value,
        "actor": {
            "kind": actor.kind.value,
            "account": None if actor.account is None else str(actor.account),
            "organisation": actor.organisation,
            "role": actor.role,
            "mediated_for": None if actor.mediated_for is None else _requester(actor.mediated_for),
        },
        "purpose": None if purpose is None else {"code": purpose.code, "text": purpose.text},
        "subjects": list(event.subjects),
        "details": _thaw(event.details),
        "request_id": event.request_id,
    }
    return rfc8785.dumps(body)


def decode(body: bytes) -> AuditEvent:
    """Read an event back from its canonical bytes.

    Raises:
        InvalidInput: the bytes are not an event, or not its one canonical form.
    """
    try:
        event = _event(json.loads(body.decode()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidInput(f"These bytes are not an audit event: {type(error).__name__}.") from error
    if encode(event) != body:
        raise InvalidInput("These bytes are not the canonical form of their audit event.")
    return event


def commitment(body: bytes, *, salt: bytes) -> bytes:
    """Return the 32 bytes that stand in the leaf for `body`: they bind to it and, with the salt, hide it.

    Raises:
        InvalidInput: the salt is not 32 bytes.
    """
    if len(salt) != SALT_LENGTH:
        raise InvalidInput(f"A salt is {SALT_LENGTH} bytes.")
    return hashlib.sha256(_DOMAIN + salt + body).digest()


def leaf_bytes(event_id: UUID, committed: bytes) -> bytes:
    """Return the 49 bytes of a leaf: version, event id, commitment.

    Raises:
        InvalidInput: the commitment is not 32 bytes.
    """
    if len(committed) != COMMITMENT_LENGTH:
        raise InvalidInput(f"A commitment is {COMMITMENT_LENGTH} bytes.")
    return bytes([LEAF_VERSION]) + event_id.bytes + committed


def parse_leaf(leaf: bytes) -> tuple[UUID, bytes]:
    """Return the event id and commitment of a leaf.

    Raises:
        InvalidInput: the length or the version byte is wrong.
    """
    if len(leaf) != LEAF_LENGTH:
        raise InvalidInput(f"A leaf is {LEAF_LENGTH} bytes; this one has {len(leaf)}.")
    if leaf[0] != LEAF_VERSION:
        raise InvalidInput(f"The leaf's version byte is {leaf[0]:#04x}, not {LEAF_VERSION:#04x}.")
    return UUID(bytes=leaf[1:17]), leaf[17:]


def _requester(requester: Requester) -> dict[str, str]:
    return {"name": requester.name, "organisation": requester.organisation, "role": requester.role}


def _thaw(value: Json) -> Any:  # noqa: ANN401 - JSON, whose type the canonicaliser checks again
    if isinstance(value, Mapping):
        return {name: _thaw(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [_thaw(part) for part in value]
    return value


def _event(raw: Any) -> AuditEvent:  # noqa: ANN401 - anything may stand in the bytes; the checks are below
    if raw["v"] != BODY_VERSION:
        raise InvalidInput("This audit event is of a version this program does not know.")
    actor, purpose = raw["actor"], raw["purpose"]
    if _TIME.fullmatch(raw["occurred_at"]) is None:
        raise InvalidInput("The time of this audit event is not written as the canonical form writes it.")
    return AuditEvent(
        event_id=UUID(raw["event_id"]),
        occurred_at=datetime.fromisoformat(raw["occurred_at"]),
        action=Action(raw["action"]),
        outcome=Outcome(raw["outcome"]),
        actor=Actor(
            kind=ActorKind(actor["kind"]),
            account=None if actor["account"] is None else UUID(actor["account"]),
            organisation=actor["organisation"],
            role=actor["role"],
            mediated_for=None if actor["mediated_for"] is None else Requester(**actor["mediated_for"]),
        ),
        purpose=None if purpose is None else StatedPurpose(**purpose),
        subjects=tuple(raw["subjects"]),
        details=raw["details"],
        request_id=raw["request_id"],
    )
