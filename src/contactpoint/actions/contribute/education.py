"""The monthly list of children without an education setting, and what an authority says of them (R62)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.redact import NO_NAME
from contactpoint.domain.education import EducationList, ListedChild, SettingDecided, SettingDecision
from contactpoint.storage.queries import education as stored
from contactpoint.storage.queries.education import ListRow
from contactpoint.storage.search_index import Row, main_rows

_ASKED: Final = Permission.WORK_EDUCATION_LIST
WHY: Final = Purpose(code=PurposeCode.MISSING_EDUCATION)
NOT_LISTED = Refusal(
    sentence="This child is not on your list, or somebody said already what is known.",
    rules=("R62",),
    way_on="Go back to the list.",
)


@transaction.atomic
def education_list(*, by: Viewer, at: datetime) -> EducationList | Refusal:
    """Return the newest list of the viewer's authority, by name; audited with whom it names (R51, R62).

    Never of a shielded child, whose school nobody may be led to look for (R27, R34).
    """
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    seeing = record(
        Action.LISTED_EDUCATION, by=by, at=at, purpose=WHY, details={"rules": list(decision.rules)}
    )
    rows = stored.newest_list(seeing)
    children = [row.child for row in rows if row.child]
    shown = main_rows(children)
    if children:
        # A moment later, so that what somebody did stands in the order in which they did it.
        then = at.replace(microsecond=min(at.microsecond + 1, 999_999))
        record(Action.LISTED_EDUCATION, by=by, at=then, purpose=WHY, subjects=children)
    listed = (_listed(row, shown[row.child]) for row in rows if row.child in shown)
    return EducationList(
        month=rows[0].month if rows else None,
        covered=all(row.covered for row in rows),
        children=tuple(sorted(listed, key=lambda one: (one.decision is not None, one.name, one.item))),
    )


@transaction.atomic
def decide_setting(
    *, item: int, decision: SettingDecision, by: Viewer, at: datetime
) -> SettingDecided | Refusal:
    """Say that a listed child is educated at home, has moved, or that what is held is wrong (R62)."""
    allowed = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    details = {"item": item, "decision": decision.value}
    if allowed.refusal:
        return record_refusal(allowed.refusal, _ASKED, by=by, at=at, details=details)
    seeing = record(Action.DECIDED_EDUCATION, by=by, at=at, purpose=WHY, details=details)
    child = stored.decide(seeing, item, decision)
    if child is None:
        return record_refusal(NOT_LISTED, _ASKED, by=by, at=at, details=details)
    then = at.replace(microsecond=min(at.microsecond + 1, 999_999))
    record(Action.DECIDED_EDUCATION, by=by, at=then, purpose=WHY, subjects=[child], details=details)
    return SettingDecided(decision=decision.value)


def undecided(seeing: UUID) -> int:
    """Count the children of the newest list of whom nothing was said."""
    return sum(row.child is not None and not row.decision for row in stored.newest_list(seeing))


def _listed(row: ListRow, shown: Row) -> ListedChild:
    name = " ".join(part for part in (shown.forename, shown.surname) if part)
    return ListedChild(
        item=row.item or 0,
        child=row.child or "",
        name=name or NO_NAME,
        date_of_birth=shown.dob_text or None,
        why=stored.why_of(row),
        since=row.since,
        decision=SettingDecision(row.decision) if row.decision else None,
    )
