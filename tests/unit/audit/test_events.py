"""An audit event that is malformed cannot exist."""

import uuid
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta, timezone

import pytest

from contactpoint.domain.audit.events import (
    Action,
    Actor,
    ActorKind,
    AuditEvent,
    Outcome,
    Requester,
    StatedPurpose,
)
from contactpoint.domain.errors import InvalidInput

ACCOUNT = uuid.UUID("6f0f6a52-64bb-4a65-9c35-25f0a2a5b2ab")
PERSON = {"kind": ActorKind.PERSON, "account": ACCOUNT, "organisation": "la-202", "role": "practitioner"}
GIVEN = {
    "event_id": uuid.UUID("0b0e0a52-64bb-4a65-9c35-25f0a2a5b2ab"),
    "occurred_at": datetime(2026, 11, 22, 12, tzinfo=UTC),
    "action": Action.SEARCHED,
    "outcome": Outcome.ALLOWED,
    "actor": Actor(**PERSON),
}


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"event_id": "0b0e0a52-64bb-4a65-9c35-25f0a2a5b2ab"}, "event id"),
        ({"occurred_at": datetime(2026, 11, 22, 12)}, "UTC"),  # noqa: DTZ001 - refused for being so
        ({"occurred_at": datetime(2026, 7, 1, tzinfo=timezone(timedelta(hours=1)))}, "UTC"),
        ({"occurred_at": "2026-11-22"}, "time"),
        ({"action": "searched"}, "action"),
        ({"outcome": "allowed"}, "outcome"),
        ({"actor": None}, "actor"),
        ({"purpose": "safeguarding"}, "purpose"),
        ({"subjects": ["C482915307K"]}, "subjects"),
        ({"subjects": ("C 482 915 307 K",)}, "number"),
        ({"subjects": ("9434765919",)}, "number"),
        ({"subjects": (None,)}, "number"),
        ({"subjects": ("C482915307K", "C482915307K")}, "once"),
        ({"request_id": "two words"}, "request id"),
        ({"request_id": "x" * 65}, "request id"),
        ({"details": []}, "details"),
        ({"details": {"weight": 1.5}}, "float"),
        ({"details": {"when": GIVEN["occurred_at"]}}, "datetime"),
        ({"details": {"raw": b"x"}}, "bytes"),
        ({"details": {"big": 2**53}}, "larger than"),
        ({"details": {"small": -(2**53)}}, "larger than"),
        ({"details": {1: "x"}}, "not text"),
        ({"details": {"half": "\ud800"}}, "half a character"),
        ({"details": {"long": "x" * 4001}}, "longer"),
        ({"details": {"deep": nested(20)}}, "deep"),
    ],
)
def test_a_malformed_event_is_refused(changes, message):
    with pytest.raises(InvalidInput, match=message):
        AuditEvent(**(GIVEN | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "person"}, "kind"),
        ({"account": None}, "account"),
        ({"account": str(ACCOUNT)}, "account"),
        ({"kind": ActorKind.SYSTEM, "account": None, "role": None}, "which one"),
        ({"kind": ActorKind.SYSTEM, "account": "x"}, "account id"),
        ({"kind": ActorKind.ANONYMOUS}, "anonymous"),
        ({"organisation": "two words"}, "organisation"),
        ({"role": "Practitioner"}, "role"),
        ({"mediated_for": "Jo Bloggs"}, "requester"),
    ],
)
def test_a_malformed_actor_is_refused(changes, message):
    with pytest.raises(InvalidInput, match=message):
        Actor(**(PERSON | changes))


@pytest.mark.parametrize(
    "given",
    [
        PERSON,
        {"kind": ActorKind.PERSON, "account": ACCOUNT},
        {"kind": ActorKind.SYSTEM, "role": "sealer"},
        {"kind": ActorKind.ANONYMOUS},
        PERSON | {"mediated_for": Requester(name="Jo Bloggs", organisation="kids", role="youth worker")},
    ],
)
def test_these_are_actors(given):
    assert Actor(**given).kind is given["kind"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": " "}, "name"),
        ({"organisation": ""}, "organisation"),
        ({"role": "x" * 401}, "role"),
        ({"name": None}, "name"),
    ],
)
def test_a_requester_can_be_found_again(changes, message):
    """R6: the audit names both the requester and the mediator."""
    with pytest.raises(InvalidInput, match=message):
        Requester(**({"name": "Jo Bloggs", "organisation": "kids", "role": "youth worker"} | changes))


@pytest.mark.parametrize("given", [{"code": ""}, {"code": "Safeguarding"}, {"code": "x", "text": None}])
def test_a_purpose_has_a_code_and_a_text(given):
    with pytest.raises(InvalidInput):
        StatedPurpose(**given)


def test_details_cannot_be_changed_afterwards_by_anyone():
    terms = {"surname": "Khan", "places": ["Leeds"]}
    event = AuditEvent(**GIVEN, details={"terms": terms})

    terms["surname"] = "Smith"
    terms["places"].append("York")

    assert event.details["terms"] == {"surname": "Khan", "places": ("Leeds",)}
    with pytest.raises(TypeError):
        event.details["terms"]["surname"] = "Smith"
    with pytest.raises(FrozenInstanceError):
        event.outcome = Outcome.REFUSED


def test_words_of_actions_are_lower_case_and_short_enough_for_their_column():
    for action in Action:
        assert action.value == action.name.lower()
        assert len(action.value) <= 40
