"""Time stamps over checkpoints (RFC 3161), by a small authority that OpenSSL makes here (R54)."""

import subprocess
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from tests.factories.audit_log import published_log

from contactpoint.domain.errors import InvalidInput, Misconfigured
from contactpoint.pipelines import keep_log as keeping
from contactpoint.pipelines import seal as sealing
from contactpoint.storage import audit_files, audit_vault

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CONFIG = """
[tsa]
default_tsa = here
[here]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
[stamping]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
basicConstraints = critical,CA:FALSE
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[req]
distinguished_name = name
[name]
"""


def openssl(place, *words):
    subprocess.run(["openssl", *words], cwd=place, check=True, capture_output=True)


def make_authority(place):
    """A root and an authority under it."""
    place.mkdir()
    (place / "tsa.cnf").write_text(CONFIG)
    (place / "serial").write_text("01\n")
    openssl(place, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=A root", "-keyout", "root.key", "-out", "root.pem",
            "-config", "tsa.cnf", "-extensions", "root")  # fmt: skip
    openssl(place, "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=An authority",
            "-keyout", "tsa.key", "-out", "tsa.csr", "-config", "tsa.cnf")  # fmt: skip
    openssl(place, "x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-days", "2",
            "-CAcreateserial", "-extfile", "tsa.cnf", "-extensions", "stamping",
            "-out", "tsa.pem")  # fmt: skip
    return place


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return make_authority(tmp_path_factory.mktemp("tsa") / "here")


@pytest.fixture
def serving(authority):
    """The authority's address; `broken` makes it answer with nothing of sense."""
    broken = threading.Event()

    class Stamps(BaseHTTPRequestHandler):
        def do_POST(self):
            (authority / "query.tsq").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            openssl(authority, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-signer",
                    "tsa.pem", "-inkey", "tsa.key", "-out", "reply.tsr")  # fmt: skip
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"no stamp" if broken.is_set() else (authority / "reply.tsr").read_bytes())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Stamps)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", broken
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def published(tmp_path):
    return published_log(tmp_path / "published")


@pytest.fixture
def roots(authority):
    return keeping.roots_in(str(authority / "root.pem"))


def test_the_newest_head_is_stamped_once_and_the_stamp_holds(serving, published, roots):
    folder, _ = published
    url, _ = serving
    note = audit_files.newest_note(folder)
    size = int(note.split("\n")[1])
    before = datetime.now(UTC) - timedelta(seconds=5)
    keeping.stamp_newest(folder, url=url, roots=roots)
    stamp = audit_files.stamp_at(folder, size)
    assert before <= keeping.stamped_at(stamp, note, roots=roots) <= datetime.now(UTC) + timedelta(seconds=5)
    keeping.stamp_newest(folder, url="http://127.0.0.1:9/nobody", roots=roots)
    assert audit_files.stamps(folder) == [size]


def test_a_stamp_holds_for_its_head_and_under_its_roots_alone(serving, published, roots, tmp_path):
    folder, _ = published
    keeping.stamp_newest(folder, url=serving[0], roots=roots)
    note = audit_files.newest_note(folder)
    stamp = audit_files.stamp_at(folder, audit_files.stamps(folder)[0])
    with pytest.raises(InvalidInput, match="does not hold"):
        keeping.stamped_at(stamp, note + "x", roots=roots)
    with pytest.raises(InvalidInput, match="does not hold"):
        keeping.stamped_at(stamp[:-1] + bytes([stamp[-1] ^ 1]), note, roots=roots)
    others = keeping.roots_in(str(make_authority(tmp_path / "other") / "root.pem"))
    with pytest.raises(InvalidInput, match="does not hold"):
        keeping.stamped_at(stamp, note, roots=others)


def test_what_is_no_stamp_is_not_kept(serving, published, roots):
    folder, _ = published
    url, broken = serving
    broken.set()
    with pytest.raises(InvalidInput):
        keeping.stamp_newest(folder, url=url, roots=roots)
    assert audit_files.stamps(folder) == []


def test_a_stamp_goes_to_write_once_storage_and_is_verified_there(
    serving, published, roots, settings, tmp_path, authority
):
    folder, key = published
    settings.AUDIT_DIR, settings.AUDIT_VAULT = str(folder), str(tmp_path / "vault")
    settings.AUDIT_TSA, settings.AUDIT_TSA_ROOTS = serving[0], str(authority / "root.pem")
    assert keeping.anything_to_keep()
    keeping.keep_log()
    assert not keeping.anything_to_keep()
    vault = tmp_path / "vault"
    assert len(audit_vault.stamps(vault)) == 1
    assert keeping.verify_vault(vault, key=key, now=NOW, roots=roots).is_sound
    others = keeping.roots_in(str(make_authority(tmp_path / "other") / "root.pem"))
    report = keeping.verify_vault(vault, key=key, now=NOW, roots=others)
    assert "does not hold" in str(report.faults[0])


def test_an_authority_that_does_not_answer_keeps_nothing_from_being_kept(
    published, settings, tmp_path, authority
):
    folder, key = published
    settings.AUDIT_DIR, settings.AUDIT_VAULT = str(folder), str(tmp_path / "vault")
    settings.AUDIT_TSA, settings.AUDIT_TSA_ROOTS = "http://127.0.0.1:9/", str(authority / "root.pem")
    with pytest.raises(OSError):  # noqa: PT011 - the system's own words
        keeping.keep_log()
    assert keeping.verify_vault(tmp_path / "vault", key=key, now=NOW).is_sound
    assert sealing.verify_directory(folder, key=key, now=NOW).is_sound


@pytest.mark.parametrize("roots", ["", "/nowhere.pem"])
def test_without_certificates_to_hold_it_against_nothing_is_stamped(published, settings, roots):
    folder, _ = published
    settings.AUDIT_DIR, settings.AUDIT_VAULT = str(folder), ""
    settings.AUDIT_TSA, settings.AUDIT_TSA_ROOTS = "http://127.0.0.1:9/", roots
    with pytest.raises(Misconfigured, match="ROOTS"):
        keeping.keep_log()


def test_it_is_off_unless_somebody_names_an_authority_or_a_folder(published, settings):
    settings.AUDIT_DIR, settings.AUDIT_VAULT, settings.AUDIT_TSA = str(published[0]), "", ""
    assert not keeping.anything_to_keep()


def test_only_the_web_is_asked(published, roots):
    with pytest.raises(Misconfigured):
        keeping.stamp_newest(published[0], url="file:///etc/passwd", roots=roots)
