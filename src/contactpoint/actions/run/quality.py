"""How good what sources send is: for a team its area or organisation, for the nation all of England."""

from collections.abc import Container, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.actions.run.feeds import feeds_run_by
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import NotFound
from contactpoint.domain.feeds import FeedLine, promise_kept
from contactpoint.domain.quality import (
    COMPARED_WITH,
    Counted,
    PlaceQuality,
    SourceInDetail,
    SourceQuality,
    WeekQuality,
    days_since,
    field_qualities,
    fields_of,
    gaps,
    not_renewed,
    told_records,
    told_share,
    week_quality,
    weight,
    worst_field,
)
from contactpoint.storage import quality_counts as stored
from contactpoint.storage.queries.feeds import feed_lines
from contactpoint.supply.contracts import CONTRACTS

_ASKED = Permission.SEE_QUALITY
NO_SOURCE = "There is no such source. Go back to the list of sources."


@transaction.atomic
def quality_of(*, exported: bool = False, by: Viewer, at: datetime) -> tuple[SourceQuality, ...] | Refusal:
    """Say how good each source is in the viewer's area, the one with most gaps first; audited."""
    refusal = _ask(by, at, {"report": "quality"}, exported=exported)
    if refusal:
        return refusal
    return tuple(sorted(_lines(by, at), key=lambda one: (-weight(one.gaps), one.name, one.code)))


@transaction.atomic
def quality_of_source(
    *, code: str, exported: bool = False, by: Viewer, at: datetime
) -> SourceInDetail | Refusal:
    """Say the same of one source, field by field and place by place; audited.

    Raises:
        NotFound: there is none of that code for this viewer.
    """
    refusal = _ask(by, at, {"report": "quality", "source": code[:48]}, exported=exported)
    if refusal:
        return refusal
    line = next((one for one in _lines(by, at) if one.code == code), None)
    if line is None:
        raise NotFound(NO_SOURCE)
    area = _area(by)
    found = stored.newest_counts(area, at.date()).get(code)
    if found is None:
        return SourceInDetail(line=line)
    week, counted = found
    _, before = _counts_before(area, at).get(code, (None, None))
    places = [
        PlaceQuality(
            kind=kind,
            code=place,
            name=name,
            records=records,
            missing=missing,
            differs=told_share(one.otherwise, one.held_against),
            linked=told_share(one.linked, one.records),
            held_up=not_renewed(one),
        )
        for kind, place, name, one in stored.places_of(area, code, week)
        if (missing := gaps(one)) is not None and (records := told_records(one)) is not None
    ]
    places.sort(key=lambda one: (-weight(one.missing), one.name))
    fields = fields_of(CONTRACTS[stored.contracts()[code]].names)
    return SourceInDetail(
        line=line,
        fields=field_qualities(counted, before, fields),
        places=tuple(places),
        weeks=_weeks(area, code, at),
    )


def _weeks(area: str, code: str, at: datetime) -> tuple[WeekQuality, ...]:
    """The source in each week of which counts are kept, oldest first."""
    today = at.date()
    this_week = today - timedelta(days=today.weekday())
    mondays = [this_week - timedelta(weeks=back) for back in range(stored.KEPT.days // 7 - 1, -1, -1)]
    counted, rows = stored.weeks_of(area, code, mondays[0]), stored.rows_by_week(code, mondays[0])
    told_on = stored.told_on(code)
    return tuple(
        week_quality(
            monday,
            counted.get(monday),
            rows.get(monday),
            days_since(told_on, min(monday + timedelta(days=6), today)),
        )
        for monday in mondays
    )


def _ask(by: Viewer, at: datetime, details: dict[str, Json], *, exported: bool) -> Refusal | None:
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details)
    action = Action.EXPORTED if exported else Action.READ_REPORT
    record(action, by=by, at=at, details={**details, "rules": list(decision.rules)})
    return None


def _area(by: Viewer) -> str:
    """Whose counts a viewer reads: an authority's, or England's where they have none."""
    return "" if by.role is Role.NATIONAL_TEAM else by.authority or ""


def _lines(by: Viewer, at: datetime) -> list[SourceQuality]:
    """Every source that tells of the viewer's area, and every one that their organisation answers for."""
    area = _area(by)
    now, before = stored.newest_counts(area, at.date()), _counts_before(area, at)
    rows = stored.rows_since(at - stored.KEPT)
    contracts = stored.contracts()
    return [
        _line(feed, now.get(feed.code), before.get(feed.code), rows.get(feed.code), contracts[feed.code], at)
        for feed in _feeds(by, now)
    ]


def _feeds(by: Viewer, told: Container[str]) -> tuple[FeedLine, ...]:
    own = feeds_run_by(by)
    if not by.authority or by.role is Role.NATIONAL_TEAM:
        return own
    known = {one.code for one in own}
    return tuple(one for one in feed_lines() if one.code in known or one.code in told)


def _counts_before(area: str, at: datetime) -> Mapping[str, tuple[date, Counted]]:
    return stored.newest_counts(area, at.date() - timedelta(weeks=COMPARED_WITH))


def _line(
    feed: FeedLine,
    now: tuple[date, Counted] | None,
    before: tuple[date, Counted] | None,
    rows: tuple[int, int] | None,
    contract: str,
    at: datetime,
) -> SourceQuality:
    week, counted = now or (None, Counted())
    return SourceQuality(
        code=feed.code,
        name=feed.name,
        week=week,
        records=told_records(counted),
        gaps=gaps(counted),
        before=gaps(before[1]) if before else None,
        worst=worst_field(counted, fields_of(CONTRACTS[contract].names)),
        linked=told_share(counted.linked, counted.records),
        held_up=not_renewed(counted),
        rejected=told_share(rows[1], rows[0]) if rows else None,
        promise=promise_kept(last_told=feed.last_told, promised_days=feed.promised_days, on=at.date()),
        days_old=(at.date() - feed.last_told).days if feed.last_told else None,
    )
