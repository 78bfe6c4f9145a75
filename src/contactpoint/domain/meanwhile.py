"""What somebody was shown of a thing, and what it is now: where they differ, a person decides."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class InvolvementVersion:
    """An involvement as a page showed it, or as it stands; equal where nothing has changed between.

    `confirmed_by` names whoever confirmed it, and is None while it waits for that.
    """

    service: str
    practitioner: str
    practitioner_role: str | None
    start: date | None
    end: date | None
    confirmed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnVersion:
    """What a practitioner may correct of their own work, as a page showed it or as it stands."""

    role: str
    phone: str
    start: date | None
    assessment_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadVersion:
    """Who leads: whose involvement, and in which words; nobody where both are None (R43)."""

    involvement_id: int | None
    who: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointVersion:
    """How a service is reached, as a page showed it or as it stands."""

    phone: str
    hours: str
    night: str
    holidays: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerVersion:
    """What became of something that was said, and the answer, as a page showed it or as it stands."""

    state: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHandVersion:
    """What a record made by hand says, as a page showed it or as it stands."""

    name: str
    known_as: str
    born: str
    sex: str
    home: str
    carer: str


Version = InvolvementVersion | OwnVersion | LeadVersion | PointVersion | AnswerVersion | ByHandVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedMeanwhile:
    """Nothing was done, because somebody changed the same thing since the page was shown.

    `sent` is what they sent who were not heard, so that they need not type it again from memory.
    """

    seen: Version
    now: Version
    sent: Version | None = None
