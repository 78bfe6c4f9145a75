"""Appending, sealing and publishing on PostgreSQL: concurrency, crashes, a database older than its files."""

import contextlib
import re
import subprocess
import sys
import threading
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections, transaction
from tests.factories.signed_in import sign_in

from contactpoint.domain.audit import tree
from contactpoint.domain.audit.canonical import parse_leaf
from contactpoint.domain.audit.checkpoint import open_checkpoint
from contactpoint.domain.audit.events import Action, Actor, ActorKind, AuditEvent, Outcome, StatedPurpose
from contactpoint.domain.errors import Conflict, InvalidInput, Misconfigured, NotFound
from contactpoint.pipelines import seal as sealing
from contactpoint.storage import audit_evidence, audit_files, audit_log, models

ORIGIN = "contactpoint.example/audit"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SOMEBODY = uuid.UUID("6f0f6a52-64bb-4a65-9c35-25f0a2a5b2ab")


def an_event(number=0, **changes):
    given = {
        "event_id": uuid.uuid4(),
        "occurred_at": NOON + timedelta(seconds=number),
        "action": Action.OPENED_RECORD,
        "outcome": Outcome.ALLOWED,
        "actor": Actor(kind=ActorKind.PERSON, account=SOMEBODY, organisation="la-202", role="practitioner"),
        "purpose": StatedPurpose(code="safeguarding", text="Bruise seen; José's teacher rang"),
        "subjects": ("C482915307K",),
        "details": {"fields": ["name", "date_of_birth"], "returned": 1},
        "request_id": "r-1",
    }
    return AuditEvent(**(given | changes))


def append(*events, using="default"):
    with transaction.atomic(using=using):
        for event in events:
            audit_log.append(event, using=using)
    return events


@contextlib.contextmanager
def signed_in(*roles):
    """Give this thread Django connections that are signed in as roles, beside the owner's `default`."""
    for role in roles:
        connections[role] = connections.create_connection("default")
        connections[role].alias = role
        connections[role].settings_dict = connections["default"].settings_dict | {
            "USER": f"contactpoint_{role}",
            "PASSWORD": f"test-{role}",
        }
    try:
        yield
    finally:
        for role in roles:
            connections[role].close()
            del connections[role]


@pytest.fixture
def as_role(connect_as):
    with signed_in("web", "worker", "auditor"):
        yield


@pytest.fixture
def signer(tmp_path):
    sealing.ensure_key(tmp_path / "audit.key", origin=ORIGIN)
    return sealing.load_signer(tmp_path / "audit.key")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "published"


@pytest.fixture
def seal(as_role, signer, folder):
    def run(**options):
        return sealing.seal(signer=signer, folder=folder, using="worker", **options)

    return run


@pytest.fixture
def reports(as_role, signer, folder):
    """What the auditor and somebody with the files alone are told."""

    def verify(since=None):
        key = signer.verifier()
        database = sealing.verify_database(key=key, now=NOON, since=since, using="auditor")
        return database, sealing.verify_directory(folder, key=key, now=NOON, since=since)

    return verify


def sealed_ids(folder):
    return [parse_leaf(entry.leaf)[0] for entry in audit_files.entries(folder)]


def test_an_event_needs_the_transaction_it_is_about(as_role):
    with pytest.raises(transaction.TransactionManagementError):
        audit_log.append(an_event(), using="web")


def test_an_event_goes_when_what_it_is_about_is_rolled_back(as_role, web_role, auditor_role):
    with transaction.atomic(using="web"):
        audit_log.append(an_event(), using="web")
        transaction.set_rollback(True, using="web")

    for table in ("audit_event", "audit_body", "audit_pending"):
        assert auditor_role.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_one_reads_ones_own_activity_newest_first_and_nobody_elses(as_role):
    mine = [an_event(number) for number in range(3)]
    other = an_event(9, actor=Actor(kind=ActorKind.PERSON, account=uuid.uuid4()))
    append(*mine, other, using="web")
    assert audit_log.activity(SOMEBODY, using="web") == (), "nobody is signed in"
    sign_in(SOMEBODY)

    read = audit_log.activity(SOMEBODY, using="web")
    assert [one.action for one in read if one not in mine] == [Action.SIGNED_IN]
    assert tuple(one for one in read if one in mine) == tuple(reversed(mine))
    assert audit_log.activity(SOMEBODY, limit=1, using="web") == read[:1]
    assert audit_log.activity(SOMEBODY, before=read[1].occurred_at, using="web") == read[2:]


