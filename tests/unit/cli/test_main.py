"""What a person at the command line sees: help, one sentence for each error, exit codes."""

import re
import subprocess
import sys

import pytest
import typer

from contactpoint.cli import main
from contactpoint.cli.messages import BAD_INPUT, BUG, FAILED, INTERRUPTED, REFUSED, exit_code
from contactpoint.domain import errors
from contactpoint.domain.errors import ContactPointError


def every_kind(kind=ContactPointError):
    return [one for sub in kind.__subclasses__() for one in (sub, *every_kind(sub))]


def every_command(app=main.app, names=()):
    group = typer.main.get_command(app)
    yield from _commands(group, names)


def _commands(command, names):
    yield names, command
    for name, below in getattr(command, "commands", {}).items():
        yield from _commands(below, (*names, name))


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.InvalidInput, BAD_INPUT),
        (errors.InvalidIdentifier, BAD_INPUT),
        (errors.NotFound, BAD_INPUT),
        (errors.Misconfigured, BAD_INPUT),
        (errors.Conflict, REFUSED),
        (errors.DeliveryRefused, REFUSED),
        (errors.DeliveryHeld, REFUSED),
        (errors.Throttled, REFUSED),
        (ContactPointError, FAILED),
    ],
)
def test_each_error_has_its_exit_code(kind, code):
    assert exit_code(kind("a sentence")) == code


def test_every_error_there_is_has_an_exit_code():
    assert {exit_code(kind("a sentence")) for kind in every_kind()} <= {FAILED, BAD_INPUT, REFUSED}


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (errors.NotFound("There is no file x.csv."), BAD_INPUT, "contactpoint: There is no file x.csv.\n"),
        (KeyboardInterrupt(), INTERRUPTED, ""),
        (ZeroDivisionError("by zero"), BUG, "a fault of ours"),
    ],
)
def test_an_error_becomes_one_sentence_and_a_code(raised, code, said, monkeypatch, capfd):
    def fail(**_options):
        raise raised

    monkeypatch.setattr(main, "app", fail)

    with pytest.raises(SystemExit) as ended:
        main.run()

    assert ended.value.code == code
    assert said in capfd.readouterr().err


def test_a_fault_of_ours_says_where_it_was_and_not_what_it_was_about(monkeypatch, capfd):
    def fail(**_options):
        raise ZeroDivisionError("Zebedee Quux")

    monkeypatch.setattr(main, "app", fail)
    with pytest.raises(SystemExit):
        main.run()

    said = capfd.readouterr().err
    assert "ZeroDivisionError" in said
    assert " fail\n" in said
    assert "Zebedee" not in said


@pytest.mark.parametrize(
    ("names", "command"),
    list(every_command()),
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_every_command_and_option_says_what_it_is_for(names, command):
    assert command.help, names
    for parameter in command.params:
        if parameter.name != "help":
            assert getattr(parameter, "help", None), (names, parameter.name)


def test_help_is_quick_because_nothing_heavy_is_imported():
    script = "import sys; from contactpoint.cli.main import app; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()

    heavy = {"django", "polars", "numpy", "numba", "psycopg", "cryptography"}
    assert not heavy & set(loaded)


def test_an_unknown_option_is_bad_input():
    done = subprocess.run(
        [sys.executable, "-m", "contactpoint", "demo", "--nonsense"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == BAD_INPUT
    assert re.search("No such option", done.stderr)
