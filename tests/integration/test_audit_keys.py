"""Another signing key, checkpoints for auditors, write-once storage, and what others' software says (R54)."""

import base64
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction
from tests.factories.directory import acting_as_role, build_account, build_reference
from tests.factories.signed_in import sign_in
from tests.factories.viewers import viewer

from contactpoint.actions.account.checkpoints import (
    NO_SUCH_CHECKPOINT,
    ask_for_checkpoint,
    checkpoints,
    take_checkpoint,
)
from contactpoint.actions.recording import record
from contactpoint.domain.audit.checkpoint import open_checkpoint
from contactpoint.domain.audit.events import Action
from contactpoint.domain.audit.handover import Bundle, check_bundle
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.pipelines import rotate_key as rotating
from contactpoint.pipelines import seal as sealing
from contactpoint.pipelines.hand_over import hand_over, hand_over_now
from contactpoint.pipelines.keep_log import verify_vault
from contactpoint.storage import audit_files, audit_log, audit_vault
from contactpoint.storage.models import Membership

ORIGIN = "contactpoint.example/audit"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WORKER = system_viewer("worker")
THEIRS = Path(__file__).parents[2] / "bench" / "audit_pymerkle.py"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def key(tmp_path):
    sealing.ensure_key(tmp_path / "audit.key", origin=ORIGIN)
    return tmp_path / "audit.key"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "published"


@pytest.fixture
def happen(key, folder):
    """Lets things happen, seals them, and returns the newest checkpoint."""

    def go(events=3):
        with acting_as_role("worker"):
            for _ in range(events):
                with transaction.atomic():
                    record(Action.LISTED_TODAY, by=WORKER, at=NOON)
            sealing.seal(signer=sealing.load_signer(key), folder=folder)
        return audit_files.newest_note(folder)

    return go


def rotate(key, because="A year is over"):
    with acting_as_role("worker"):
        return rotating.rotate_key(key, because=because, by=WORKER, at=NOON)


def faults(folder, key, since=None):
    with acting_as_role("auditor"):
        database = sealing.verify_database(key=key, now=NOON, since=since)
    files = sealing.verify_directory(folder, key=key, now=NOON, since=since)
    return [str(fault) for report in (database, files) for fault in report.faults]


def test_whoever_holds_any_key_of_the_log_verifies_all_of_it(key, folder, happen):
    first, kept = sealing.read_key(key.with_name("audit.key.pub")), happen()
    second = rotate(key)
    happen()
    third = rotate(key)
    newest = happen()
    for held in (first, second, third):
        assert faults(folder, held, since=kept) == []
    assert open_checkpoint(newest, third).size > open_checkpoint(kept, first).size
    for held in (first, second):
        with pytest.raises(InvalidInput):
            open_checkpoint(newest, held)
    assert sealing.read_key(key.with_name("audit.key.pub")) == third
    assert oct(key.stat().st_mode & 0o777) == "0o600"
    with acting_as_role("auditor"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_body WHERE action = 'rotated_key'")
        assert cursor.fetchone() == (2,), "a change is itself an event"


def test_a_key_whose_time_is_over_signs_nothing_more(key, folder, happen):
    happen()
    stolen = sealing.load_signer(key)
    rotate(key)
    with acting_as_role("worker"), pytest.raises(Conflict, match="was changed"):
        sealing.seal(signer=stolen, folder=folder)
    happen()


def test_a_change_that_was_cut_short_is_finished_by_typing_it_again(key, folder, happen, monkeypatch):
    happen()
    old = key.read_text()
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda self, to: (_ for _ in ()).throw(OSError("killed")))
    with pytest.raises(OSError, match="killed"):
        rotate(key)
    monkeypatch.setattr(Path, "replace", replace)
    assert key.read_text() == old
    with acting_as_role("worker"), pytest.raises(Conflict, match="rotate-key"):
        sealing.seal(signer=sealing.load_signer(key), folder=folder)
    newest = rotate(key)
    happen()
    assert faults(folder, newest) == []
    with acting_as_role("worker"):
        assert len(audit_log.key_changes()) == 1


