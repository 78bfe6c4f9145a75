"""What the browser tests need of the machine is put there, or asked for in words."""

import os
import subprocess

import pytest

from contactpoint.cli import chromium
from contactpoint.cli.chromium import DRIVER_NEEDS, NoBrowser


class Machine:
    """Answers for the programs a machine has; installing adds what they lack."""

    def __init__(self, *, lacks, offers):
        self.lacks, self.offers = set(lacks), offers

    def run(self, command, **_options):
        words = [str(word) for word in command]
        if words[:2] == ["/usr/bin/apt-get", "install"] and words[-1] in self.offers:
            self.lacks.discard(words[-1])
            return subprocess.CompletedProcess(command, 0, "", "")
        wanted = DRIVER_NEEDS if "playwright" in words else "chromium"
        return subprocess.CompletedProcess(command, 127 if wanted in self.lacks else 0, "", "")


@pytest.fixture
def machine(monkeypatch):
    def with_what(*, lacks, offers=(), root=True):
        made = Machine(lacks=lacks, offers=offers)
        monkeypatch.setattr(subprocess, "run", made.run)
        monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
        programs = {"apt-get": "/usr/bin/apt-get", "chromium": "/usr/bin/chromium"}
        monkeypatch.setattr(chromium.shutil, "which", programs.get)
        monkeypatch.delenv(chromium.VARIABLE, raising=False)
        return made

    return with_what


def test_what_the_driver_needs_is_installed_by_root(machine):
    small = machine(lacks=[DRIVER_NEEDS], offers=[DRIVER_NEEDS])
    assert str(chromium.chromium()) == "/usr/bin/chromium"
    assert not small.lacks


def test_chromium_is_installed_by_root(machine):
    small = machine(lacks=["chromium"], offers=["chromium"])
    assert str(chromium.chromium()) == "/usr/bin/chromium"
    assert not small.lacks


@pytest.mark.parametrize("root", [True, False], ids=["root without packages", "ordinary user"])
@pytest.mark.parametrize("lacking", [DRIVER_NEEDS, "chromium"])
def test_whoever_cannot_install_is_told_what_to_type(machine, lacking, root):
    machine(lacks=[lacking], offers=[] if root else [lacking], root=root)
    with pytest.raises(NoBrowser, match=f"apt-get install {lacking}"):
        chromium.chromium()
