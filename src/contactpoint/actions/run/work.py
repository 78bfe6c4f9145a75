"""How the work goes: for a team in its area, for a partner in its own body, for the nation in England."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from contactpoint.actions.people import asking
from contactpoint.actions.recording import record, record_refusal
from contactpoint.actions.run.feeds import feeds_run_by
from contactpoint.actions.run.reports import Period
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.feeds import FeedLine
from contactpoint.domain.here import HERE
from contactpoint.domain.reports import whole_weeks
from contactpoint.domain.staff import ONE_BODY
from contactpoint.domain.work import (
    CasesLine,
    ReviewFigures,
    WorkReport,
    areas_told,
    cases_told,
    feeds_told,
    people_told,
    review_told,
)
from contactpoint.storage.queries import feeds, work

_ASKED = Permission.SEE_REPORTS


@transaction.atomic
def work_report(*, period: Period, exported: bool = False, by: Viewer, at: datetime) -> WorkReport | Refusal:
    """Say how records to check, feeds, review of use and accounts stand in the viewer's area; audited.

    What was done is counted over so many whole weeks, what waits as it stands now. Records to check are
    told to no partner; review of use is, of its own people.
    """
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    action = Action.EXPORTED if exported else Action.READ_REPORT
    details: dict[str, Json] = {"report": "work", "weeks": int(period), "rules": list(decision.rules)}
    seeing = record(action, by=by, at=at, details=details)
    since, until = whole_weeks(at.date(), period)
    begin, end = (datetime.combine(day, time.min, HERE) for day in (since, until + timedelta(days=1)))
    lines = _feeds(by)
    cases, review = _of_children(by, seeing, begin, end, at)
    return WorkReport(
        since=since,
        until=until,
        on=at.date(),
        cases=cases,
        feeds=feeds_told(lines, work.rows_of([one.code for one in lines], begin, end), at.date()),
        review=review,
        people=people_told(work.people(_reach(by), at)),
        areas=areas_told(work.people_by_authority(at.date())) if by.role is Role.NATIONAL_TEAM else (),
    )


def _of_children(
    by: Viewer, seeing: UUID, begin: datetime, end: datetime, at: datetime
) -> tuple[tuple[CasesLine, ...] | None, ReviewFigures | None]:
    """What comes of records and of looks at them: whoever checks no records reads nothing of these."""
    checks = by.role is Role.NATIONAL_TEAM or (by.role is Role.AUTHORITY_TEAM and bool(by.authority))
    if not checks and by.role is not Role.PARTNER_TEAM:
        return None, None
    looks = work.looks(seeing, begin.date(), end.date() - timedelta(days=1))
    return (
        cases_told(work.cases(seeing, begin, end, at), at) if checks else None,
        review_told(work.reviews(seeing, begin, end, at), looks),
    )


def _feeds(by: Viewer) -> tuple[FeedLine, ...]:
    if by.role is Role.PARTNER_TEAM:
        return feeds.feed_lines(organisation=by.organisation_code)
    return feeds_run_by(by)


def _reach(by: Viewer) -> str | None:
    """Whose accounts are counted: those of whoever manages them; of nobody else's area, one's own body's."""
    reach = asking.reach_of(by)
    return reach.authority if reach else f"{ONE_BODY}{by.organisation_code}"
