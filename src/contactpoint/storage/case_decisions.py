"""What people decided about cases and nobody has carried out yet; read and closed by the worker."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import polars as pl
from django.db import connection

from contactpoint.storage.copying import copy_out
from contactpoint.storage.models import CaseDecision
from contactpoint.storage.typed_texts import CASE


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCarryOut:
    """A decision with the numbers its records have by now, and who made it."""

    id: int
    kind: str
    what: str
    record_a: int
    record_b: int
    child_a: str | None
    child_b: str | None
    parts: tuple[int, ...]
    because: str
    undoes: int | None
    change: int | None
    account: UUID
    name: str
    role: str
    organisation: str
    organisation_name: str
    organisation_kind: str
    authority: str


_OPEN = """
    SELECT d.id, d.kind, d.what, a.id, b.id, a.child_id, b.child_id, d.parts::text, d.decided_at, d.because,
        d.undoes_id, was.change_id, d.decided_by_id, p.name, d.decided_as, o.code, o.name, o.kind, o.authority
    FROM case_decision d
    JOIN source_record a ON a.id = d.record_a_id JOIN source_record b ON b.id = d.record_b_id
    JOIN account p ON p.id = d.decided_by_id JOIN organisation o ON o.code = d.decided_for_id
    LEFT JOIN case_decision was ON was.id = d.undoes_id
    WHERE d.done_at IS NULL ORDER BY d.id
"""


# A case that was answered may be gone by now; whoever takes the answer back is asked again.
_ASK_AGAIN = """
    INSERT INTO review_case (record_a_id, record_b_id, kind, weight, levels, opened_at, near_shield)
    SELECT record_a_id, record_b_id,
        CASE WHEN kind IN ('possible_two_children', 'identifier_conflict') THEN kind
            ELSE 'possible_same_child' END, weight, levels, decided_at, false
    FROM case_decision WHERE id = %s ON CONFLICT (record_a_id, record_b_id) DO NOTHING
"""


def kept_apart() -> pl.DataFrame:
    """Pairs of records (`a`, `b`) that a person said are two children and that are two now."""
    return copy_out(
        "SELECT k.record_a_id, k.record_b_id FROM kept_apart k JOIN source_record a ON a.id = k.record_a_id "
        "JOIN source_record b ON b.id = k.record_b_id "
        "WHERE k.ended_at IS NULL AND a.child_id IS DISTINCT FROM b.child_id",
        {"a": pl.Int64, "b": pl.Int64},
    )


def anything_open() -> bool:
    """Say whether a decision waits to be carried out."""
    return CaseDecision.objects.filter(done_at=None).exists()


def open_decisions() -> list[ToCarryOut]:
    """Return them, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
        return [_read(*row) for row in cursor.fetchall()]


def close(decision: int, *, change: int | None = None, undone: int | None = None, at: datetime) -> None:
    """It is carried out: by this change, or it has undone that decision."""
    CaseDecision.objects.filter(pk=decision).update(done_at=at, change_id=change)
    if undone is not None:
        CaseDecision.objects.filter(pk=undone).update(undone_at=at)
        with connection.cursor() as cursor:
            cursor.execute(_ASK_AGAIN, [undone])


def give_up(decision: int, sentence: str, *, at: datetime) -> None:
    """It could not be carried out, and this is why: the case waits again."""
    CaseDecision.objects.filter(pk=decision).update(done_at=at, outcome=sentence[:240])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kept_apart k SET ended_at = %s FROM case_decision d "
            "WHERE d.id = %s AND d.what = 'different' AND k.record_a_id = d.record_a_id "
            "AND k.record_b_id = d.record_b_id",
            [at, decision],
        )


def _read(
    decision: int,
    kind: str,
    what: str,
    record_a: int,
    record_b: int,
    child_a: str | None,
    child_b: str | None,
    parts: str,
    decided_at: datetime,
    because: str,
    undoes: int | None,
    change: int | None,
    account: UUID,
    name: str,
    role: str,
    organisation: str,
    organisation_name: str,
    organisation_kind: str,
    authority: str,
) -> ToCarryOut:
    return ToCarryOut(
        id=decision,
        kind=kind,
        what=what,
        record_a=record_a,
        record_b=record_b,
        child_a=child_a,
        child_b=child_b,
        parts=tuple(int(one) for one in parts.strip("[]").split(",") if one.strip()),
        because=CASE.open(decided_at, because=because)[0],
        undoes=undoes,
        change=change,
        account=account,
        name=name,
        role=role,
        organisation=organisation,
        organisation_name=organisation_name,
        organisation_kind=organisation_kind,
        authority=authority,
    )
