"""`contactpoint doctor` on a real database, well and spoilt in each way it is there to notice."""

import hashlib
import json
import tempfile
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.db import connection as django_connection
from tests.factories.directory import NOW, build_account, build_reference
from tests.factories.viewers import PRIYA
from tests.plugin import CLUSTER

from contactpoint.cli.directory import Directory
from contactpoint.cli.doctor_database import database_findings
from contactpoint.cli.guards_seen import remember_guards
from contactpoint.cli.home import make_home
from contactpoint.linking.model.weights import shipped_text
from contactpoint.storage.models import ModelVersion, SourceMapping

SAM = UUID(int=7001)


@pytest.fixture
def url(transactional_db):
    at = django_connection.settings_dict
    return f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


@pytest.fixture
def examined(url, tmp_path):
    """What the doctor says after some statements of the owner, all undone afterwards."""
    remember_guards(url, tmp_path)
    return partial(examine, url, tmp_path)


def examine(url, home, *statements):
    with psycopg.connect(url) as owner:
        for statement in statements:
            owner.execute(statement)
        found = list(database_findings(owner, home=home, audit_dir=home / "audit"))
        owner.rollback()
    return {one.check: one for one in found}


def wrong(found):
    return {check for check, one in found.items() if one.state == "wrong"}


def test_a_fresh_database_has_nothing_wrong(examined):
    found = examined()
    assert {one.state for one in found.values()} == {"ok"}, [one.line() for one in found.values()]


@pytest.mark.parametrize(
    ("spoilt", "checks", "words"),
    [
        ("GRANT SELECT ON match_identity TO contactpoint_web", {"web role", "guards"}, "match_identity"),
        ("GRANT SELECT (child_id) ON shield TO contactpoint_web", {"web role", "guards"}, "shield"),
        ("GRANT SELECT ON child TO PUBLIC", {"grants", "guards"}, "PUBLIC"),
        ("GRANT DELETE ON audit_leaf TO contactpoint_worker", {"guards"}, "DELETE audit_leaf"),
        (
            "REVOKE INSERT ON audit_event FROM contactpoint_web",
            {"guards"},
            "gone: contactpoint_web may INSERT",
        ),
        ("ALTER TABLE involvement DISABLE ROW LEVEL SECURITY", {"row security", "guards"}, "involvement"),
        ("DROP POLICY web_reads_unsealed ON source_record", {"guards"}, "web_reads_unsealed"),
        ("ALTER TABLE link DISABLE TRIGGER link_append_only", {"triggers", "guards"}, "link_append_only"),
        ("DROP TRIGGER seal_inserted ON source_record", {"guards"}, "seal_inserted"),
        (
            "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
            {"guards"},
            "audit_refuse",
        ),
    ],
)
def test_what_was_spoilt_is_named(examined, spoilt, checks, words):
    found = examined(spoilt)

    assert wrong(found) == checks
    assert any(words in found[check].found for check in checks)
    assert all(found[check].do for check in checks)


@pytest.fixture
def own_server(request, url):
    """Where an owner and a superuser sign in: the tests' server or, if that is somebody else's, another."""
    if cluster := request.config.stash.get(CLUSTER, None):
        return url, cluster.url("superuser")
    return request.getfixturevalue("another_server")


@pytest.fixture(scope="module")
def another_server():
    with tempfile.TemporaryDirectory(prefix="contactpoint-doctor-") as folder:
        Path(folder).chmod(0o711)
        with Directory(make_home(Path(folder) / "home"), throwaway=True) as directory:
            yield directory.cluster.url("owner"), directory.cluster.url("superuser")


POWERS = [
    *(("web", power) for power in ("BYPASSRLS", "SUPERUSER", "CREATEROLE", "CREATEDB", "REPLICATION")),
    *(("owner", power) for power in ("BYPASSRLS", "REPLICATION")),
]


