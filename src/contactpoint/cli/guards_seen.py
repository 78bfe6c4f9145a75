"""What the database allows, line by line, as its own catalogue says; and what it did when guards were laid.

The guards are SQL files (storage/sql). Right after they were laid, what came of them is kept beside the data:
a grant given by hand, a trigger dropped or switched off, a policy changed is then a difference of lines.
"""

import json
from pathlib import Path
from typing import Final

import psycopg

FILE: Final = "guards.json"

# Each query yields lines. Whether a role may sign in is left out: whoever runs the server gives passwords.
_QUERIES: Final = (
    """SELECT format('%s has superuser %s, createrole %s, createdb %s, bypassrls %s',
           rolname, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls)
       FROM pg_roles WHERE rolname LIKE 'contactpoint\\_%'""",
    """SELECT format('%s is a member of %s', member::regrole, roleid::regrole)
       FROM pg_auth_members WHERE member::regrole::text LIKE 'contactpoint\\_%'""",
    """SELECT format('%s may %s %s', CASE a.grantee WHEN 0 THEN 'all' ELSE a.grantee::regrole::text END,
           a.privilege_type, c.relname)
       FROM pg_class c, aclexplode(c.relacl) a
       WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner""",
    """SELECT format('%s may %s %s(%s)', CASE a.grantee WHEN 0 THEN 'all' ELSE a.grantee::regrole::text END,
           a.privilege_type, c.relname, t.attname)
       FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
       WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner""",
    """SELECT format('%s may call %s', CASE a.grantee WHEN 0 THEN 'all' ELSE a.grantee::regrole::text END,
           p.oid::regprocedure)
       FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
       WHERE p.pronamespace = 'public'::regnamespace AND a.grantee <> p.proowner""",
    """SELECT format('function %s does %s', p.oid::regprocedure, md5(pg_get_functiondef(p.oid)))
       FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'""",
    """SELECT format('trigger %s on %s, enabled %s, does %s', t.tgname, c.relname, t.tgenabled,
           md5(pg_get_triggerdef(t.oid)))
       FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
       WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace""",
    """SELECT format('row security on %s is on', relname) FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relrowsecurity""",
    """SELECT format('policy %s on %s for %s to %s says %s', policyname, tablename, cmd, roles,
           md5(concat(permissive, qual, '|', with_check)))
       FROM pg_policies WHERE schemaname = 'public'""",
    """SELECT format('%s may %s in the database', CASE a.grantee WHEN 0 THEN 'all'
           ELSE a.grantee::regrole::text END, a.privilege_type)
       FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
       WHERE d.datname = current_database() AND a.grantee <> d.datdba""",
)


def guards_of(connection: psycopg.Connection) -> set[str]:
    """What this database allows and enforces, one line a fact."""
    return {str(row[0]) for query in _QUERIES for row in connection.execute(query.encode()).fetchall()}


def remember_guards(url: str, home: Path) -> None:
    """Keep what the guards came to, right after they were laid."""
    with psycopg.connect(url) as connection:
        lines = sorted(guards_of(connection))
    draft = home / f"{FILE}.new"
    draft.write_text(json.dumps(lines, indent=0), encoding="utf-8")
    draft.replace(home / FILE)


def remembered_guards(home: Path) -> set[str] | None:
    """What was kept; None where nothing was."""
    try:
        return set(json.loads((home / FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
