"""Whoever can run any statement as the web role cannot become the owner, nor speak as a feed (ADR 0006)."""

import pytest
from psycopg.errors import InsufficientPrivilege

from contactpoint.storage.guards import lay_guards

OWN_TABLE = "CREATE TEMP TABLE source_record (id bigint, child_id text, sealed boolean)"
RUN_AS_OWNER = (
    "SELECT proname, array_to_string(proconfig, ';') FROM pg_proc "
    "WHERE pronamespace = 'public'::regnamespace AND prosecdef"
)
FEED_RECORD = (
    "INSERT INTO source_record (source_id, local_id, sealed) VALUES ('nhs-demographics', 'forged', false)"
)
CONFIRMED = (
    "INSERT INTO involvement (record_id, involvement_id, service, organisation_id, team, practitioner, "
    "practitioner_role, contact_phone, contact_hours, contact_cover, lead_practitioner, assessment, consent, "
    "recorded_at, sealed{more}) VALUES "
    "(1, '', 'school', 'contactpoint', '', '', '', '', '', '', false, false, '', now(), false{values})"
)
VERSION = (
    "INSERT INTO record_version (record_id, as_at, facts, fingerprint, recorded_at, sealed) "
    "VALUES (1, now(), '{}', '', now(), false)"
)


@pytest.fixture(autouse=True)
def guarded(transactional_db):
    lay_guards()


def test_functions_that_run_as_the_owner_look_for_tables_among_temporary_ones_last(web_role):
    paths = dict(web_role.execute(RUN_AS_OWNER).fetchall())
    assert "seal_records" in paths
    assert {name: path for name, path in paths.items() if not (path or "").endswith("public, pg_temp")} == {}


@pytest.mark.parametrize("role", ["web", "auditor"])
def test_a_role_that_reads_makes_no_table(connect_as, role):
    with connect_as(role) as signed_in, pytest.raises(InsufficientPrivilege):
        signed_in.execute(OWN_TABLE)


def test_the_worker_makes_temporary_tables(worker_role):
    worker_role.execute(OWN_TABLE)


@pytest.mark.parametrize(
    "statement",
    [
        FEED_RECORD,
        CONFIRMED.format(more="", values=""),
        CONFIRMED.format(more=", typed_by_id, confirmed_at", values=", gen_random_uuid(), now()"),
        VERSION,
    ],
    ids=["a feed's record", "a feed's involvement", "a confirmed involvement", "what a feed says"],
)
def test_a_web_process_cannot_speak_as_a_feed(web_role, statement):
    with pytest.raises(InsufficientPrivilege):
        web_role.execute(statement)
