"""How a record came to be: the history of one field, as of a day."""

from datetime import date, datetime

from django.db import transaction

from contactpoint.actions.find.held import held_record, state_of
from contactpoint.actions.find.open_record import NO_SUCH_RECORD
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import ProtectedRecord, Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.held import HeldRecord, KnownRecord, ShieldedRecord
from contactpoint.domain.disclosure.history import (
    History,
    HistoryField,
    tell_contacts,
    tell_history,
    which_fields_may_they_ask_about,
)
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.disclosure.shielding import what_does_a_shielded_record_show
from contactpoint.domain.errors import InvalidIdentifier
from contactpoint.domain.identifiers import parse_child_number
from contactpoint.storage.queries.children import find_child
from contactpoint.storage.queries.history import past_involvements_of, versions_of

# To read how a record came to be is to open it, and is allowed to nobody who may not.
_ASKED = Permission.OPEN_RECORD
NOT_FOR_THEM = Refusal(
    sentence="You cannot see the history of this number because another body gave it.",
    rules=("R12",),
    way_on="Choose something else.",
)


@transaction.atomic
def history(
    *, number: str, purpose: Purpose | None, field: HistoryField, on: date, by: Viewer, at: datetime
) -> History | ProtectedRecord | Refusal:
    """Return what each source said of a field on a day, what the record showed, and what changed when.

    Audited (R51), and refused as opening the record is. Of a shielded child it gives the four facts and
    constants (R27). A day to come is today. Raises nothing for a refusal.
    """
    asked = AccessRequest(viewer=by, permission=_ASKED, at=at, purpose=purpose)
    refusal = authorise(asked).refusal
    if refusal is None and field not in which_fields_may_they_ask_about(by):
        refusal = NOT_FOR_THEM
    if refusal:
        return record_refusal(refusal, _ASKED, by=by, at=at, purpose=purpose)
    held = _held(number, by, at)
    if held is None:
        return record_refusal(NO_SUCH_RECORD, _ASKED, by=by, at=at, purpose=purpose)
    decision = authorise(
        AccessRequest(viewer=by, permission=_ASKED, at=at, purpose=purpose, record=state_of(held, at))
    )
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, purpose=purpose, subjects=[held.number])
    told: History | ProtectedRecord
    if isinstance(held, ShieldedRecord):
        told = what_does_a_shielded_record_show(held)
    else:
        told = _told(held, field, on, at)
    record(
        Action.READ_HISTORY,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[held.number],
        details={
            "rules": list(decision.rules),
            "field": field.value,
            "on": on.isoformat(),
            "protected": isinstance(told, ProtectedRecord),
        },
    )
    return told


def _told(held: KnownRecord, field: HistoryField, on: date, at: datetime) -> History:
    if field is HistoryField.SERVICE:
        return tell_contacts(held, past_involvements_of(held.number), on, at)
    return tell_history(held, versions_of(held.number), field, on, at)


def fields_of(by: Viewer) -> tuple[HistoryField, ...]:
    """The fields whose history a viewer may ask for, in the order of the page."""
    return which_fields_may_they_ask_about(by)


def _held(number: str, by: Viewer, at: datetime) -> HeldRecord | None:
    try:
        child = find_child(parse_child_number(number), for_whom=by.account_id)
    except InvalidIdentifier:
        return None
    return held_record(child, at) if child else None
