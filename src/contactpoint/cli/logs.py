"""Log files of the processes we start: for their owner's eyes, and never endless."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

LONGEST: Final = 10_000_000  # bytes


@contextlib.contextmanager
def open_log(path: Path) -> Iterator[IO[bytes]]:
    """Open a log to add to, for its owner's eyes; keep one older one when it has grown long."""
    if path.exists() and path.stat().st_size > LONGEST:
        path.replace(path.with_name(path.name + ".1"))
    path.touch(mode=0o600)
    with path.open("ab") as log:
        yield log


def log_tail(path: Path, start: int = 0, lines: int = 12) -> str:
    """Read the last lines of a log, from byte `start` on."""
    text = path.read_bytes()[start:].decode(errors="replace")
    return "\n".join(text.splitlines()[-lines:])
