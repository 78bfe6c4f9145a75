"""Whatever event can be made can be written in one way, read back, and told from every other."""

import json
import string
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from contactpoint.domain.audit import canonical
from contactpoint.domain.audit.events import Action, Actor, ActorKind, AuditEvent, Outcome, StatedPurpose
from contactpoint.domain.errors import InvalidInput

texts = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=40)
numbers = st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
codes = st.text(alphabet=string.ascii_lowercase + "_", min_size=1, max_size=20).filter(
    lambda text: text[0] != "_"
)
child_numbers = st.integers(min_value=0, max_value=999_999_999).map(lambda number: f"C{number:09d}K")

events = st.builds(
    AuditEvent,
    event_id=st.uuids(),
    occurred_at=st.datetimes(timezones=st.just(UTC)),
    action=st.sampled_from(Action),
    outcome=st.sampled_from(Outcome),
    actor=st.builds(
        Actor, kind=st.just(ActorKind.PERSON), account=st.uuids(), organisation=codes, role=st.none() | codes
    ),
    purpose=st.none() | st.builds(StatedPurpose, code=codes, text=texts),
    subjects=st.lists(child_numbers, unique=True, max_size=5).map(tuple),
    details=st.dictionaries(texts, json_values, max_size=4),
    request_id=st.none() | codes,
)
salts = st.binary(min_size=32, max_size=32)


@given(events)
def test_an_event_is_read_back_as_it_was_written(event):
    assert canonical.decode(canonical.encode(event)) == event


@given(events)
def test_no_other_spelling_of_the_same_event_is_accepted(event):
    body = canonical.encode(event)
    loose = json.dumps(json.loads(body), ensure_ascii=False).encode()
    assert loose != body
    try:
        canonical.decode(loose)
    except InvalidInput:
        return
    raise AssertionError(loose)


@given(events, salts, st.data())
def test_one_flipped_bit_of_body_or_salt_changes_the_commitment(event, salt, data):
    body = canonical.encode(event)
    whole = bytearray(salt + body)
    position = data.draw(st.integers(min_value=0, max_value=len(whole) * 8 - 1))
    whole[position // 8] ^= 1 << position % 8
    changed = canonical.commitment(bytes(whole[32:]), salt=bytes(whole[:32]))
    assert changed != canonical.commitment(body, salt=salt)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_event_are_refused_in_our_own_words(body):
    try:
        canonical.decode(body)
    except InvalidInput:
        return
    raise AssertionError(body)


@given(st.uuids(), st.binary(min_size=32, max_size=32))
def test_a_leaf_holds_its_event_and_commitment(event_id, committed):
    assert canonical.parse_leaf(canonical.leaf_bytes(event_id, committed)) == (event_id, committed)


@given(st.datetimes(), events)
def test_a_time_without_utc_is_refused(moment, event):
    try:
        AuditEvent(
            event_id=event.event_id,
            occurred_at=moment,
            action=event.action,
            outcome=event.outcome,
            actor=event.actor,
        )
    except InvalidInput:
        return
    raise AssertionError(moment)
