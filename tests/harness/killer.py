"""Whom to kill, and where."""

import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import psycopg

from contactpoint.cli import postgres_files
from tests.harness.place import Place

Card = TypeVar("Card")

STEP: Final = 0.002
LONG: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Where to kill: when somebody waits to write the table, once `after` is true; or at some moment."""

    table: str | None = None
    after: str = "SELECT true"

    @property
    def name(self) -> str:
        """What the count calls it."""
        return self.table or "some moment"


def _points(*tables: str, after: str = "SELECT true") -> tuple[Point, ...]:
    """The tables, and half as often again some moment between them."""
    moments = -(-len(tables) // 2)
    return tuple(Point(table=table, after=after) for table in (*tables, *[None] * moments))


BEGUN: Final = "SELECT EXISTS (SELECT FROM feed_file WHERE state = 'taking_in')"
STAGED: Final = "SELECT EXISTS (SELECT FROM delivery WHERE state = 'staged')"
LINKED: Final = "SELECT EXISTS (SELECT FROM delivery WHERE state = 'linked')"

DELIVER: Final = _points("delivery", "staged_record", "audit_event")
ARRIVE: Final = (Point(table="feed_file"), *_points("delivery", "staged_record", after=BEGUN))
LINK: Final = _points("staged_link", "audit_pending", after=STAGED)
PUBLISH: Final = _points(
    *("child", "source_record", "link", "record_version", "involvement", "match_identity"),
    *("search_identity", "search_key", "delivery", "audit_event"),
    after=LINKED,
)
SEAL: Final = _points("audit_leaf", "audit_checkpoint", "audit_pending")
ROTATE: Final = _points("seal_key", "record_version", "match_identity", "audit_event")
SAY: Final = _points("source_record", "involvement", "audit_event", "answered_form", "django_session")


class Killer:
    """Kills, and counts.

    Args:
        place: where.
        seed: the same seed deals the same victims and points, though not the same microseconds.
    """

    def __init__(self, place: Place, seed: int) -> None:
        self.place, self.seed, self.random = place, seed, random.Random(seed)
        self.kills: Counter[str] = Counter()
        self._decks: dict[str, list[Any]] = {}

    def deal(self, deck: str, cards: Sequence[Card]) -> Card:
        """One of them, drawn from a shuffled deck of that name: each comes before any comes again."""
        left = self._decks.setdefault(deck, [])
        if not left:
            left.extend(self.random.sample(cards, len(cards)))
        return left.pop()

    def return_to(self, deck: str, card: Any) -> None:
        """Put a card back on top: it did not come to pass."""
        self._decks[deck].append(card)

    def count(self, what: str, victim: str, point: Point) -> None:
        """Note one kill: of whom, during what, where."""
        self.kills[f"{what}: {victim} at {point.name}"] += 1

    def never_killed(self, what: str, victims: Collection[str]) -> set[str]:
        """Those of the victims that were not killed during it."""
        return {
            one for one in victims if not any(kill.startswith(f"{what}: {one} at") for kill in self.kills)
        }

    @property
    def report(self) -> str:
        """Seed and counts, for a person."""
        lines = [f"  {times:4d}  {what}" for what, times in sorted(self.kills.items())]
        return "\n".join([f"{self.kills.total()} kills, seed {self.seed}", *lines])

    def wait_for(
        self, point: Point, *, moment: float, busy: Callable[[], bool]
    ) -> "contextlib.AbstractContextManager[int | None]":
        """Inside, the point is reached: the number of the backend that waits there, None at some moment."""
        if point.table is None:
            return self._some_moment(point, moment, busy)
        return self._held(point, busy)

    @contextlib.contextmanager
    def _some_moment(self, point: Point, moment: float, busy: Callable[[], bool]) -> Iterator[int | None]:
        with self.place.sql() as watcher:
            self._until(point, watcher, busy)
        time.sleep(self.random.uniform(0, moment))
        yield None

    def _until(self, point: Point, watcher: psycopg.Connection, busy: Callable[[], bool]) -> float:
        """Wait until the point may be reached; return by when it must be."""
        deadline = time.monotonic() + LONG
        while not watcher.execute(point.after).fetchone()[0] and busy() and time.monotonic() < deadline:
            time.sleep(STEP)
        return time.monotonic() + LONG

    @contextlib.contextmanager
    def _held(self, point: Point, busy: Callable[[], bool]) -> Iterator[int | None]:
        """Hold the table's lock until somebody waits for it, and while the caller kills."""
        with self.place.sql() as holder, self.place.sql() as watcher:
            deadline = self._until(point, watcher, busy)
            # The server may be the victim: then the end of the transaction fails.
            with contextlib.suppress(psycopg.OperationalError), holder.transaction():
                holder.execute(f"LOCK TABLE {point.table} IN SHARE MODE")
                yield self._waiter(watcher, point.table, busy, deadline)

    def _waiter(
        self, watcher: psycopg.Connection, table: str, busy: Callable[[], bool], deadline: float
    ) -> int | None:
        query = (
            "SELECT pid FROM pg_locks WHERE NOT granted AND relation = %s::regclass "
            "ORDER BY waitstart LIMIT 1"
        )
        while busy() and time.monotonic() < deadline:
            if found := watcher.execute(query, [table]).fetchone():
                return int(found[0])
            time.sleep(STEP)
        return None

    def kill_postmaster(self) -> None:
        """PostgreSQL's first process; its children notice, or are ended by the next start."""
        noted = postgres_files.read_pid_file(self.place.home / "postgres" / "data")
        os.kill(noted.pid, signal.SIGKILL)

    def kill_backend(self, pid: int | None, *, user: str) -> bool:
        """The backend that waits, or any of a role's; PostgreSQL then restarts all of them."""
        killed = False
        gone = (psycopg.OperationalError, ProcessLookupError)  # it ended by itself just now
        with contextlib.suppress(*gone), self.place.sql() as connection:
            query = "SELECT pid FROM pg_stat_activity WHERE usename = %s AND datname = 'contactpoint' LIMIT 1"
            row = (pid,) if pid else connection.execute(query, [f"contactpoint_{user}"]).fetchone()
            if row:
                os.kill(row[0], signal.SIGKILL)
                killed = True
                deadline = time.monotonic() + LONG
                while time.monotonic() < deadline:  # until PostgreSQL has noticed: this connection breaks too
                    connection.execute("SELECT 1")
                    time.sleep(STEP)
        return killed
