"""Moves source records from one number to another, as the worker, in the caller's transaction."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from contactpoint.domain.disclosure.shield_life import REVIEWED_AFTER
from contactpoint.domain.identifiers import child_number
from contactpoint.storage.asking import fetch
from contactpoint.storage.involvements_at_rest import open_consented, seal_again
from contactpoint.storage.match_index import taken_numbers
from contactpoint.storage.models import Child, IdentityChange
from contactpoint.storage.typed_texts import CHANGE

_SERIALS: Final = 1_000_000_000
# By number, when the first link to it was made, and which; whoever has none yet comes last.
_FIRST_OF_CHILDREN: Final = """
    SELECT c.number,
        coalesce((SELECT min(l.id) FROM link l WHERE l.child_id = c.number), 9223372036854775807),
        extract(epoch FROM c.created_at)::bigint
    FROM child c WHERE c.number = ANY(%s)
"""
_FIRST_OF_RECORDS: Final = """
    SELECT r.id, coalesce((SELECT min(l.id) FROM link l WHERE l.record_id = r.id AND l.child_id = r.child_id),
        9223372036854775807)
    FROM source_record r WHERE r.id = ANY(%s)
"""
_MOVE: Final = (
    """
    INSERT INTO identity_move (change_id, record_id, from_child_id, to_child_id)
    SELECT %(change)s, id, child_id, %(to)s FROM source_record WHERE id = ANY(%(records)s)
    """,
    """
    INSERT INTO link (record_id, child_id, decision, decided_at, decided_by, model_version, change_id)
    SELECT id, %(to)s, %(decision)s, %(at)s, %(by)s, '', %(change)s FROM source_record
    WHERE id = ANY(%(records)s) ORDER BY id
    """,
    "UPDATE source_record SET child_id = %(to)s WHERE id = ANY(%(records)s)",
    "UPDATE match_identity SET child_id = %(to)s WHERE record_id = ANY(%(records)s)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A child's number as it stands, locked until the transaction ends."""

    number: str
    shielded: bool
    retired_into: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A joining or parting that was made, and what it moved: (record, from, to)."""

    id: int
    kind: str
    kept: str
    other: str
    undone: bool
    moves: tuple[tuple[int, str, str], ...]


def lock_numbers(numbers: Iterable[str]) -> dict[str, Number]:
    """Lock children, always in one order, and return those there are."""
    rows = Child.objects.select_for_update().filter(pk__in=list(numbers)).order_by("pk")
    return {
        number: Number(number=number, shielded=shielded, retired_into=into)
        for number, shielded, into in rows.values_list("pk", "shielded", "retired_into_id")
    }


def first_links_of_children(numbers: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Return by number a key that orders them by their earliest link."""
    return {row[0]: (int(row[1]), int(row[2])) for row in fetch(_FIRST_OF_CHILDREN, list(numbers))}


