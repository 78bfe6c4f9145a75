"""Who looks after whom: an account may name a manager, and the manager sees who waits for help."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember:
    """Somebody in a manager's team, and since when they wait for a new second factor."""

    account_id: UUID
    name: str
    job_title: str
    email: str
    waiting_since: datetime | None
    link_until: datetime | None
    suspended_since: datetime | None = None