def test_sealing_numbers_signs_and_publishes(seal, reports, folder):
    events = append(*[an_event(number) for number in range(7)], using="web")

    assert seal() == sealing.Sealed(numbered=7, size=7)

    database, files = reports()
    assert database.is_sound, database.faults
    assert files.is_sound, files.faults
    assert (database.size, database.root, database.checkpoints) == (7, files.root, 1)
    assert set(sealed_ids(folder)) == {event.event_id for event in events}
    assert (folder / "checkpoint").read_text() == (folder / "checkpoints" / "7.note").read_text()


def test_sealing_nothing_changes_nothing(seal, folder):
    append(an_event(), using="web")
    seal()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert seal() == sealing.Sealed(numbered=0, size=1)

    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_batches_have_a_head_each_and_each_head_follows_from_the_one_before(seal, reports, folder, signer):
    append(*[an_event(number) for number in range(11)], using="web")

    assert seal(leaves_a_time=4).numbered == 11

    assert sorted(path.name for path in (folder / "checkpoints").iterdir()) == ["11.note", "4.note", "8.note"]
    hashes = [tree.leaf_hash(entry.leaf) for entry in audit_files.entries(folder)]
    heads = {
        head.size: open_checkpoint(head.note, signer.verifier()) for head in audit_files.checkpoints(folder)
    }
    assert tree.consistency_holds(
        old_size=4,
        old_root=heads[4].root,
        new_size=11,
        new_root=heads[11].root,
        proof=tree.consistency_proof(4, hashes),
    )
    assert all(report.is_sound for report in reports())


def test_no_leaf_is_numbered_while_an_older_transaction_is_open(seal, folder, as_role):
    """Transaction A is older and commits last: B, begun later and ended sooner, waits for it."""
    a, b, c = an_event(1), an_event(2), an_event(3)
    a_began, a_may_end = threading.Event(), threading.Event()

    def slow_writer():
        with signed_in("web"), transaction.atomic(using="web"):
            with connections["web"].cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id()")
            a_began.set()
            assert a_may_end.wait(30)
            audit_log.append(a, using="web")

    thread = threading.Thread(target=slow_writer)
    thread.start()
    assert a_began.wait(30)
    append(b, using="web")

    assert seal().numbered == 0

    a_may_end.set()
    thread.join()
    append(c, using="web")
    assert seal().numbered == 3
    assert sealed_ids(folder) == [a.event_id, b.event_id, c.event_id]


class _Busy(threading.Thread):
    """A thread that remembers what went wrong in it."""

    def __init__(self, role, work):
        super().__init__()
        self.role, self.work, self.failure = role, work, None

    def run(self):
        try:
            with signed_in(self.role):
                self.work()
        except Exception as failure:  # noqa: BLE001 - asserted on in the test
            self.failure = failure


def _write(seed, kept):
    """Thirty transactions of two events each, of which one in three is rolled back."""
    for number in range(30):
        events = [an_event(seed * 1000 + number), an_event(seed * 1000 + number)]
        with transaction.atomic(using="web"):
            for event in events:
                audit_log.append(event, using="web")
            if number % 3 == seed % 3:
                transaction.set_rollback(True, using="web")
                continue
        kept.extend(event.event_id for event in events)


def test_concurrent_writers_and_sealers_lose_no_leaf(seal, reports, folder, as_role):
    """Four writers, a third of whose transactions are rolled back, while two sealers never stop."""
    kept, written = [], threading.Event()

    def keep_sealing():
        while not written.is_set():
            seal(leaves_a_time=7)

    writers = [_Busy("web", lambda seed=seed: _write(seed, kept)) for seed in range(4)]
    sealers = [_Busy("worker", keep_sealing) for _ in range(2)]
    for thread in (*writers, *sealers):
        thread.start()
    for thread in writers:
        thread.join()
    written.set()
    for thread in sealers:
        thread.join()
    seal()

    assert [thread.failure for thread in (*writers, *sealers)] == [None] * 6
    assert len(kept) == 160
    assert sorted(sealed_ids(folder)) == sorted(kept)
    database, files = reports()
    assert database.is_sound, database.faults
    assert files.is_sound, files.faults
    assert database.unsealed == 0


