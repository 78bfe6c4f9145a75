"""`contactpoint national`: the whole of England, from nothing to a directory that is ready to serve.

In phases, each a process of its own, each timed; killed in any of them, the next start goes on. What has been
done is read from the data folder and the database; `national.json` beside them only keeps the figures.
"""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg

from contactpoint.cli.directory import Directory
from contactpoint.cli.filling import England, LoadFailed, make_england
from contactpoint.cli.home import CHECKOUT, make_home
from contactpoint.cli.lifelines import die_with_parent
from contactpoint.cli.messages import lasting, say
from contactpoint.cli.postgres import Role
from contactpoint.cli.postgres_files import read_pid_file
from contactpoint.cli.processes import only_one
from contactpoint.cli.use import Use, size_of
from contactpoint.domain.errors import NoRoom

CHILDREN: Final = 12_200_000
AUTHORITIES: Final = "153"
FIGURES: Final = "national.json"
BYTES_A_CHILD: Final = 23_000
"""Room on the disk while it is built, as measured: files, what is staged, published, and sorted."""

BYTES_BESIDE: Final = 6 << 30
"""Room whatever the number of children: PostgreSQL's log, and so that the disk is not full at the end."""

_GB: Final = 1 << 30
# What readers use most is counted and tidied for them: no first search pays for it.
_TIDIED: Final = (
    "search_identity, search_key, child, source_record, record_version, involvement, link, match_identity"
)


@dataclass(slots=True)
class Figures:
    """What each phase took, kept beside the data from one start to the next."""

    path: Path
    children: int
    phases: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, home: Path, children: int) -> "Figures":
        """Those of earlier starts, or none."""
        path = home / FIGURES
        kept = json.loads(path.read_text(encoding="ascii")) if path.exists() else {}
        return cls(path, children, kept.get("phases", {}))

    def keep(self) -> None:
        """Write them, whole or not at all."""
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps({"children": self.children, "phases": self.phases}, indent=1), "ascii")
        new.replace(self.path)


def run_national(*, children: int, authorities: str, folder: Path | None, searches: bool) -> None:
    """Build it, or go on building it, and print what each phase took.

    Args:
        children: how many.
        authorities: how many local authorities, or their codes.
        folder: its data folder, made if need be.
        searches: measure searching at the end; needs a checkout.

    Raises:
        NoRoom: the disk is too small; it says how much is needed.
        Conflict: the folder holds another England, or another command is busy there.
        LoadFailed: a step failed; the lines above say why.
    """
    home = make_home((folder or CHECKOUT / ".contactpoint-national").absolute())
    check_disk(home, children)
    say(f"Everything is kept in {home}")
    figures = Figures.of(home, children)
    with only_one(home):
        with _phase(figures, "generate", home, None) as came:
            england = make_england(home / "england", England(children=children, authorities=authorities))
            came["files"] = len(list((england / "feeds").iterdir()))
        with Directory(home) as directory:
            _build(directory, england, figures)
            if searches:
                _search(directory, england, figures)
    print_figures(figures)


def check_disk(home: Path, children: int) -> None:
    """Refuse to begin what would fill the disk.

    Raises:
        NoRoom: it would.
    """
    needed = children * BYTES_A_CHILD + BYTES_BESIDE - size_of(home)
    free = shutil.disk_usage(home).free
    if free < needed:
        raise NoRoom(
            f"{children:,} children need about {needed / _GB:,.0f} GB more on the disk of {home}, and "
            f"{free / _GB:,.0f} GB are free. Make room, name a folder on another disk with --dir, or ask for "
            "fewer with --children."
        )


def _build(directory: Directory, england: Path, figures: Figures) -> None:
    """The steps that are still to be done, in order."""
    steps: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("load", lambda: _to_load(directory, england)),
        ("link", lambda: _waits(directory, "staged")),
        ("publish", lambda: _waits(directory, "linked")),
    )
    for name, needed in steps:
        if needed():
            with _phase(figures, name, directory.home, _server(directory)) as came:
                came.update(_step(directory, england, name))
    if "ready" not in figures.phases or "seconds" not in figures.phases["ready"]:
        with (
            _phase(figures, "ready", directory.home, _server(directory)),
            psycopg.connect(directory.cluster.url("owner"), autocommit=True) as owner,
        ):
            owner.execute(f"VACUUM (ANALYZE) {_TIDIED}")


