"""One event, one sequence of bytes, for ever (ADR 0001)."""

import uuid
from datetime import UTC, datetime

import pytest

from contactpoint.domain.audit import canonical
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

EVENT = AuditEvent(
    event_id=uuid.UUID("0b0e0a52-64bb-4a65-9c35-25f0a2a5b2ab"),
    occurred_at=datetime(2026, 11, 22, 9, 5, 7, 42, tzinfo=UTC),
    action=Action.SEARCHED,
    outcome=Outcome.ALLOWED,
    actor=Actor(
        kind=ActorKind.PERSON,
        account=uuid.UUID("6f0f6a52-64bb-4a65-9c35-25f0a2a5b2ab"),
        organisation="la-202",
        role="practitioner",
        mediated_for=Requester(name="Jo Bloggs", organisation="kids", role="youth worker"),
    ),
    purpose=StatedPurpose(code="safeguarding", text='Zoë said "help"'),
    subjects=("C482915307K",),
    details={"returned": 1, "terms": {"surname": "O'Brien", "sex": None}, "exact": False},
    request_id="r-1",
)
BODY = (
    '{"action":"searched","actor":{"account":"6f0f6a52-64bb-4a65-9c35-25f0a2a5b2ab","kind":"person",'
    '"mediated_for":{"name":"Jo Bloggs","organisation":"kids","role":"youth worker"},"organisation":"la-202",'
    '"role":"practitioner"},"details":{"exact":false,"returned":1,"terms":{"sex":null,"surname":"O\'Brien"}},'
    '"event_id":"0b0e0a52-64bb-4a65-9c35-25f0a2a5b2ab","occurred_at":"2026-11-22T09:05:07.000042Z",'
    '"outcome":"allowed","purpose":{"code":"safeguarding","text":"Zoë said \\"help\\""},"request_id":"r-1",'
    '"subjects":["C482915307K"],"v":1}'
).encode()
SALT = bytes(range(32))


def test_the_bytes_of_an_event_never_change():
    assert canonical.encode(EVENT) == BODY
    assert canonical.decode(BODY) == EVENT


def test_the_commitment_and_leaf_never_change():
    """Worked out with sha256sum over the domain line, the salt and the body."""
    committed = canonical.commitment(BODY, salt=SALT)

    assert committed.hex() == "80f331a1177069966cc34bfe2c994a9584a10ecb0454d372a014793bffd85c27"
    assert canonical.leaf_bytes(EVENT.event_id, committed).hex() == (
        "01" + "0b0e0a5264bb4a659c3525f0a2a5b2ab" + committed.hex()
    )


def test_names_are_sorted_by_utf_16_as_rfc_8785_asks():
    """RFC 8785 section 3.2.3: U+1F600 sorts before U+FB33, though its code point is larger."""
    changed = AuditEvent(
        event_id=EVENT.event_id,
        occurred_at=EVENT.occurred_at,
        action=Action.SEARCHED,
        outcome=Outcome.ALLOWED,
        actor=EVENT.actor,
        details={"\ufb33": 1, "\U0001f600": 2, "\r": 3, "1": 4},
    )

    assert '"details":{"\\r":3,"1":4,"\U0001f600":2,"\ufb33":1}'.encode() in canonical.encode(changed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v":2'),
        (b'"v":1', b'"v":true'),
        (b'"v":1', b'"v":1.0'),
        (b'"v":1}', b'"v":1,"w":1}'),
        (b',"v":1', b""),
        (b".000042Z", b".0000420Z"),
        (b".000042Z", b".000042+00:00"),
        (b"2026-11-22T", b"2026-13-22T"),
        (b'"searched"', b'"snooped"'),
        (b'"2026-11-22T09:05:07.000042Z"', b"1"),
        (b'"subjects":["C482915307K"]', b'"subjects":"C482915307K"'),
        (b'"0b0e0a52-', b'"0B0E0A52-'),
        (b'"0b0e0a52-64bb', b'"{0b0e0a5264bb'),
        (b"Jo Bloggs", b"\xff\xfe"),
        (b'"request_id":"r-1"', b'"request_id":"r-1","request_id":"r-1"'),
        (b'"name":"Jo Bloggs"', b'"nom":"Jo Bloggs"'),
        (b'"details":{', b'"details":{ '),
        (b'"returned":1', b'"returned":1e0'),
        (b'"returned":1', b'"returned":NaN'),
        (b'"code":"safeguarding",', b""),
    ],
)
def test_nothing_but_the_canonical_bytes_is_read(old, new):
    changed = BODY.replace(old, new, 1)
    assert changed != BODY
    with pytest.raises(InvalidInput):
        canonical.decode(changed)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b"[" * 100_000, b'"x"'])
def test_other_json_is_refused(body):
    with pytest.raises(InvalidInput):
        canonical.decode(body)


def test_lengths_are_checked():
    with pytest.raises(InvalidInput, match="salt is 32"):
        canonical.commitment(BODY, salt=b"short")
    with pytest.raises(InvalidInput, match="commitment is 32"):
        canonical.leaf_bytes(EVENT.event_id, b"short")
    with pytest.raises(InvalidInput, match="leaf is 49"):
        canonical.parse_leaf(bytes(48))
    with pytest.raises(InvalidInput, match="version byte is 0x02"):
        canonical.parse_leaf(b"\x02" + bytes(48))
