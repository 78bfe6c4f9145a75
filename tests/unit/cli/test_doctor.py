"""What `contactpoint doctor` and `status` make of what they see."""

import os
from datetime import date

import pytest

from contactpoint.cli.doctor_machine import (
    disk_finding,
    folder_findings,
    memory_finding,
    process_finding,
    secret_findings,
)
from contactpoint.cli.findings import Finding, judged
from contactpoint.cli.status import freshness


@pytest.fixture
def home(tmp_path):
    secrets = tmp_path / "secrets"
    secrets.mkdir(mode=0o700)
    for name in ("audit.key", "pair.key"):
        (secrets / name).write_text("secret")
        (secrets / name).chmod(0o600)
    (secrets / "audit.key.pub").write_text("for all to read")
    return tmp_path


def states(findings):
    return {one.check: one.state for one in findings}


def test_a_line_says_what_to_type_only_where_something_is_wrong():
    assert judged("disk", True, "80 GB free", "make room").line() == "ok    disk: 80 GB free"
    assert judged("disk", False, "1 GB free", "make room").line() == "WRONG disk: 1 GB free -> make room"


@pytest.mark.parametrize(("gigabytes", "state"), [(0.2, "wrong"), (1.9, "wrong"), (2.0, "ok"), (500.0, "ok")])
def test_disk(gigabytes, state, tmp_path):
    assert disk_finding(gigabytes, tmp_path).state == state


@pytest.mark.parametrize(("gigabytes", "state"), [(0.5, "wrong"), (1.0, "ok"), (64.0, "ok"), (None, "note")])
def test_memory(gigabytes, state):
    assert memory_finding(gigabytes).state == state


def test_a_whole_data_folder_has_nothing_wrong(home):
    assert states(folder_findings(home)) == {"data folder": "ok", "secrets": "ok", "audit key": "ok"}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_an_audit_key_that_others_may_use_is_wrong_and_the_cure_cures_it(home, mode):
    key = home / "secrets" / "audit.key"
    key.chmod(mode)

    found = {one.check: one for one in secret_findings(home / "secrets")}

    assert found["audit key"].state == found["secrets"].state == "wrong"
    assert found["audit key"].do == f"chown {os.geteuid()} {key} && chmod 600 {key}"
    os.system(found["audit key"].do)
    assert states(secret_findings(home / "secrets")) == {"secrets": "ok", "audit key": "ok"}


def test_an_open_folder_of_secrets_is_wrong(home):
    (home / "secrets").chmod(0o755)
    assert states(secret_findings(home / "secrets")) == {"secrets": "wrong", "audit key": "ok"}


def test_a_lost_audit_key_is_wrong(home):
    (home / "secrets" / "audit.key").unlink()
    assert states(secret_findings(home / "secrets"))["audit key"] == "wrong"


def test_a_restore_that_was_cut_short_is_wrong(home):
    (home / "restoring").write_text("backup\n")
    assert states(folder_findings(home))["restore"] == "wrong"


def test_processes_that_ended_are_noticed(home):
    assert process_finding(home).found == "not running"
    (home / "processes.json").write_text('{"address": "http://localhost:1", "processes": {"4194305": "1"}}')
    assert process_finding(home) == Finding(
        check="pages and worker", state="wrong", found="1 of their processes ended", do="contactpoint serve"
    )


TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("as_at", "promised", "waiting", "stands"),
    [
        (None, 7, None, "nothing published yet"),
        (date(2026, 11, 22), 1, None, "fresh"),
        (date(2026, 11, 15), 7, None, "fresh"),
        (date(2026, 11, 14), 7, None, "LATE by 1 days"),
        (date(2026, 11, 1), 7, "held", "LATE by 14 days; held for a person"),
        (date(2026, 11, 21), 7, "staged", "fresh; a delivery is being taken in"),
        (date(2026, 11, 21), 7, "linked", "fresh; a delivery is being taken in"),
    ],
)
def test_a_feed_against_its_promise(as_at, promised, waiting, stands):
    assert freshness(as_at, promised, today=TODAY, waiting=waiting) == stands
