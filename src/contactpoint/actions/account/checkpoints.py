"""Checkpoints of the audit log for an organisation's auditor: list, ask for one, take it away (R54)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.audit.handover import Bundle
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.handed import CheckpointsSeen
from contactpoint.storage import handovers as stored

_ASKED = Permission.READ_AUDIT


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointAsked:
    """The answer to asking; not `anew` where one was asked for already."""

    anew: bool


NO_SUCH_CHECKPOINT = Refusal(
    sentence="No checkpoint of that kind was handed to your organisation.",
    rules=("R54",),
    way_on="Go back to “Checkpoints”. One that is still being made is there in a few seconds.",
)


@transaction.atomic
def checkpoints(*, by: Viewer, at: datetime) -> CheckpointsSeen | Refusal:
    """Return what was handed to the auditor's organisation, newest first, and what others took away."""
    seeing = _begin(Action.LISTED_HANDOVERS, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    return CheckpointsSeen(own=stored.handed_over(seeing), elsewhere=stored.elsewhere(seeing))


@transaction.atomic
def ask_for_checkpoint(*, by: Viewer, at: datetime) -> CheckpointAsked | Refusal:
    """Ask for the newest checkpoint; the worker makes it in a few seconds."""
    seeing = _begin(Action.ASKED_HANDOVER, by=by, at=at)
    return seeing if isinstance(seeing, Refusal) else CheckpointAsked(anew=stored.ask_for(seeing))


@transaction.atomic
def take_checkpoint(*, handover: int, by: Viewer, at: datetime) -> Bundle | Refusal:
    """Return one of them, to be taken to where the operator cannot change it."""
    seeing = _begin(Action.TOOK_HANDOVER, {"handover": handover}, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    found = stored.taken(handover, seeing)
    if found is None:
        return record_refusal(NO_SUCH_CHECKPOINT, _ASKED, by=by, at=at, details={"handover": handover})
    return found


def _begin(
    action: Action, details: dict[str, Json] | None = None, *, by: Viewer, at: datetime
) -> UUID | Refusal:
    """Ask the rules, and write down first that the auditor looks."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details or {})
    return record(action, by=by, at=at, details={**(details or {}), "rules": list(decision.rules)})
