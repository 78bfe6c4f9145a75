"""What each database role may do to the audit tables: one case per role and verb (R54)."""

import uuid

import psycopg
import pytest
from django.db import ProgrammingError, connection
from psycopg.errors import CheckViolation, InsufficientPrivilege, RaiseException
from tests.factories.directory import build_reference
from tests.factories.signed_in import sign_in

from contactpoint.cli.postgres import ROLE_NAMES, let_sign_in
from contactpoint.storage.guards import lay_guards

TABLES = (
    "audit_event",
    "audit_body",
    "audit_pending",
    "audit_leaf",
    "audit_checkpoint",
    "audit_key",
    "audit_handover",
)
COLUMN = {
    "audit_event": "commitment",
    "audit_body": "body",
    "audit_pending": "recorded_at",
    "audit_leaf": "leaf",
    "audit_checkpoint": "note",
    "audit_key": "signed",
    "audit_handover": "signed",
}
GUARD = {"audit_handover": "keep_handover"}
ROLES = ("web", "worker", "auditor")

MAY_READ = {
    "web": set(),
    "worker": set(TABLES),
    "auditor": set(TABLES),
}
MAY_DELETE = {"web": set(), "worker": {"audit_body", "audit_pending"}, "auditor": set()}
ZERO32 = "decode(repeat('00', 32), 'hex')"
SAID = (
    """'{{"event_id": "{event}", "occurred_at": "2026-11-22T09:30:00Z", "action": "searched", """
    """"outcome": "allowed", "actor": {{}}, "subjects": []}}'::bytea"""
)
BODY = (
    "INSERT INTO audit_body (event_id, occurred_at, action, outcome, subjects, body, salt) "
    f"VALUES ('{{event}}', '2026-11-22T09:30:00Z', 'searched', '{{outcome}}', '{{{{}}}}', {SAID}, {{salt}})"
)
COMMITMENT = f"sha256(E'contactpoint audit event v1\\n'::bytea || {ZERO32} || {SAID})"
LEAF = (
    "INSERT INTO audit_leaf (seq, event_id, leaf) "
    "VALUES ({seq}, '{event}', decode(repeat('00', {length}), 'hex'))"
)
CHECKPOINT = f"INSERT INTO audit_checkpoint VALUES ({{size}}, {ZERO32}, {ZERO32}, '')"
INSERTS = {
    "audit_event": f"INSERT INTO audit_event VALUES (gen_random_uuid(), {ZERO32})",
    "audit_body": BODY.replace("{outcome}", "allowed").replace("{salt}", ZERO32),
    "audit_pending": "INSERT INTO audit_pending (event_id) VALUES ('{event}')",
    "audit_leaf": LEAF.replace("{seq}", "0").replace("{length}", "49"),
    "audit_checkpoint": CHECKPOINT.format(size=1),
    "audit_key": "INSERT INTO audit_key (size, signed) VALUES (1, '')",
    "audit_handover": "INSERT INTO audit_handover (organisation_id, asked_at, signed) "
    "SELECT code, now(), '' FROM organisation LIMIT 1",
}
MAY_INSERT = {
    "web": {"audit_event", "audit_body"},
    "worker": {"audit_event", "audit_body", "audit_leaf", "audit_checkpoint", "audit_key", "audit_handover"},
    "auditor": set(),
}


@pytest.fixture
def event(worker_role):
    """An event that waits for the sealer, and has no body."""
    written = uuid.uuid4()
    worker_role.execute(f"INSERT INTO audit_event VALUES ('{written}', {COMMITMENT.format(event=written)})")
    return written


@pytest.fixture(scope="module")
def serving(django_db_setup, django_db_blocker):
    """Each role signed in with its own password, once for all that is refused and so changes nothing."""
    with django_db_blocker.unblock():
        at = {name: connection.settings_dict[name.upper()] for name in ("host", "port", "user", "password")}
        place = {"host": at["host"], "port": at["port"], "dbname": connection.settings_dict["NAME"]}
        with psycopg.connect(**place, user=at["user"], password=at["password"], autocommit=True) as owner:
            for role in ROLES:
                let_sign_in(owner, ROLE_NAMES[role], f"test-{role}")
    opened = {
        role: psycopg.connect(**place, user=ROLE_NAMES[role], password=f"test-{role}", autocommit=True)
        for role in ROLES
    }
    yield opened
    for one in opened.values():
        one.close()


def refusal(signed_in, statement):
    """Say which refusal a statement meets, if any; whatever it did is rolled back."""
    try:
        with signed_in.transaction(force_rollback=True):
            signed_in.execute(statement)
    except (InsufficientPrivilege, RaiseException) as refused:
        return type(refused)
    return None


