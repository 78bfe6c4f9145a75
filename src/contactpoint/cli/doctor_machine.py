"""What `contactpoint doctor` asks of the machine and the data folder."""

import json
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from contactpoint.cli.chromium import on_this_machine
from contactpoint.cli.findings import Finding, judged
from contactpoint.cli.pg_programs import programs_version
from contactpoint.cli.place import RESTORING
from contactpoint.cli.processes import birth, served_at
from contactpoint.cli.serving import choose_port
from contactpoint.domain.errors import ContactPointError, InvalidInput

GIGABYTE: Final = 1_000_000_000
LEAST_DISK: Final = 2.0  # gigabytes: a load stages beside what is there, and WAL is kept for a while
LEAST_MEMORY: Final = 1.0  # gigabytes: linking a delivery of the demonstration's size, and PostgreSQL
OLDEST_PYTHON: Final = (3, 11)


def machine_findings(home: Path) -> Iterator[Finding]:
    """Python, PostgreSQL's programs, memory, disk, port, browser."""
    have = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    do = "install Python 3.11 or newer, delete .venv, and start ./contactpoint again"
    yield judged("Python", sys.version_info >= OLDEST_PYTHON, have, do)
    yield _programs()
    yield memory_finding(available_memory())
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    yield disk_finding(shutil.disk_usage(there).free / GIGABYTE, there)
    if served_at(home) is None:
        yield _port()
    yield _browser()


def memory_finding(gigabytes: float | None) -> Finding:
    """Whether this machine has the memory to work with; None where it does not say."""
    if gigabytes is None:
        return Finding(check="memory", state="note", found="this system does not say how much is free")
    found = f"{gigabytes:.1f} GB available"
    return judged(
        "memory", gigabytes >= LEAST_MEMORY, found, f"end other programs: {LEAST_MEMORY} GB is needed"
    )


def disk_finding(gigabytes: float, folder: Path) -> Finding:
    """Whether there is room beside the data."""
    do = f"make room there, or move the data: CONTACTPOINT_HOME ({LEAST_DISK:.0f} GB at least)"
    return judged("disk", gigabytes >= LEAST_DISK, f"{gigabytes:.1f} GB free at {folder}", do)


def available_memory() -> float | None:
    """Gigabytes that programs may still take, on Linux."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return None
    said = dict(line.split(":", 1) for line in lines)
    return int(said["MemAvailable"].split()[0]) * 1024 / GIGABYTE


def folder_findings(home: Path) -> Iterator[Finding]:
    """Whose the data folder is, who may read its secrets, and whether a restore was cut short."""
    mine = home.stat().st_uid == os.geteuid()
    do = f"act as that user, or: chown -R {os.geteuid()} {home}"
    yield judged(
        "data folder", mine and os.access(home, os.W_OK), f"{home}, of user {home.stat().st_uid}", do
    )
    if (home / RESTORING).exists():
        do = "start the restore again: contactpoint restore DIR"
        yield Finding(check="restore", state="wrong", found="a restore is under way or was cut short", do=do)
    yield from secret_findings(home / "secrets")


def secret_findings(secrets: Path) -> Iterator[Finding]:
    """Whether anybody but the owner may read a secret; the audit key by name."""
    loose = sorted(
        path
        for path in (secrets, *secrets.iterdir())
        if path.suffix != ".pub" and stat.S_IMODE(path.stat().st_mode) & 0o077
    )
    what = f"{len(loose)} of them open to others" if loose else "for their owner alone"
    yield judged("secrets", not loose, what, f"chmod go= {' '.join(map(str, loose))}")
    key = secrets / "audit.key"
    if not key.exists():
        do = (
            f"put it back from where you keep it, to {key}; contactpoint upgrade makes one for a new log only"
        )
        yield Finding(check="audit key", state="wrong", found="there is none", do=do)
        return
    about = key.stat()
    fine = about.st_uid == os.geteuid() and not stat.S_IMODE(about.st_mode) & 0o077
    found = (
        "only its owner may read it"
        if fine
        else f"mode {stat.S_IMODE(about.st_mode):o}, of user {about.st_uid}"
    )
    yield judged("audit key", fine, found, f"chown {os.geteuid()} {key} && chmod 600 {key}")


def process_finding(home: Path) -> Finding:
    """Whether the pages and the worker run."""
    address = served_at(home)
    if address is not None:
        return Finding(check="pages and worker", state="ok", found=f"running, {address}")
    note = home / "processes.json"
    gone = 0
    if note.exists():
        processes = json.loads(note.read_text(encoding="ascii"))["processes"]
        gone = sum(birth(int(pid)) != born for pid, born in processes.items())
    found = f"{gone} of their processes ended" if gone else "not running"
    return Finding(check="pages and worker", state="wrong", found=found, do="contactpoint serve")


def _programs() -> Finding:
    try:
        return Finding(check="PostgreSQL programs", state="ok", found=programs_version())
    except (ContactPointError, OSError) as error:
        do = "delete .venv and start ./contactpoint again: it installs them"
        return Finding(check="PostgreSQL programs", state="wrong", found=str(error), do=do)


def _port() -> Finding:
    try:
        return Finding(check="port", state="ok", found=f"{choose_port(None)} is free")
    except InvalidInput as error:
        do = "contactpoint serve --port 9000, or another that is free"
        return Finding(check="port", state="wrong", found=str(error), do=do)


def _browser() -> Finding:
    path = on_this_machine()
    if path is not None:
        return Finding(check="browser for tests", state="ok", found=str(path))
    do = "contactpoint test installs one, or: apt-get install chromium"
    return Finding(check="browser for tests", state="note", found="none; only tests need it", do=do)
