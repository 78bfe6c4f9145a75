"""How the directory is used: for a team its area or organisation, for the national team all of England."""

from datetime import datetime
from enum import IntEnum

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.reports import UseReport, report_of, whole_weeks
from contactpoint.storage import use_counts as stored

_ASKED = Permission.SEE_REPORTS


class Period(IntEnum):
    """How many weeks a report covers: these and no others, so that no two differ by a day."""

    MONTH = 4
    QUARTER = 13
    YEAR = 52


@transaction.atomic
def use_report(*, period: Period, exported: bool = False, by: Viewer, at: datetime) -> UseReport | Refusal:
    """Sum up how the viewer's area or organisation used the directory in so many whole weeks; audited."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    since, until = whole_weeks(at.date(), period)
    is_national = by.role is Role.NATIONAL_TEAM
    found = report_of(
        stored.counts_of(_scope_of(by), since, until),
        since=since,
        until=until,
        areas=stored.areas_between(since, until) if is_national else (),
    )
    action = Action.EXPORTED if exported else Action.READ_REPORT
    details: dict[str, Json] = {"report": "use", "weeks": int(period), "rules": list(decision.rules)}
    record(action, by=by, at=at, details=details)
    return found


def _scope_of(by: Viewer) -> str:
    if by.role is Role.NATIONAL_TEAM:
        return stored.ENGLAND
    if by.authority and by.role is not Role.PARTNER_TEAM:
        return stored.of_authority(by.authority)
    return stored.of_organisation(by.organisation_code)
