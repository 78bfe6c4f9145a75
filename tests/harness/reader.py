"""Somebody who reads all the time while things are killed."""

import contextlib
import threading
from collections.abc import Iterator

import psycopg

from tests.harness.judge import generations
from tests.harness.place import Place


class Reader(threading.Thread):
    """Reads one moment after another, and keeps every mixture of states it saw."""

    def __init__(self, place: Place) -> None:
        super().__init__(daemon=True)
        self.place, self.stopping, self.seen, self.mixtures = place, threading.Event(), 0, []

    def run(self) -> None:
        """Read until told to stop; a killed server is waited for."""
        while not self.stopping.is_set():
            with contextlib.suppress(psycopg.Error), self.place.sql() as connection:
                while not self.stopping.wait(0.02):
                    found = generations(connection)
                    self.seen += 1
                    if any(len(of_one) > 1 for of_one in found.values()):
                        self.mixtures.append(found)


@contextlib.contextmanager
def reading(place: Place) -> Iterator[Reader]:
    """Read during the block."""
    reader = Reader(place)
    reader.start()
    try:
        yield reader
    finally:
        reader.stopping.set()
        reader.join()