@pytest.mark.parametrize(("role", "power"), POWERS, ids=lambda one: one)
def test_a_role_with_a_power_over_the_server_is_named_and_what_is_said_takes_it_away(
    own_server, tmp_path, role, power
):
    owner, superuser = own_server
    remember_guards(owner, tmp_path)
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(f"ALTER ROLE contactpoint_{role} {power}")
        try:
            found = examine(owner, tmp_path)["roles"]
            assert (found.state, found.found) == ("wrong", f"too strong: contactpoint_{role}")
            connection.execute(found.do)
            assert examine(owner, tmp_path)["roles"].state == "ok"
        finally:
            connection.execute(f"ALTER ROLE contactpoint_{role} NO{power}")


@pytest.mark.parametrize(("age", "states"), [(timedelta(seconds=5), "ok"), (timedelta(minutes=10), "wrong")])
def test_events_that_wait_too_long(examined, age, states):
    recorded = (datetime.now(UTC) - age).isoformat()
    event = "00000000-0000-4000-8000-000000000001"
    found = examined(
        "ALTER TABLE audit_pending DISABLE TRIGGER audit_never",
        f"INSERT INTO audit_event (id, commitment) VALUES ('{event}', decode(repeat('00', 32), 'hex'))",
        f"UPDATE audit_pending SET recorded_at = '{recorded}'",
        "SET CONSTRAINTS ALL IMMEDIATE",
        "ALTER TABLE audit_pending ENABLE TRIGGER audit_never",
    )
    assert found["unsealed events"].state == states


def test_a_published_head_that_the_database_lacks(examined, tmp_path):
    (tmp_path / "audit").mkdir()
    (tmp_path / "audit" / "checkpoint").write_text("contactpoint.example/audit\n7\nAAAA\n\n- signed\n")

    found = examined()

    assert wrong(found) == {"published log"}
    assert "7 entries" in found["published log"].found


def test_without_a_memory_of_the_guards_it_says_so(examined, tmp_path):
    (tmp_path / "guards.json").unlink()
    assert examined()["guards"].state == "note"


@pytest.fixture
def two_people(transactional_db):
    for account in (PRIYA, SAM):
        build_account(account, f"Person {account.int}")


def model(text):
    """One that two people agreed to: it goes every step, as nothing else is kept."""
    row = ModelVersion.objects.create(
        version=json.loads(text)["version"], sha256=hashlib.sha256(text.encode()).hexdigest(), body=text,
        because="Asked", proposed_by_id=PRIYA, proposed_at=NOW,
    )  # fmt: skip
    it = ModelVersion.objects.filter(pk=row.pk)
    it.update(state="reported", report={}, reported_at=NOW)
    it.update(state="in_force", answered_by=SAM, answered_at=NOW, in_force_from=NOW)


def mapping(text):
    build_reference()
    SourceMapping.objects.create(
        source_id="births", version=1, state="in_force", text=text, by_id=PRIYA, at=NOW, because="Asked",
        answered_by_id=SAM,
    )  # fmt: skip


def test_a_model_of_another_format_is_said_with_what_to_do(examined, two_people):
    model(shipped_text().replace('"format": 1', '"format": 0'))
    found = examined()
    assert wrong(found) == {"matching model"}
    version = json.loads(shipped_text())["version"]
    assert f"{version}, which is in force" in found["matching model"].found
    assert "put the model before it back" in found["matching model"].do


def test_a_mapping_that_does_not_fit_its_contract_any_more_is_said_with_its_source(examined, two_people):
    mapping('[columns]\nno_such_column = "Theirs"\n')
    found = examined()
    assert wrong(found) == {"mappings"}
    assert found["mappings"].found.startswith("births: ")
    assert "How its files are read" in found["mappings"].do


def test_what_two_people_agreed_and_this_release_reads_is_well(examined, two_people):
    model(shipped_text())
    mapping('[columns]\nsurname = "Family name"\n')
    found = examined()
    assert wrong(found) == set()
    assert "which two people agreed to" in found["matching model"].found
    assert found["mappings"].found == "1 in force, each fits its contract"


def test_of_a_release_without_them_nothing_is_said(examined):
    """As `doctor` of a new release is run before the tables are upgraded."""
    found = examined("ALTER TABLE model_version RENAME TO a", "ALTER TABLE source_mapping RENAME TO b")
    assert {"matching model", "mappings"} & found.keys() == set()
