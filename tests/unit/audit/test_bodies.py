"""A purge that names nothing it could answer for is refused, wherever it is read."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from contactpoint.domain.audit.bodies import Bodies, named_by_purge
from contactpoint.domain.audit.canonical import commitment, encode
from contactpoint.domain.audit.events import Action, Actor, ActorKind, AuditEvent, Outcome
from contactpoint.domain.audit.evidence import StoredEvent
from contactpoint.domain.errors import InvalidInput


def purge(details, action=Action.PURGED):
    return AuditEvent(
        event_id=UUID(int=1),
        occurred_at=datetime(2026, 11, 22, tzinfo=UTC),
        action=action,
        outcome=Outcome.ALLOWED,
        actor=Actor(kind=ActorKind.SYSTEM, role="purge"),
        details=details,
    )


def test_it_names_events_by_id():
    assert named_by_purge(purge({"events": [str(UUID(int=7))]})) == (UUID(int=7),)


@pytest.mark.parametrize(
    "details", [{}, {"events": None}, {"events": "all"}, {"events": ["everything"]}, {"events": [7]}]
)
def test_anything_else_is_refused(details):
    with pytest.raises(InvalidInput):
        named_by_purge(purge(details))


def test_a_purge_that_names_nothing_properly_is_a_fault_and_not_a_crash():
    body, salt = encode(purge({"events": "all"})), bytes(32)
    made = commitment(body, salt=salt)
    event = StoredEvent(event_id=UUID(int=1), commitment=made, body=body, salt=salt)

    (fault,) = Bodies().check(event, frozenset({made}), seq=0)

    assert "lists the ids" in fault


def test_another_action_is_no_purge():
    with pytest.raises(InvalidInput):
        named_by_purge(purge({"events": []}, Action.SEARCHED))
