"""Counts what is filled in of what a source sends, as the worker does it, and reads the counts for pages.

Not in any figure: records of protected and archived children, those of services that need consent, and what
is not told of refuges and such places (R27, R36).
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection

from contactpoint.domain.quality import COLUMNS, COMPARED, LEAST_RECORDS, Counted, Field, PlaceKind
from contactpoint.domain.wards import NO_WARD
from contactpoint.storage.asking import fetch

KEPT: Final = timedelta(weeks=13)
"""How long counts are kept."""

# One number for one lock in one database: whoever counts a source holds it.
_COUNTING: Final = 0x434F4E54_51554C54
_SHOWN: Final = 40
"""Places on a page, the worst of each kind."""

_FILLED: Final = {
    **{one: "t.facts ?| ARRAY[" + ", ".join(f"'{name}'" for name in COLUMNS.get(one, (one.value,))) + "]"
       for one in Field},
    Field.BIRTH_DATE: "length(t.facts->>'date_of_birth') = 10",
}  # fmt: skip
_IS_FILLED: Final = {one: f"'{one}' = ANY (filled)" for one in Field}
_SAID: Final = {one: f"replace(facts->>'{one}', ' ', '')" for one in COMPARED}
_BOTH: Final = {one: f"{said} <> '' AND shown_{one} <> ''" for one, said in _SAID.items()}
_DIFFERS: Final = {one: f"{_BOTH[one]} AND {said} <> shown_{one}" for one, said in _SAID.items()}


def _each(wheres: Mapping[Field, str]) -> str:
    """Count, field by field, the records of which a condition holds."""
    counts = ", ".join(f"'{one}', count(*) FILTER (WHERE {where})" for one, where in wheres.items())
    return f"jsonb_build_object({counts})"


def _any(wheres: Mapping[Field, str]) -> str:
    """The condition that one of them holds."""
    return " OR ".join(f"({where})" for where in wheres.values())


_FIGURES: Final = ", ".join((
    "'records', count(*)",
    "'linked', count(*) FILTER (WHERE linked)",
    "'held_up', count(*) FILTER (WHERE held_up)",
    f"'held_against', count(*) FILTER (WHERE {_any(_BOTH)})",
    f"'otherwise', count(*) FILTER (WHERE {_any(_DIFFERS)})",
    "'whole', count(*) FILTER (WHERE filled @> %(fields)s::text[])",
    f"'filled', {_each(_IS_FILLED)}",
    f"'compared', {_each(_BOTH)}",
    f"'differs', {_each(_DIFFERS)}",
))  # fmt: skip
_FIELDS_FILLED: Final = ", ".join(f"CASE WHEN {where} THEN '{one}' END" for one, where in _FILLED.items())
# What may be told is asked only where something may have to be left out: it costs more than all the rest.
_MAY_BE_DISCREET: Final = """
    v.facts->>'postcode' IN (SELECT postcode FROM discreet_place)
    OR v.facts->>'other_postcode' IN (SELECT postcode FROM discreet_place)
    OR (v.facts ? 'address' AND NOT v.facts ? 'postcode')
    OR (v.facts ? 'other_address' AND NOT v.facts ? 'other_postcode')
    OR regexp_replace(lower(v.facts->>'phone'), '[^a-z0-9]', '', 'g') IN (SELECT plain FROM phones)
    OR regexp_replace(lower(v.facts->>'carer_phone'), '[^a-z0-9]', '', 'g') IN (SELECT plain FROM phones)
    OR regexp_replace(lower(v.facts->>'carer2_phone'), '[^a-z0-9]', '', 'g') IN (SELECT plain FROM phones)
