"""What needs doing today: the queues of a team, riskiest first, counted.

No number anywhere comes of a shield (R21, R34), but for what waits at a shield desk, told to that desk.
Records near a protected one are counted at the national one.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from contactpoint.domain.review.deciding import UseState


class Queue(StrEnum):
    """A list of work, in the order in which leaving it does most harm."""

    INCIDENTS = "incidents"
    OVERRIDES = "overrides"
    SHIELDS = "shields"
    CROSSINGS = "crossings"
    PAIRS = "pairs"
    CROSSERS = "crossers"
    DESK_CROSSERS = "desk_crossers"
    USE_SENT_ON = "use_sent_on"
    USE_SUSPENDED = "use_suspended"
    USE_ANSWERED = "use_answered"
    USE = "use"
    USE_ASKED = "use_asked"
    USE_MONTHS = "use_months"
    CHECKPOINTS = "checkpoints"
    CHECKPOINT_DUE = "checkpoint_due"
    CHECKPOINTS_ELSEWHERE = "checkpoints_elsewhere"
    DESK = "desk"
    INBOX = "inbox"
    CONSENTS = "consents"
    FAMILIES = "families"
    MIXED = "mixed"
    MIXED_NEAR = "mixed_near"
    CASES = "cases"
    CASES_NEAR = "cases_near"
    EDUCATION = "education"
    MOVES = "moves"
    UNPLACED = "unplaced"
    TO_CONFIRM = "to_confirm"
    CORRECTIONS = "corrections"
    WORDS = "words"
    CORRECTIONS_LATE = "corrections_late"
    FEEDBACK = "feedback"
    POINTS = "points"
    WAVES = "waves"
    LISTS = "lists"
    PAIRINGS = "pairings"
    AUTHORITIES = "authorities"
    ROLES = "roles"
    SETTINGS = "settings"
    MODELS = "models"
    MAPPINGS = "mappings"
    ACCOUNTS = "accounts"
    FEEDS_HELD = "feeds_held"
    FEEDS_LATE = "feeds_late"


QUEUE_OF: Final = {
    UseState.ESCALATED: Queue.USE_SENT_ON,
    UseState.SUSPENDED: Queue.USE_SUSPENDED,
    UseState.ANSWERED: Queue.USE_ANSWERED,
    UseState.WAITING: Queue.USE,
    UseState.ASKED: Queue.USE_ASKED,
}
"""The queue of each state in which a use waits. What was sent on is with the national reviewers alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many wait in a queue, how many of them wait longer than they should, and since when the oldest."""

    queue: Queue
    count: int
    late: int = 0
    oldest: date | None = None
