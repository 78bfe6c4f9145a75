"""Keep a child from one named person, for whom there is none then; and what that person tried since."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from contactpoint.actions.protect.around_shield import opened
from contactpoint.actions.protect.protect_now import how_many_lately
from contactpoint.actions.protect.shield_desk import NOT_HERE
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.disclosure.shield_desk import (
    Attempt,
    AttemptOutcome,
    Attempts,
    AttemptsDecided,
    NowKeptFrom,
)
from contactpoint.domain.disclosure.shield_life import REVIEWED_AFTER, Ground
from contactpoint.domain.errors import InvalidIdentifier
from contactpoint.domain.identifiers import parse_child_number
from contactpoint.storage.queries import shields as stored
from contactpoint.storage.queries.shields import AttemptRow
from contactpoint.storage.settings import settings_at

_ASKED: Final = Permission.DECIDE_SHIELD
_LONGEST: Final = 40
NOBODY = Refusal(
    sentence="Nobody here has that e-mail address.",
    rules=("R26",),
    way_on="Ask whoever named them, or the manager of their organisation.",
)
NO_SUCH_CHILD = Refusal(
    sentence="Your desk has no record of that number.",
    rules=("R26",),
    way_on="Check the number. If the child is of another authority, ring the national desk.",
)


@transaction.atomic
def keep_from(
    *, number: str, email: str, ground: Ground, purpose: Purpose | None, by: Viewer, at: datetime
) -> NowKeptFrom | Refusal:
    """Keep a child from one person from this moment on, wherever they look (R26, R34).

    It lives as a shield does: somebody else of the desk confirms it, it is reviewed, and two people lift it.
    """
    tried: dict[str, Json] = {"number": number[:_LONGEST]}
    asks = how_many_lately(by, at)
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, purpose=purpose, protecting=asks))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, purpose=purpose, details=tried)
    found = stored.account_named(email)
    if found is None:
        return record_refusal(NOBODY, _ASKED, by=by, at=at, purpose=purpose, details=tried)
    account, name = found
    confirm_by = at + timedelta(hours=settings_at(at)["shield_confirmed_within_hours"])
    review_by = (at + REVIEWED_AFTER).date()
    try:
        child = parse_child_number(number)
    except InvalidIdentifier:
        return record_refusal(NO_SUCH_CHILD, _ASKED, by=by, at=at, purpose=purpose, details=tried)
    details: dict[str, Json] = {
        "account": str(account),
        "ground": ground.value,
        "confirm_by": confirm_by.isoformat(),
        "review_by": review_by.isoformat(),
        "rules": list(decision.rules),
    }
    with transaction.atomic():
        event = record(Action.KEPT_FROM, by=by, at=at, purpose=purpose, subjects=[child], details=details)
        made = stored.keep_from(event, child, account, ground, confirm_by=confirm_by, review_by=review_by)
        if made is None:
            transaction.set_rollback(True)
    if made is None:
        return record_refusal(NO_SUCH_CHILD, _ASKED, by=by, at=at, purpose=purpose, details=tried)
    return NowKeptFrom(shield=made, name=name, confirm_by=confirm_by.isoformat())


@transaction.atomic
def what_they_tried(*, shield: int, purpose: Purpose | None, by: Viewer, at: datetime) -> Attempts | Refusal:
    """Return what the person did to find the child since, as the audit holds it (R34, R51)."""
    found = opened(shield, purpose, Action.LISTED_ATTEMPTS, by=by, at=at)
    if isinstance(found, Refusal):
        return found
    row, seeing = found
    if row.kept_from is None:
        return record_refusal(NOT_HERE, _ASKED, by=by, at=at, purpose=purpose, details={"shield": shield})
    tries = stored.attempts_of(seeing, shield)
    record(
        Action.LISTED_ATTEMPTS,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[row.child],
        details={"shield": shield, "attempts": len(tries)},
    )
    return Attempts(kept_from=row.kept_from, found=tuple(_attempt(one) for one in tries))


@transaction.atomic
def decide_attempts(
    *, shield: int, outcome: AttemptOutcome, purpose: Purpose | None, by: Viewer, at: datetime
) -> AttemptsDecided | Refusal:
    """Say what came of what they tried, for all that nobody has said anything of yet."""
    with transaction.atomic():
        found = opened(shield, purpose, Action.DECIDED_ATTEMPTS, by=by, at=at)
        if isinstance(found, Refusal):
            return found
        row, seeing = found
        decided = stored.decide_attempts(seeing, shield, outcome)
        transaction.set_rollback(not decided)  # what was not decided is not written down as decided
    if not decided:
        return record_refusal(NOT_HERE, _ASKED, by=by, at=at, purpose=purpose, details={"shield": shield})
    record(
        Action.DECIDED_ATTEMPTS,
        by=by,
        at=at,
        purpose=purpose,
        subjects=[row.child],
        details={"shield": shield, "outcome": outcome.value, "attempts": decided},
    )
    return AttemptsDecided(outcome=outcome.value)


def _attempt(row: AttemptRow) -> Attempt:
    details = row.event.details if row.event else {}
    purpose = row.event.purpose if row.event else None
    terms = details.get("terms")
    typed = terms if isinstance(terms, Mapping) else {"number": details.get("number", "")}
    return Attempt(
        at=row.at,
        how=row.how,
        organisation=row.organisation,
        reason=(purpose.text or purpose.code) if purpose else "",
        typed=tuple((name, str(value)) for name, value in typed.items() if value),
        outcome=row.outcome,
    )
