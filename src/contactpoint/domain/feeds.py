"""How a feed does: its deliveries, its freshness against what was promised, and what waits for a person."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Freshness(StrEnum):
    """Whether a source tells as often as it promised."""

    NEVER = "never"
    ON_TIME = "on_time"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A source's newest word against its promise; `due` is the last day that keeps it."""

    state: Freshness
    every_days: int
    last_told: date | None = None
    due: date | None = None
    days_late: int = 0


def promise_kept(*, last_told: date | None, promised_days: int, on: date) -> Promise:
    """Judge on a day how fresh a source is; the day it is due is still on time."""
    if last_told is None:
        return Promise(state=Freshness.NEVER, every_days=promised_days)
    due = last_told + timedelta(days=promised_days)
    late = max((on - due).days, 0)
    return Promise(
        state=Freshness.LATE if late else Freshness.ON_TIME,
        every_days=promised_days,
        last_told=last_told,
        due=due,
        days_late=late,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PausedSince:
    """Since when a feed is paused, by whom, why."""

    at: datetime
    by: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """A feed in the list. `held` is the number of deliveries that wait for a person.

    `asked_by` asked a second person to agree to another way to read it; None where nobody did.
    """

    code: str
    name: str
    organisation: str
    promised_days: int
    last_told: date | None
    received_at: datetime | None
    held: int
    under_way: int
    asked_by: UUID | None = None
    paused: PausedSince | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDelivery:
    """A delivery. Rows of the file; `changed` and `leaving` records; `ending` contacts that end with those.

    `can_have_rejects` says whether rejected rows are kept for the source's team; `decided` what somebody
    decided.
    """

    id: int
    file_name: str
    as_at: date
    kind: str
    state: str
    received_at: datetime
    published_at: datetime | None
    read: int
    accepted: int
    rejected: int
    changed: int
    before: int
    leaving: int
    ending: int
    reasons: tuple[tuple[str, str, int], ...] = ()
    can_have_rejects: bool = False
    decided: str | None = None
    decided_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFileLine:
    """A file that was handed in: where it is, or what became of it."""

    file_name: str
    came_by: str
    given_by: str | None
    given_at: datetime
    state: str
    step: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed as its page shows it; deliveries and files newest first."""

    line: FeedLine
    contract: str
    deliveries: tuple[FeedDelivery, ...]
    files: tuple[FeedFileLine, ...]
    own_rows: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Something was recorded; `what` names it."""

    what: str
