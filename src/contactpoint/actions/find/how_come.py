"""Asks whoever does not work with a child, as far as is shown here, how they come to ask (R8; ADR 59)."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import OpenRecord, Record, Refusal
from contactpoint.domain.disclosure.held import HeldRecord, KnownRecord
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.disclosure.relationship import HowCome, does_a_reason_alone_open_it
from contactpoint.domain.involvement import Involvement
from contactpoint.domain.review.looks import Name
from contactpoint.linking.names import fold, joined

SAY_HOW: Final = Refusal(
    sentence="Nothing on this record says that you work with this child.",
    rules=("R8",),
    way_on="Say how you come to ask, and it opens. What you say is recorded with the look.",
)


def must_they_say_how(
    held: HeldRecord, shown: Record, how: HowCome | None, *, by: Viewer, purpose: Purpose, on: date
) -> bool:
    """Whether the record waits until they have said; of a protected child everybody is asked alike."""
    if how is not None:
        return False
    involvements = held.involvements if isinstance(held, KnownRecord) else ()
    rows = (*shown.contacts, *shown.past_contacts) if isinstance(shown, OpenRecord) else ()
    return not does_a_reason_alone_open_it(
        by, purpose, involvements, shown={row.id for row in rows}, naming=naming(by, involvements), on=on
    )


def naming(viewer: Viewer, involvements: Iterable[Involvement]) -> frozenset[int]:
    """The ids of the involvements in which a practitioner of this name stands, however it is written."""
    who = called(viewer.name)
    return frozenset(one.id for one in involvements if who and called(one.contact.practitioner or "") == who)


def called(text: str) -> Name | None:
    """First and last word of a name, folded; None of a single word, which says too little."""
    words = text.split()
    return Name(joined(fold(words[0])), joined(fold(words[-1]))) if len(words) > 1 else None
