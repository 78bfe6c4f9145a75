"""What is due to be archived, to come back or to be purged, and its doing, a few children at a time (worker).

The database keeps the guards (storage/sql/retention.sql): nothing is purged before its day, and only a purge
takes rows out of tables that only grow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from contactpoint.domain.retention import Archiving, when_is_it_purged
from contactpoint.storage.asking import execute, fetch
from contactpoint.storage.models import Child, RetentionRun

# Every child that could be due, and few that are not: by a birth date that any source gives, living or
# withdrawn, by a death or a leaving, or by never having had a birth date for as long as a childhood. Each
# table is read once, not once a child; dates as they are written sort as they fall, and a partial one before
# its days.
_MAYBE_DUE: Final = """
    WITH said (number) AS (
        SELECT child_id FROM match_identity WHERE child_id > %(after)s AND dob <> '' AND dob <= %(born)s
        UNION SELECT child_id FROM search_identity
            WHERE child_id > %(after)s AND dob_text <> '' AND dob_text <= %(born)s
        UNION SELECT number FROM child WHERE number > %(after)s AND created_at < %(came)s
        UNION SELECT child_id FROM left_england WHERE child_id > %(after)s
        UNION SELECT coalesce(c.retired_into_id, c.number)
            FROM team_word t JOIN child c ON c.number = t.child_id
            WHERE coalesce(c.retired_into_id, c.number) > %(after)s AND t.taken_back_at IS NULL
        UNION SELECT r.child_id FROM record_version v JOIN source_record r ON r.id = v.record_id
            WHERE r.child_id > %(after)s AND v.superseded_at IS NULL
                AND (v.facts ? 'date_of_death' OR (v.facts ->> 'address_kind') LIKE 'left\\_%%'))
    SELECT s.number FROM said s JOIN child c ON c.number = s.number
    WHERE NOT c.archived AND c.retired_into_id IS NULL ORDER BY s.number LIMIT %(most)s
"""
# A child comes back only if a source has said something since it was last looked at, or a consent has.
_SAID_SINCE: Final = """
    SELECT a.child_id FROM archived a JOIN child c ON c.number = a.child_id
    WHERE a.child_id > %(after)s AND (
        EXISTS (SELECT FROM source_record r JOIN record_version v ON v.record_id = r.id
            WHERE r.child_id = a.child_id
                AND (v.recorded_at > a.checked_at OR v.superseded_at > a.checked_at))
        OR EXISTS (SELECT FROM stay_consent s WHERE s.child_id = a.child_id
            AND (s.recorded_at > a.checked_at OR s.withdrawn_at > a.checked_at))
        OR EXISTS (SELECT FROM shield_step p JOIN shield s ON s.id = p.shield_id
            WHERE s.child_id = a.child_id AND p.at > a.checked_at)
        OR EXISTS (SELECT FROM identity_change x WHERE a.child_id IN (x.kept_id, x.other_id)
            AND x.made_at > a.checked_at)
        OR c.retired_into_id IS NOT NULL)
    ORDER BY a.child_id LIMIT %(most)s
"""
_STRAYS: Final = """
    SELECT r.id FROM source_record r JOIN match_identity m ON m.record_id = r.id
    WHERE r.child_id IS NULL AND m.child_id IS NULL AND m.dob <> '' AND m.dob <= %(born)s
    ORDER BY r.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A child whose time is up, and the authority responsible for it."""

    child: str
    archiving: Archiving
    authority: str


def may_be_due(*, after: str, born_by: date, came_before: datetime, most: int) -> list[str]:
    """Return the numbers that come next after one and may be due to be archived."""
    return _column(_MAYBE_DUE, after=after, born=born_by.isoformat(), came=came_before, most=most)


def may_come_back(*, after: str, most: int) -> list[str]:
    """Return the archived numbers after one of which something was said since they were last looked at."""
    return _column(_SAID_SINCE, after=after, most=most)


def due_to_be_purged(on: date, *, most: int) -> list[str]:
    """Return archived numbers whose last day has come, the longest due first."""
    query = (
        "SELECT child_id FROM archived WHERE purge_on <= %(on)s ORDER BY purge_on, child_id LIMIT %(most)s"
    )
    return _column(query, on=on, most=most)


def purge_reasons(on: date) -> dict[str, int]:
    """Count what is due to be purged, by why it was archived."""
    return dict(
        fetch("SELECT why, count(*) FROM archived WHERE purge_on <= %(on)s GROUP BY why ORDER BY why", on=on)
    )


def strays(*, born_by: date, most: int) -> list[int]:
    """Return records that never came to be about a child, of people too old to be in any archive."""
    return _column(_STRAYS, born=born_by.isoformat(), most=most)


def hold(numbers: Sequence[str]) -> list[str]:
    """Keep children still until the transaction ends; return those that live and are open."""
    held = Child.objects.select_for_update().filter(pk__in=sorted(numbers)).order_by("pk")
    return [one.pk for one in held if not one.archived and one.retired_into_id is None]


def hold_archived(numbers: Sequence[str]) -> dict[str, bool]:
    """Keep archived children still until the transaction ends; say of each whether its number still lives."""
    held = Child.objects.select_for_update().filter(pk__in=sorted(numbers), archived=True).order_by("pk")
    return {one.pk: one.retired_into_id is None for one in held}


def archive(due: Sequence[Due], at: datetime) -> None:
    """Put children into the archive: triggers seal what they have, and empty their search rows."""
    if not due:
        return
    execute(
        "UPDATE child SET archived = true WHERE number = ANY(%(numbers)s)", numbers=[one.child for one in due]
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO archived (child_id, why, since, purge_on, authority, archived_at, checked_at) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    one.child,
                    one.archiving.why.value,
                    one.archiving.since,
                    when_is_it_purged(one.archiving),
                    one.authority,
                    at,
                    at,
                )
                for one in due
            ],
        )


def stay_in_archive(due: Sequence[Due], at: datetime) -> None:
    """Note that archived children were looked at, with what now holds of them."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE archived SET why = %s, since = %s, purge_on = %s, checked_at = %s WHERE child_id = %s",
            [
                (
                    one.archiving.why.value,
                    one.archiving.since,
                    when_is_it_purged(one.archiving),
                    at,
                    one.child,
                )
                for one in due
            ],
        )


