"""The launcher, on a small checkout of its own: empty locks, and a command that says what it was given."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).resolve().parents[2] / "contactpoint"
COMMAND = (
    "import os, sys\nprint(sys.argv[1:], os.getcwd(), sep='|')\nsys.exit(7 if 'fail' in sys.argv else 0)\n"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A checkout, its path with a space, whose environment has been made once."""
    folder = tmp_path_factory.mktemp("check out")
    shutil.copy(LAUNCHER, folder / "contactpoint")
    (folder / "requirements.lock").write_text("# nothing\n")
    (folder / "requirements-dev.lock").write_text("# nothing either\n")
    package = folder / "src" / "contactpoint"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(COMMAND)
    done = launch(folder, "demo")
    assert done.returncode == 0, done.stderr
    assert "Making a Python environment" in done.stderr
    assert "Installing 0 packages" in done.stderr
    return folder


def environment():
    return {**os.environ, "CONTACTPOINT_PYTHON": sys.executable}


def launch(folder, *arguments, through=None, cwd="/"):
    command = [str(through or folder / "contactpoint"), *arguments]
    return subprocess.run(command, env=environment(), cwd=cwd, capture_output=True, text=True, check=False)


def begin(folder, *arguments):
    command = [str(folder / "contactpoint"), *arguments]
    return subprocess.Popen(
        command,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_the_next_start_sets_nothing_up_and_hands_everything_on(made, tmp_path):
    done = launch(made, "supply", "load", "a file.csv", "", cwd=tmp_path)

    assert done.stderr == ""
    assert done.stdout == f"['supply', 'load', 'a file.csv', '']|{tmp_path}\n"


def test_the_exit_code_is_the_commands(made):
    assert launch(made, "fail").returncode == 7


def test_it_works_through_a_symbolic_link(made, tmp_path):
    link = tmp_path / "cp"
    link.symlink_to(made / "contactpoint")

    assert launch(made, "status", through=link).stdout.startswith("['status']")


def test_a_file_of_the_callers_folder_shadows_nothing(made, tmp_path):
    (tmp_path / "contactpoint.py").write_text("raise SystemExit(99)\n")
    (tmp_path / "runpy.py").write_text("raise SystemExit(98)\n")

    assert launch(made, "status", cwd=tmp_path).returncode == 0


def test_a_changed_lock_is_installed_and_developers_commands_use_their_own(made):
    with (made / "requirements-dev.lock").open("a") as lock:
        lock.write("# changed\n")

    assert "Installing" not in launch(made, "demo").stderr
    assert "Installing" in launch(made, "--home", "test").stderr + launch(made, "test").stderr
    assert "Installing" not in launch(made, "demo").stderr
    assert "Installing" not in launch(made, "check").stderr


def test_kill_9_midway_and_then_two_starts_at_once_make_it_afresh_and_once(made):
    (made / ".venv" / "contactpoint.stamp").unlink()
    (made / ".venv" / "contactpoint.unfinished").touch()
    half_written = made / ".venv" / "half-written"
    half_written.touch()
    killed = begin(made, "status")
    deadline = time.monotonic() + 60
    while half_written.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()

    both = [begin(made, "status"), begin(made, "status")]
    said = [one.communicate()[1] for one in both]

    assert [one.returncode for one in both] == [0, 0]
    assert sum("Making a Python environment" in text for text in said) == 1
    assert not half_written.exists()


def test_an_unsuitable_python_is_named(made, tmp_path):
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    (made / ".venv" / "contactpoint.stamp").unlink()
    named = {**os.environ, "CONTACTPOINT_PYTHON": str(old)}

    done = subprocess.run([made / "contactpoint"], env=named, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "is not a Python 3.11 or newer" in done.stderr
