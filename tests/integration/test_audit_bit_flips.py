"""Change one bit anywhere in the stored audit, tables or files: verifying names what was changed.

The tables are changed by their owner with the triggers switched off, as somebody with the database would.
"""

import shutil
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests.integration.test_audit_log import NOON, ORIGIN, SOMEBODY, as_role

from contactpoint.domain.audit.events import Action, Actor, ActorKind, AuditEvent, Outcome, StatedPurpose
from contactpoint.pipelines import seal as sealing
from contactpoint.storage import audit_log

__all__ = ["as_role"]


def flip(column):
    """The bytes of a column with one bit of the seventh changed."""
    return f"set_byte({column}, 6, get_byte({column}, 6) # 4)"


TABLE_CHANGES = {
    "event: commitment": (
        f"UPDATE audit_event SET commitment = {flip('commitment')} WHERE id = %(event)s",
        "event's row",
    ),
    "body: body": (f"UPDATE audit_body SET body = {flip('body')} WHERE event_id = %(event)s", "body or salt"),
    "body: salt": (f"UPDATE audit_body SET salt = {flip('salt')} WHERE event_id = %(event)s", "body or salt"),
    "body: time": (
        "UPDATE audit_body SET occurred_at = occurred_at + '1 us' WHERE event_id = %(event)s",
        "time column",
    ),
    "body: action": ("UPDATE audit_body SET action = 'shielded' WHERE event_id = %(event)s", "action column"),
    "body: outcome": (
        "UPDATE audit_body SET outcome = 'refused' WHERE event_id = %(event)s",
        "outcome column",
    ),
    "body: account": (
        "UPDATE audit_body SET account = '6f0f6a52-64bb-4a65-9c35-25f0a2a5b2aa' WHERE event_id = %(event)s",
        "account column",
    ),
    "body: account gone": (
        "UPDATE audit_body SET account = NULL WHERE event_id = %(event)s",
        "account column",
    ),
    "body: organisation": (
        "UPDATE audit_body SET organisation = 'la-203' WHERE event_id = %(event)s",
        "organisation column",
    ),
    "body: subjects": (
        "UPDATE audit_body SET subjects = '{C482915306K}' WHERE event_id = %(event)s",
        "subjects column",
    ),
    "leaf: leaf": (
        f"UPDATE audit_leaf SET leaf = {flip('leaf')} WHERE event_id = %(event)s",
        "its leaf was altered",
    ),
    "leaf: version": (
        "UPDATE audit_leaf SET leaf = set_byte(leaf, 0, 0) WHERE event_id = %(event)s",
        "its leaf was altered",
    ),
    "leaf: number": ("UPDATE audit_leaf SET seq = seq + 1048576 WHERE event_id = %(event)s", "is missing"),
    "leaf: gone": ("DELETE FROM audit_leaf WHERE event_id = %(event)s", "is missing"),
}
HEAD_CHANGES = {
    "root": (f"UPDATE audit_checkpoint SET root = {flip('root')} WHERE size = 4", "stored root"),
    "subtrees": (
        f"UPDATE audit_checkpoint SET subtrees = {flip('subtrees')} WHERE size = 4",
        "subtree roots",
    ),
    "note": (
        "UPDATE audit_checkpoint SET note = replace(note, E'\\n4\\n', E'\\n5\\n') WHERE size = 4",
        "signature",
    ),
    "size": ("UPDATE audit_checkpoint SET size = 16 WHERE size = 4", "it was signed for 4 entries"),
}
TABLES = ("audit_event", "audit_body", "audit_pending", "audit_leaf", "audit_checkpoint")


@pytest.fixture
def log(as_role, tmp_path):
    """Eight sealed events under heads of 4 and 8 entries, and one that waits."""
    key = sealing.ensure_key(tmp_path / "audit.key", origin=ORIGIN)
    events = [
        AuditEvent(
            event_id=uuid.uuid4(),
            occurred_at=NOON + timedelta(seconds=number),
            action=Action.OPENED_RECORD,
            outcome=Outcome.ALLOWED,
            actor=Actor(kind=ActorKind.PERSON, account=SOMEBODY, organisation="la-202", role="practitioner"),
            purpose=StatedPurpose(code="safeguarding"),
            subjects=("C482915307K",),
        )
        for number in range(9)
    ]
    for event in events[:8]:
        with transaction.atomic(using="web"):
            audit_log.append(event, using="web")
    sealing.seal(
        signer=sealing.load_signer(tmp_path / "audit.key"),
        folder=tmp_path / "published",
        leaves_a_time=4,
        using="worker",
    )
    with transaction.atomic(using="web"):
        audit_log.append(events[8], using="web")
    return events, key, tmp_path / "published"


