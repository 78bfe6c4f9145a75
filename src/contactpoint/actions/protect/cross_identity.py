"""Cross from half to half of a sealed identity: one of two named people asks, the other agrees (R35).

What is seen is a number, once. The audit says who, when and why; from which child it says in sealed text that
no page opens, and to which it does not say.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.sealed_identity import (
    AGREED_WITHIN,
    Crossed,
    Crossing,
    CrossingChanged,
    CrossingReason,
    CrossingState,
)
from contactpoint.domain.identifiers import parse_child_number
from contactpoint.storage.audit_texts import HALF
from contactpoint.storage.queries import sealed_identities as stored

_ASKED: Final = Permission.CROSS_IDENTITY
OPEN_ALREADY = Refusal(
    sentence="You have asked for one already.",
    rules=("R35",),
    way_on="See that one, or end it, and ask again.",
)
TOO_LATE = Refusal(
    sentence="It does not wait any more.",
    rules=("R35",),
    way_on="It has to be agreed to, and looked at, within a quarter of an hour each. Ask again.",
)


@transaction.atomic
def ask_crossing(
    *, number: str, reason: CrossingReason, by: Viewer, at: datetime
) -> CrossingChanged | Refusal:
    """Ask for the other half of a child's identity; the answer is the same whether there is one or not.

    Raises:
        InvalidIdentifier: it is no child number.
    """
    half = parse_child_number(number)
    refusal, _ = _look(None, by=by, at=at)
    if refusal:
        return refusal
    seeing = record(Action.ASKED_CROSSING, by=by, at=at, details={"reason": reason.value, HALF: half})
    if not stored.ask_crossing(seeing, half, reason, at):
        return record_refusal(OPEN_ALREADY, _ASKED, by=by, at=at)
    return CrossingChanged(what="asked")


@transaction.atomic
def agree_crossing(*, crossing: int, by: Viewer, at: datetime) -> CrossingChanged | Refusal:
    """Agree, as the other of the two, while whoever asked is there."""
    refusal, _ = _look(crossing, agreeing=True, by=by, at=at)
    if refusal:
        return refusal
    seeing = record(Action.AGREED_CROSSING, by=by, at=at, details={"crossing": crossing})
    if not stored.agree_crossing(seeing, crossing):
        return _too_late(crossing, by, at)
    return CrossingChanged(what="agreed")


@transaction.atomic
def end_crossing(*, crossing: int, by: Viewer, at: datetime) -> CrossingChanged | Refusal:
    """End one that waits, as either of the two: nothing of it is kept."""
    refusal, _ = _look(crossing, by=by, at=at)
    if refusal:
        return refusal
    seeing = record(Action.ENDED_CROSSING, by=by, at=at, details={"crossing": crossing})
    if not stored.end_crossing(seeing, crossing):
        return _too_late(crossing, by, at)
    return CrossingChanged(what="ended")


@transaction.atomic
def see_crossing(*, crossing: int, by: Viewer, at: datetime) -> Crossed | Refusal:
    """Return the number of the other half, once, to whoever asked; nothing of it can be called back."""
    refusal, one = _look(crossing, by=by, at=at)
    if refusal:
        return refusal
    if one is None or one.asker != by.account_id or one.state is not CrossingState.READY:
        return _too_late(crossing, by, at)
    seeing = record(Action.CROSSED_IDENTITY, by=by, at=at, details={"crossing": crossing})
    found = stored.see_crossing(seeing, crossing)
    return _too_late(crossing, by, at) if found is None else Crossed(numbers=found)


def crossings_to_agree(seeing: UUID, account: UUID, at: datetime) -> int:
    """How many the other of the two has asked for; none to anybody but these two."""
    return sum(may_be_agreed(one, account, at) for one in stored.crossings(seeing))


def may_be_agreed(one: Crossing, account: UUID | None, at: datetime) -> bool:
    """Whether it waits for this person's word."""
    return one.state is CrossingState.ASKED and one.asker != account and one.asked_at > at - AGREED_WITHIN


def _look(
    crossing: int | None, *, agreeing: bool = False, by: Viewer, at: datetime
) -> tuple[Refusal | None, Crossing | None]:
    """Ask the rules: whether it is the desk's, then whether the person may; and find what it is about."""
    details: Mapping[str, Json] = {} if crossing is None else {"crossing": crossing}
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details), None
    seeing = record(Action.LISTED_SEALED, by=by, at=at, details=details)
    one = next((found for found in stored.crossings(seeing) if found.id == crossing), None)
    mine = one is not None and one.asker == by.account_id
    question = replace(stored.crossing_rights(seeing), asked_by_viewer=mine if agreeing else None)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, crossing=question))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details), None
    return None, one


def _too_late(crossing: int, by: Viewer, at: datetime) -> Refusal:
    return record_refusal(TOO_LATE, _ASKED, by=by, at=at, details={"crossing": crossing})
