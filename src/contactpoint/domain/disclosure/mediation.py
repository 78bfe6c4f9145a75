"""Mediated access: somebody without an account asks through somebody who has one (R5, R6).

Whoever asks is checked as strictly as whoever looks for them, both are named in the audit, and one record is
opened. What neither of the two might read alone is not read together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.errors import InvalidInput

LASTS: Final = timedelta(hours=1)
"""So long after somebody asked may their one record be looked at; then they ask again."""
LONGEST_NAME: Final = 120
LONGEST_TITLE: Final = 80


class CheckedHow(StrEnum):
    """How the mediator made sure who asks."""

    RANG_BACK = "rang_back"
    HERE = "here"
    TAKEN_AT_WORD = "taken_at_word"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequesterSaid:
    """Who asks, for whom, and how that was checked.

    `vouched`: their organisation confirmed their enhanced check and training when it was rung.

    Raises:
        InvalidInput: nobody could find them again.
    """

    name: str
    title: str
    email: str
    organisation: str
    checked: CheckedHow
    vouched: bool

    def __post_init__(self) -> None:
        """Refuse a requester whom nobody could find again."""
        for name, longest in (("name", LONGEST_NAME), ("title", LONGEST_TITLE), ("email", LONGEST_NAME)):
            text = " ".join(getattr(self, name).split())
            if not 0 < len(text) <= longest:
                raise InvalidInput("Say who asks: first and last name, their role and their work e-mail.")
            object.__setattr__(self, name, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequesterInQuestion:
    """Who asks, as far as the rules ask about it; `waits` says that the wave of their area is not open."""

    accredited: bool
    has_account: bool
    waits: bool
    checked: CheckedHow
    vouched: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAskedFor:
    """Which record was opened for whoever asks before, if one was, and which is to be opened now."""

    opened_before: str | None
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mediation:
    """Somebody's request through the viewer, as its pages show it; `opened` once its one record was."""

    mediation: int
    name: str
    title: str
    organisation: str
    organisation_name: str
    organisation_kind: str
    purpose: Purpose
    asked_at: datetime
    opened: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediationBegun:
    """The answer to writing down who asks."""

    mediation: int
