"""`contactpoint upgrade`, and what every start does before it brings older tables up to date.

Data of a later release are refused; a backup is made before anything changes.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg

from contactpoint.cli.backup import applied_migrations, back_up, prepare_target, release
from contactpoint.cli.guards_seen import remember_guards
from contactpoint.cli.home import default_home, make_home
from contactpoint.cli.messages import say
from contactpoint.cli.place import Place, home_place, outside_place
from contactpoint.cli.postgres import Cluster
from contactpoint.domain.errors import Conflict, Misconfigured
from contactpoint.storage.database_url import secured

BACKUPS: Final = "backups"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an upgrade would do: each migration to come with what it changes; and those nobody here knows."""

    pending: dict[str, list[str]]
    unknown: list[str]


def read_plan(environment: Mapping[str, str]) -> Plan:
    """Ask a process that acts as the owner of the tables; raises Misconfigured if it cannot say."""
    command = [sys.executable, "-P", "-m", "contactpoint.cli.upgrade", "--plan"]
    done = subprocess.run(
        command, env=dict(environment), capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        raise Misconfigured(
            f"The database could not be compared with this release.\n{done.stderr.strip()[-2000:]}"
        )
    return Plan(**json.loads(done.stdout))


def before_tables_change(place: Place, environment: Mapping[str, str], *, backups: Path) -> Plan | None:
    """Refuse data of a later release; say what will change; make a backup first. None for a new database.

    Raises:
        Conflict: the data are of a later release than this code.
    """
    with psycopg.connect(place.url) as connection:
        if not applied_migrations(connection):
            return None
    plan = read_plan(environment)
    if plan.unknown:
        raise Conflict(
            f"The data are of a later release than this one ({release()}): it does not know "
            f"{', '.join(plan.unknown)}. Use the later release; nothing was changed."
        )
    if plan.pending:
        say(f"These data are of an earlier release. To {release()} they change by:")
        for name, changes in plan.pending.items():
            say(f"  {name}: {'; '.join(changes)}")
        folder = backups / f"{datetime.now(UTC):%Y-%m-%dT%H%M%S}-before-{release()}"
        prepare_target(folder)
        back_up(place, folder, with_secrets=False)
        say(f"As they were, they are in {folder}")
    return plan


def before_home_changes(home: Path, cluster: Cluster, environment: Mapping[str, str]) -> None:
    """The same for a data folder; its keys stay where they are."""
    before_tables_change(home_place(home, cluster), environment, backups=home / BACKUPS)


def upgrade_here(*, backups: Path | None) -> None:
    """Bring the directory that the environment names up to this release.

    Raises:
        NotFound: there is no directory.
        Conflict: the data are of a later release, or are being served.
    """
    if "DATABASE_URL" in os.environ:
        _upgrade_outside(backups)
        return
    from contactpoint.cli.directory import Directory  # which imports this module
    from contactpoint.cli.processes import only_one
    from contactpoint.domain.errors import NotFound

    home = default_home()
    if not (home / "postgres" / "data").exists():
        raise NotFound(f"There is no directory in {home} yet: `contactpoint demo` makes one.")
    with only_one(home):
        (home / "tables").unlink(missing_ok=True)  # lay the guards again, whatever this release thinks
        with Directory(home):
            pass
    say("The tables and guards are those of this release.")


def _upgrade_outside(backups: Path | None) -> None:
    from contactpoint.cli.directory import ORIGIN

    if backups is None:
        raise Misconfigured("Name a folder for the backup that is made first: --backups DIR.")
    environment = dict(os.environ) | {"DJANGO_SETTINGS_MODULE": "contactpoint.config.settings"}
    before_tables_change(outside_place(os.environ), environment, backups=backups)
    command = [sys.executable, "-P", "-m", "contactpoint.cli.upgrade"]
    if environment.get("CONTACTPOINT_AUDIT_KEY"):
        command += [environment["CONTACTPOINT_AUDIT_KEY"], ORIGIN]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        raise Misconfigured(f"The tables could not be brought up to date.\n{done.stderr.strip()[-2000:]}")
    if "CONTACTPOINT_HOME" in os.environ:  # for `doctor` to compare with
        remember_guards(secured(environment["DATABASE_URL"]), make_home(default_home()))
    say("The tables and guards are those of this release.")