def leave_archive(numbers: Sequence[str]) -> None:
    """Take children out of the archive; the caller refreshes the search index."""
    execute("UPDATE child SET archived = false WHERE number = ANY(%(numbers)s)", numbers=list(numbers))
    execute("DELETE FROM archived WHERE child_id = ANY(%(numbers)s)", numbers=list(numbers))


def with_aliases(numbers: Sequence[str]) -> list[str]:
    """Return numbers and all that retired into them."""
    query = """
        WITH RECURSIVE theirs (number) AS (SELECT unnest(%(numbers)s::varchar[])
            UNION SELECT c.number FROM child c JOIN theirs t ON c.retired_into_id = t.number)
        SELECT number FROM theirs ORDER BY number
    """
    return _column(query, numbers=list(numbers))


def purge(numbers: Sequence[str], records: Sequence[int] = ()) -> dict[str, int]:
    """Destroy all that the tables hold of them, in the caller's transaction; return rows by table."""
    rows = fetch(
        "SELECT from_table, gone FROM purge_rows(%(numbers)s, %(records)s)",
        numbers=list(numbers),
        records=list(records),
    )
    return {table: gone for table, gone in rows if gone}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How far the job of a day is: in which chain, after which number; whether it is done."""

    step: str
    after: str
    ended: bool
    figures: dict[str, dict[str, int]]


def begin_run(day: date, at: datetime) -> Run:
    """Note that the job of a day has begun, or goes on, and say how far it is."""
    run, is_new = RetentionRun.objects.get_or_create(
        day=day, defaults={"began_at": at, "figures": {}, "step": "", "after": ""}
    )
    if is_new:  # another day was cut short: whom it looked at last is nobody's business any more
        RetentionRun.objects.filter(day__lt=day).exclude(after="").update(after="")
    return Run(step=run.step, after=run.after, ended=run.ended_at is not None, figures=run.figures)


def mark_run(day: date, step: str, after: str = "") -> None:
    """Note how far the job of a day is."""
    RetentionRun.objects.filter(day=day).update(step=step, after=after)


def end_run(day: date, at: datetime) -> None:
    """Note that the job of a day is done; which child was the last it looked at is forgotten."""
    RetentionRun.objects.filter(day=day, ended_at=None).update(ended_at=at, after="")


def add_figures(at: datetime, more: Mapping[str, Mapping[str, int]]) -> None:
    """Add to what was done in a day, in the transaction that did it."""
    if not more:
        return
    begin_run(at.date(), at)
    run = RetentionRun.objects.select_for_update().get(pk=at.date())
    figures: dict[str, dict[str, int]] = run.figures
    for kind, counts in more.items():
        of_kind = figures.setdefault(kind, {})
        for name, number in counts.items():
            of_kind[name] = of_kind.get(name, 0) + number
    run.save(update_fields=["figures"])


def runs_since(day: date) -> list[tuple[date, Run]]:
    """Return the runs of a day and since, oldest first."""
    return [
        (one.day, Run(step=one.step, after=one.after, ended=one.ended_at is not None, figures=one.figures))
        for one in RetentionRun.objects.filter(day__gte=day).order_by("day")
    ]


def archived_why(numbers: Sequence[str]) -> dict[str, str]:
    """Return why each of these is archived."""
    return dict(
        fetch("SELECT child_id, why FROM archived WHERE child_id = ANY(%(numbers)s)", numbers=list(numbers))
    )


def archived_of(numbers: Sequence[str]) -> list[str]:
    """Return those of many numbers that are archived."""
    if not fetch("SELECT FROM archived LIMIT 1"):
        return []
    return _column("SELECT child_id FROM archived WHERE child_id = ANY(%(numbers)s)", numbers=list(numbers))


def archived_since(number: str) -> date | None:
    """Return the day since which a record is in the archive; None where it is not."""
    return next(
        (row[0] for row in fetch("SELECT since FROM archived WHERE child_id = %(number)s", number=number)),
        None,
    )


def _column(query: str, **values: Any) -> list[Any]:  # noqa: ANN401 - what a statement takes
    return [row[0] for row in fetch(query, **values)]
