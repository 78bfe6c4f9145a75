"""What needs doing today: the queues of a team, riskiest first, counted.

No number anywhere comes of a shield (R21, R34), but for what waits at a shield desk, told to that desk.
Records near a protected one are counted at the national one.
"""

from dataclasses import dataclass
from enum import StrEnum


class Queue(StrEnum):
    """A list of work, in the order in which leaving it does most harm."""

    OVERRIDES = "overrides"
    SHIELDS = "shields"
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
    CORRECTIONS_LATE = "corrections_late"
    FEEDBACK = "feedback"
    POINTS = "points"
    WAVES = "waves"
    LISTS = "lists"
    AUTHORITIES = "authorities"
    ROLES = "roles"
    SETTINGS = "settings"
    MODELS = "models"
    MAPPINGS = "mappings"
    ACCOUNTS = "accounts"
    FEEDS_HELD = "feeds_held"
    FEEDS_LATE = "feeds_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many wait in a queue, and how many of them wait longer than they should."""

    queue: Queue
    count: int
    late: int = 0
