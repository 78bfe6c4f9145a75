"""The watch folder as the worker meets it."""

import os
import time
from datetime import datetime
from pathlib import Path

from tests.factories.directory import acting_as_role
from tests.factories.supply import LOADER, NOW

from contactpoint.pipelines.intake import take_in


def put(inbox: Path, name: str, data: bytes | str) -> Path:
    """A file that has lain in the watch folder for some seconds."""
    path = inbox / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    settle(path)
    return path


def settle(path: Path) -> None:
    """Let nothing have happened to it for ten seconds; of a link itself, not of what it leads to."""
    before = time.time() - 10
    os.utime(path, (before, before), follow_symlinks=False)


def run(inbox: Path, at: datetime = NOW) -> int:
    """Take in what waits, as the worker does, and return how many files were dealt with."""
    with acting_as_role("worker"):
        return take_in(inbox, by=LOADER, at=at)
