"""Fill a directory with a synthetic England, through the ordinary supply path.

It goes on where an earlier start ended. What has been done is read from the data folder and the database, not
remembered beside them.
"""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import psycopg

from contactpoint.cli.directory import Directory
from contactpoint.cli.england import generate_england
from contactpoint.cli.lifelines import die_with_parent
from contactpoint.cli.messages import telling
from contactpoint.cli.sign_ins import make_sign_ins
from contactpoint.domain.errors import Conflict, ContactPointError, Misconfigured

MADE_WITH: Final = "made-with.json"
# One team misses its second delivery, so that a record can be seen that says since when it was told nothing.
LATE: Final = ("youth-justice-354",)


@dataclass(frozen=True, slots=True, kw_only=True)
class England:
    """What the demonstration's England is made with; `authorities` is a count or DfE codes with commas."""

    children: int = 20_000
    authorities: str = "3"
    seed: int = 1


class LoadFailed(ContactPointError):
    """The England's files could not be loaded, linked or published."""


def fill(directory: Directory, wanted: England | None) -> Path:
    """Make sure that an England is there, loaded, linked and published, with people who may sign in.

    Args:
        directory: a directory whose tables are up to date.
        wanted: the England asked for; None for whichever is there, or the usual one.

    Returns:
        The folder of its files.

    Raises:
        Conflict: the data folder holds another England.
    """
    folder = make_england(directory.home / "england", wanted)
    waiting = _unpublished(directory, folder / "feeds")
    if waiting:
        _load(directory, folder, waiting)
    sign_ins = make_sign_ins(directory.home, folder / "organisations.csv")
    if _without_code(directory, [one.email for one in sign_ins]):
        _make_accounts(directory)
    return folder


def make_england(folder: Path, wanted: England | None) -> Path:
    """Generate the England, under another name until whole; raises Conflict if there is another."""
    note = folder / MADE_WITH
    if note.exists():
        folder.chmod(0o700)
        there = England(**json.loads(note.read_text(encoding="ascii")))
        if wanted is not None and wanted != there:
            raise Conflict(
                f"{folder.parent} holds {there.children:,} children (authorities {there.authorities}, seed "
                f"{there.seed}). For another England delete that folder, or set CONTACTPOINT_HOME."
            )
        return folder
    new = folder.with_suffix(".new")
    if new.exists():
        shutil.rmtree(new)
    made_with = wanted or England()
    # The truth, and which records are two halves of one identity: nobody's but whoever runs the directory.
    new.mkdir(mode=0o700, parents=True)
    generate_england(new, **asdict(made_with), as_at=None)
    (new / MADE_WITH).write_text(json.dumps(asdict(made_with)), encoding="ascii")
    new.rename(folder)
    return folder


def _unpublished(directory: Directory, feeds: Path) -> list[Path]:
    """The delivery files that readers do not see yet, the full ones first."""
    with psycopg.connect(directory.cluster.url("owner")) as connection:
        rows = connection.execute("SELECT file_name FROM delivery WHERE state = 'published'").fetchall()
    published = {row[0] for row in rows}
    files = [*sorted(feeds.glob("*_full.csv")), *sorted(feeds.glob("*_delta.csv"))]
    late = tuple(file for source in LATE for file in feeds.glob(f"{source}_*_delta.csv"))
    return [file for file in files if file.name not in published and file not in late]


def _load(directory: Directory, folder: Path, waiting: Sequence[Path]) -> None:
    """As the worker, in a process of its own that ends with this one; it shows its own progress."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "contactpoint.cli.loading", str(folder), *map(str, waiting)],
        env=directory.environment("worker"),
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGKILL),
        check=False,
    )
    if done.returncode != 0:
        raise LoadFailed(
            "The England could not be taken in; the lines above say why. The next start goes on."
        )


def _without_code(directory: Directory, emails: Sequence[str]) -> bool:
    """Whether somebody of these may not sign in yet."""
    query = (
        "SELECT count(DISTINCT account.id) FROM account "
        "JOIN mfa_authenticator ON user_id = account.id AND type = 'totp' WHERE email = ANY(%s)"
    )
    with psycopg.connect(directory.cluster.url("owner")) as connection:
        row = connection.execute(query, [list(emails)]).fetchone()
    return row is None or row[0] < len(emails)


def _make_accounts(directory: Directory) -> None:
    """As the owner, in a process of its own, with the key under which the pages read one-time secrets."""
    environment = directory.environment("owner")
    environment["CONTACTPOINT_SECRET_KEY"] = directory.environment("web")["CONTACTPOINT_SECRET_KEY"]
    with telling("Making one account for each role"):
        done = subprocess.run(
            [sys.executable, "-P", "-m", "contactpoint.cli.people"],
            env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
    if done.returncode != 0:
        raise Misconfigured(f"The accounts could not be made.\n{done.stderr.strip()[-2000:]}")
