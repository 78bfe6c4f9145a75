"""What a look at a record needs beyond a reason: a relationship, or how one comes to ask (R8, R9; ADR 59).

A relationship counts only as far as the record itself shows it to whoever looks: then whether somebody is
asked tells nothing that opening does not.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.involvement import Involvement, ServiceKind
from contactpoint.domain.review.explained import ENDED_WITHIN

LONGEST: Final = 200
_OF_A_DESK: Final = frozenset({PurposeCode.SHIELD_DECISION, PurposeCode.FAMILY_ASKS})


class Came(StrEnum):
    """How somebody comes to ask about a child with whom nothing here says that they work."""

    WITH_ME = "with_me"
    ASKED = "asked"
    TOLD = "told"
    TAKING_ON = "taking_on"
    LISTED = "listed"
    OTHER = "other"


OFFERED: Final = (Came.WITH_ME, Came.ASKED, Came.TOLD, Came.TAKING_ON, Came.OTHER)
"""What a person may say; that the child stood in a list of work to do, a page says for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HowCome:
    """What somebody said of it.

    Raises:
        InvalidInput: "something else" without saying what, or more than 200 characters.
    """

    code: Came
    text: str | None = None

    def __post_init__(self) -> None:
        """Refuse an unexplained "something else"."""
        text = " ".join((self.text or "").split()) or None
        object.__setattr__(self, "text", text)
        if self.code is Came.OTHER and text is None:
            raise InvalidInput("Say how you come to ask.")
        if text is not None and len(text) > LONGEST:
            raise InvalidInput(f"Keep it to {LONGEST} characters.")


def does_a_reason_alone_open_it(
    viewer: Viewer,
    purpose: Purpose,
    involvements: Iterable[Involvement],
    *,
    shown: Collection[int],
    naming: Collection[int],
    on: date,
) -> bool:
    """The stated reason is enough for whoever works with the child, as far as the record shows them that.

    Also for whoever decides about a protection or answers a family: only their desks may say so, of what
    waits there. And for a look on somebody's behalf, who was asked already (R6).

    Args:
        viewer: who looks.
        purpose: the reason stated.
        involvements: what is held of the child.
        shown: the ids of those that the record shows this viewer; of a protected one none.
        naming: the ids of those in which a practitioner of the viewer's name stands.
        on: the day.
    """
    if viewer.mediates_for is not None or purpose.code in _OF_A_DESK:
        return True
    return any(
        do_they_work_with_the_child(viewer, one, is_named=one.id in naming, on=on)
        for one in involvements
        if one.id in shown
    )


def do_they_work_with_the_child(
    viewer: Viewer, involvement: Involvement, *, is_named: bool, on: date
) -> bool:
    """They are named in it, or it is their team's, beyond what every child has; and others confirmed it.

    The same school, practice or clinic says nothing: every child there would be everybody's to look at. What
    ended counts for four weeks more (R52).
    """
    if not involvement.confirmed or involvement.contact.organisation_code != viewer.organisation_code:
        return False
    over = involvement.over_on
    if (involvement.start and involvement.start > on) or (over and over < on - ENDED_WITHIN):
        return False
    service = involvement.service
    return is_named or (service.kind is not ServiceKind.UNIVERSAL and service.code in viewer.services)
