"""Record that a young person agreed, themselves, to stay until 25; or that they withdrew (R16)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.actions.retain.archive import look_again
from contactpoint.actions.retain.lives import born_as_known
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import Conflict, InvalidInput, NotFound
from contactpoint.domain.retention import STAYS_UNTIL, years_on
from contactpoint.storage import staying as stored
from contactpoint.storage.queries.children import ChildState, find_child

_ASKED: Final = Permission.KEEP_UNTIL_25


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """Until when somebody stays now; None where they withdrew, and stay until 18."""

    until: date | None


@transaction.atomic
def agree_to_stay(*, number: str, given_on: date, by: Viewer, at: datetime) -> Stays | Refusal:
    """Keep the record open until the 25th birthday, because its subject has agreed (R16).

    Only care leavers and people with learning disabilities may be asked; which of the two somebody is is not
    kept. While a shield is in force the consent waits: who stays would show who was in care (ADR 22).

    Raises:
        InvalidInput: the consent is of a day to come, or no birth date is known.
        Conflict: they have agreed already, or are 25.
        NotFound: there is no such number.
    """
    refusal, child = _child(number, by, at)
    if refusal:
        return refusal
    if given_on > at.date():
        raise InvalidInput("A consent is of today or earlier.")
    born = born_as_known(child.number, at)
    if born is None:
        raise InvalidInput("No birth date is known: until when they would stay cannot be said.")
    until = years_on(born, STAYS_UNTIL)
    if until <= at.date():
        raise Conflict("They are 25: nobody stays longer.")
    if not stored.keep(child.number, given_on=given_on, until=until, by=by.account_id, at=at):
        raise Conflict("They have agreed already.")
    look_again([child.number] if child.archived else [], by=by, at=at)
    record(Action.AGREED_TO_STAY, by=by, at=at, subjects=[child.number], details={"until": until.isoformat()})
    return Stays(until=until)


@transaction.atomic
def withdraw_staying(*, number: str, by: Viewer, at: datetime) -> Stays | Refusal:
    """Take a consent back; whoever is 18 is archived from this moment on, the next job puts them there (R16).

    Raises:
        Conflict: there is none.
        NotFound: there is no such number.
    """
    refusal, child = _child(number, by, at)
    if refusal:
        return refusal
    if not stored.withdraw(child.number, at=at):
        raise Conflict("There is no consent to take back.")
    record(Action.WITHDREW_STAYING, by=by, at=at, subjects=[child.number])
    return Stays(until=None)


def _child(number: str, by: Viewer, at: datetime) -> tuple[Refusal | None, ChildState]:
    child = find_child(number, for_whom=by.account_id)
    if child is None:
        raise NotFound("No record has this number.")
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, subjects=[child.number]), child
    return None, child
