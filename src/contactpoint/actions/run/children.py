"""How many children there are: in a team's area, in England, and with whom a partner works."""

from datetime import datetime

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.children_counts import ChildrenReport, children_report
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.storage import children_counts as stored

_ASKED = Permission.SEE_REPORTS


@transaction.atomic
def children_counted(*, exported: bool = False, by: Viewer, at: datetime) -> ChildrenReport | Refusal | None:
    """Say what was counted this month and in the twelve before; None if nothing was yet. Audited.

    A team without an area reads England's totals, and no authority's; a partner's team those of the children
    with whom its own services work, and nothing else.
    """
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    action = Action.EXPORTED if exported else Action.READ_REPORT
    details: dict[str, Json] = {"report": "children", "rules": list(decision.rules)}
    seeing = record(action, by=by, at=at, details=details)
    is_national = by.role is Role.NATIONAL_TEAM
    today = at.date()
    since = today.replace(year=today.year - 1, day=1)
    if by.role is Role.PARTNER_TEAM:
        months = stored.months_of_partner(seeing, since)
    else:
        months = stored.months_of(None if is_national else by.authority or None, since)
    if not months:
        return None
    newest = max(months)
    return children_report(
        months,
        areas=stored.areas_of(newest) if is_national else (),
        is_national=is_national,
        protected=stored.protected_since(since) if is_national else None,
    )
