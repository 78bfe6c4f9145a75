"""No command is there that is neither typed in two worlds nor excused from it, with a reason."""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest
import typer
from tests.factories.two_worlds.commands import TYPED
from tests.factories.two_worlds.not_typed import EXCUSED, NO_DIRECTORY

from contactpoint.cli.main import app

# Runs a command as `contactpoint` does, and says of what it took to do so what could reach a directory.
_RUN = """
import os, sys
from contactpoint.cli.main import app
done = app(sys.argv[1:], standalone_mode=False)
reached = {"django", "psycopg", "contactpoint.storage", "contactpoint.cli.directory"} & set(sys.modules)
print("REACHED", *sorted(reached), os.path.exists(os.environ["CONTACTPOINT_HOME"]))
"""
_RECORDS = "source,local_id,forename,surname,date_of_birth\na,1,Amina,Okafor,2016-05-09\n"
_CLUSTERS = "source,local_id,cluster\na,1,1\nb,1,1\n"


def commands(group, names=()):
    for name, below in group.commands.items():
        if hasattr(below, "commands"):
            yield from commands(below, (*names, name))
        else:
            yield " ".join((*names, name))


def test_every_command_is_typed_in_two_worlds_or_excused_from_it():
    """A command that fails here: type it in `two_worlds/commands.py`, or say in `not_typed.py` why not."""
    decided = Counter([*TYPED, *(name for names in EXCUSED.values() for name in names)])
    assert set(commands(typer.main.get_command(app))) == set(decided)
    assert [name for name, times in decided.items() if times > 1] == []


@pytest.fixture
def typed(tmp_path):
    """What is typed for each command that needs no directory."""
    for name, person in (("a.json", "Amina"), ("b.json", "Amena")):
        record = {"forename": person, "surname": "Okafor", "date_of_birth": "2016-05-09"}
        (tmp_path / name).write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / "a.csv").write_text(_RECORDS, encoding="utf-8")
    (tmp_path / "b.csv").write_text(_RECORDS.replace("a,1", "b,1"), encoding="utf-8")
    (tmp_path / "links.csv").write_text(_CLUSTERS, encoding="utf-8")
    (tmp_path / "truth.csv").write_text(_CLUSTERS.replace("cluster", "person"), encoding="utf-8")
    return {
        "link": ["link", "a.csv", "b.csv", "--out", "clusters.csv", "--report", "report.html"],
        "match explain": ["match", "explain", "a.json", "b.json"],
        "match evaluate": ["match", "evaluate", "--links", "links.csv", "--truth", "truth.csv"],
    }


@pytest.mark.parametrize("command", sorted(NO_DIRECTORY))
def test_what_needs_no_directory_reaches_none(command, typed, tmp_path):
    """No address of a database, no data folder, and no part of the product that could open either."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *typed[command]],
        cwd=tmp_path,
        env={**kept, "CONTACTPOINT_HOME": str(tmp_path / "nowhere")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "REACHED False"