def faults_after(statement, parameters, key):
    """Return what the auditor is told after the owner changed something; then change it back."""
    try:
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement, parameters)
            assert cursor.rowcount == 1
        return [str(fault) for fault in sealing.verify_database(key=key, now=NOON, using="auditor").faults]
    finally:
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.parametrize("change", TABLE_CHANGES)
def test_a_change_to_an_entry_names_the_entry(change, log):
    events, key, _ = log
    statement, said = TABLE_CHANGES[change]

    faults = faults_after(statement, {"event": events[2].event_id}, key)

    assert faults
    assert faults[0].startswith("entry 2")
    assert said in faults[0]
    # Only a leaf that is no longer where it was has more to be said about it.
    assert len(faults) == 1 or change.startswith(("leaf: number", "leaf: gone"))


@pytest.mark.parametrize("change", HEAD_CHANGES)
def test_a_change_to_a_head_names_the_head(change, log):
    _, key, _ = log
    statement, said = HEAD_CHANGES[change]

    faults = faults_after(statement, {}, key)

    assert len(faults) == 1
    assert faults[0].startswith("checkpoint at 16" if change == "size" else "checkpoint at 4")
    assert said in faults[0]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (f"UPDATE audit_event SET commitment = {flip('commitment')} WHERE id = %(event)s", "body or salt"),
        (f"UPDATE audit_body SET salt = {flip('salt')} WHERE event_id = %(event)s", "body or salt"),
        ("DELETE FROM audit_pending WHERE event_id = %(event)s", "does not wait"),
    ],
)
def test_a_change_to_an_event_that_waits_names_the_event(statement, said, log):
    events, key, _ = log

    faults = faults_after(statement, {"event": events[8].event_id}, key)

    assert len(faults) == 1
    assert faults[0].startswith(f"event {events[8].event_id}")
    assert said in faults[0]


def test_every_bit_of_every_published_leaf_and_hash(log):
    _, key, folder = log
    for name, length in (("leaves.bin", 49), ("hashes.bin", 32)):
        whole = (folder / name).read_bytes()
        for position in range(len(whole)):
            changed = bytearray(whole)
            changed[position] ^= 1 << position % 8
            (folder / name).write_bytes(changed)

            report = sealing.verify_directory(folder, key=key, now=NOON)

            assert not report.is_sound
            assert {fault.seq for fault in report.faults} == {position // length}
        (folder / name).write_bytes(whole)
    assert sealing.verify_directory(folder, key=key, now=NOON).is_sound


def test_every_byte_of_every_published_head(log):
    _, key, folder = log
    for path, named in (
        (folder / "checkpoints" / "4.note", "checkpoint at 4"),
        (folder / "checkpoints" / "8.note", "checkpoint at 8"),
        (folder / "checkpoint", "the file checkpoint"),
    ):
        whole = path.read_bytes()
        for position in range(len(whole)):
            changed = bytearray(whole)
            changed[position] ^= 1 << position % 8
            path.write_bytes(changed)

            faults = [str(fault) for fault in sealing.verify_directory(folder, key=key, now=NOON).faults]

            assert any(named in fault for fault in faults), (path, position)
        path.write_bytes(whole)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / "hashes.bin").unlink(), "hashes.bin is missing"),
        (lambda folder: (folder / "checkpoint").unlink(), "the file checkpoint is missing"),
        (lambda folder: (folder / "checkpoints" / "x.note").write_text(""), "not the name of a checkpoint"),
        (lambda folder: (folder / "checkpoints" / "8.note").unlink(), "is not among the checkpoints"),
        (
            lambda folder: (folder / "hashes.bin").write_bytes((folder / "hashes.bin").read_bytes()[:-32]),
            "hashes.bin ends after 7 of 8",
        ),
        (
            lambda folder: (folder / "leaves.bin").write_bytes((folder / "leaves.bin").read_bytes()[:-1]),
            "only 7 entries are there",
        ),
        (
            lambda folder: shutil.copy(folder / "checkpoints" / "4.note", folder / "checkpoints" / "5.note"),
            "it was signed for 4 entries, not 5",
        ),
    ],
)
def test_damage_to_the_folder_is_named(damage, said, log):
    _, key, folder = log
    damage(folder)

    faults = [str(fault) for fault in sealing.verify_directory(folder, key=key, now=NOON).faults]

    assert any(said in fault for fault in faults), faults
