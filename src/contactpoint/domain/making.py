"""A record that is made by hand, of a child whom no source has told of yet (R23)."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from contactpoint.domain.criteria import WILDCARD, Criteria
from contactpoint.domain.people import Sex, Statement

CONTRACT: Final = "by_hand"
SAID_BY_HAND: Final = "Said by hand, "
"""How the name of every such source begins."""


def hand_source(authority: str | None) -> str:
    """The source of what an authority's team says by hand."""
    return f"by-hand-{authority}"


class MakeReason(StrEnum):
    """Why no source has told of the child."""

    NEW_TO_ENGLAND = "new_to_england"
    JUST_BORN = "just_born"
    UNACCOMPANIED = "unaccompanied"
    NOT_TOLD_YET = "not_told_yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandMade:
    """What is said of the child: who it is, as the search had it, and what else is known."""

    surname: str
    forename: str
    date_of_birth: date
    sex: Sex | None = None
    known_as: str = ""
    address: str = ""
    postcode: str = ""
    carer_forename: str = ""
    carer_surname: str = ""
    carer_relationship: str = ""
    carer_phone: str = ""

    def as_row(self, local_id: str) -> dict[str, str]:
        """As a row of its feed: what is not known is blank."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        row = {name: value for name, value in said.items() if isinstance(value, str)}
        return {
            **row,
            "local_id": local_id,
            "date_of_birth": self.date_of_birth.isoformat(),
            "sex": self.sex.value if self.sex else "",
        }


def what_was_said_by_hand(statement: Statement) -> HandMade | None:
    """What a record made by hand says, as its form has it; None where it does not give a whole birth date."""
    facts = statement.facts
    try:
        born = date.fromisoformat(facts.date_of_birth or "")
    except ValueError:
        return None
    home = next(iter(statement.addresses), None)
    carer = next(iter(statement.carers), None)
    return HandMade(
        surname=facts.surname or "",
        forename=facts.forename or "",
        date_of_birth=born,
        sex=Sex(facts.sex) if facts.sex else None,
        known_as=facts.known_as or "",
        address=(home and home.line) or "",
        postcode=(home and home.postcode) or "",
        carer_forename=(carer and carer.forename) or "",
        carer_surname=(carer and carer.surname) or "",
        carer_relationship=(carer and carer.relationship) or "",
        carer_phone=(carer and carer.phone) or "",
    )


class CorrectReason(StrEnum):
    """Why what was said by hand is corrected. A new reason is a new word."""

    MISTYPED = "mistyped"
    TOLD_WRONG = "told_wrong"
    DOCUMENT = "document"
    CHANGED_SINCE = "changed_since"
    PUT_BACK = "put_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHandRecord:
    """A record made by hand: what it says, and what it said before, until when, if it was corrected."""

    record_id: int
    said: HandMade
    before: HandMade | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHandCorrected:
    """The answer to correcting one: how many of its fields are other than they were."""

    record_id: int
    fields: int


def what_is_corrected(now: HandMade, right: HandMade) -> tuple[str, ...]:
    """A correction says what is right of all of it: the fields that are other than they were (R25)."""
    return tuple(one.name for one in fields(HandMade) if getattr(now, one.name) != getattr(right, one.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class MakingInQuestion:
    """A record that somebody asks to make, as far as the rules ask about it.

    `searched` is whether the search was one that would have found the child; `looked_at` whether each child
    that it finds now was shown and said not to be the one.
    """

    searched: bool
    looked_at: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMade:
    """The answer to making a record: the same whatever becomes of it (R21)."""

    local_id: str


def would_that_search_find_the_child(criteria: Criteria) -> bool:
    """A record is made only after a search by name and birth date alone: that one passes over nobody (R23).

    One by address, carer or school leaves out whoever is shielded (R10), and a part of a name is no name.
    """
    names = (criteria.forename or "", criteria.surname or "")
    whole = not any(WILDCARD in name for name in names) and any(names)
    return whole and criteria.date_of_birth is not None and not criteria.uses_hidden_field


def was_everybody_looked_at(found: Iterable[str], shown: Iterable[str], *, too_many: bool) -> bool:
    """Each child that the search finds was shown before, in the same sitting, and is not the one (R23)."""
    return not too_many and set(found) <= set(shown)


def who_was_searched_for(criteria: Criteria) -> tuple[str, str]:
    """First and last name, as the search had them; a single name is the last (R12)."""
    surname = criteria.surname or criteria.forename or ""
    return (criteria.forename or "") if criteria.surname else "", surname
