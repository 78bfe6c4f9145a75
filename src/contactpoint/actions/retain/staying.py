"""The team that looks after somebody records that they agreed to stay until 25, or took it back (R16)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from contactpoint.actions.find.open_record import NO_SUCH_RECORD, record_in_question
from contactpoint.actions.find.responsible import responsible_for
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import OpenRecord, Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.consent import which_statements_may_speak
from contactpoint.domain.disclosure.held import KnownRecord, ShieldedRecord
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.domain.retention import (
    STAYS_UNTIL,
    StayInQuestion,
    are_they_asked_yet,
    latest_day,
    years_on,
)
from contactpoint.domain.survivorship import derive
from contactpoint.storage import staying as stored
from contactpoint.storage.queries.children import staying_among

_ASKED: Final = Permission.KEEP_UNTIL_25
OF_25: Final = "They are 25: nobody stays longer."
AGREED_ALREADY: Final = "It is recorded already that they agreed. Nothing was changed."
NOTHING_TO_TAKE_BACK: Final = "No consent is recorded, so there is none to take back. Nothing was changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Staying:
    """Until when somebody would stay, and whether it is recorded that they agreed."""

    until: date
    agreed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StayingDone:
    """It is recorded: until which day they stay, empty where they took it back."""

    until: str


def keeps_until_25(by: Viewer, shown: OpenRecord, on: date) -> bool:
    """Say whether the viewer's role records such consents at all, and somebody of that age is asked."""
    return _ASKED in PERMISSIONS[by.role] and are_they_asked_yet(latest_day(shown.date_of_birth), on)


@transaction.atomic
def staying(*, number: str, purpose: Purpose | None, by: Viewer, at: datetime) -> Staying | Refusal:
    """Return how it stands, to the team that may record it (R16).

    Raises:
        Conflict: they are 25.
    """
    held = _held(number, purpose, by, at)
    if isinstance(held, Refusal):
        return held
    agreed = held.number in staying_among([held.number], at.date())
    return Staying(until=_until(held, at.date()), agreed=agreed)


@transaction.atomic
def record_staying(
    *, number: str, given_on: date, purpose: Purpose | None, by: Viewer, at: datetime
) -> StayingDone | Refusal:
    """Keep the record open until the 25th birthday, because its subject agreed themselves (R16).

    Raises:
        InvalidInput: the consent is of a day to come.
        Conflict: they have agreed already, or are 25.
    """
    held = _held(number, purpose, by, at)
    if isinstance(held, Refusal):
        return held
    if given_on > at.date():
        raise InvalidInput("A consent is of today or earlier.")
    until, child = _until(held, at.date()), held.number
    details = {"until": until.isoformat()}
    seeing = record(Action.AGREED_TO_STAY, by=by, at=at, purpose=purpose, subjects=[child], details=details)
    if not stored.keep_for_team(seeing, child, given_on=given_on, until=until):
        raise Conflict(AGREED_ALREADY)
    return StayingDone(until=until.isoformat())


@transaction.atomic
def take_staying_back(
    *, number: str, purpose: Purpose | None, by: Viewer, at: datetime
) -> StayingDone | Refusal:
    """Record that they take it back: whoever is 18 is archived by the next night's job (R16).

    Raises:
        Conflict: no consent is recorded.
    """
    held = _held(number, purpose, by, at)
    if isinstance(held, Refusal):
        return held
    seeing = record(Action.WITHDREW_STAYING, by=by, at=at, purpose=purpose, subjects=[held.number])
    if not stored.withdraw_for_team(seeing, held.number):
        raise Conflict(NOTHING_TO_TAKE_BACK)
    return StayingDone(until="")


def _held(number: str, purpose: Purpose | None, by: Viewer, at: datetime) -> KnownRecord | Refusal:
    held = record_in_question(_ASKED, number=number, purpose=purpose, by=by, at=at)
    if isinstance(held, Refusal):
        return held
    known, on = None if isinstance(held, ShieldedRecord) else held, at.date()
    asked = (
        StayInQuestion(protected=False, authority=responsible_for(known, on), born=_born(known, on))
        if known
        else StayInQuestion(protected=True)
    )
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, purpose=purpose, staying=asked))
    if decision.refusal or known is None or by.account_id is None:
        refusal = decision.refusal or NO_SUCH_RECORD
        return record_refusal(refusal, _ASKED, by=by, at=at, purpose=purpose, subjects=[held.number])
    return known


def _born(held: KnownRecord, on: date) -> date | None:
    """The last day on which they may have been born, by what pages may say of it."""
    derived = derive(which_statements_may_speak(held.statements, held.involvements, on), on=on)
    return latest_day(derived.date_of_birth.value if derived.date_of_birth else None)


def _until(held: KnownRecord, on: date) -> date:
    """The 25th birthday."""
    born = _born(held, on)
    until = years_on(born, STAYS_UNTIL) if born else on
    if until <= on:
        raise Conflict(OF_25)
    return until
