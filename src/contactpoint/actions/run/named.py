"""A person whom somebody names at the command line, in whose name something is asked or agreed to."""

from typing import Final
from uuid import UUID

from contactpoint.domain.audit.events import Json
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.storage.accounts import is_of_the_national_team

NOT_OF_THE_TEAM: Final = Refusal(
    sentence="The person who is named is not of the national team.",
    rules=("R20", "R52"),
    way_on="Name somebody whose account is open and of the national team.",
)


def why_not_in_their_name(person: UUID | None) -> Refusal | None:
    """Only somebody of the national team sets anything for England, whoever types it (R20, R52)."""
    return None if person is None or is_of_the_national_team(person) else NOT_OF_THE_TEAM


def named(person: UUID | None) -> dict[str, Json]:
    """The person, as an event has them."""
    return {"person": str(person)} if person else {}
