"""The words of correcting what was said by hand."""

from dataclasses import dataclass

from contactpoint.domain.here import HERE
from contactpoint.domain.making import ByHandRecord
from contactpoint.web.presenters.words import day_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHandView:
    """A record made by hand, and whether it said something else before."""

    record_id: int
    name: str
    born: str
    until: str


def by_hand_view(one: ByHandRecord) -> ByHandView:
    """One of them."""
    return ByHandView(
        record_id=one.record_id,
        name=" ".join(part for part in (one.said.forename, one.said.surname) if part),
        born=day_words(one.said.date_of_birth),
        until=day_words(one.until.astimezone(HERE).date()) if one.until and one.before else "",
    )
