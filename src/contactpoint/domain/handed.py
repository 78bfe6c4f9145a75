"""A checkpoint that an organisation's auditor was handed, as its page lists it (R54)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """A handover as its organisation sees it; `size` is None while it is being made."""

    handover: int
    asked_at: datetime
    asked_by: str
    made_at: datetime | None
    size: int | None
    previous_size: int | None
    hashes: int
