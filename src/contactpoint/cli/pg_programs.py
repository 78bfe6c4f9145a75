"""PostgreSQL's own programs that write and read a dump, as the wheel brings them."""

import os
import re
import subprocess
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from contactpoint.cli import postgres_files
from contactpoint.domain.errors import ContactPointError
from contactpoint.storage.database_url import connection_of

_TABLE: Final = re.compile(r'(?:dumping contents of table|processing data for table) "public\.(\w+)"')
_LINES_KEPT: Final = 6


class ProgramFailed(ContactPointError):
    """One of PostgreSQL's programs ended with an error; the message holds the end of what it said."""


def run_program(
    name: str,
    arguments: Sequence[str],
    *,
    url: str,
    rows: Mapping[str, int],
    tell: Callable[[str, float], None],
) -> None:
    """Run pg_dump or pg_restore on a database, and tell how far it is.

    Args:
        name: the program.
        arguments: its own, without where the database is.
        url: where to sign in. The password goes by the environment: arguments are for all to see.
        rows: of each table, to measure progress by.
        tell: told each table as it begins.

    Raises:
        ProgramFailed: it did not end well.
    """
    program = postgres_files.binaries(Path("/"), None) / name
    environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"} | _connection(url)
    total, done = sum(rows.values()) or 1, 0
    said: deque[str] = deque(maxlen=_LINES_KEPT)
    with subprocess.Popen(
        [str(program), "--verbose", *arguments], env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace",
    ) as running:  # fmt: skip
        try:
            for line in running.stderr or ():
                said.append(line.strip())
                if found := _TABLE.search(line):
                    tell(found[1], done / total)
                    done += rows.get(found[1], 0)
        except BaseException:
            running.kill()
            raise
    if running.returncode != 0:
        raise ProgramFailed(f"{name} failed. It said:\n" + "\n".join(said))


def _connection(url: str) -> dict[str, str]:
    names = {"dbname": "PGDATABASE"}
    return {names.get(name, f"PG{name.upper()}"): value for name, value in connection_of(url).items()}


def programs_version() -> str:
    """What the programs say they are; raises Misconfigured or OSError where they are not to be had."""
    program = postgres_files.binaries(Path("/"), None) / "postgres"
    asked = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    if asked.returncode != 0:
        raise ProgramFailed(f"postgres does not start here: {asked.stderr.strip()}")
    return asked.stdout.strip()