def test_a_reason_is_needed_and_a_person_cannot(key, happen):
    with pytest.raises(InvalidInput):
        rotate(key, because=" ")


def test_the_first_key_may_be_changed_before_anything_was_signed(key, folder, happen):
    newest = rotate(key)
    happen()
    assert faults(folder, newest) == []


def test_an_altered_or_missing_change_of_key_is_found(key, folder, happen):
    first = sealing.read_key(key.with_name("audit.key.pub"))
    happen()
    rotate(key)
    happen()
    note = folder / "keys" / "1.note"
    whole = note.read_text()
    note.write_text(whole.replace("\n3\n", "\n2\n", 1))
    told = [str(fault) for fault in sealing.verify_directory(folder, key=first, now=NOON).faults]
    assert any("change of key 1" in one for one in told)
    note.unlink()
    told = [str(fault) for fault in sealing.verify_directory(folder, key=first, now=NOON).faults]
    assert any("not signed by" in one for one in told)


@pytest.fixture
def auditors():
    """Frank audits for Oldham, Una for Rochdale; both are signed in."""
    build_reference()
    made = []
    for number, name, organisation in ((61, "Frank Osei", "la-353"), (62, "Una Reid", "la-354")):
        account = UUID(int=number)
        build_account(account, name)
        Membership.objects.create(
            account_id=account, organisation_id=organisation, role="auditor", services=[]
        )
        sign_in(account)
        made.append(
            viewer(
                account_id=account,
                name=name,
                role=Role.AUDITOR,
                organisation_code=organisation,
                organisation_kind="authority",
                authority=organisation[-3:],
                services=(),
            )
        )
    return made


def asked(by, at=NOON):
    with acting_as_role("web"):
        assert ask_for_checkpoint(by=by, at=at).anew
    with acting_as_role("worker"):
        hand_over(by=WORKER, at=at)
    with acting_as_role("web"):
        newest = checkpoints(by=by, at=at).own[0]
        return newest, take_checkpoint(handover=newest.handover, by=by, at=at)


def test_each_auditor_gets_the_newest_head_with_the_proof_from_their_last(key, folder, happen, auditors):
    frank, una = auditors
    public = sealing.read_key(key.with_name("audit.key.pub"))
    happen()
    _, first = asked(frank)
    assert (first.previous_note, first.proof) == (None, ())
    happen(5)
    _, other = asked(una)
    assert other.previous_note is None, "each organisation has its own last one"
    rotate(key)
    happen(2)
    line, second = asked(frank)
    assert second.previous_note == first.note
    assert line.hashes == len(second.proof) > 0
    now, before = check_bundle(second, key=public, kept=first.note)
    assert now.size == line.size > before.size == line.previous_size
    read_again = Bundle.from_json(second.to_json())
    assert read_again == second
    with pytest.raises(InvalidInput, match="you kept"):
        check_bundle(second, key=public, kept=other.note)
    with acting_as_role("web"):
        assert take_checkpoint(handover=line.handover, by=una, at=NOON) == NO_SUCH_CHECKPOINT


def test_nobody_else_asks_and_one_is_asked_for_at_a_time(happen, auditors):
    frank, _ = auditors
    happen()
    with acting_as_role("web"):
        assert isinstance(checkpoints(by=viewer(), at=NOON), Refusal)
        assert ask_for_checkpoint(by=frank, at=NOON).anew
        assert not ask_for_checkpoint(by=frank, at=NOON).anew
        assert checkpoints(by=frank, at=NOON).own[0].size is None


def test_the_same_again_is_proved_by_nothing_and_holds(key, happen, auditors):
    happen()
    with acting_as_role("worker"):
        first = hand_over_now("la-353", by=WORKER, at=NOON)
        assert check_bundle(first, key=sealing.read_key(key.with_name("audit.key.pub")))[1] is None
        again = hand_over_now("la-353", by=WORKER, at=NOON + timedelta(minutes=1))
    assert again.previous_note == first.note
    check_bundle(again, key=sealing.read_key(key.with_name("audit.key.pub")), kept=first.note)


