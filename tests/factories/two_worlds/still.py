"""Clock, randomness and counters held still, so that two worlds are compared byte for byte as they are.

What is drawn at random depends on nothing but the step at which it is drawn: so handles, tokens, nonces and
session keys of two worlds are the same, and nothing has to be made alike before it is compared.
"""

import hashlib
import os
import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from unittest import mock

from allauth.mfa.models import Authenticator
from django.core.cache.backends import db as cache_in_database
from django.db import connection
from django.utils import timezone

from contactpoint.domain.identifiers import child_number
from contactpoint.pipelines import link

# Higher than anything that building a world draws, so that what comes after has the same ids in both.
AFTER_BUILDING = 1_000_000
BEFORE_BUILDING = 500_000
# For what a test makes before its worlds: counters stay where the test before it left them.
BEFORE_ANYTHING = 100_000
# More than anything draws in one step.
_A_STEP = 10_000
_SECOND = timedelta(seconds=1)


class Still:
    """A clock that moves a second a step, and a source of randomness that starts anew at each."""

    def __init__(self, began: datetime) -> None:
        self.began = began
        self.step_to(0, "")

    def step_to(self, step: int, who: str) -> None:
        """Begin a step: the time and everything drawn from here on follow from these two alone."""
        self.now = self.began + step * _SECOND
        self._seed = f"{step}|{who}".encode()
        self._drawn = 0
        # Savepoints are named by a counter of the connection, and their names are part of the SQL.
        connection.savepoint_state = AFTER_BUILDING

    def time(self) -> datetime:
        """Stand for timezone.now."""
        return self.now

    def seconds(self) -> float:
        """Stand for the clocks that count seconds."""
        return self.now.timestamp()

    def random_bytes(self, wanted: int) -> bytes:
        """Stand for os.urandom."""
        made = b""
        while len(made) < wanted:
            made += hashlib.sha256(b"%s|%d" % (self._seed, self._drawn)).digest()
            self._drawn += 1
        return made[:wanted]


@contextmanager
def held_still(began: datetime | None = None) -> Iterator[Still]:
    """Hold clock and randomness for the block. The database's own clock stands still within a transaction."""
    still = Still(began or datetime.now(UTC).replace(microsecond=0))
    patches = (
        (os, "urandom", still.random_bytes),
        (random, "_urandom", still.random_bytes),
        (timezone, "now", still.time),
        (cache_in_database, "tz_now", still.time),  # a slow machine would let entries expire in one world
        # The library's own column took the clock when it was imported.
        (Authenticator._meta.get_field("created_at"), "_get_default", still.time),
        (time, "time", still.seconds),
        (time, "perf_counter", still.seconds),
    )
    with ExitStack() as held:
        for patch in patches:
            held.enter_context(mock.patch.object(*patch))
        yield still


def set_counters(to: int) -> None:
    """Let every id that is drawn from here on be the same in both worlds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval((quote_ident(schemaname) || '.' || quote_ident(sequencename))::regclass, %s) "
            "FROM pg_sequences WHERE schemaname = 'public'",
            [to],
        )


def go_on_counting(step: int) -> None:
    """Let ids go on from the same place in either world after what only one of them drew any for."""
    set_counters(AFTER_BUILDING + step * _A_STEP)


@contextmanager
def numbers_by_record() -> Iterator[None]:
    """Let a new child's number follow from its first record, as if the same had been drawn in both worlds."""
    draw = link.with_numbers

    def with_numbers(records, proposal):
        placed = draw(records, proposal)
        drawn = {}
        for number, source, local_id in (
            placed.filter(placed["is_new"])
            .select("number", "source", "local_id")
            .sort("source", "local_id")
            .iter_rows()
        ):
            drawn.setdefault(number, number_for(f"{source}|{local_id}"))
        return placed.with_columns(number=placed["number"].replace(drawn))

    with mock.patch.object(link, "with_numbers", with_numbers):
        yield


def number_for(record: str) -> str:
    """The number of the child whose first record this is, if there is one in this world."""
    serial = int.from_bytes(hashlib.sha256(record.encode()).digest()[:7])
    while not (number := child_number(serial % 1_000_000_000)):
        serial += 1
    return number
