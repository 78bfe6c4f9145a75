"""Two children were one record for a while: who saw it meanwhile, and what; 72 hours to decide (R22, R55)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.protect.around_shield import look_of
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, MatchInQuestion
from contactpoint.domain.disclosure.seen import what_they_saw
from contactpoint.domain.disclosure.shield_desk import BreachDecided, BreachOutcome, LooksBefore
from contactpoint.domain.errors import Conflict
from contactpoint.storage.queries import looked_at as stored

_ASKED: Final = Permission.CHECK_RECORDS
NOT_MIXED = Refusal(
    sentence="No records of that decision were one by mistake.",
    rules=("R22",),
    way_on="Go back to “What was decided”.",
)
DECIDED_MEANWHILE: Final = "A colleague decided this meanwhile. Open it again."


@transaction.atomic
def looks_while_mixed(
    *, decision: int, by: Viewer, at: datetime, near_shield: bool = False
) -> LooksBefore | Refusal:
    """Return who saw the record while it was two children's, when, why and which values; audited (R51, R55).

    It was so from a wrong link until the record was parted, or from a joining until that was taken back.
    Where anybody had seen it, the 72 hours begin in which the team decides whether that is a breach.
    """
    seeing = _written_down(decision, near_shield=near_shield, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    looks = stored.mixed_looks(seeing, decision, near_shield=near_shield)
    found = stored.mixed_question(seeing, decision, near_shield=near_shield)
    if found is None:
        return record_refusal(NOT_MIXED, _ASKED, by=by, at=at, details={"decision": decision})
    held, services = stored.looked_at_mixed(seeing, decision, near_shield=near_shield)
    record(
        Action.LISTED_LOOKS,
        by=by,
        at=at,
        subjects=[found.kept, found.other],
        details={"decision": decision, "looks": len(looks)},
    )
    return LooksBefore(
        looks=tuple(look_of(one, what_they_saw(one.event, held, services)) for one in looks),
        decide_by=found.decide_by,
        outcome=found.outcome,
    )


@transaction.atomic
def decide_mixed(
    *, decision: int, outcome: BreachOutcome, by: Viewer, at: datetime, near_shield: bool = False
) -> BreachDecided | Refusal:
    """Decide whether what was seen is a breach, and whether it was reported (R55)."""
    seeing = _written_down(decision, near_shield=near_shield, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    details: dict[str, Json] = {"decision": decision, "outcome": outcome.value}
    found = stored.mixed_question(seeing, decision, near_shield=near_shield)
    if found is None or found.decide_by is None or found.outcome is not None:
        return record_refusal(NOT_MIXED, _ASKED, by=by, at=at, details=details)
    said = record(Action.DECIDED_BREACH, by=by, at=at, subjects=[found.kept, found.other], details=details)
    if not stored.decide_mixed(said, decision, outcome, near_shield=near_shield):
        raise Conflict(DECIDED_MEANWHILE)
    return BreachDecided(outcome=outcome.value)


def _written_down(decision: int, *, near_shield: bool, by: Viewer, at: datetime) -> UUID | Refusal:
    """Ask the rules, and write down that somebody looks: the database answers nobody else (R51).

    Whom it was about is written down again, with what was shown.
    """
    details: dict[str, Json] = {"decision": decision}
    match = MatchInQuestion(authorities=frozenset(), restricted=True, asked=True) if near_shield else None
    allowed = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, match=match))
    if allowed.refusal:
        return record_refusal(allowed.refusal, _ASKED, by=by, at=at, details=details)
    return record(Action.LISTED_LOOKS, by=by, at=at, details={**details, "near_shield": near_shield})
