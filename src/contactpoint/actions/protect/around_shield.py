"""What a shield desk sees around a shield: who shares what it hides, and who saw it before (R34, R55)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.protect.protect_now import protect_now
from contactpoint.actions.protect.shield_desk import NOT_HERE
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.disclosure.redact import NO_NAME
from contactpoint.domain.disclosure.seen import Values, what_they_saw
from contactpoint.domain.disclosure.shield_desk import (
    BreachDecided,
    BreachOutcome,
    LookBefore,
    LooksBefore,
    NearDecided,
    NearOutcome,
    NearShield,
)
from contactpoint.storage.queries import shields as stored
from contactpoint.storage.queries.looked_at import looked_at
from contactpoint.storage.queries.shields import LookRow, ShieldRow
from contactpoint.storage.search_index import Row, main_rows

_ASKED: Final = Permission.DECIDE_SHIELD


@transaction.atomic
def near_shield(
    *, shield: int, purpose: Purpose | None, by: Viewer, at: datetime
) -> tuple[NearShield, ...] | Refusal:
    """Return the unshielded children who share a hidden address, carer or telephone; audited (R34)."""
    found = opened(shield, purpose, Action.OPENED_SHIELD, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    row, seeing = found
    near = stored.near_children(seeing, shield)
    shown = main_rows([one.child for one in near])
    record(
        Action.OPENED_SHIELD,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[row.child, *(one.child for one in near)],
        details={"shield": shield, "near": len(near)},
    )
    return tuple(
        NearShield(
            near=one.near,
            number=one.child,
            name=_name(shown.get(one.child)),
            date_of_birth=shown[one.child].dob_text or None if one.child in shown else None,
            shares=one.shares,
            outcome=one.outcome,
        )
        for one in near
    )


@transaction.atomic
def decide_near(
    *, shield: int, near: int, outcome: NearOutcome, purpose: Purpose | None, by: Viewer, at: datetime
) -> NearDecided | Refusal:
    """Say that such a child must be protected too, which is done at once, or is not connected (R26, R34)."""
    found = opened(shield, purpose, Action.DECIDED_NEAR_SHIELD, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    row, seeing = found
    tried: dict[str, Json] = {"shield": shield, "outcome": outcome.value}
    refused: Refusal | None = None
    with transaction.atomic():
        number = stored.decide_near(seeing, near, outcome)
        if number is not None and outcome is NearOutcome.PROTECTED:
            done = protect_now(number=number, ground=row.ground, purpose=purpose, by=by, at=at)
            refused = done if isinstance(done, Refusal) else None
        if refused:  # whoever may have nobody more protected has not decided either
            transaction.set_rollback(True)
    if number is None or refused:
        return record_refusal(refused or NOT_HERE, _ASKED, by=by, at=at, purpose=purpose, details=tried)
    record(
        Action.DECIDED_NEAR_SHIELD,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[row.child, number],
        details=tried,
    )
    return NearDecided(outcome=outcome.value)


@transaction.atomic
def looks_before(*, shield: int, purpose: Purpose | None, by: Viewer, at: datetime) -> LooksBefore | Refusal:
    """Return who saw the record in the year before it was shielded, when, why and what they saw (R51, R55).

    Where anybody had, the 72 hours begin in which the desk decides whether that is a breach to report.
    """
    found = opened(shield, purpose, Action.LISTED_LOOKS, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    row, seeing = found
    looks = stored.looks_before(seeing, shield)
    question = stored.breach_question(seeing, shield)
    record(
        Action.LISTED_LOOKS,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[row.child],
        details={"shield": shield, "looks": len(looks)},
    )
    held, services = looked_at(seeing, shield)
    return LooksBefore(
        looks=tuple(look_of(one, what_they_saw(one.event, held, services)) for one in looks),
        decide_by=question[0] if question else None,
        outcome=question[1] if question else None,
    )


@transaction.atomic
def decide_breach(
    *, shield: int, outcome: BreachOutcome, purpose: Purpose | None, by: Viewer, at: datetime
) -> BreachDecided | Refusal:
    """Decide whether what was seen is a breach, and whether it was reported (R55)."""
    with transaction.atomic():
        found = opened(shield, purpose, Action.DECIDED_BREACH, by=by, at=at)
        if isinstance(found, Refusal):
            return found
        row, seeing = found
        decided = stored.decide_breach(seeing, shield, outcome)
        transaction.set_rollback(not decided)  # what was not decided is not written down as decided
    if not decided:
        return record_refusal(NOT_HERE, _ASKED, by=by, at=at, purpose=purpose, details={"shield": shield})
    record(
        Action.DECIDED_BREACH,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[row.child],
        details={"shield": shield, "outcome": outcome.value},
    )
    return BreachDecided(outcome=outcome.value)


def opened(
    shield: int, purpose: Purpose | None, action: Action, *, by: Viewer, at: datetime
) -> tuple[ShieldRow, UUID] | Refusal:
    """Write down who looks, and return the shield, kept still, with the event; or why they may not."""
    tried: dict[str, Json] = {"shield": shield}
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, purpose=purpose))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, purpose=purpose, details=tried)
    seeing = record(action, by=by, at=at, purpose=purpose, details=tried)
    row = stored.shield_at_desk(seeing, shield)
    if row is None or row.paired:  # a second desk decides; what is around a shield is its own desk's
        return record_refusal(NOT_HERE, _ASKED, by=by, at=at, purpose=purpose, details=tried)
    return row, seeing


def look_of(row: LookRow, values: Values) -> LookBefore:
    """One look as the desk reads it, with the values that it showed."""
    event = row.event
    purpose, asks = event.purpose, event.actor.mediated_for
    told = event.details.get("disclosed")
    disclosed = told if isinstance(told, Mapping) else {}
    fields, numbers, services = (disclosed.get(name) for name in ("fields", "identifiers", "involvements"))
    saw = [str(one) for part in (fields, numbers) if isinstance(part, tuple) for one in part]
    return LookBefore(
        at=event.occurred_at,
        action=event.action.value,
        name=row.name,
        job_title=row.job_title,
        organisation=row.organisation,
        reason=(purpose.text or purpose.code) if purpose else "",
        saw=(*saw, *(("involvements",) if services else ())),
        on_behalf_of=f"{asks.name}, {asks.role}" if asks else "",
        values=values,
    )


def _name(row: Row | None) -> str:
    name = " ".join(part for part in (row.forename, row.surname) if part) if row else ""
    return name or NO_NAME