def first_links_of_records(records: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return by record a key that orders them by their earliest link to the child they have."""
    return {row[0]: (int(row[1]), row[0]) for row in fetch(_FIRST_OF_RECORDS, list(records))}


def records_of(number: str) -> list[int]:
    """Return the source records of a child, withdrawn ones and practitioners' own words too."""
    return [row[0] for row in fetch("SELECT id FROM source_record WHERE child_id = %s ORDER BY id", number)]


def records_that_speak(number: str) -> list[int]:
    """Return those of them that say who the child is."""
    query = (
        "SELECT id FROM source_record r WHERE child_id = %s AND EXISTS "
        "(SELECT FROM record_version v WHERE v.record_id = r.id) ORDER BY id"
    )
    return [row[0] for row in fetch(query, number)]


def waits_in_quarantine(record: int) -> bool:
    """Say whether a record is about no child yet; it is kept still until the transaction ends."""
    query = "SELECT child_id IS NULL FROM source_record WHERE id = %s FOR UPDATE"
    return fetch(query, record) == [(True,)]


def names_in_pairs(records: Collection[int]) -> list[tuple[str, str]]:
    """Return source and local id of records, by which sealed pairs know them."""
    return [
        (row[0], row[1])
        for row in fetch("SELECT source_id, local_id FROM source_record WHERE id = ANY(%s)", list(records))
    ]


def linked_since(change: int, records: Collection[int]) -> dict[int, int]:
    """Return those of the records that were first linked after a change, with the record each goes with."""
    query = (
        "SELECT DISTINCT ON (l.record_id) l.record_id, l.partner FROM link l WHERE l.record_id = ANY(%s) "
        "AND l.change_id IS NULL AND l.partner IS NOT NULL AND NOT EXISTS (SELECT FROM link o "
        "WHERE o.record_id = l.record_id AND o.id < (SELECT min(c.id) FROM link c WHERE c.change_id = %s)) "
        "ORDER BY l.record_id, l.id DESC"
    )
    return dict(fetch(query, list(records), change))


def fresh_number(at: datetime) -> str:
    """Make a child with a number that nobody has had (ADR 0003)."""
    while True:
        number = child_number(secrets.randbelow(_SERIALS))
        if number and not taken_numbers([number]):
            Child.objects.create(number=number, created_at=at)
            return number


def begin_change(
    kind: str, *, kept: str, other: str, because: str, by: str, at: datetime, undoes: int | None = None
) -> int:
    """Write down that two numbers become one, or one two."""
    made = IdentityChange.objects.create(
        kind=kind,
        kept_id=kept,
        other_id=other,
        because=CHANGE.seal(at, because=because)[0],
        made_by=by[:64],
        made_at=at,
        undoes_id=undoes,
    )
    return int(made.pk)


def move(records: Collection[int], *, to: str, change: int, decision: str, by: str, at: datetime) -> None:
    """Point records at another number: a new link each, and the matching index; older links stay."""
    said: dict[str, Any] = {
        "records": list(records),
        "to": to,
        "change": change,
        "decision": decision,
        "by": by[:48],
        "at": at,
    }
    with connection.cursor() as cursor:
        for statement in _MOVE:
            cursor.execute(statement, said)


def place(record: int, number: str, *, decision: str, by: str, at: datetime) -> None:
    """Link a record that is about no child yet."""
    said: dict[str, Any] = {"records": [record], "to": number, "decision": decision, "by": by[:48], "at": at}
    with connection.cursor() as cursor:
        for statement in _MOVE[1:]:
            cursor.execute(statement, {**said, "change": None})


def retire(number: str, *, into: str) -> None:
    """Make a number an alias."""
    Child.objects.filter(pk=number).update(retired_into_id=into)


def bring_back(number: str) -> None:
    """Let a retired number be a child's again."""
    Child.objects.filter(pk=number).update(retired_into_id=None)


def ground_of(number: str) -> str | None:
    """Why a child is shielded; None where it is not."""
    rows = fetch(
        "SELECT ground FROM shield WHERE child_id = %s AND lifted_at IS NULL AND kept_from_id IS NULL",
        number,
    )
    return str(rows[0][0]) if rows else None


def keep_from_the_same(was: str, now: str, *, by: str, confirm_within: timedelta, at: datetime) -> None:
    """Keep one child from each person from whom another is kept."""
    fetch(
        "SELECT share_kept_from(%s, %s, %s, %s, %s, %s)",
        was,
        now,
        by[:64],
        at,
        at + confirm_within,
        (at + REVIEWED_AFTER).date(),
    )


def withdraw_for_all(number: str) -> None:
    """Let a withdrawal of consent hold for whatever says the same of a child by now (R41)."""
    opened = open_consented(number)
    fetch("SELECT withdraw_for_all(%s)", number)
    seal_again(opened)


def forget_what_is_linked() -> None:
    """Send deliveries that are linked and not published back to be linked again: they knew other numbers."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE delivery SET state = 'staged' WHERE state = 'linked'")
        cursor.execute("DELETE FROM staged_link")
        cursor.execute("DELETE FROM staged_review")


def find_change(change: int) -> Made | None:
    """Return a joining or parting with its moves; None where there is none, or it is an undoing itself."""
    row = IdentityChange.objects.filter(pk=change, undoes=None).first()
    if row is None:
        return None
    moves = row.moves.order_by("record_id").values_list("record_id", "from_child_id", "to_child_id")
    return Made(
        id=change,
        kind=row.kind,
        kept=row.kept_id,
        other=row.other_id,
        undone=IdentityChange.objects.filter(undoes_id=change).exists(),
        moves=tuple(moves),
    )


def is_newest(made: Made) -> bool:
    """Say whether nothing that still stands was joined or parted later with one of its numbers."""
    query = (
        "SELECT EXISTS (SELECT FROM identity_change x WHERE x.id > %s AND x.undoes_id IS NULL "
        "AND (x.kept_id = ANY(%s) OR x.other_id = ANY(%s)) "
        "AND NOT EXISTS (SELECT FROM identity_change u WHERE u.undoes_id = x.id))"
    )
    numbers = [made.kept, made.other]
    return fetch(query, made.id, numbers, numbers) == [(False,)]


def keep_apart(one: int, other: int, *, at: datetime) -> None:
    """Note that two records are of two children, from now on and for whole clusters."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kept_apart (record_a_id, record_b_id, said_at) VALUES (least(%s, %s), "
            "greatest(%s, %s), %s) ON CONFLICT (record_a_id, record_b_id) DO UPDATE SET ended_at = NULL",
            [one, other, one, other, at],
        )


def no_longer_apart(ours: Collection[int], theirs: Collection[int], *, at: datetime) -> None:
    """End what was said of any record of one side and any of the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kept_apart SET ended_at = %(at)s WHERE ended_at IS NULL AND ("
            "(record_a_id = ANY(%(a)s) AND record_b_id = ANY(%(b)s)) "
            "OR (record_a_id = ANY(%(b)s) AND record_b_id = ANY(%(a)s)))",
            {"at": at, "a": list(ours), "b": list(theirs)},
        )