def _to_load(directory: Directory, england: Path) -> bool:
    """Whether a source's full file is in no delivery yet."""
    with psycopg.connect(directory.cluster.url("owner")) as owner:
        taken = {row[0] for row in owner.execute("SELECT file_name FROM delivery").fetchall()}
    return any(file.name not in taken for file in (england / "feeds").glob("*_full.csv"))


def _waits(directory: Directory, state: str) -> bool:
    with psycopg.connect(directory.cluster.url("owner")) as owner:
        found = owner.execute("SELECT EXISTS (SELECT FROM delivery WHERE state = %s)", [state]).fetchone()
    return found == (True,)


def _server(directory: Directory) -> int | None:
    running = read_pid_file(directory.home / "postgres" / "data")
    return running.pid if running else None


def _step(directory: Directory, england: Path, name: str) -> dict[str, Any]:
    """Do one step as the worker, in a process that ends with this one, and pass on how far it is."""
    with (
        lasting(name) as tell,
        subprocess.Popen(
            [sys.executable, "-P", "-m", "contactpoint.cli.national_steps", name, str(england)],
            env=directory.environment("worker"),
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - see lifelines
        ) as process,
    ):
        came: dict[str, Any] = {}
        for line in process.stdout or ():
            said = json.loads(line)
            if "came" in said:
                came = said["came"]
            else:
                tell(said["what"], said["share"])
    if process.returncode != 0:
        raise LoadFailed(
            f"The step “{name}” did not come to its end; the lines above say why. The next start goes on."
        )
    return came


def _search(directory: Directory, england: Path, figures: Figures) -> None:
    """Measure the ordinary search action on all of it, with the bench."""
    with _phase(figures, "search", directory.home, _server(directory)) as came:
        sample = directory.home / "sample"
        _measured(directory, "worker", "bench.sample", england, sample)
        said = _measured(directory, "web", "bench.searches", sample)
        came.update(json.loads(said))


def _measured(directory: Directory, role: Role, module: str, *arguments: Path) -> str:
    """Run a module of the bench as a role, and return the last line that it prints."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=CHECKOUT,
        env=directory.environment(role),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise LoadFailed("The searches could not be measured; the lines above say why.")
    return done.stdout.strip().splitlines()[-1]


@contextmanager
def _phase(figures: Figures, name: str, home: Path, server: int | None) -> Iterator[dict[str, Any]]:
    """Time a phase; the block puts what came of it into what it is given."""
    starts = figures.phases.get(name, {}).get("starts", 0)
    if name == "generate" and (home / "england").exists() and "seconds" in figures.phases.get(name, {}):
        yield {}
        return
    figures.phases[name] = {"starts": starts + 1}
    figures.keep()
    came: dict[str, Any] = {}
    began = time.monotonic()
    with Use(home, server) as used:
        yield came
    figures.phases[name] |= {
        "seconds": round(time.monotonic() - began, 1),
        "processor": round(used.processor, 1),
        "database_processor": round(used.database_processor, 1),
        "peak_memory": used.peak_memory,
        "peak_disk": used.peak_disk,
        "came": came,
    }
    figures.keep()


def print_figures(figures: Figures) -> None:
    """One line a phase, and the whole."""
    say()
    say(f"{figures.children:,} children")
    say(
        f"{'phase':<10}{'seconds':>10}{'processor':>11}{'database':>10}{'memory GB':>11}{'disk GB':>9}"
        f"{'starts':>8}"
    )
    done = {name: phase for name, phase in figures.phases.items() if "seconds" in phase}
    for name, one in done.items():
        say(
            f"{name:<10}{one['seconds']:>10,.1f}{one['processor']:>11,.1f}{one['database_processor']:>10,.1f}"
            f"{one['peak_memory'] / _GB:>11.2f}{one['peak_disk'] / _GB:>9.1f}{one['starts']:>8}"
        )
    built = [one for name, one in done.items() if name != "search"]
    say(
        f"{'together':<10}{sum(one['seconds'] for one in built):>10,.1f}"
        f"{sum(one['processor'] for one in built):>11,.1f}"
        f"{sum(one['database_processor'] for one in built):>10,.1f}"
        f"{max((one['peak_memory'] for one in built), default=0) / _GB:>11.2f}"
        f"{max((one['peak_disk'] for one in built), default=0) / _GB:>9.1f}"
    )
    for workload, found in done.get("search", {}).get("came", {}).items():
        say(
            f"search, {workload}: p50 {found['p50']:.1f}  p95 {found['p95']:.1f}  p99 {found['p99']:.1f} ms  "
            f"top ten {found['top_ten']:.3f}  ({found['queries']:,} queries)"
        )
    say(f"The figures are in {figures.path}")