def theirs(leaves, sizes):
    """The roots that pymerkle makes of published leaves, in a process of its own."""
    command = [sys.executable, "-P", str(THEIRS), str(leaves), *map(str, sizes)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_software_we_did_not_write_makes_the_same_roots_and_accepts_their_proofs(folder, happen):
    """The tree by pymerkle, the signature by OpenSSL."""
    notes = [happen(count) for count in (1, 2, 6, 4)]
    sizes = [int(note.split("\n")[1]) for note in notes]
    found = theirs(folder / "leaves.bin", sizes)
    ours = {note.split("\n")[1]: base64.b64decode(note.split("\n")[2]).hex() for note in notes}
    assert found["roots"] == ours
    assert found["proofs"] >= len(sizes) - 1


def test_openssl_verifies_the_signature_on_a_checkpoint(key, folder, happen, tmp_path):
    note = happen()
    text, _, tail = note.rpartition("\n\n")
    signature = base64.b64decode(tail.split(" ")[2])[4:]
    public = base64.b64decode(key.with_name("audit.key.pub").read_text().split("+", 2)[2])[1:]
    prefix = bytes.fromhex("302a300506032b6570032100")  # an Ed25519 key in X.509's form
    (tmp_path / "key.der").write_bytes(prefix + public)
    (tmp_path / "text").write_bytes(text.encode() + b"\n")
    (tmp_path / "signature").write_bytes(signature)

    def openssl():
        command = [
            "openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", str(tmp_path / "key.der"),
            "-rawin", "-in", str(tmp_path / "text"), "-sigfile", str(tmp_path / "signature"),
        ]  # fmt: skip
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert openssl() == 0
    (tmp_path / "text").write_bytes(text.encode() + b"x\n")
    assert openssl() != 0


def test_write_once_storage_grows_is_read_only_and_verifies(key, folder, happen, tmp_path):
    vault, public = tmp_path / "vault", sealing.read_key(key.with_name("audit.key.pub"))
    kept = happen()
    size = audit_vault.add(folder, vault)
    assert audit_vault.add(folder, vault) == size, "the same again changes nothing"
    before = {path.name: path.read_bytes() for path in vault.iterdir()}
    rotate(key)
    happen(4)
    assert audit_vault.add(folder, vault) > size
    assert {name: (vault / name).read_bytes() for name in before} == before
    assert all(path.stat().st_mode & 0o222 == 0 for path in vault.iterdir())
    report = verify_vault(vault, key=public, now=NOON, since=kept)
    assert (report.faults, report.checkpoints) == ((), 2)


def test_whoever_tampers_with_write_once_storage_is_found(key, folder, happen, tmp_path):
    vault, public = tmp_path / "vault", sealing.read_key(key.with_name("audit.key.pub"))
    happen()
    audit_vault.add(folder, vault)
    chunk = next(vault.glob("leaves-*"))
    whole = chunk.read_bytes()

    def told():
        return " ".join(str(fault) for fault in verify_vault(vault, key=public, now=NOON).faults)

    chunk.chmod(0o644)
    assert "can be written to" in told()
    chunk.write_bytes(whole[:60] + bytes([whole[60] ^ 1]) + whole[61:])
    chunk.chmod(0o444)
    assert "do not have the root that was signed" in told()
    chunk.unlink()
    chunk.write_bytes(whole[:-49])
    assert "does not hold what its name says" in told()
    (vault / "something").write_text("else")
    assert "something is none of its files" in told()


def test_a_log_that_was_rewritten_is_not_added_to_write_once_storage(key, folder, happen, tmp_path):
    vault = tmp_path / "vault"
    happen()
    audit_vault.add(folder, vault)
    size = audit_vault.checkpoints(vault)[-1].size
    (folder / "checkpoints" / f"{size}.note").write_text("another")
    with pytest.raises(Conflict, match="never published"):
        audit_vault.add(folder, vault)
