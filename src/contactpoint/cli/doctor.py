"""`contactpoint doctor`: one line a check, what is wrong, and exactly what to type."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import psycopg

from contactpoint.cli.backup import release
from contactpoint.cli.doctor_database import database_findings
from contactpoint.cli.doctor_keys import seal_key_finding, seal_key_path
from contactpoint.cli.doctor_machine import folder_findings, machine_findings, process_finding
from contactpoint.cli.findings import Finding
from contactpoint.cli.home import default_home
from contactpoint.cli.messages import out, say
from contactpoint.cli.place import outside_place
from contactpoint.cli.postgres import Cluster


def examine(*, as_json: bool) -> bool:
    """Run every check, starting and changing nothing, and print what was found; whether nothing is wrong."""
    findings = list(diagnose())
    wrong = [one for one in findings if one.state == "wrong"]
    if as_json:
        content = {"release": release(), "sound": not wrong, "findings": [asdict(one) for one in findings]}
        out.print_json(json.dumps(content))
        return not wrong
    for one in findings:
        say(one.line())
    say()
    say(f"{len(wrong)} of {len(findings)} checks found something wrong." if wrong else "Nothing is wrong.")
    return not wrong


def diagnose() -> Iterator[Finding]:
    """Every finding about the directory that the environment names."""
    home = default_home()
    yield from machine_findings(home)
    if "DATABASE_URL" in os.environ:
        place = outside_place(os.environ)
        yield from _database(place.url, home, place.audit_dir, do="start it, or correct DATABASE_URL")
        return
    if not (home / "postgres" / "data").exists():
        found = f"nothing is in {home} yet"
        yield Finding(check="data folder", state="note", found=found, do="contactpoint demo")
        return
    yield from folder_findings(home)
    yield process_finding(home)
    cluster = Cluster(home)
    if not cluster.lives:
        found = "not running: roles, guards and audit log were not looked at"
        yield Finding(check="PostgreSQL", state="wrong", found=found, do="contactpoint serve")
        return
    log = f"contactpoint serve; {cluster.log} says more"
    yield from _database(cluster.url("owner"), home, home / "audit", do=log)


def _database(url: str, home: Path, audit_dir: Path, *, do: str) -> Iterator[Finding]:
    try:
        connection = psycopg.connect(url, connect_timeout=10)
    except psycopg.OperationalError:  # its text names the address; what to do is all that helps
        yield Finding(check="PostgreSQL", state="wrong", found="it does not answer", do=do)
        return
    with connection:
        try:
            yield from database_findings(connection, home=home, audit_dir=audit_dir)
            yield seal_key_finding(connection, seal_key_path(home))
        except psycopg.Error as error:
            found = f"it could not be examined ({error.diag.message_primary or type(error).__name__})"
            yield Finding(check="database", state="wrong", found=found, do="contactpoint upgrade")
