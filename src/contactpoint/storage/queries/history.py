"""What sources said about a child before, through a function of the database (ADR 4, ADR 9)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from contactpoint.domain.disclosure.held import HeldInvolvement, HeldVersion
from contactpoint.domain.involvement import SERVICES, ContactDetails, Involvement
from contactpoint.storage.asking import fetch
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
    FROM involvements_shown_before(%s)
"""
_CONTACTS_BEFORE_OF_EACH = """
    SELECT p.number, b.record, b.source_id, b.source_name, b.contract, b.service, b.organisation_code,
        b.organisation_name, b.team, b.practitioner, b.practitioner_role, b.phone, b.hours, b.cover,
        b.start_date, b.end_date, b.leads, b.led_since, b.assessment, b.typed, b.as_at, b.held_from,
        b.held_until
    FROM unnest(%s::text[]) AS p (number) CROSS JOIN LATERAL digest_shown_before(p.number) AS b
"""
_JOINED_TO_EACH = """
    SELECT p.number, p.since, j.number, j.made_at
    FROM unnest(%s::text[], %s::timestamptz[]) AS p (number, since)
    CROSS JOIN LATERAL numbers_joined(p.number, p.since) AS j
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


def past_involvements_of(number: str) -> tuple[HeldInvolvement, ...]:
    """Return who was in contact as sources said it, oldest first in its record; of a shielded child nothing.

    An involvement of then has no row any more: its `id` is its place in this answer.
    """
    return _held([_Row(*row) for row in fetch(_CONTACTS_BEFORE, number)])


def past_involvements_of_each(numbers: Sequence[str]) -> dict[str, tuple[HeldInvolvement, ...]]:
    """Return the same of many children, for the worker."""
    rows: defaultdict[str, list[_Row]] = defaultdict(list)
    for number, *row in fetch(_CONTACTS_BEFORE_OF_EACH, list(numbers)):
        rows[number].append(_Row(*row))
    return {number: _held(found) for number, found in rows.items()}


def _held(rows: Sequence[_Row]) -> tuple[HeldInvolvement, ...]:
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


def numbers_joined_to_each(
    asked: Sequence[tuple[str, datetime]],
) -> dict[tuple[str, datetime], tuple[tuple[str, datetime], ...]]:
    """Return the same of many children, each after a moment of its own, for the worker."""
    found: defaultdict[tuple[str, datetime], list[tuple[str, datetime]]] = defaultdict(list)
    for number, since, joined, made_at in fetch(_JOINED_TO_EACH, *_columns(asked)):
        found[number, since].append((joined, made_at))
    return {pair: tuple(rows) for pair, rows in found.items()}


def _columns(asked: Sequence[tuple[str, datetime]]) -> tuple[list[str], list[datetime]]:
    return [number for number, _ in asked], [since for _, since in asked]


def versions_of(number: str) -> tuple[HeldVersion, ...]:
    """Return every version that may be told of, oldest first in its record; of a shielded child nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, [number])
        return tuple(
            HeldVersion(statement=statement_from(*row[:-2]), held_from=row[-2], held_until=row[-1])
            for row in cursor.fetchall()
        )
