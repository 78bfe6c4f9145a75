"""A checkpoint that an organisation's auditor was handed, as its page lists it (R54)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

TAKEN_EVERY: Final = timedelta(days=31)
"""How often an organisation should take a checkpoint away: no law says it (ADR 50)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """A handover as its organisation sees it; `size` is None while it is being made.

    `taken_at` is when it was first taken away.
    """

    handover: int
    asked_at: datetime
    asked_by: str
    made_at: datetime | None
    size: int | None
    previous_size: int | None
    hashes: int
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """An organisation that has an auditor, and when it last took a checkpoint away."""

    name: str
    taken_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointsSeen:
    """What was handed to an auditor's organisation; to the nation's, what others took away as well."""

    own: tuple[HandedOver, ...]
    elsewhere: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How many checkpoints an organisation has not taken away since its last; whether one is being made."""

    ready: int
    ready_since: datetime | None
    is_being_made: bool
    taken_at: datetime | None


def is_it_time(taken_at: datetime | None, at: datetime) -> bool:
    """Whether an organisation should take a checkpoint away: it has not for a month, or never did (R54)."""
    return taken_at is None or at - taken_at > TAKEN_EVERY


def should_one_be_asked_for(waits: Waits, at: datetime) -> bool:
    """Whether an auditor should ask for one: it is time, and none is ready or being made (R54)."""
    return is_it_time(waits.taken_at, at) and not waits.ready and not waits.is_being_made
