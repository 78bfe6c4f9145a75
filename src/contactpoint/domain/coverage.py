"""What an empty answer means: nobody there, nobody asked, or asked too long ago."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class CoverageState(StrEnum):
    """What may be concluded from hearing nothing of a kind of service."""

    CONFIRMED_NONE = "confirmed_none"
    NOT_CONNECTED = "not_connected"
    STALE = "stale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The state of one kind of source for one authority; `last_told` is its newest delivery."""

    label: str
    state: CoverageState
    last_told: date | None = None


def coverage_of(
    label: str, *, connected: bool, last_told: date | None, promised_days: int, on: date
) -> Coverage:
    """Say what silence from a source means on a day.

    A source that is connected but has missed its promised interval is stale, not a confirmed none.
    """
    if not connected or last_told is None:
        return Coverage(label=label, state=CoverageState.NOT_CONNECTED)
    late = on - last_told > timedelta(days=promised_days)
    state = CoverageState.STALE if late else CoverageState.CONFIRMED_NONE
    return Coverage(label=label, state=state, last_told=last_told)
