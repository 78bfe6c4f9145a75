"""A person says of a review case: one child, two, or that nobody can tell; and undoes what was said."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from contactpoint.actions.link.cases import NOTHING_WAITS, find_case, reach_of
from contactpoint.actions.link.changing import match_of
from contactpoint.actions.recording import record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.matching import (
    FIRST_OF_TWO,
    LONGEST_REASON,
    CaseAnswer,
    CaseChanged,
    CaseDecided,
    CaseInFull,
    CaseKind,
    Verdict,
)
from contactpoint.storage.queries import cases as stored

_ASKED = Permission.JOIN_OR_PART
NOT_NOW = Refusal(
    sentence="This cannot be undone now.",
    rules=("R22",),
    way_on="It may be undone already, or something decided later about the same child is undone first.",
)


@transaction.atomic
def decide_review_case(
    *,
    case: int,
    verdict: Verdict,
    because: str,
    seen: str,
    by: Viewer,
    at: datetime,
    near_shield: bool = False,
    leaving: Collection[int] | None = None,
) -> CaseAnswer:
    """Record what a person says of a case, and why (R20).

    "Different" holds from this moment for both whole records and for ever, until it is undone. Joining and
    parting is carried out by the worker within seconds, in a transaction of its own; where the national team
    set that it takes two people, once a second one says the same, who is not told what the first said.

    Args:
        case: its number.
        verdict: the same child, different children, or cannot tell.
        because: the reason, in words.
        seen: the version that the page had shown; where it is another now nothing is decided.
        by: the viewer.
        at: now.
        near_shield: whether it is a case near a shield, for shield staff.
        leaving: of two in one, which of the records between (by their place in the case) go with the second
            of the two compared; as proposed when None.

    Raises:
        InvalidInput: there is no reason, or it is too long.
    """
    why = _reason(because)
    found = find_case(case, _ASKED, near_shield=near_shield, by=by, at=at)
    if isinstance(found, Refusal) or by.account_id is None:
        return found if isinstance(found, Refusal) else NOTHING_WAITS
    if found.version != seen:
        record_refusal(NOTHING_WAITS, _ASKED, by=by, at=at, details={"case": case, "changed": True})
        return CaseChanged(now=found)
    details: dict[str, Json] = {"case": case, "verdict": verdict.value, "because": why}
    children, parts = found.row.children, _parts(found, leaving)
    with transaction.atomic():
        reach = reach_of(
            Action.DECIDED_LINK, near_shield=near_shield, subjects=children, details=details, by=by, at=at
        )
        made = stored.decide_case(case, reach, verdict=verdict, because=why, parts=parts, at=at)
        transaction.set_rollback(made is None)
    if made is None:
        return record_refusal(NOTHING_WAITS, _ASKED, by=by, at=at, details={"case": case})
    decision, waits = made
    if decision is None:
        return CaseDecided(decision=0, verdict=FIRST_OF_TWO, waits=False)
    return CaseDecided(decision=decision, verdict=verdict.value, waits=waits)


@transaction.atomic
def undo_decision(
    *, decision: int, because: str, by: Viewer, at: datetime, near_shield: bool = False
) -> CaseDecided | Refusal:
    """Take back a decision: the case waits again, and records go back to where they were (R22).

    Raises:
        InvalidInput: there is no reason, or it is too long.
    """
    why = _reason(because)
    match = match_of((), restricted=True, asked=True) if near_shield else None
    allowed = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, match=match))
    told: dict[str, Json] = {"decision": decision, "because": why, "rules": list(allowed.rules)}
    made = None
    if not allowed.refusal and by.account_id is not None:
        with transaction.atomic():
            reach = reach_of(Action.UNDID_DECISION, near_shield=near_shield, details=told, by=by, at=at)
            made = stored.undo_decision(decision, reach, because=why, at=at)
            transaction.set_rollback(made is None)
    if made is None:
        refusal = allowed.refusal or NOT_NOW
        return record_refusal(refusal, _ASKED, by=by, at=at, details={"decision": decision})
    undoing, waits = made
    return CaseDecided(decision=undoing, verdict="undo", waits=waits)


@transaction.atomic
def came_since(
    *, decision: int, by: Viewer, at: datetime, near_shield: bool = False
) -> tuple[tuple[str, date, str], ...]:
    """Return what came in since two records became one: its source, its day, the number it would go to (R22).

    Since one became two: what came in for either, with the number that stays. Nothing where no records were
    joined or parted, or where that is not the viewer's to see; audited.
    """
    match = match_of((), restricted=True, asked=True) if near_shield else None
    if authorise(AccessRequest(viewer=by, permission=_ASKED, at=at, match=match)).refusal:
        return ()
    told: dict[str, Json] = {"came_since": decision}
    reach = reach_of(Action.LISTED_CASES, near_shield=near_shield, details=told, by=by, at=at)
    return stored.came_since(decision, reach)


def _parts(found: CaseInFull, leaving: Collection[int] | None) -> list[int]:
    if found.row.kind is not CaseKind.POSSIBLE_TWO:
        return []
    between = found.between
    chosen = {place for place, one in enumerate(between) if one.leaves} if leaving is None else set(leaving)
    return sorted({found.row.record_b, *(one.record for place, one in enumerate(between) if place in chosen)})


def _reason(because: str) -> str:
    why = " ".join(because.split())
    if not why or len(why) > LONGEST_REASON:
        raise InvalidInput(f"Say why, in at most {LONGEST_REASON} characters.")
    return why