"""
# Of a record of which only consent tells there is no figure, nor is it told that it meets another one. The
# first row of a child in the search index says what its record goes by.
_TOLD: Final = f"""
    SELECT x.la AS area, coalesce(whole.ward, sector.ward, district.ward, '{NO_WARD}') AS ward,
        at.organisation_id AS organisation, t.facts, r.last_vouched IS NOT NULL AS held_up,
        ARRAY[{_FIELDS_FILLED}] AS filled,
        EXISTS (SELECT FROM source_record o WHERE o.child_id = r.child_id AND o.source_id <> r.source_id
            AND o.withdrawn_at IS NULL AND NOT o.sealed AND NOT EXISTS (
                SELECT FROM involvement s WHERE s.record_id = o.id AND is_sensitive(s.service))) AS linked,
        x.dob_text AS shown_date_of_birth, x.sex AS shown_sex, replace(x.postcode, ' ', '') AS shown_postcode
    FROM source_record r
    JOIN record_version v ON v.record_id = r.id AND v.superseded_at IS NULL
    JOIN LATERAL (SELECT * FROM search_identity i WHERE i.child_id = r.child_id ORDER BY i.id LIMIT 1) x
        ON NOT x.shielded
    LEFT JOIN ward_postcode whole ON whole.postcode = x.sec || right(x.postcode, 2)
    LEFT JOIN ward_postcode sector ON sector.postcode = x.sec
    LEFT JOIN ward_postcode district ON district.postcode = x.dis
    CROSS JOIN LATERAL (
        SELECT CASE WHEN {_MAY_BE_DISCREET} THEN facts_told(v.facts) ELSE v.facts END AS facts) t
    LEFT JOIN LATERAL (SELECT i.organisation_id FROM involvement i
        WHERE i.record_id = r.id AND i.end_date IS NULL
            AND NOT EXISTS (SELECT FROM discreet_place d WHERE d.code = i.organisation_id)
        ORDER BY i.id LIMIT 1) at ON true
    WHERE r.source_id = %(source)s AND r.withdrawn_at IS NULL AND NOT r.sealed
        AND NOT EXISTS (SELECT FROM involvement s WHERE s.record_id = r.id AND is_sensitive(s.service))
"""  # noqa: S608 - made of this module's own text
_COUNT: Final = f"""
    WITH phones AS MATERIALIZED (
        SELECT regexp_replace(lower(phone), '[^a-z0-9]', '', 'g') AS plain FROM discreet_place
        WHERE phone <> '')
    INSERT INTO quality_count (week, source_id, area, place_kind, place, figures)
    SELECT %(week)s, %(source)s, coalesce(area, ''),
        CASE WHEN grouping(organisation) = 0 THEN 'organisation'
            WHEN grouping(ward) = 0 THEN 'ward' ELSE '' END,
        coalesce(organisation, ward, ''), jsonb_build_object({_FIGURES})
    FROM ({_TOLD}) AS told
    GROUP BY GROUPING SETS ((), (area), (area, organisation), (area, ward))
    HAVING grouping(area) = 1 OR (area <> '' AND (
        (grouping(organisation) = 1 AND grouping(ward) = 1)
        OR (coalesce(organisation, ward, '') <> '' AND count(*) >= {LEAST_RECORDS})))
    RETURNING CASE area WHEN '' THEN (figures->>'records')::bigint ELSE 0 END
"""  # noqa: S608 - made of this module's own text


def count_rows_again() -> None:
    """Let the planner know how large the tables are that are counted: after a load it thinks them empty."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_identity, ward_postcode, source_record, record_version, involvement")


def sources_to_count(week: date) -> list[tuple[str, str]]:
    """Sources that sent something and are not counted in that week, each with its contract, by code."""
    rows = fetch(
        "SELECT s.code, s.contract FROM source s WHERE s.contract NOT IN ('practitioner', 'by_hand') "
        "AND EXISTS (SELECT FROM delivery d WHERE d.source_id = s.code AND d.state = 'published') "
        "AND NOT EXISTS (SELECT FROM quality_count q WHERE q.source_id = s.code AND q.area = '' "
        "AND q.week = %s AND q.place = '') ORDER BY s.code",
        week,
    )
    return [(code, contract) for code, contract in rows]


def begin_count(source: str, week: date) -> bool:
    """Have nobody else count meanwhile, until the transaction ends; False where somebody just did."""
    fetch("SELECT pg_advisory_xact_lock(%s)::text", _COUNTING)
    counted = fetch(
        "SELECT EXISTS (SELECT FROM quality_count "
        "WHERE source_id = %s AND area = '' AND week = %s AND place = '')",
        source, week,
    )  # fmt: skip
    return counted == [(False,)]


def count_source(source: str, fields: Sequence[Field], week: date) -> int:
    """Count a source's records, which can fill `fields`, for a week; return how many there are in England."""
    counted = fetch(_COUNT, week=week, source=source, fields=[one.value for one in fields])
    return sum(int(row[0]) for row in counted)


