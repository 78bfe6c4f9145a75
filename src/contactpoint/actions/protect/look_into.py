"""Overrides looked into: what waits at the desk, one of them under a stated reason, and what came of it."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.override import (
    OverrideClosed,
    OverrideInFull,
    OverrideOutcome,
    OverrideReason,
    OverrideToLookInto,
    OverrideUseInQuestion,
)
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.disclosure.redact import NO_NAME
from contactpoint.storage.queries import overrides as stored
from contactpoint.storage.search_index import main_rows

_SEE: Final = Permission.SEE_SHIELDS
_ASKED: Final = Permission.LOOK_INTO_OVERRIDE
NOT_HERE = Refusal(
    sentence="No override of that number waits at your desk.",
    rules=("R33",),
    way_on="A colleague may have looked into it. Go back to the shield desk.",
)


@transaction.atomic
def overrides_to_look_into(*, by: Viewer, at: datetime) -> tuple[OverrideToLookInto, ...] | Refusal:
    """Return what nobody has looked into yet, without saying whose record it was; audited (R33)."""
    decision = authorise(AccessRequest(viewer=by, permission=_SEE, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _SEE, by=by, at=at)
    seeing = record(Action.LISTED_OVERRIDES, by=by, at=at, details={"rules": list(decision.rules)})
    return stored.overrides_open(seeing)


@transaction.atomic
def open_override(
    *, override: int, purpose: Purpose | None, by: Viewer, at: datetime
) -> OverrideInFull | Refusal:
    """Return one override: who, when, why, of whose record; audited (R33, R51)."""
    found = _find(override, purpose, Action.OPENED_OVERRIDE, by=by, at=at)
    return found if isinstance(found, Refusal) else found[0]


@transaction.atomic
def close_override(
    *, override: int, outcome: OverrideOutcome, purpose: Purpose | None, by: Viewer, at: datetime
) -> OverrideClosed | Refusal:
    """Say what came of it, as somebody else than who made it (R33). What was not justified suspends (R52)."""
    found = _find(override, purpose, Action.OPENED_OVERRIDE, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    seen, rules = found
    tried: dict[str, Json] = {"override": override, "outcome": outcome.value}
    with transaction.atomic():
        event = record(
            Action.CLOSED_OVERRIDE,
            by=by,
            at=at,
            purpose=purpose,
            subjects=[seen.number],
            details={**tried, "rules": list(rules)},
        )
        closed = stored.close_override(event, override, outcome)
        transaction.set_rollback(not closed)  # what was not closed is not written down as closed
    if not closed:
        return record_refusal(NOT_HERE, _ASKED, by=by, at=at, details=tried)
    if outcome is OverrideOutcome.NOT_JUSTIFIED:
        record(Action.SUSPENDED, by=by, at=at, details={"account": str(seen.account), "because": "override"})
    return OverrideClosed(outcome=outcome.value)


def _find(
    override: int, purpose: Purpose | None, action: Action, *, by: Viewer, at: datetime
) -> tuple[OverrideInFull, tuple[str, ...]] | Refusal:
    tried: dict[str, Json] = {"override": override}
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, purpose=purpose))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, purpose=purpose, details=tried)
    seeing = record(action, by=by, at=at, purpose=purpose, details=tried)
    row = stored.override_at_desk(seeing, override)
    if row is None:
        return record_refusal(NOT_HERE, _ASKED, by=by, at=at, purpose=purpose, details=tried)
    use = OverrideUseInQuestion(made_by_viewer=row["account"] == by.account_id)
    decision = authorise(
        AccessRequest(viewer=by, permission=_ASKED, at=at, purpose=purpose, override_use=use)
    )
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, purpose=purpose, details=tried)
    record(action, by=by, at=at, purpose=purpose, subjects=[row["child"]], details=tried)
    return _in_full(override, row), decision.rules


def _in_full(override: int, row: dict[str, Any]) -> OverrideInFull:
    shown = main_rows([row["child"]]).get(row["child"])
    name = " ".join(part for part in (shown.forename, shown.surname) if part) if shown else ""
    return OverrideInFull(
        id=override,
        number=row["child"],
        child_name=name or NO_NAME,
        account=row["account"],
        name=row["name"],
        job_title=row["job_title"],
        organisation=row["organisation"],
        phone=row["phone"],
        reason=OverrideReason(row["reason"]),
        used_at=row["used_at"],
        outcome=OverrideOutcome(row["outcome"]) if row["outcome"] else None,
    )