def allowed(signed_in, statements):
    """Return the tables whose statement met no refusal."""
    return {table for table, statement in statements.items() if refusal(signed_in, statement) is None}


@pytest.mark.parametrize("role", ROLES)
def test_select(role, connect_as):
    with connect_as(role) as signed_in:
        assert allowed(signed_in, {table: f"SELECT * FROM {table}" for table in TABLES}) == MAY_READ[role]


@pytest.mark.parametrize("role", ROLES)
def test_insert(role, connect_as, event, worker_role):
    worker_role.execute("DELETE FROM audit_pending")

    with connect_as(role) as signed_in:
        statements = {table: statement.format(event=event) for table, statement in INSERTS.items()}
        assert allowed(signed_in, statements) == MAY_INSERT[role]


@pytest.mark.parametrize("role", ROLES)
def test_delete(role, connect_as):
    with connect_as(role) as signed_in:
        assert allowed(signed_in, {table: f"DELETE FROM {table}" for table in TABLES}) == MAY_DELETE[role]


NEVER = [
    "UPDATE {table} SET {column} = {column}",
    "UPDATE {table} SET {column} = {column} WHERE false",
    "TRUNCATE {table} CASCADE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE TRIGGER {trigger}",
    "DROP TRIGGER {trigger} ON {table}",
    "DROP TABLE {table} CASCADE",
    "ALTER TABLE {table} ADD COLUMN extra text",
    "COPY {table} FROM PROGRAM 'true'",
    "CREATE RULE swallow AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "ALTER TABLE {table} ENABLE REPLICA TRIGGER {trigger}",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "ALTER TABLE {table} SET UNLOGGED",
    "ALTER TABLE {table} RENAME TO elsewhere",
    "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    "CREATE TABLE part PARTITION OF {table} DEFAULT",
    "CREATE TABLE other (LIKE {table})",
    "CREATE TRIGGER eats BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE POLICY hides ON {table} USING (false)",
    "MERGE INTO {table} AS t USING (SELECT 1) AS s ON true WHEN MATCHED THEN UPDATE SET {column} = NULL",
    "SELECT 1 FROM {table} FOR UPDATE",
    "CLUSTER {table}",
    "REINDEX TABLE {table}",
]
# The worker fills in a handover that was asked for, once: what was handed over already stays (below).
FILLS_IN = ("UPDATE", "MERGE", "SELECT")


@pytest.mark.parametrize("statement", NEVER)
@pytest.mark.parametrize("role", ROLES)
def test_nobody_who_serves_may(role, statement, serving):
    statements = {
        table: statement.format(table=table, column=COLUMN[table], trigger=GUARD.get(table, "audit_never"))
        for table in TABLES
    }
    fills_in = role == "worker" and statement.startswith(FILLS_IN)
    assert allowed(serving[role], statements) == ({"audit_handover"} if fills_in else set())


HANDED = (
    "INSERT INTO audit_handover (organisation_id, asked_at, size, signed, proof, made_at) "
    "SELECT code, now(), 1, 'note', '', now() FROM organisation LIMIT 1"
)


@pytest.mark.parametrize("verb", [NEVER[0], "UPDATE {table} SET made_at = NULL", "DELETE FROM {table}"])
@pytest.mark.parametrize("role", [*ROLES, "owner"])
def test_what_was_handed_over_stays_as_it_was(role, verb, transactional_db, connect_as):
    """R54: an auditor holds what the database holds; not the worker, not the owner changes it."""
    build_reference()
    statement = verb.format(table="audit_handover", column="signed")
    with connection.cursor() as cursor:
        cursor.execute(HANDED)
    if role == "owner":
        with pytest.raises(ProgrammingError, match="stays as it was"), connection.cursor() as cursor:
            cursor.execute(statement)
        return
    with connect_as(role) as signed_in:
        assert refusal(signed_in, statement) is InsufficientPrivilege


def test_no_table_of_the_audit_has_parts_that_could_be_taken_away(serving):
    """R54: there are no partitions, so nobody can detach one; and no table inherits from another."""
    of_tables = (
        "SELECT relname, relkind, relhassubclass, relispartition FROM pg_class WHERE relname = ANY(%s)"
    )
    kinds = serving["web"].execute(of_tables, [list(TABLES)]).fetchall()
    assert {row[0] for row in kinds} == set(TABLES)
    assert {row[1:] for row in kinds} == {("r", False, False)}