def test_a_crash_between_leaves_and_head_leaves_neither(seal, reports, as_role, monkeypatch):
    append(*[an_event(number) for number in range(5)], using="web")
    with monkeypatch.context() as patch:
        patch.setattr(audit_log, "write_checkpoint", _crash)
        with pytest.raises(_Crash):
            seal()

    assert seal().numbered == 5
    assert all(report.is_sound for report in reports())


def test_the_server_ends_the_sealer_between_leaves_and_head(seal, reports, as_role, worker_role, monkeypatch):
    append(*[an_event(number) for number in range(5)], using="web")
    connections["worker"].ensure_connection()
    write_checkpoint = audit_log.write_checkpoint

    def terminated(head, *, using):
        pid = connections["worker"].connection.info.backend_pid
        worker_role.execute("SELECT pg_terminate_backend(%s)", [pid])
        write_checkpoint(head, using=using)

    with monkeypatch.context() as patch:
        patch.setattr(audit_log, "write_checkpoint", terminated)
        with pytest.raises(Exception, match=r"terminat|closed|lost"):
            seal()
    connections["worker"].close()

    assert seal() == sealing.Sealed(numbered=5, size=5)
    assert all(report.is_sound for report in reports())


class _Crash(BaseException):
    """What no handler catches."""


def _crash(*_given, **_named):
    raise _Crash


@pytest.mark.parametrize("step", ["start_after", "append", "publish"])
def test_a_crash_while_publishing_is_made_good_by_the_next_run(
    step, seal, reports, folder, as_role, monkeypatch
):
    append(an_event(), using="web")
    seal()
    append(*[an_event(number) for number in range(5)], using="web")
    with monkeypatch.context() as patch:
        patch.setattr(audit_files, step, _crash)
        with pytest.raises(_Crash):
            seal()

    assert reports()[1].is_sound
    assert seal() == sealing.Sealed(numbered=0, size=6)
    assert all(report.is_sound for report in reports())
    assert len(list(audit_files.entries(folder))) == 6


def test_a_torn_tail_is_cut_off_and_written_again(seal, reports, folder):
    append(an_event(), using="web")
    seal()
    whole = (folder / "leaves.bin").read_bytes()
    with (folder / "leaves.bin").open("ab") as file:
        file.write(b"\x01" * 70)
    with (folder / "hashes.bin").open("ab") as file:
        file.write(b"\x02" * 33)
    append(an_event(), using="web")

    seal()

    assert (folder / "leaves.bin").read_bytes()[:49] == whole
    assert len((folder / "leaves.bin").read_bytes()) == 98
    assert all(report.is_sound for report in reports())


def test_a_published_file_that_lost_signed_entries_is_not_quietly_mended(seal, folder):
    append(an_event(1), an_event(2), using="web")
    seal()
    (folder / "leaves.bin").write_bytes((folder / "leaves.bin").read_bytes()[:49])
    append(an_event(3), using="web")

    with pytest.raises(Conflict, match=r"leaves\.bin is shorter"):
        seal()


def test_a_database_older_than_the_published_log_signs_nothing_more(seal, signer, folder, tmp_path, as_role):
    """The published log has moved on (here: it is another database's), so signing would fork it."""
    append(an_event(), using="web")
    seal()
    leaf = b"\x01" + bytes(48)
    subtrees = tree.CompactRange().extended([tree.leaf_hash(leaf)] * 2)
    ahead = sealing.sign_checkpoint(sealing.Checkpoint(origin=ORIGIN, size=2, root=subtrees.root()), signer)
    audit_files.publish(folder, [(2, ahead)])
    append(an_event(), using="web")

    with pytest.raises(Conflict, match="that the database does not have"):
        seal()
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT max(size) FROM audit_checkpoint")
        assert cursor.fetchone() == (1,)


def test_nothing_is_signed_on_top_of_altered_subtree_roots(seal, as_role):
    append(an_event(), using="web")
    seal()
    append(an_event(), using="web")
    with connections["default"].cursor() as cursor:
        cursor.execute("ALTER TABLE audit_checkpoint DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_checkpoint SET subtrees = decode(repeat('00', 32), 'hex')")
        cursor.execute("ALTER TABLE audit_checkpoint ENABLE TRIGGER USER")

    with pytest.raises(Conflict, match="was altered"):
        seal()


