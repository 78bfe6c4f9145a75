"""Two children were one record for a while: who saw it meanwhile, and what; 72 hours to decide (R22, R55)."""

from datetime import datetime
from typing import Final

from django.db import transaction

from contactpoint.actions.link.cases import reach_of, reach_of_shield_staff
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
from contactpoint.storage.queries import looked_at as stored
from contactpoint.storage.queries.cases import Reach

_ASKED: Final = Permission.CHECK_RECORDS
NOT_MIXED = Refusal(
    sentence="No records of that decision were one by mistake.",
    rules=("R22",),
    way_on="Go back to “What was decided”.",
)


@transaction.atomic
def looks_while_mixed(
    *, decision: int, by: Viewer, at: datetime, near_shield: bool = False
) -> LooksBefore | Refusal:
    """Return who saw the record while it was two children's, when, why and which values; audited (R51, R55).

    It was so from a wrong link until the record was parted, or from a joining until that was taken back.
    Where anybody had seen it, the 72 hours begin in which the team decides whether that is a breach.
    """
    reach = _reach(decision, near_shield=near_shield, by=by, at=at)
    if isinstance(reach, Refusal):
        return reach
    looks = stored.mixed_looks(decision, reach, at)
    found = stored.mixed_question(decision, reach)
    if found is None:
        return record_refusal(NOT_MIXED, _ASKED, by=by, at=at, details={"decision": decision})
    held, services = stored.looked_at_mixed(decision, reach)
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
    reach = _reach(decision, near_shield=near_shield, by=by, at=at)
    if isinstance(reach, Refusal):
        return reach
    details: dict[str, Json] = {"decision": decision, "outcome": outcome.value}
    found = stored.mixed_question(decision, reach)
    if found is None or not stored.decide_mixed(decision, reach, outcome, at):
        return record_refusal(NOT_MIXED, _ASKED, by=by, at=at, details=details)
    record(Action.DECIDED_BREACH, by=by, at=at, subjects=[found.kept, found.other], details=details)
    return BreachDecided(outcome=outcome.value)


def _reach(decision: int, *, near_shield: bool, by: Viewer, at: datetime) -> Reach | Refusal:
    details: dict[str, Json] = {"decision": decision}
    match = MatchInQuestion(authorities=frozenset(), restricted=True, asked=True) if near_shield else None
    allowed = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, match=match))
    if allowed.refusal:
        return record_refusal(allowed.refusal, _ASKED, by=by, at=at, details=details)
    if near_shield:
        return reach_of_shield_staff(Action.LISTED_LOOKS, details=details, by=by, at=at)
    return reach_of(by)
