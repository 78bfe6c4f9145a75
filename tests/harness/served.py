"""The product's own process tree, which has to keep itself up whoever of it is killed."""

import os
import signal
import threading
import time
from pathlib import Path
from typing import Final

from contactpoint.cli.postgres import free_port
from contactpoint.cli.processes import ProcessTree, answers
from tests.harness.killer import Killer
from tests.harness.place import Place

PATIENCE: Final = 90
VICTIMS: Final = ("web server", "web worker", "worker", "backend", "postmaster")
"""The pages' first process, those that answer, the worker, one backend of PostgreSQL, its first process."""


class Served:
    """Pages and worker of a place, looked after as `contactpoint serve` does."""

    def __init__(self, place: Place) -> None:
        self.tree, self.broke = ProcessTree(place.directory, port=free_port()), []
        self.tree.start()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        try:
            while not self._stopping.wait(0.2):
                self.tree.look_after()
        except Exception as error:  # noqa: BLE001 - told to the test
            self.broke.append(error)

    def stop(self) -> None:
        """End pages and worker in order."""
        self._stopping.set()
        self._thread.join()
        self.tree.stop()

    def pids(self, name: str) -> list[int]:
        """Who is called that now. "taking in" is the worker's process that reads files."""
        if name == "web worker":
            return children_of(self.pids("web server")[0])
        if name == "taking in":
            return children_of(self.pids("worker")[0])
        return [child.process.pid for child in self.tree._children if child.name == name]

    def wait(self) -> None:
        """Wait until the pages are well."""
        deadline = time.monotonic() + PATIENCE
        while not answers(f"{self.tree.address}/readyz"):
            assert self.broke == []
            assert time.monotonic() < deadline, "The pages did not come back by themselves."
            time.sleep(0.05)

    def kill(self, killer: Killer, victim: str, waiter: int | None, *, role: str) -> bool:
        """Kill one of them; a backend is the one that waits, or one of that role's."""
        if victim == "backend":
            return killer.kill_backend(waiter, user=role)
        if victim == "postmaster":
            killer.kill_postmaster()
            return True
        found = self.pids(victim)
        for pid in found:
            os.kill(pid, signal.SIGKILL)
        return bool(found)


def children_of(pid: int) -> list[int]:
    """Processes that this one, in any of its threads, has started."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(one) for thread in threads for one in (thread / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
