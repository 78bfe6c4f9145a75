"""What the verifier says besides the faults that the vector files hold."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contactpoint.domain.audit import tree
from contactpoint.domain.audit.canonical import commitment, encode, leaf_bytes
from contactpoint.domain.audit.checkpoint import Checkpoint, Signer, sign_checkpoint
from contactpoint.domain.audit.events import Action, Actor, ActorKind, AuditEvent, Outcome
from contactpoint.domain.audit.evidence import Entry, StoredCheckpoint, StoredEvent, UnsealedEvent
from contactpoint.domain.audit.report import Fault
from contactpoint.domain.audit.verify import verify_log
from contactpoint.domain.errors import InvalidInput

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SIGNER = Signer(name="contactpoint.example/audit", private=Ed25519PrivateKey.from_private_bytes(bytes(32)))
GIVEN = {"key": SIGNER.verifier(), "now": NOW}


def stored(number):
    event = AuditEvent(
        event_id=UUID(int=number),
        occurred_at=NOW,
        action=Action.SEARCHED,
        outcome=Outcome.ALLOWED,
        actor=Actor(kind=ActorKind.ANONYMOUS),
    )
    body, salt = encode(event), bytes(32)
    return StoredEvent(event_id=event.event_id, commitment=commitment(body, salt=salt), body=body, salt=salt)


def entry(number):
    event = stored(number)
    return Entry(seq=number, leaf=leaf_bytes(event.event_id, event.commitment), event=event)


def head(size):
    root = tree.root(tree.leaf_hash(entry(number).leaf) for number in range(size))
    note = sign_checkpoint(Checkpoint(origin=SIGNER.name, size=size, root=root), SIGNER)
    return StoredCheckpoint(size=size, note=note)


def test_an_empty_log_is_sound():
    report = verify_log(entries=[], checkpoints=[], **GIVEN)

    assert report.is_sound
    assert (report.size, report.root, report.oldest_unsealed) == (0, tree.EMPTY_ROOT, None)


def test_a_sound_log_is_counted():
    report = verify_log(entries=map(entry, range(9)), checkpoints=map(head, (2, 9)), **GIVEN)

    assert report.is_sound
    assert (report.size, report.checkpoints, report.signed_size, report.bodies_gone) == (9, 2, 9, 0)


def test_the_oldest_that_waits_is_aged_and_never_less_than_now():
    waiting = [
        UnsealedEvent(event=stored(1), waiting_since=NOW - timedelta(seconds=5)),
        UnsealedEvent(event=stored(2), waiting_since=NOW - timedelta(hours=2)),
        UnsealedEvent(event=stored(3), waiting_since=NOW + timedelta(seconds=5)),
    ]
    report = verify_log(entries=[], checkpoints=[], unsealed=waiting, **GIVEN)
    assert (report.unsealed, report.oldest_unsealed) == (3, timedelta(hours=2))

    ahead = verify_log(entries=[], checkpoints=[], unsealed=waiting[2:], **GIVEN)
    assert ahead.oldest_unsealed == timedelta(0)


def test_a_thousand_faults_are_listed_and_all_are_counted():
    entries = (Entry(seq=number, leaf=entry(number).leaf, event=None) for number in range(1500))

    report = verify_log(entries=entries, checkpoints=[head(1500)], **GIVEN)

    assert not report.is_sound
    assert (len(report.faults), report.fault_count) == (1000, 1500)


def test_a_checkpoint_kept_outside_must_be_ours():
    with pytest.raises(InvalidInput):
        verify_log(entries=[], checkpoints=[], since="not a note", **GIVEN)


@pytest.mark.parametrize("kept", [0, 1, 2, 3, 5, 9])
def test_a_log_begins_with_every_head_it_ever_signed(kept):
    note = sign_checkpoint(
        Checkpoint(
            origin=SIGNER.name,
            size=kept,
            root=tree.root(tree.leaf_hash(entry(number).leaf) for number in range(kept)),
        ),
        SIGNER,
    )
    report = verify_log(entries=map(entry, range(9)), checkpoints=map(head, (2, 9)), since=note, **GIVEN)
    assert report.is_sound


def test_after_a_forged_stretch_the_later_heads_are_not_blamed():
    """The stored subtree roots of the head, once they make the signed root, are ground to stand on again."""
    entries = [entry(number) for number in range(9)]
    forged = stored(100)
    entries[1] = Entry(seq=1, leaf=leaf_bytes(forged.event_id, forged.commitment), event=forged)
    subtrees = tree.CompactRange().extended(tree.leaf_hash(entry(number).leaf) for number in range(4))
    first = StoredCheckpoint(size=4, note=head(4).note, subtrees=subtrees.to_bytes())

    report = verify_log(entries=entries, checkpoints=[first, head(9)], **GIVEN)

    assert [str(fault) for fault in report.faults] == [
        "checkpoint at 4: entries 0 to 3 do not have the root that was signed"
    ]


@pytest.mark.parametrize("subtrees", [bytes(32), bytes(31), None])
def test_subtree_roots_that_do_not_fit_are_no_ground(subtrees):
    entries = [entry(number) for number in range(9)]
    forged = stored(100)
    entries[1] = Entry(seq=1, leaf=leaf_bytes(forged.event_id, forged.commitment), event=forged)
    first = StoredCheckpoint(size=4, note=head(4).note, subtrees=subtrees)

    report = verify_log(entries=entries, checkpoints=[first, head(9)], **GIVEN)

    said = [str(fault) for fault in report.faults]
    assert said[0] == "checkpoint at 4: entries 0 to 3 do not have the root that was signed"
    assert not any("at 9" in fault for fault in said), "one stretch is blamed once"


def test_a_fault_is_one_line_for_a_person():
    assert str(Fault(what="gone", seq=3, event_id=UUID(int=1))) == f"entry 3, event {UUID(int=1)}: gone"
    assert str(Fault(what="cut", checkpoint=8)) == "checkpoint at 8: cut"
    assert str(Fault(what="the file is missing")) == "the log: the file is missing"
