"""Shutting access in a security incident: to all, to an organisation, or to what a feed brings (R55)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

LONGEST_REASON = 300


class Scope(StrEnum):
    """What is shut."""

    NATIONAL = "national"
    ORGANISATION = "organisation"
    FEED = "feed"


class IncidentState(StrEnum):
    """How a shutting stands."""

    ASKED = "asked"  # a second person has to agree
    SHUT = "shut"
    OPENING = "opening"  # a second person has to agree that it opens again
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One shutting: what, why, who asked for each of its steps, and when. `name` is the body's or the feed's.

    `waiting` is how many files of a feed wait meanwhile.
    """

    id: int
    scope: Scope
    code: str
    name: str
    because: str
    asked_by: UUID | None
    asked_by_name: str
    asked_at: datetime
    agreed_by_name: str
    shut_at: datetime | None
    open_asked_by: UUID | None
    open_asked_by_name: str
    opened_by_name: str
    opened_at: datetime | None
    waiting: int = 0

    @property
    def state(self) -> IncidentState:
        """How it stands now."""
        if self.opened_at is not None:
            return IncidentState.OPEN
        if self.shut_at is None:
            return IncidentState.ASKED
        return IncidentState.OPENING if self.open_asked_by is not None else IncidentState.SHUT


def does_it_take_two(scope: Scope) -> bool:
    """Shutting the country out, or letting it in again, takes two people; anything less takes one (R55)."""
    return scope is Scope.NATIONAL


def may_they_agree(incident: Incident, account: UUID | None) -> bool:
    """Whoever asked does not agree as well (R55)."""
    match incident.state:
        case IncidentState.ASKED:
            return account is not None and account != incident.asked_by
        case IncidentState.OPENING:
            return account is not None and account != incident.open_asked_by
        case _:
            return False


def may_a_page_open_it(incident: Incident) -> bool:
    """A feed opens at the command line alone, after a dry run of what waits (R55)."""
    return incident.state is IncidentState.SHUT and incident.scope is not Scope.FEED


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDone:
    """The answer to a step."""

    id: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What a waiting file would bring, read and checked, and nothing kept. `refused` says why not at all."""

    file_name: str
    rows: int
    accepted: int
    rejected: int
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Who saw what of whom, when: one line of a breach report for each event and child."""

    at: datetime
    who: str
    account: str
    organisation: str
    role: str
    on_behalf_of: str
    what: str
    child: str
    shown: tuple[str, ...]
    reason: str
    event: str
