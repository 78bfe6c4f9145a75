"""Who manages whom, named at the command line: recorded, and never a circle (R4)."""

import os
import subprocess
import sys
import threading
from uuid import UUID, uuid4

import pytest
from django.db import connection
from psycopg.errors import InsufficientPrivilege
from tests.factories.directory import NOW, build_account
from tests.factories.viewers import KEISHA, OWEN, PRIYA

from contactpoint.actions.account.recovery import ManagerNamed, name_manager
from contactpoint.cli.messages import BAD_INPUT, REFUSED
from contactpoint.domain.audit.canonical import decode
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.domain.errors import Conflict, InvalidInput, NotFound
from contactpoint.storage.guards import lay_guards
from contactpoint.storage.models import Account, AuditBody

NAMES = {KEISHA: "Keisha Barrow", PRIYA: "Priya Nair", OWEN: "Owen Tanner"}


@pytest.fixture
def accounts(db):
    for identity, name in NAMES.items():
        build_account(identity, name)


def name(account, manager):
    return name_manager(account=account, manager=manager, by=system_viewer("command line"), at=NOW)


def managers():
    rows = Account.objects.filter(manager__isnull=False).values_list("pk", "manager_id")
    return dict(rows)


def recorded():
    return [
        (event.actor.role, event.details["manager"], event.details["before"])
        for event in (decode(bytes(one.body)) for one in AuditBody.objects.filter(action="named_manager"))
    ]


def test_a_manager_is_named_changed_and_taken_away_and_the_audit_has_it(accounts):
    assert name(KEISHA, PRIYA) == ManagerNamed(name="Keisha Barrow", now="Priya Nair", before=None)
    assert name(KEISHA, OWEN) == ManagerNamed(name="Keisha Barrow", now="Owen Tanner", before="Priya Nair")
    assert managers() == {KEISHA: OWEN}
    assert name(KEISHA, None) == ManagerNamed(name="Keisha Barrow", now=None, before="Owen Tanner")
    assert managers() == {}
    assert sorted(recorded()) == sorted(
        ("command_line", *said) for said in ((str(PRIYA), ""), (str(OWEN), str(PRIYA)), ("", str(OWEN)))
    )


def test_what_would_help_nobody_is_refused_and_changes_nothing(accounts):
    name(KEISHA, PRIYA), name(PRIYA, OWEN)
    before, events = managers(), len(recorded())
    Account.objects.filter(pk=OWEN).update(is_active=False)
    wrong = [
        (KEISHA, KEISHA, InvalidInput, "Nobody manages themselves"),
        (KEISHA, uuid4(), NotFound, "no such account"),
        (uuid4(), KEISHA, NotFound, "no such account"),
        (KEISHA, OWEN, Conflict, "is closed"),
        (PRIYA, KEISHA, Conflict, "Priya Nair stands above Keisha Barrow"),
        (OWEN, KEISHA, Conflict, "Owen Tanner stands above Keisha Barrow"),
    ]
    for account, manager, kind, words in wrong:
        with pytest.raises(kind, match=words):
            name(account, manager)
    assert (managers(), len(recorded())) == (before, events)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ["web", "worker"])
def test_neither_the_pages_nor_the_worker_names_one(connect_as, accounts, role):
    lay_guards()
    with connect_as(role) as signed_in, pytest.raises(InsufficientPrivilege):
        signed_in.execute("UPDATE account SET manager_id = %s WHERE id = %s", [PRIYA, KEISHA])


@pytest.mark.django_db(transaction=True)
def test_two_at_once_close_no_circle(accounts):
    """Each alone would be in order: one waits for the other, and is refused."""
    refused = []

    def one(account, manager):
        try:
            name(account, manager)
        except Conflict as error:
            refused.append(str(error))
        finally:
            connection.close()

    pairs = ((KEISHA, PRIYA), (PRIYA, KEISHA))
    threads = [threading.Thread(target=one, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(refused) == 1
    assert len(managers()) == 1


def command(*arguments):
    at = connection.settings_dict
    url = f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    return subprocess.run(
        [sys.executable, "-P", "-m", "contactpoint", "account", "manager", *arguments],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def email(identity: UUID) -> str:
    return f"{identity}@example.org"


@pytest.mark.django_db(transaction=True)
def test_at_the_command_line(accounts):
    done = command(email(KEISHA), "--is", email(PRIYA).upper())
    assert (done.returncode, done.stdout) == (0, "Priya Nair is the manager of Keisha Barrow.\n"), done.stderr
    done = command(email(KEISHA), "--nobody")
    assert done.stdout == "Keisha Barrow has no manager. Before it was Priya Nair.\n", done.stderr
    assert len(recorded()) == 2

    for arguments, code, words in (
        ((email(KEISHA),), BAD_INPUT, "Say who the manager is with --is EMAIL"),
        ((email(KEISHA), "--is", email(PRIYA), "--nobody"), BAD_INPUT, "or take it away with --nobody"),
        (("nobody@example.org", "--nobody"), BAD_INPUT, "No account has the e-mail address nobody@"),
        ((email(KEISHA), "--is", email(KEISHA)), BAD_INPUT, "Nobody manages themselves"),
    ):
        done = command(*arguments)
        assert (done.returncode, words in done.stderr) == (code, True), done.stderr
    command(email(KEISHA), "--is", email(PRIYA))
    done = command(email(PRIYA), "--is", email(KEISHA))
    assert (done.returncode, "stands above" in done.stderr) == (REFUSED, True), done.stderr