def test_a_restored_dump_carries_transaction_ids_of_another_life_and_is_still_sealed(seal, reports, as_role):
    append(an_event(), using="web")
    with connections["default"].cursor() as cursor:
        cursor.execute("ALTER TABLE audit_pending DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_pending SET txid = '9000000000'::xid8")
        cursor.execute("ALTER TABLE audit_pending ENABLE TRIGGER USER")

    assert seal().numbered == 1
    assert all(report.is_sound for report in reports())


def test_since_a_checkpoint_that_an_outsider_kept(seal, reports, folder, signer):
    append(*[an_event(number) for number in range(3)], using="web")
    seal()
    kept = (folder / "checkpoint").read_text()
    append(*[an_event(number) for number in range(4)], using="web")
    seal()

    assert all(report.is_sound for report in reports(since=kept))

    other = sealing.sign_checkpoint(sealing.Checkpoint(origin=ORIGIN, size=3, root=b"\x05" * 32), signer)
    longer = sealing.sign_checkpoint(sealing.Checkpoint(origin=ORIGIN, size=9, root=b"\x05" * 32), signer)
    for report in reports(since=other):
        assert [str(fault) for fault in report.faults] == [
            "checkpoint at 3: the log does not begin with the one whose checkpoint was kept"
        ]
    for report in reports(since=longer):
        assert [str(fault) for fault in report.faults] == [
            "checkpoint at 9: it was kept outside, but only 7 entries are there"
        ]
    with pytest.raises(InvalidInput):
        reports(since=kept.replace("3\n", "4\n", 1))


def test_the_age_of_the_oldest_unsealed_event_is_reported(reports, seal, as_role, signer):
    append(an_event(), using="web")
    seal()
    append(an_event(), an_event(), using="web")
    with connections["auditor"].cursor() as cursor:
        cursor.execute("SELECT min(recorded_at) FROM audit_pending")
        (oldest,) = cursor.fetchone()

    report = sealing.verify_database(
        key=signer.verifier(), now=oldest + timedelta(minutes=5), using="auditor"
    )

    assert report.is_sound
    assert (report.unsealed, report.oldest_unsealed) == (2, timedelta(minutes=5))


def a_purge_of(*events):
    return an_event(
        action=Action.PURGED,
        actor=Actor(kind=ActorKind.SYSTEM, role="purge"),
        purpose=None,
        subjects=(),
        details={"events": [str(event.event_id) for event in events]},
    )


def test_a_purge_forgets_the_body_and_the_proof_stands(seal, reports, as_role):
    gone, stays = an_event(1), an_event(2)
    append(gone, stays, using="web")
    seal()

    with transaction.atomic(using="worker"):
        assert audit_log.purge_bodies(a_purge_of(gone), using="worker") == 1
    for _ in ("while the purge waits for its leaf", "and after"):
        database, files = reports()
        assert database.is_sound, database.faults
        assert files.is_sound
        assert database.bodies_gone == 1
        seal()
    sign_in(SOMEBODY)
    assert [one for one in audit_log.activity(SOMEBODY, using="web") if one.action != Action.SIGNED_IN] == [
        stays
    ]


def test_a_purge_names_what_it_deletes_or_deletes_nothing(as_role, worker_role):
    (kept,) = append(an_event(), using="web")
    for event in (an_event(), a_purge_of(), an_event(action=Action.PURGED, details={"events": "all"})):
        with transaction.atomic(using="worker"):
            if event.details.get("events") == ():
                assert audit_log.purge_bodies(event, using="worker") == 0
            else:
                with pytest.raises(InvalidInput, match="lists the ids"):
                    audit_log.purge_bodies(event, using="worker")

    found = worker_role.execute("SELECT count(*) FROM audit_body WHERE event_id = %s", [kept.event_id])
    assert found.fetchone() == (1,)


def test_a_body_deleted_without_a_purge_is_named(seal, reports, as_role, worker_role):
    taken, _ = append(an_event(1), an_event(2), using="web")
    seal()

    worker_role.execute("DELETE FROM audit_body WHERE event_id = %s", [taken.event_id])

    (fault,) = reports()[0].faults
    assert fault.event_id == taken.event_id
    assert "no purge says so" in str(fault)


