"""Shields as they are stored: placed on any number of children at once, moved by steps, due by the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from contactpoint.domain.disclosure.shield_life import ShieldStep
from contactpoint.storage.prepared import rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DueShield:
    """A shield that time moves."""

    id: int
    child: str
    kept_from_one: bool = False


def shield(
    numbers: Sequence[str],
    *,
    ground: str,
    placed_by: str,
    at: datetime,
    confirm_by: datetime,
    review_by: date,
) -> list[str]:
    """Shield those of `numbers` that are not shielded, in the caller's transaction, and return them.

    The database seals all their rows and empties their search rows in the same statement; the caller then
    refreshes the search index, which adds back their one row. Each waits at the desk of the authority that
    was responsible until now, or at the national one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.number, responsible_now(c.number) FROM child c "
            "WHERE c.number = ANY(%s) AND NOT c.shielded ORDER BY c.number FOR UPDATE OF c",
            [list(numbers)],
        )
        found = dict(cursor.fetchall())
        shielded = sorted(found)
        cursor.execute("UPDATE child SET shielded = true WHERE number = ANY(%s)", [shielded])
        cursor.execute(
            "INSERT INTO shield (child_id, ground, placed_at, placed_by, confirm_by, review_by, authority) "
            "SELECT s.child, %s, %s, %s, %s, %s, s.la FROM unnest(%s::text[], %s::text[]) AS s (child, la)",
            [ground, at, placed_by, confirm_by, review_by, shielded, [found[one] for one in shielded]],
        )
    return shielded


def unconfirmed_since(at: datetime) -> tuple[DueShield, ...]:
    """Return the temporary shields that were to be confirmed by `at`."""
    return _due("state = 'temporary' AND confirm_by <= %(at)s", at)


def liftings_due(at: datetime) -> tuple[DueShield, ...]:
    """Return the shields whose lifting was agreed and has waited long enough."""
    return _due("state = 'lift_waiting' AND lift_at <= %(at)s", at)


def step_of_itself(shield_id: int, step: ShieldStep, *, at: datetime) -> None:
    """Let time move a shield; the database refuses what its table does not have."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO shield_step (shield_id, what, was, becomes, at, answers) "
            "VALUES (%s, %s, '', '', %s, '{}')",
            [shield_id, step.value, at],
        )


def _due(condition: str, at: datetime) -> tuple[DueShield, ...]:
    query = f"SELECT id, child_id, kept_from_id IS NOT NULL FROM shield WHERE {condition} ORDER BY id"  # noqa: S608
    return tuple(
        DueShield(id=row[0], child=row[1], kept_from_one=row[2]) for row in rows_of(query, {"at": at})
    )
