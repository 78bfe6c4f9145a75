"""Review cases and decisions about them, through the functions of storage/sql/matching.sql alone."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from contactpoint.domain.matching import CaseKind, CaseRow, Verdict, which_kind_of_case
from contactpoint.domain.people import Statement
from contactpoint.storage.asking import fetch
from contactpoint.storage.queries.statements import statement_from
from contactpoint.storage.typed_texts import CASE

SHOWN: Final = 50
"""Cases on a page."""

_COLUMNS: Final = (
    "in_all, case_id, kind, one_is_new, record_a, record_b, child_a, child_b, weight, levels, opened_at"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whose cases one sees: those of whoever the event `seeing` of this transaction says that they look.

    With `near`, shield staff see what is near a shield, and nothing else; all others see nothing of it.
    """

    seeing: UUID
    near: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """A decision as it is stored. `open` while the worker has it to carry out."""

    id: int
    kind: CaseKind
    verdict: Verdict
    record_a: int
    record_b: int
    child_a: str | None
    child_b: str | None
    because: str
    decided_by: str
    decided_at: datetime
    change: int | None
    open: bool
    undone: bool
    undoing: bool
    outcome: str
    newest: bool


def cases_to_check(
    reach: Reach, *, kinds: Collection[CaseKind] = tuple(CaseKind), passed_over: int = 0
) -> tuple[int, tuple[CaseRow, ...]]:
    """Return how many cases of these kinds wait, and a page of them: riskiest kind first, then the oldest."""
    rows = fetch(
        f"SELECT {_COLUMNS} FROM cases_to_check(%s, %s, %s, %s, %s)",  # noqa: S608 - constants
        reach.seeing, reach.near, _riskiest_first(kinds), SHOWN, passed_over,
    )  # fmt: skip
    return (int(rows[0][0]) if rows else 0), tuple(_case(row) for row in rows)


def case_after(case: int, reach: Reach, *, kinds: Collection[CaseKind]) -> int | None:
    """Return the case that comes after one that was decided; None where none of these kinds waits."""
    rows = fetch("SELECT case_after(%s, %s, %s, %s)", case, reach.seeing, reach.near, _riskiest_first(kinds))
    number: int | None = rows[0][0]
    return number


def another_lives_there(case: int, reach: Reach) -> bool:
    """Say whether a child of neither side has the birth date and postcode of one, as all may find them."""
    return bool(fetch("SELECT another_lives_there(%s, %s)", case, reach.seeing)[0][0])


def came_since(decision: int, reach: Reach) -> tuple[tuple[str, date, str], ...]:
    """Return what came in since a joining or a parting: source, day it vouches for, number it would go to."""
    rows = fetch(
        "SELECT source_name, as_at, number FROM came_since(%s, %s, %s)", decision, reach.seeing, reach.near
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


def case_to_check(case: int, reach: Reach) -> CaseRow | None:
    """Return one of them, kept still until the transaction ends; None where none of that number waits."""
    query = f"SELECT {_COLUMNS} FROM case_to_check(%s, %s, %s)"  # noqa: S608 - constants
    rows = fetch(query, case, reach.seeing, reach.near)
    return _case(rows[0]) if rows else None


def decide_case(
    case: int, reach: Reach, *, verdict: Verdict, because: str, parts: Sequence[int], at: datetime
) -> tuple[int | None, bool] | None:
    """Write down what somebody says, at the moment of the event; return the decision, and whether it waits.

    There is no decision yet where it takes two people and this is the first.
    """
    rows = fetch(
        "SELECT decision, waits FROM decide_case(%s, %s, %s, %s, %s, %s)",
        case, reach.seeing, reach.near, verdict.value, *CASE.seal(at, because=because), list(parts),
    )  # fmt: skip
    return (rows[0][0], rows[0][1]) if rows else None


def cases_decided(reach: Reach) -> tuple[DecisionRow, ...]:
    """Return what was decided, newest first."""
    rows = fetch(
        "SELECT id, kind, what, record_a_id, record_b_id, child_a, child_b, because, by_name, decided_at, "
        "change_id, done_at, undone_at, undoing, outcome, newest FROM cases_decided(%s, %s, %s)",
        reach.seeing, reach.near, SHOWN,
    )  # fmt: skip
    return tuple(_decision(row) for row in rows)


def undo_decision(decision: int, reach: Reach, *, because: str, at: datetime) -> tuple[int, bool] | None:
    """Ask that a decision be undone; return the asking, and whether the worker has something to carry out."""
    rows = fetch(
        "SELECT decision, waits FROM undo_case_decision(%s, %s, %s, %s)",
        decision, reach.seeing, reach.near, *CASE.seal(at, because=because),
    )  # fmt: skip
    return (rows[0][0], rows[0][1]) if rows else None


def sealed_side(case: int, record: int, reach: Reach) -> tuple[Statement, ...]:
    """Return what sources say of one side of a case near a shield, for shield staff."""
    rows = fetch(
        "SELECT record, source_id, source_name, contract, authority, local_id, as_at, recorded_at, facts "
        "FROM sealed_side(%s, %s, %s)",
        case, record, reach.seeing,
    )  # fmt: skip
    return tuple(statement_from(*row) for row in rows)


def records_parted(number: str, since: datetime) -> tuple[datetime, ...]:
    """Return when, after a moment, a part of a child's record was found to be about another child."""
    return tuple(row[0] for row in fetch("SELECT made_at FROM records_parted(%s, %s)", number, since))


def records_parted_of_each(
    asked: Sequence[tuple[str, datetime]],
) -> dict[tuple[str, datetime], tuple[datetime, ...]]:
    """Return the same of many children, each after a moment of its own, for the worker."""
    rows = fetch(
        "SELECT p.number, p.since, r.made_at FROM unnest(%s::text[], %s::timestamptz[]) AS p (number, since) "
        "CROSS JOIN LATERAL records_parted(p.number, p.since) AS r",
        [number for number, _ in asked],
        [since for _, since in asked],
    )
    found: defaultdict[tuple[str, datetime], list[datetime]] = defaultdict(list)
    for number, since, made_at in rows:
        found[number, since].append(made_at)
    return {pair: tuple(moments) for pair, moments in found.items()}


def _riskiest_first(kinds: Collection[CaseKind]) -> list[str]:
    return [kind.value for kind in CaseKind if kind in kinds]


def _case(row: Sequence[Any]) -> CaseRow:
    _, case, kind, one_is_new, record_a, record_b, child_a, child_b, weight, levels, opened_at = row
    return CaseRow(
        id=case,
        kind=which_kind_of_case(kind, one_is_new=one_is_new),
        record_a=record_a,
        record_b=record_b,
        child_a=child_a,
        child_b=child_b,
        weight=weight,
        levels=bytes(levels),
        opened_at=opened_at,
    )


def _decision(row: Sequence[Any]) -> DecisionRow:
    (decision, kind, what, record_a, record_b, child_a, child_b, because, by_name, decided_at, change,
     done_at, undone_at, undoing, outcome, newest) = row  # fmt: skip
    return DecisionRow(
        id=decision,
        kind=CaseKind(kind),
        verdict=Verdict(what),
        record_a=record_a,
        record_b=record_b,
        child_a=child_a,
        child_b=child_b,
        because=CASE.open(decided_at, because=because)[0],
        decided_by=by_name,
        decided_at=decided_at,
        change=change,
        open=done_at is None,
        undone=undone_at is not None,
        undoing=undoing,
        outcome=outcome,
        newest=newest,
    )