@pytest.mark.parametrize("role", ROLES)
def test_only_the_worker_may_hold_up_others_and_only_where_it_deletes(role, connect_as):
    """Holding up writers is not changing what they wrote, but the web role cannot even do that."""
    with connect_as(role) as signed_in:
        statements = {table: f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE" for table in TABLES}
        assert allowed(signed_in, statements) == MAY_DELETE[role]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE contactpoint_owner",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION contactpoint_owner",
        "SET session_replication_role = replica",
        "ALTER FUNCTION audit_refuse() RENAME TO nothing",
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE FUNCTION public.octet_length(bytea) RETURNS int LANGUAGE sql AS 'SELECT 32'",
        "GRANT ALL ON audit_event TO PUBLIC",
        "GRANT contactpoint_worker TO CURRENT_USER",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "CREATE EXTENSION dblink",
        "REASSIGN OWNED BY contactpoint_owner TO CURRENT_USER",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT lo_import('/etc/passwd')",
        "DROP FUNCTION audit_refuse() CASCADE",
    ],
)
def test_nobody_who_serves_may_become_somebody_else(statement, role, serving):
    granted, signed_in = "SELECT relacl::text FROM pg_class WHERE relname = 'audit_event'", serving[role]
    before = signed_in.execute(granted).fetchone()
    if statement.startswith("GRANT ALL"):
        signed_in.execute(statement)  # PostgreSQL only warns that nothing was granted
        assert signed_in.execute(granted).fetchone() == before
    else:
        assert refusal(signed_in, statement) is not None


@pytest.mark.parametrize("table", [table for table in TABLES if table != "audit_handover"])
def test_not_even_the_owner_without_switching_triggers_off(table, transactional_db):
    for statement in (NEVER[0], NEVER[2], "DELETE FROM {table}"):
        with (
            pytest.raises(ProgrammingError, match=r"only grows|only the worker"),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table=table, column=COLUMN[table]))


@pytest.mark.parametrize("role", ["web", "worker"])
def test_a_writer_can_neither_forge_nor_forget_its_place_in_the_queue(role, connect_as, worker_role):
    with connect_as(role) as signed_in, signed_in.transaction():
        (txid,) = signed_in.execute("SELECT pg_current_xact_id()::text").fetchone()
        signed_in.execute(INSERTS["audit_event"])

    assert worker_role.execute("SELECT txid::text FROM audit_pending").fetchall() == [(txid,)]


def test_activity_is_executable_by_those_who_show_it_and_nobody_else(connect_as):
    call = "SELECT * FROM audit_activity(gen_random_uuid(), NULL, NULL, 10)"

    for role, expected in {
        "web": None,
        "worker": InsufficientPrivilege,
        "auditor": InsufficientPrivilege,
    }.items():
        with connect_as(role) as signed_in:
            assert refusal(signed_in, call) == expected


def test_an_activity_page_holds_at_most_two_hundred_events(connect_as, worker_role):
    account = uuid.uuid4()
    with worker_role.transaction():
        worker_role.execute(
            "INSERT INTO audit_event SELECT gen_random_uuid(), decode(repeat('00', 32), 'hex') "
            "FROM generate_series(1, 201)"
        )
        worker_role.execute(
            "INSERT INTO audit_body (event_id, occurred_at, action, outcome, account, subjects, body, salt) "
            "SELECT id, now(), 'searched', 'allowed', %s, '{}', 'x'::bytea, commitment FROM audit_event",
            [account],
        )
    sign_in(account)
    with connect_as("web") as signed_in:
        for asked, given in {1_000_000: 200, 5: 5, -1: 0}.items():
            rows = signed_in.execute(
                "SELECT * FROM audit_activity(%s, NULL, NULL, %s)", [account, asked]
            ).fetchall()
            assert len(rows) == given


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_event VALUES (gen_random_uuid(), 'short')",
        BODY.replace("{outcome}", "allowed").replace("{salt}", "'short'"),
        BODY.replace("{outcome}", "maybe").replace("{salt}", ZERO32),
        LEAF.replace("{seq}", "-1").replace("{length}", "49"),
        LEAF.replace("{seq}", "0").replace("{length}", "48"),
        CHECKPOINT.format(size=0),
        CHECKPOINT.format(size=3),
    ],
)
def test_lengths_the_proof_relies_on_are_checked_by_the_database(statement, worker_role, event):
    with pytest.raises(CheckViolation):
        worker_role.execute(statement.format(event=event))


def test_the_guards_may_be_laid_again(transactional_db, connect_as):
    lay_guards()

    with connect_as("web") as signed_in, pytest.raises(psycopg.errors.InsufficientPrivilege):
        signed_in.execute("DELETE FROM audit_event")