def test_events_of_one_microsecond_are_on_one_page_or_the_next(as_role):
    events = append(*[an_event(0) for _ in range(5)], using="web")
    sign_in(SOMEBODY)
    read, last = [], None
    while page := audit_log.activity(
        SOMEBODY,
        limit=2,
        before=last and last.occurred_at,
        before_id=last and last.event_id,
        using="web",
    ):
        read += page
        last = page[-1]

    found = sorted(event.event_id for event in read if event.action != Action.SIGNED_IN)
    assert found == sorted(event.event_id for event in events)


def test_the_lock_lasts_as_long_as_a_transaction_and_so_needs_one(as_role):
    with pytest.raises(transaction.TransactionManagementError):
        audit_log.lock_sealer(using="worker")


def test_a_signed_leaf_that_is_gone_from_the_database_is_not_published_around(seal, as_role, monkeypatch):
    append(an_event(1), an_event(2), using="web")
    with monkeypatch.context() as patch:
        patch.setattr(audit_files, "start_after", _crash)
        with pytest.raises(_Crash):
            seal()
    with connections["default"].cursor() as cursor:
        cursor.execute("ALTER TABLE audit_leaf DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM audit_leaf")
        cursor.execute("ALTER TABLE audit_leaf ENABLE TRIGGER USER")

    with pytest.raises(Conflict, match="Leaf 0 is signed but not in the database"):
        seal()


def test_an_event_gone_from_under_its_leaf_is_evidence_too(seal, as_role):
    """Only who also drops the foreign keys gets this far; the reader still hands over what is there."""
    append(an_event(), using="web")
    seal()
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        cursor.execute(
            "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) "
            "FROM pg_constraint WHERE confrelid = 'audit_event'::regclass AND contype = 'f'"
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
        cursor.execute("DELETE FROM audit_event")
        (entry,) = audit_evidence.entries()
        transaction.set_rollback(True)

    assert entry.event is None
    assert len(entry.leaf) == 49


def test_there_is_no_log_where_there_is_none(tmp_path, signer):
    with pytest.raises(NotFound, match="no published audit log"):
        sealing.verify_directory(tmp_path, key=signer.verifier(), now=NOON)
    with pytest.raises(NotFound, match="no public key"):
        sealing.read_key(tmp_path / "nowhere")


def test_rows_name_themselves_and_nobody_else():
    shown = {
        str(models.AuditEvent(pk="e")): "e",
        str(models.AuditBody(event_id="e")): "e",
        str(models.AuditPending(event_id="e")): "e",
        str(models.AuditLeaf(seq=3)): "leaf 3",
        str(models.AuditCheckpoint(size=3)): "checkpoint at 3",
    }
    assert all(given == wanted for given, wanted in shown.items())


def test_the_key_is_made_once_for_its_owner_alone_and_never_for_another_log(tmp_path):
    path = tmp_path / "keys" / "audit.key"
    key = sealing.ensure_key(path, origin=ORIGIN)

    assert path.stat().st_mode & 0o777 == 0o600
    assert sealing.ensure_key(path, origin=ORIGIN) == key
    assert sealing.read_key(path.with_name("audit.key.pub")) == key
    with pytest.raises(Misconfigured, match="belongs to the log"):
        sealing.ensure_key(path, origin="other.example/audit")
    with pytest.raises(Misconfigured, match="no audit key"):
        sealing.load_signer(tmp_path / "nowhere")


def test_the_program_in_the_documentation_gives_the_signed_root(seal, reports, folder):
    """It shares no line with ours; `docs/audit.md` is what an outsider would follow."""
    append(*[an_event(number) for number in range(13)], using="web")
    seal()
    page = (Path(__file__).parents[2] / "docs" / "audit.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)

    said = subprocess.run(
        [sys.executable, "-c", program, str(folder / "leaves.bin"), "13"],
        capture_output=True,
        check=True,
        text=True,
    )

    assert said.stdout == (folder / "checkpoint").read_text(encoding="utf-8").splitlines(keepends=True)[2]


def test_a_folder_that_was_moved_away_is_written_again_the_same(seal, folder):
    append(*[an_event(number) for number in range(5)], using="web")
    seal(leaves_a_time=2)
    before = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    folder.rename(folder.with_name("moved away"))

    seal()

    after = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert after == before
