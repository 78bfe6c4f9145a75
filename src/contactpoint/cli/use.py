"""What a step uses: processor seconds, memory and disk, of its own processes and of PostgreSQL's."""

import contextlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_EVERY: Final = 1.0  # seconds
_DISK_EVERY: Final = 10  # looks at memory for one at the disk: there are thousands of files
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_KB: Final = 1024


@dataclass(frozen=True, slots=True)
class _Seen:
    """One process, as /proc tells it."""

    pid: int
    parent: int
    seconds: float
    of_children: float
    private: int
    shared: int


class Use:
    """Watches processes and a folder for the length of a `with` block; Linux only, elsewhere it says nothing.

    Memory is what processes hold for themselves, together, and what PostgreSQL's share; disk is what the
    files of the folder take.

    Args:
        folder: the data folder.
        server: the process number of its PostgreSQL, None where none runs.
    """

    def __init__(self, folder: Path, server: int | None) -> None:
        self._folder, self._server = folder, server
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._began: dict[str, float] = {}
        self.processor = 0.0
        self.database_processor = 0.0
        self.peak_memory = 0
        self.peak_disk = 0

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._began = self._seconds()
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop watching, and work out what was used."""
        self._ended.set()
        self._watcher.join()
        self.look(disk=True)
        ended = self._seconds()
        self.processor = ended["own"] - self._began["own"]
        self.database_processor = ended["server"] - self._began["server"]

    def _watch(self) -> None:
        looks = 0
        while not self._ended.wait(_EVERY):
            self.look(disk=looks % _DISK_EVERY == 0)
            looks += 1

    def look(self, *, disk: bool) -> None:
        """Look once at memory, and at the disk if asked."""
        ours, theirs = self._processes()
        together = sum(one.private for one in (*ours, *theirs)) + max(
            (one.shared for one in theirs), default=0
        )
        self.peak_memory = max(self.peak_memory, together)
        if disk:
            self.peak_disk = max(self.peak_disk, size_of(self._folder))

    def _seconds(self) -> dict[str, float]:
        ours, theirs = self._processes()
        own = sum(one.seconds for one in ours) + sum(one.of_children for one in ours)
        server = sum(one.seconds + one.of_children for one in theirs)
        return {"own": own, "server": server}

    def _processes(self) -> tuple[list[_Seen], list[_Seen]]:
        """This process and those below it; the server and those below it."""
        seen = {one.pid: one for one in map(_read, _numbers()) if one}
        ours = _below(os.getpid(), seen)
        theirs = _below(self._server, seen) if self._server else []
        known = {one.pid for one in theirs}
        return [one for one in ours if one.pid not in known], theirs


def size_of(folder: Path) -> int:
    """Bytes that the files of a folder take; those that go meanwhile are passed over."""
    whole = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                whole += os.lstat(os.path.join(parent, name)).st_blocks * 512  # noqa: PTH118 - thousands of them
    return whole


def _numbers() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdecimal()]  # noqa: PTH208
    except OSError:
        return []


def _read(pid: int) -> _Seen | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        status = dict(
            line.split(":", 1)
            for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        )
    except (OSError, ValueError):
        return None
    held = {name: int(status.get(name, "0 kB").split()[0]) * _KB for name in ("RssAnon", "RssShmem")}
    spent = [int(field) / _TICKS for field in fields[11:15]]
    return _Seen(
        pid, int(fields[1]), spent[0] + spent[1], spent[2] + spent[3], held["RssAnon"], held["RssShmem"]
    )


def _below(pid: int, seen: dict[int, _Seen]) -> list[_Seen]:
    """A process and all that it started, directly or not."""
    found = [seen[pid]] if pid in seen else []
    for one in found:
        found += [other for other in seen.values() if other.parent == one.pid]
    return found
