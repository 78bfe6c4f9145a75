"""What sources said about a child before, through a function of the database (ADR 4, ADR 9)."""

from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from contactpoint.domain.disclosure.held import HeldInvolvement, HeldVersion
from contactpoint.domain.involvement import SERVICES, ContactDetails, Involvement
from contactpoint.storage.queries.statements import statement_from

_BEFORE = """
    SELECT record, source_id, source_name, contract, authority, local_id, as_at, recorded_at, facts,
        held_from, held_until
    FROM statements_shown_before(%s)
"""


_CONTACTS_BEFORE = """
    SELECT record, source_id, source_name, contract, service, organisation_code, organisation_name, team,
        practitioner, practitioner_role, phone, hours, cover, start_date, end_date, leads, led_since,
        assessment, typed, as_at, held_from, held_until
    FROM {function}(%s)
"""


class _Row(NamedTuple):
    record: int
    source: str
    source_name: str
    contract: str
    service: str
    organisation_code: str
    organisation_name: str
    team: str | None
    practitioner: str | None
    practitioner_role: str | None
    phone: str | None
    hours: str | None
    cover: str | None
    start: date | None
    end: date | None
    leads: bool
    led_since: date | None
    assessment: bool
    typed: bool
    as_at: date
    held_from: datetime
    held_until: datetime | None


def past_involvements_of(
    number: str, function: str = "involvements_shown_before"
) -> tuple[HeldInvolvement, ...]:
    """Return who was in contact as sources said it, oldest first in its record; of a shielded child nothing.

    An involvement of then has no row any more: its `id` is its place in this answer. `function` is one of
    ours.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CONTACTS_BEFORE.format(function=function), [number])
        rows = [_Row(*row) for row in cursor.fetchall()]
    return tuple(
        HeldInvolvement(
            involvement=_involvement(place, row),
            contract=row.contract,
            as_at=row.as_at,
            held_from=row.held_from,
            held_until=row.held_until,
        )
        for place, row in enumerate(rows)
        if row.service in SERVICES
    )


def _involvement(place: int, row: _Row) -> Involvement:
    return Involvement(
        id=place,
        service=SERVICES[row.service],
        contact=ContactDetails(
            organisation_code=row.organisation_code,
            organisation_name=row.organisation_name,
            team=row.team or None,
            practitioner=row.practitioner or None,
            practitioner_role=row.practitioner_role or None,
            phone=row.phone or None,
            hours=row.hours or None,
            cover=row.cover or None,
        ),
        source=row.source,
        source_name=row.source_name,
        start=row.start,
        end=row.end,
        lead_practitioner=row.leads,
        lead_since=row.led_since,
        assessment_held=row.assessment,
        record=row.record,
        over_at_once=row.typed,
    )


def numbers_joined_to(number: str, since: datetime) -> tuple[tuple[str, datetime], ...]:
    """Return the numbers that were found to be this child's too after a moment, and when, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, made_at FROM numbers_joined(%s, %s)", [number, since])
        return tuple((row[0], row[1]) for row in cursor.fetchall())


def versions_of(number: str) -> tuple[HeldVersion, ...]:
    """Return every version that may be told of, oldest first in its record; of a shielded child nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, [number])
        return tuple(
            HeldVersion(statement=statement_from(*row[:-2]), held_from=row[-2], held_until=row[-1])
            for row in cursor.fetchall()
        )
