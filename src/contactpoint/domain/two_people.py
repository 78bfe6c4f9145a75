"""What takes two people: one asks for it or drops it, another agrees or refuses, and it is said why."""

from enum import StrEnum
from typing import Final

from contactpoint.domain.errors import InvalidInput

LONGEST_REASON: Final = 300


class Step(StrEnum):
    """What somebody does with what takes two people."""

    ASK = "ask"
    DROP = "drop"
    AGREE = "agree"
    REFUSE = "refuse"


OWN_STEPS: Final = frozenset({Step.ASK, Step.DROP})
"""Whoever brought it asks and drops; the other two are a second person's."""


def may_they_take_that_step(step: Step, *, by_viewer: bool) -> bool:
    """Whoever brought it asks for it and drops it; another person agrees or refuses."""
    return by_viewer == (step in OWN_STEPS)


def check_reason(because: str) -> str:
    """Why somebody asks, on one line.

    Raises:
        InvalidInput: nothing is said, or too much.
    """
    said = " ".join(because.split())
    if not said or len(said) > LONGEST_REASON:
        raise InvalidInput(f"Say why, in at most {LONGEST_REASON} characters.")
    return said
