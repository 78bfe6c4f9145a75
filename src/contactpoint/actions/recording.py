"""Writes what an action did into the audit, in the action's own transaction (R51)."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

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
from contactpoint.domain.disclosure.actors import OnBehalfOf, Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.storage import audit_log


def record(
    action: Action,
    *,
    by: Viewer,
    at: datetime,
    outcome: Outcome = Outcome.ALLOWED,
    purpose: Purpose | None = None,
    subjects: Sequence[str] = (),
    details: Mapping[str, Json] | None = None,
) -> UUID:
    """Append one audit event and return its id. Needs an open transaction."""
    event = event_of(
        action, by=by, at=at, outcome=outcome, purpose=purpose, subjects=subjects, details=details
    )
    audit_log.append(event)
    return event.event_id


def event_of(
    action: Action,
    *,
    by: Viewer,
    at: datetime,
    outcome: Outcome = Outcome.ALLOWED,
    purpose: Purpose | None = None,
    subjects: Sequence[str] = (),
    details: Mapping[str, Json] | None = None,
) -> AuditEvent:
    """Make an audit event without writing it: for the database, which writes it with what it answers."""
    return AuditEvent(
        event_id=uuid4(),
        occurred_at=at.astimezone(UTC),
        action=action,
        outcome=outcome,
        actor=actor_of(by),
        purpose=StatedPurpose(code=purpose.code.value, text=purpose.text or "") if purpose else None,
        subjects=tuple(dict.fromkeys(subjects)),
        details=details or {},
        request_id=by.request_id,
    )


def record_refusal(
    refusal: Refusal,
    asked: Permission,
    *,
    by: Viewer,
    at: datetime,
    purpose: Purpose | None = None,
    subjects: Sequence[str] = (),
    details: Mapping[str, Json] | None = None,
) -> Refusal:
    """Append the event of a refusal, with the rules that decided, and return the refusal."""
    record(
        Action.REFUSED,
        by=by,
        at=at,
        outcome=Outcome.REFUSED,
        purpose=purpose,
        subjects=subjects,
        details={"asked": asked.value, "rules": list(refusal.rules), **(details or {})},
    )
    return refusal


def actor_of(by: Viewer) -> Actor:
    """The viewer as the audit names it: a system by what it is, a person by account."""
    if by.account_id is None:
        name = re.sub(r"[^a-z0-9_]+", "_", by.name.casefold()).strip("_")[:40]
        return Actor(kind=ActorKind.SYSTEM, organisation=by.organisation_code, role=name or "system")
    return Actor(
        kind=ActorKind.PERSON,
        account=by.account_id,
        organisation=by.organisation_code,
        role=by.role.value,
        mediated_for=_requester(by.mediates_for) if by.mediates_for else None,
    )


def _requester(who: OnBehalfOf) -> Requester:
    return Requester(name=who.name, organisation=who.organisation, role=who.title)
