"""Open one child's record."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from contactpoint.actions.find.held import held_record, state_asked
from contactpoint.actions.find.how_come import SAY_HOW, must_they_say_how
from contactpoint.actions.find.trawling import may_one_more_be_asked_about, may_one_more_be_opened
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import OpenRecord, Record, Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.held import HeldRecord
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.disclosure.redact import redact
from contactpoint.domain.disclosure.relationship import HowCome
from contactpoint.domain.errors import InvalidIdentifier
from contactpoint.domain.here import HERE
from contactpoint.domain.identifiers import parse_child_number
from contactpoint.storage.queries.children import ChildState, find_child

# The same words whether the number was never given out, or nothing about it may be read.
NO_SUCH_RECORD = Refusal(
    sentence="No record has this number.",
    rules=("R12",),
    way_on="Check the number, or search by name and date of birth.",
)

_LONGEST_NUMBER = 40


@transaction.atomic
def print_record(
    *, number: str, purpose: Purpose | None, by: Viewer, at: datetime, how: HowCome | None = None
) -> Record | Refusal:
    """Return what this viewer may see of a record, to be put on paper: the audit has that it was (R51).

    Of a protected child there is nothing to print, and the look is one like any other.
    """
    return open_and_tell(number=number, purpose=purpose, by=by, at=at, how=how, to_print=True)[0]


@transaction.atomic
def open_record(
    *,
    number: str,
    purpose: Purpose | None,
    by: Viewer,
    at: datetime,
    how: HowCome | None = None,
    said_again: str | None = None,
) -> Record | Refusal:
    """Return what this viewer may see of a record, or why not; either way the audit has it (R8, R51).

    A retired number opens the record it retired into. Whoever does not work with the child says how they come
    to ask (`how`, ADR 59). Whoever opens very many says why again (`said_again`, checked by `check_need`), or
    is stopped (R53). Raises nothing for a refusal.
    """
    return open_and_tell(number=number, purpose=purpose, by=by, at=at, how=how, said_again=said_again)[0]


def open_and_tell(
    *,
    number: str,
    purpose: Purpose | None,
    by: Viewer,
    at: datetime,
    how: HowCome | None = None,
    said_again: str | None = None,
    to_print: bool = False,
) -> tuple[Record | Refusal, UUID | None]:
    """Open a record, and tell the event of it where it opened. Needs a transaction."""
    asked = AccessRequest(viewer=by, permission=Permission.OPEN_RECORD, at=at, purpose=purpose)
    # What was tried, as it came: nobody looks for a child unseen by trying numbers.
    tried: dict[str, Json] = {"number": number[:_LONGEST_NUMBER]}
    if (decision := authorise(asked)).refusal or purpose is None:
        return _refused(decision.refusal or NO_SUCH_RECORD, by=by, at=at, purpose=purpose, details=tried)
    child = _child_of(number, by)
    held = held_record(child, at) if child else None
    state = state_asked(child, held, at)
    decision = authorise(replace(asked, record=state))
    may_be_shown = held is not None and state is not None and decision.refusal is None
    shown = redact(held, by, purpose, at) if held is not None and may_be_shown else None
    on = at.astimezone(HERE).date()
    if held is not None and shown and must_they_say_how(held, shown, how, by=by, purpose=purpose, on=on):
        # Asked before it is counted as one more record: whoever answers is counted then.
        waits = may_one_more_be_asked_about(by=by, at=at) or SAY_HOW
        return _refused(waits, by=by, at=at, purpose=purpose, subjects=[held.number], details=tried)
    if refusal := may_one_more_be_opened(purpose=purpose, said_again=said_again, by=by, at=at):
        return _refused(refusal, by=by, at=at, purpose=purpose, details=tried)
    if child is None or state is None:
        return _refused(NO_SUCH_RECORD, by=by, at=at, purpose=purpose, details=tried)
    if shown is None:
        refusal = decision.refusal or NO_SUCH_RECORD
        return _refused(refusal, by=by, at=at, purpose=purpose, subjects=[child.number])
    prints = to_print and isinstance(shown, OpenRecord)
    event = record(
        Action.PRINTED_RECORD if prints else Action.OPENED_RECORD,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[child.number],
        details={
            "rules": list(decision.rules),
            "disclosed": disclosed(shown),
            **(_as_told(how) if how else {}),
            **({"said_again": said_again} if said_again else {}),
        },
    )
    return shown, event


def _child_of(number: str, by: Viewer) -> ChildState | None:
    try:
        return find_child(parse_child_number(number), for_whom=by.account_id)
    except InvalidIdentifier:
        return None


def _as_told(how: HowCome) -> dict[str, Json]:
    """How somebody came to ask, as the audit holds it."""
    return {"how": how.code.value, **({"how_text": how.text} if how.text else {})}


def _refused(
    refusal: Refusal,
    *,
    by: Viewer,
    at: datetime,
    purpose: Purpose | None,
    subjects: Sequence[str] = (),
    details: Mapping[str, Json] | None = None,
) -> tuple[Refusal, None]:
    asked = Permission.OPEN_RECORD
    return record_refusal(
        refusal, asked, by=by, at=at, purpose=purpose, subjects=subjects, details=details
    ), None


def record_in_question(
    asked: Permission, *, number: str, purpose: Purpose | None, by: Viewer, at: datetime
) -> HeldRecord | Refusal:
    """Return what is held of a child about whom the viewer may do what is asked; a refusal is recorded.

    Nothing of it may leave but through the rules of disclosure.
    """
    child = _child_of(number, by)
    held = held_record(child, at) if child else None
    state = state_asked(child, held, at)
    decision = authorise(AccessRequest(viewer=by, permission=asked, at=at, purpose=purpose, record=state))
    if decision.refusal or child is None or held is None:
        subjects = [child.number] if child else []
        refusal = decision.refusal or NO_SUCH_RECORD
        return record_refusal(refusal, asked, by=by, at=at, purpose=purpose, subjects=subjects)
    return held


def disclosed(shown: Record) -> dict[str, Json]:
    """What was disclosed, as the audit holds it: which fields, and which involvements by id."""
    if not isinstance(shown, OpenRecord):
        return {"protected": True}
    return {
        "protected": False,
        "fields": [
            name
            for name in (
                "date_of_birth",
                "sex",
                "addresses",
                "carers",
                "names",
                "former_names",
                "date_of_death",
            )
            if getattr(shown, name)
        ],
        "identifiers": [scheme for scheme, _ in shown.identifiers],
        "involvements": [one.id for one in (*shown.contacts, *shown.past_contacts)],
    }
