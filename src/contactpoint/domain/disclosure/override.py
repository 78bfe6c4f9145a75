"""Overriding a shield (R33): who may, what they must say, and how it is looked into afterwards."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class OverrideReason(StrEnum):
    """Why somebody must see at this moment what a shield hides; stated beside the reason for looking."""

    DANGER_NOW = "danger_now"
    MISSING_NOW = "missing_now"
    COURT_OR_POLICE = "court_or_police"
    DESK_NOT_REACHED = "desk_not_reached"


class OverrideOutcome(StrEnum):
    """What an investigation found."""

    JUSTIFIED = "justified"
    MISTAKE = "mistake"
    NOT_JUSTIFIED = "not_justified"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideInQuestion:
    """An override that somebody asks for, as far as the rules ask about it.

    `holds_right`: two other people have given it to them. `proved`: their second factor at this moment.
    """

    holds_right: bool
    reason: OverrideReason | None
    proved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RightInQuestion:
    """A right to override that somebody asks to give, as far as the rules ask about it."""

    for_viewer: bool
    first_given_by_viewer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideUseInQuestion:
    """An override that somebody looks into, as far as the rules ask about it."""

    made_by_viewer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideRight:
    """A right to override, given by one person and, once `second` stands, by two. Until then it is none."""

    id: int
    account: UUID
    name: str
    organisation: str
    first: str
    first_account: UUID
    second: str | None
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideToLookInto:
    """An override nobody has looked into yet; it does not say whose record it was."""

    id: int
    used_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideInFull:
    """An override as whoever looks into it reads it."""

    id: int
    number: str
    child_name: str
    account: UUID
    name: str
    job_title: str
    organisation: str
    phone: str
    reason: OverrideReason
    used_at: datetime
    outcome: OverrideOutcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RightChanged:
    """The answer to giving, agreeing to or ending a right."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideClosed:
    """The answer to an investigation's outcome."""

    outcome: str
