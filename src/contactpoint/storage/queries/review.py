"""What a reviewer may read and decide, through the functions of storage/sql/review.sql alone.

`seeing` is the event, written in this transaction, of the reviewer who looks: the database asks it who.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from contactpoint.domain.audit.events import AuditEvent
from contactpoint.domain.review.deciding import (
    UseLine,
    UseMonth,
    UseQuestion,
    UseSignedOff,
    UseState,
    UseStep,
    Verdict,
)
from contactpoint.storage.asking import fetch
from contactpoint.storage.audit_texts import read_event
from contactpoint.storage.typed_texts import USE

SHOWN: Final = 50
"""Lines on a page."""

_COLUMNS: Final = (
    "item, day, account, name, job_title, organisation, organisation_name, child, protected, codes, weight, "
    "explained, state, looks, team_size, reviewed_by"
)


def use_to_review(
    seeing: UUID, states: Iterable[UseState], *, passed_over: int = 0
) -> tuple[int, tuple[UseLine, ...]]:
    """Return how many accesses in these states are theirs to review, and a page, riskiest first."""
    rows = fetch(
        f"SELECT in_all, {_COLUMNS} FROM use_to_review(%s, %s, %s, %s)",  # noqa: S608 - constants
        seeing, [state.value for state in states], SHOWN, passed_over,
    )  # fmt: skip
    return (int(rows[0][0]) if rows else 0), tuple(_line(*row[1:]) for row in rows)


def use_opened(item: int, seeing: UUID) -> UseLine | None:
    """One of them, kept still until the transaction ends; None where it is not theirs."""
    rows = fetch(f"SELECT {_COLUMNS} FROM use_opened(%s, %s)", item, seeing)  # noqa: S608 - constants
    return _line(*rows[0]) if rows else None


def events_of(item: int, seeing: UUID) -> tuple[AuditEvent | None, ...]:
    """The events behind one of them in order of time; None for each that was purged."""
    rows = fetch("SELECT body FROM use_events(%s, %s)", item, seeing)
    return tuple(read_event(bytes(body)) if body is not None else None for (body,) in rows)


def steps_of(item: int, seeing: UUID) -> tuple[UseStep, ...]:
    """What was done about one of them, oldest first."""
    rows = fetch("SELECT what, because, by_name, at FROM use_steps(%s, %s)", item, seeing)
    return tuple(
        UseStep(what=what, because=USE.open(at, because=because)[0], by=by or "", at=at)
        for what, because, by, at in rows
    )


def manager_of(item: int, seeing: UUID) -> tuple[str, bool]:
    """The name of the person's manager, and whether it was this reviewer who suspended the person for it."""
    rows = fetch("SELECT manager, suspended_here FROM use_manager(%s, %s)", item, seeing)
    return (rows[0][0] or "", bool(rows[0][1])) if rows else ("", False)


def decide_use(
    item: int, seeing: UUID, *, was: UseState, becomes: UseState, verdict: Verdict, because: str, at: datetime
) -> bool:
    """Write down what a reviewer says and do it; False where it no longer stands as it was."""
    query = "SELECT decide_use(%s, %s, %s, %s, %s, %s, %s)"
    why = USE.seal(at, because=because)
    return bool(fetch(query, item, seeing, was.value, becomes.value, verdict.value, *why, at)[0][0])


@dataclass(frozen=True, slots=True, kw_only=True)
class UseWaiting:
    """How many accesses stand so, how many of them since before a moment, and since when the oldest."""

    state: UseState
    count: int
    late: int
    oldest: datetime


def use_waiting(seeing: UUID, late_before: datetime) -> tuple[UseWaiting, ...]:
    """What waits for the reviewer, by how it stands."""
    rows = fetch("SELECT state, uses, late, oldest FROM use_waiting(%s, %s)", seeing, late_before)
    return tuple(
        UseWaiting(state=UseState(state), count=count, late=late, oldest=oldest)
        for state, count, late, oldest in rows
    )


def months_due(seeing: UUID, on: date) -> tuple[date, ...]:
    """The first days of months that wait to be signed off for the reviewer's authority, oldest first."""
    return tuple(month for (month,) in fetch("SELECT month FROM use_months_due(%s, %s)", seeing, on))


def use_month(seeing: UUID, first: date) -> UseMonth:
    """What the month that begins on that day came to for the reviewer's authority."""
    query = "SELECT days, accesses, explained, sampled, queued, states::text FROM use_month(%s, %s)"
    days, accesses, explained, sampled, queued, states = fetch(query, seeing, first)[0]
    return UseMonth(
        month=first,
        days=days,
        accesses=accesses,
        explained=explained,
        sampled=sampled,
        queued=queued,
        states=tuple((UseState(state), int(count)) for state, count in sorted(json.loads(states).items())),
    )


def signed_off(seeing: UUID) -> tuple[UseSignedOff, ...]:
    """The months signed off for the reviewer's authority, newest first."""
    rows = fetch("SELECT month, figures::text, because, by_name, at FROM use_signed_off(%s)", seeing)
    return tuple(
        UseSignedOff(
            month=month,
            accesses=json.loads(figures)["accesses"],
            queued=json.loads(figures)["queued"],
            because=because,
            by=by,
            at=at,
        )
        for month, figures, because, by, at in rows
    )


def sign_off(seeing: UUID, first: date, *, because: str, at: datetime) -> bool:
    """Sign a month off with its figures; False where it was before."""
    return bool(fetch("SELECT sign_off_use(%s, %s, %s, %s)", seeing, first, because, at)[0][0])


def questions_to(manager: UUID) -> tuple[UseQuestion, ...]:
    """What reviewers ask a manager about the team, oldest first."""
    rows = fetch("SELECT item, day, name, child, looks, asked, asked_at FROM use_questions(%s)", manager)
    names = ("item", "day", "name", "child", "looks", "asked", "asked_at")
    found = (dict(zip(names, row, strict=True)) for row in rows)
    return tuple(
        UseQuestion(**{**one, "asked": USE.open(one["asked_at"], because=one["asked"])[0]}) for one in found
    )


def answer_question(item: int, manager: UUID, *, said: str, at: datetime) -> bool:
    """Write down a manager's answer; False where nobody asks."""
    answer = USE.seal(at, because=said)
    return bool(fetch("SELECT answer_use_question(%s, %s, %s, %s)", item, manager, *answer, at)[0][0])


def _line(*row: object) -> UseLine:
    values = dict(zip(_COLUMNS.split(", "), row, strict=True))
    codes, state = values.pop("codes"), values.pop("state")
    return UseLine(codes=tuple(codes), state=UseState(state), **values)  # type: ignore[arg-type]
