"""Counts of how the directory's own work goes: cases and reviews through storage/sql/work.sql alone."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final
from uuid import UUID

from contactpoint.domain.disclosure.actors import Lapse
from contactpoint.domain.matching import CaseKind
from contactpoint.domain.work import (
    CHECKED_WITHIN,
    OVERDUE,
    REVIEWED_WITHIN,
    SEEN_WITHIN,
    CaseCount,
    LooksCount,
    PeopleCount,
    ReviewCount,
    Stands,
)
from contactpoint.storage.asking import fetch
from contactpoint.storage.queries.staff import AGREED_UNTIL, CHECKED_UNTIL

_OVERDUE: Final = {
    Lapse.TRAINING_EXPIRED: "(a.trained_until IS NULL OR a.trained_until < %(on)s)",
    Lapse.CHECK_EXPIRED: f"coalesce({CHECKED_UNTIL}, %(on)s) <= %(on)s",
    Lapse.AGREEMENT_UNSIGNED: f"coalesce({AGREED_UNTIL}, %(on)s) <= %(on)s",
    Lapse.NOT_RENEWED: "coalesce(a.renew_by < %(on)s, false)",
}
_EACH: Final = ", ".join(f"count(*) FILTER (WHERE {_OVERDUE[kind]})" for kind in OVERDUE)
_ANY: Final = " OR ".join(f"({_OVERDUE[kind]})" for kind in OVERDUE)
_PEOPLE: Final = f"""
    SELECT count(*), count(*) FILTER (WHERE a.last_seen_at > %(seen)s),
        count(*) FILTER (WHERE {_ANY}), {_EACH}
    FROM account a
    WHERE a.is_active AND a.id IN (
        SELECT m.account_id FROM membership m JOIN organisation o ON o.code = m.organisation_id
        WHERE m.ended_at IS NULL
            AND (%(reach)s::text IS NULL OR o.authority = %(reach)s OR 'at:' || o.code = %(reach)s))
"""  # noqa: S608 - constants of this file
# Somebody who works for bodies of two authorities is counted in both.
_AREAS: Final = f"""
    SELECT coalesce(max(la.name), o.authority), count(DISTINCT a.id),
        count(DISTINCT a.id) FILTER (WHERE {_ANY})
    FROM account a JOIN membership m ON m.account_id = a.id AND m.ended_at IS NULL
    JOIN organisation o ON o.code = m.organisation_id AND o.authority <> ''
    LEFT JOIN organisation la ON la.kind = 'authority' AND la.authority = o.authority
    WHERE a.is_active GROUP BY o.authority ORDER BY 1
"""  # noqa: S608 - constants of this file


def cases(seeing: UUID, since: datetime, until: datetime, at: datetime) -> tuple[CaseCount, ...]:
    """Records to check that wait now, and those decided in a period, for whoever is written down."""
    kinds = [kind.value for kind in CaseKind]
    late_before = [at - CHECKED_WITHIN[kind] for kind in CaseKind]
    rows = fetch(
        "SELECT kind, stands, cases, oldest FROM work_cases(%s, %s, %s, %s, %s)",
        seeing, since, until, kinds, late_before,
    )  # fmt: skip
    return tuple(
        CaseCount(kind=CaseKind(kind), stands=Stands(stands), count=count, oldest=oldest)
        for kind, stands, count, oldest in rows
    )


def reviews(seeing: UUID, since: datetime, until: datetime, at: datetime) -> tuple[ReviewCount, ...]:
    """Uses that went to a reviewer, for whoever is written down."""
    rows = fetch(
        "SELECT in_period, stands, uses FROM work_review(%s, %s, %s, %s)",
        seeing, since, until, at - REVIEWED_WITHIN,
    )  # fmt: skip
    return tuple(
        ReviewCount(in_period=in_period, stands=Stands(stands), count=count)
        for in_period, stands, count in rows
    )


def looks(seeing: UUID, since: date, until: date) -> tuple[LooksCount, ...]:
    """Looks that were judged, week by week, for whoever is written down."""
    rows = fetch("SELECT week, looks, explained FROM work_looks(%s, %s, %s)", seeing, since, until)
    return tuple(LooksCount(week=week, looks=int(many), explained=int(some)) for week, many, some in rows)


def people(reach: str | None, at: datetime) -> PeopleCount:
    """Open accounts of whoever works for a body within that reach; None is all."""
    rows = fetch(_PEOPLE, reach=reach, on=at.date(), seen=at - SEEN_WITHIN)
    accounts, active, overdue, *each = map(int, rows[0])
    return PeopleCount(
        accounts=accounts, active=active, overdue=overdue, by_kind=dict(zip(OVERDUE, each, strict=True))
    )


def people_by_authority(on: date) -> list[tuple[str, int, int]]:
    """The name of each authority, how many accounts its bodies have, and of how many something is overdue."""
    return [(name, int(many), int(overdue)) for name, many, overdue in fetch(_AREAS, on=on)]


def rows_of(sources: Collection[str], since: datetime, until: datetime) -> dict[str, tuple[int, int]]:
    """Rows read and rejected of what each of these sources sent in a period and was published."""
    rows = fetch(
        "SELECT source_id, sum(rows_read), sum(rows_rejected) FROM delivery WHERE state = 'published' "
        "AND received_at >= %s AND received_at < %s AND source_id = ANY(%s) GROUP BY source_id",
        since, until, sorted(sources),
    )  # fmt: skip
    return {source: (int(read), int(rejected)) for source, read, rejected in rows}
