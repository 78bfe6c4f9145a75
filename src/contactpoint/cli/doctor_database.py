"""What `contactpoint doctor` asks of the database, as the owner of the tables, changing nothing."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from contactpoint.cli.doctor_agreed import agreed_findings
from contactpoint.cli.findings import Finding, judged
from contactpoint.cli.guards_seen import guards_of, remembered_guards

SKEW: Final = 5.0  # seconds: more, and one-time codes begin to fail
UNSEALED: Final = 120.0  # seconds: docs/audit.md
SEALED_TABLES: Final = {"source_record", "record_version", "involvement"}
OUR_ROLES: Final = "contactpoint_owner", "contactpoint_web", "contactpoint_worker", "contactpoint_auditor"
_SHOWN: Final = 3

_POWERS = """
    SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)
    AND (rolsuper OR rolbypassrls OR rolreplication
         OR ((rolcreaterole OR rolcreatedb) AND rolname <> 'contactpoint_owner'))
"""
_WEB_READS = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND (relname LIKE 'audit\\_%%' OR relname LIKE 'staged\\_%%'
         OR relname = ANY('{match_identity,link,shield,sealed_pair,review_case,rejection}'))
    AND has_any_column_privilege('contactpoint_web', oid, 'SELECT')
"""
_STRANGERS = """
    SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END
    FROM pg_class c, aclexplode(c.relacl) a
    WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner
    AND (a.grantee = 0 OR a.grantee::regrole::text <> ALL(%s))
"""
_OFF = """
    SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND t.tgenabled IN ('D', 'R') AND c.relnamespace = 'public'::regnamespace
"""


def database_findings(connection: psycopg.Connection, *, home: Path, audit_dir: Path) -> Iterator[Finding]:
    """Every check that needs the database."""
    connection.execute("SET TRANSACTION READ ONLY")
    yield Finding(check="PostgreSQL", state="ok", found=f"running, {_one(connection, 'SHOW server_version')}")
    yield clock_finding(connection)
    yield from role_findings(connection)
    yield security_finding(connection)
    yield trigger_finding(connection)
    yield guards_finding(connection, home)
    yield unsealed_finding(connection)
    yield published_finding(connection, audit_dir)
    yield from agreed_findings(connection)


def clock_finding(connection: psycopg.Connection) -> Finding:
    """Whether this machine and the database agree about the time."""
    before = time.time()
    there = _one(connection, "SELECT extract(epoch FROM clock_timestamp())::float8")
    after = time.time()
    skew = max(before - there, there - after, 0.0)
    found = f"{skew:.1f} s from the database's"
    return judged("clock", skew <= SKEW, found, "set both machines' clocks: timedatectl set-ntp true")


def _weaker(role: str) -> str:
    """What takes a role's powers away that it must not have; the owner makes roles and databases."""
    never = "NOSUPERUSER NOBYPASSRLS NOREPLICATION"
    return never if role == "contactpoint_owner" else f"{never} NOCREATEROLE NOCREATEDB"


def role_findings(connection: psycopg.Connection) -> Iterator[Finding]:
    """Whether each role has only its own powers, and nobody else any (ADR 0006)."""
    strong = [row[0] for row in connection.execute(_POWERS, [list(OUR_ROLES)])]
    do = "; ".join(f"ALTER ROLE {one} {_weaker(one)}" for one in strong)
    yield judged(
        "roles", not strong, f"too strong: {', '.join(strong)}" if strong else "no powers they need not", do
    )
    read = [row[0] for row in connection.execute(_WEB_READS)]
    what = f"the pages may read {', '.join(read)}" if read else "the pages read nothing that must stay hidden"
    yield judged("web role", not read, what, "contactpoint upgrade (it lays the grants again)")
    strangers = [row[0] for row in connection.execute(_STRANGERS, [list(OUR_ROLES)])]
    found = f"tables are open to {', '.join(strangers)}" if strangers else "tables are open to our roles only"
    do = "; ".join(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {one}" for one in strangers)
    yield judged("grants", not strangers, found, do)


def security_finding(connection: psycopg.Connection) -> Finding:
    """Whether row security hides what is sealed."""
    rows = connection.execute("SELECT relname FROM pg_class WHERE relrowsecurity").fetchall()
    off = sorted(SEALED_TABLES - {row[0] for row in rows})
    found = f"off for {', '.join(off)}" if off else "on"
    return judged("row security", not off, found, "stop serving, then: contactpoint upgrade")


def trigger_finding(connection: psycopg.Connection) -> Finding:
    """Whether a trigger that guards something was switched off."""
    off = connection.execute(_OFF).fetchall()
    found = f"switched off: {', '.join(f'{name} on {table}' for name, table in off)}" if off else "all on"
    do = "; ".join(f"ALTER TABLE {table} ENABLE TRIGGER {name}" for name, table in off)
    return judged("triggers", not off, found, do)


def guards_finding(connection: psycopg.Connection, home: Path) -> Finding:
    """Whether the database allows and enforces exactly what the guards laid down."""
    wanted = remembered_guards(home)
    again = "stop serving, then: contactpoint upgrade (it lays the guards again)"
    if wanted is None:
        found = "nothing is known of what was laid"
        return Finding(check="guards", state="note", found=found, do=again)
    there = guards_of(connection)
    differ = [f"gone: {line}" for line in sorted(wanted - there)]
    differ += [f"not ours: {line}" for line in sorted(there - wanted)]
    if not differ:
        found = f"all {len(wanted)} grants, policies, triggers and functions as laid"
        return Finding(check="guards", state="ok", found=found)
    more = f"; and {len(differ) - _SHOWN} more" if len(differ) > _SHOWN else ""
    return Finding(check="guards", state="wrong", found="; ".join(differ[:_SHOWN]) + more, do=again)


def unsealed_finding(connection: psycopg.Connection) -> Finding:
    """Whether events wait too long: until sealed, whoever runs the database could change them unseen."""
    row: Any = connection.execute("SELECT count(*), min(recorded_at) FROM audit_pending").fetchone()
    count, oldest = row
    age = 0.0 if oldest is None else (datetime.now(UTC) - oldest).total_seconds()
    found = f"{count:,} waiting, the oldest for {age:.0f} s" if count else "none waiting"
    do = "contactpoint serve (or worker); if it runs, its worker.log says why it does not seal"
    return judged("unsealed events", age <= UNSEALED, found, do)


def published_finding(connection: psycopg.Connection, audit_dir: Path) -> Finding:
    """Whether the head that is published is one that the database has."""
    from contactpoint.storage.audit_files import newest_note

    largest = _one(connection, "SELECT coalesce(max(size), 0) FROM audit_checkpoint")
    note = newest_note(audit_dir)
    size = int(note.split("\n", 2)[1]) if note is not None else 0
    row = connection.execute("SELECT note FROM audit_checkpoint WHERE size = %s", [size]).fetchone()
    if note is not None and (row is None or row[0] != note):
        found = f"its head of {size:,} entries is not in the database"
        do = "sign nothing more: docs/audit.md, 'When something goes wrong'"
        return Finding(check="published log", state="wrong", found=found, do=do)
    if size < largest:
        found = f"{size:,} of {largest:,} signed entries are published"
        return Finding(
            check="published log", state="note", found=found, do="contactpoint serve publishes the rest"
        )
    return Finding(check="published log", state="ok", found=f"{size:,} entries, as in the database")


def _one(connection: psycopg.Connection, query: str) -> Any:  # noqa: ANN401 - whatever the column is
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None
