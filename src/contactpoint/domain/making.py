"""A record that is made by hand, of a child whom no source has told of yet (R23)."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Final

from contactpoint.domain.criteria import WILDCARD, Criteria
from contactpoint.domain.people import Sex

CONTRACT: Final = "by_hand"


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
