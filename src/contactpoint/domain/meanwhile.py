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
class ChangedMeanwhile:
    """Nothing was done, because somebody changed the same involvement since the page was shown."""

    seen: InvolvementVersion
    now: InvolvementVersion