def forget_before(day: date) -> None:
    """Let go of counts of weeks before a day."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM quality_count WHERE week < %s", [day])


def newest_counts(area: str, until: date) -> dict[str, tuple[date, Counted]]:
    """The newest counts of each source within an area, up to a week: its week, and what was counted."""
    rows = fetch(
        "SELECT DISTINCT ON (source_id) source_id, week, figures::text::jsonb FROM quality_count "
        "WHERE area = %s AND place_kind = '' AND week <= %s ORDER BY source_id, week DESC",
        area, until,
    )  # fmt: skip
    return {source: (week, _counted(figures)) for source, week, figures in rows}


def places_of(area: str, source: str, week: date) -> list[tuple[PlaceKind, str, str, Counted]]:
    """The places of an area that leave most records with a gap: their kind, code, name and counts.

    That of an address in no known ward is domain.wards.NO_WARD.
    """
    rows = fetch(
        "SELECT kind, code, name, figures FROM ("
        "SELECT q.place_kind AS kind, q.place AS code, coalesce(o.name, w.name, q.place) AS name, q.figures, "
        "row_number() OVER (PARTITION BY q.place_kind ORDER BY "
        "(q.figures->>'whole')::float / (q.figures->>'records')::float, q.place) AS place "
        "FROM quality_count q LEFT JOIN organisation o ON q.place_kind = 'organisation' AND o.code = q.place "
        "LEFT JOIN LATERAL (SELECT p.name FROM ward_postcode p WHERE q.place_kind = 'ward' "
        "AND p.ward = q.place ORDER BY p.postcode LIMIT 1) w ON true "
        "WHERE q.area = %s AND q.source_id = %s AND q.week = %s AND q.place_kind <> '') w "
        "WHERE place <= %s ORDER BY kind DESC, place",
        area, source, week, _SHOWN,
    )  # fmt: skip
    return [(PlaceKind(kind), code, name, _counted(figures)) for kind, code, name, figures in rows]


def rows_since(at: datetime) -> dict[str, tuple[int, int]]:
    """Rows read and rejected of what each source sent since then and was published."""
    rows = fetch(
        "SELECT source_id, sum(rows_read), sum(rows_rejected) FROM delivery "
        "WHERE state = 'published' AND received_at >= %s GROUP BY source_id",
        at,
    )
    return {source: (int(read), int(rejected)) for source, read, rejected in rows}


def weeks_of(area: str, source: str, since: date) -> dict[date, Counted]:
    """What was counted of a source within an area in each week since one."""
    rows = fetch(
        "SELECT week, figures::text::jsonb FROM quality_count "
        "WHERE area = %s AND source_id = %s AND place_kind = '' AND week >= %s",
        area, source, since,
    )  # fmt: skip
    return {week: _counted(figures) for week, figures in rows}


def rows_by_week(source: str, since: date) -> dict[date, tuple[int, int]]:
    """Rows read and rejected of what a source sent in each week from a Monday, and was published."""
    rows = fetch(
        "SELECT date_trunc('week', received_at AT TIME ZONE 'Europe/London')::date, sum(rows_read), "
        "sum(rows_rejected) FROM delivery WHERE source_id = %s AND state = 'published' "
        "AND received_at AT TIME ZONE 'Europe/London' >= %s GROUP BY 1",
        source, since,
    )  # fmt: skip
    return {week: (int(read), int(rejected)) for week, read, rejected in rows}


def told_on(source: str) -> list[tuple[date, date]]:
    """When each delivery of a source came, and of which day it tells, of those that were published."""
    return fetch(
        "SELECT (received_at AT TIME ZONE 'Europe/London')::date, as_at FROM delivery "
        "WHERE source_id = %s AND state = 'published'",
        source,
    )


def contracts() -> dict[str, str]:
    """The contract of each source that sends files."""
    return dict(fetch("SELECT code, contract FROM source WHERE contract NOT IN ('practitioner', 'by_hand')"))


def _counted(figures: Any) -> Counted:  # noqa: ANN401 - as the driver gives it
    return Counted(**(json.loads(figures) if isinstance(figures, str) else figures))
