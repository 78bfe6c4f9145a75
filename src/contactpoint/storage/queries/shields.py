"""The shield desk's reads and steps, through the functions of storage/sql/shielding.sql alone.

Each asks for the id of an audit event that stands in the same transaction (`seeing`): the database answers
nobody who has not been written down.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contactpoint.domain.audit.events import AuditEvent
from contactpoint.domain.disclosure.shield_desk import (
    AttemptOutcome,
    BreachOutcome,
    KeptFrom,
    NearOutcome,
    ShieldToDo,
    StepTaken,
)
from contactpoint.domain.disclosure.shield_life import Ground, ShieldState, ShieldStep
from contactpoint.storage.asking import fetch
from contactpoint.storage.audit_texts import read_event
from contactpoint.storage.models import Account

SHOWN = 50
"""Shields of one kind on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShieldRow:
    """One shield as its desk may read it. `placed_by` is an account's id or the name of a process."""

    id: int
    child: str
    ground: Ground
    state: ShieldState
    authority: str | None
    placed_at: datetime
    placed_by: str
    confirm_by: datetime | None
    review_by: date
    lift_at: datetime | None
    lift_asked_by: UUID | None
    kept_from: KeptFrom | None
    paired: bool


def protect_now(event: UUID, number: str, ground: Ground, *, confirm_by: datetime, review_by: date) -> bool:
    """Shield a child at once; say whether it was not shielded before."""
    query = "SELECT protect_now(%s, %s, %s, %s, %s)"
    return bool(fetch(query, event, number, ground.value, confirm_by, review_by)[0][0])


def protected_lately(account: UUID | None, at: datetime) -> int:
    """Return how many children an account has had protected in the week before."""
    return int(fetch("SELECT protected_lately(%s, %s)", account, at)[0][0])


def shields_to_do(seeing: UUID, on: date) -> tuple[ShieldToDo, ...]:
    """Return what waits at the desk, kind by kind, the most pressing first."""
    rows = fetch("SELECT kind, in_all, which, since, until FROM shields_to_do(%s, %s, %s)", seeing, on, SHOWN)
    return tuple(
        ShieldToDo(kind=kind, in_all=in_all, shield=which, since=since, until=until)
        for kind, in_all, which, since, until in rows
    )


def shield_at_desk(seeing: UUID, shield: int) -> ShieldRow | None:
    """Return one, kept still until the transaction ends; None where it waits at another desk, or is none."""
    rows = fetch(
        "SELECT child, ground, state, authority, placed_at, placed_by, confirm_by, review_by, lift_at, "
        "lift_asked_by, kept_from, kept_from_name, kept_from_where, paired FROM shield_at_desk(%s, %s)",
        seeing, shield,
    )  # fmt: skip
    if not rows:
        return None
    (child, ground, state, authority, placed_at, placed_by, confirm_by, review_by, lift_at, asked, kept_from,
     name, where, paired) = rows[0]  # fmt: skip
    return ShieldRow(
        id=shield,
        child=child,
        ground=Ground(ground),
        state=ShieldState(state),
        authority=authority or None,
        placed_at=placed_at,
        placed_by=placed_by,
        confirm_by=confirm_by,
        review_by=review_by,
        lift_at=lift_at,
        lift_asked_by=asked,
        kept_from=KeptFrom(account=kept_from, name=name, organisations=where or "") if kept_from else None,
        paired=paired,
    )


def steps_of(seeing: UUID, shield: int) -> tuple[StepTaken, ...]:
    """Return its steps, oldest first."""
    rows = fetch("SELECT what, at, by_name, made_for, answers FROM shield_steps(%s, %s)", seeing, shield)
    return tuple(
        StepTaken(step=ShieldStep(what), at=at, by_name=by, made_for=made_for, answers=json.loads(answers))
        for what, at, by, made_for, answers in rows
    )


def take_step(
    seeing: UUID,
    shield: int,
    step: ShieldStep,
    answers: Mapping[str, str],
    *,
    review_by: date | None,
    lift_at: datetime | None,
) -> ShieldState | None:
    """Take a step and return the state it came to; None where the shield is not at this desk."""
    rows = fetch(
        "SELECT take_shield_step(%s, %s, %s, %s, %s, %s)",
        seeing, shield, step.value, json.dumps(dict(answers)), review_by, lift_at,
    )  # fmt: skip
    return ShieldState(rows[0][0]) if rows[0][0] else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NearRow:
    """An unshielded child near a shield, by number."""

    near: int
    child: str
    shares: tuple[str, ...]
    outcome: NearOutcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRow:
    """An audited look, with who made it."""

    event: AuditEvent
    name: str
    job_title: str
    organisation: str


def near_children(seeing: UUID, shield: int) -> tuple[NearRow, ...]:
    """Return the unshielded children who share what a shield hides."""
    rows = fetch("SELECT near, child, shares, outcome FROM near_children(%s, %s)", seeing, shield)
    return tuple(
        NearRow(
            near=near,
            child=child,
            shares=tuple(shares.split(",")),
            outcome=NearOutcome(outcome) if outcome else None,
        )
        for near, child, shares, outcome in rows
    )


def decide_near(seeing: UUID, near: int, outcome: NearOutcome) -> str | None:
    """Say what such a child is; return its number, None where it waits at another desk or no longer."""
    found: str | None = fetch("SELECT decide_near(%s, %s, %s)", seeing, near, outcome.value)[0][0]
    return found


def looks_before(seeing: UUID, shield: int) -> tuple[LookRow, ...]:
    """Return who saw the record before it was shielded; where anybody did, the 72 hours begin (R55)."""
    rows = fetch("SELECT event_body, name, job_title, organisation FROM looks_before(%s, %s)", seeing, shield)
    return look_rows(rows)


def look_rows(rows: Sequence[tuple[Any, ...]]) -> tuple[LookRow, ...]:
    """Read (event, name, job title, organisation)."""
    return tuple(
        LookRow(
            event=read_event(bytes(body)), name=name, job_title=job_title, organisation=organisation or ""
        )
        for body, name, job_title, organisation in rows
    )


def breach_question(seeing: UUID, shield: int) -> tuple[datetime, BreachOutcome | None] | None:
    """Return by when a breach is decided about and what was; None where the question was never opened."""
    rows = fetch("SELECT decide_by, outcome FROM breach_question_of(%s, %s)", seeing, shield)
    return (rows[0][0], BreachOutcome(rows[0][1]) if rows[0][1] else None) if rows else None


def decide_breach(seeing: UUID, shield: int, outcome: BreachOutcome) -> bool:
    """Decide it, once."""
    return bool(fetch("SELECT decide_breach(%s, %s, %s)", seeing, shield, outcome.value)[0][0])


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    """What somebody tried; the event is None where the audit has forgotten what it said."""

    event: AuditEvent | None
    how: str
    at: datetime
    organisation: str
    outcome: AttemptOutcome | None


def account_named(address: str) -> tuple[UUID, str] | None:
    """Return the account of an e-mail address, and its name."""
    found = Account.objects.filter(email=address.lower()).values_list("id", "name").first()
    return (found[0], str(found[1])) if found else None


def keep_from(
    event: UUID, number: str, account: UUID, ground: Ground, *, confirm_by: datetime, review_by: date
) -> int | None:
    """Keep a child from one person; return the shield, None where this desk has no such child."""
    query = "SELECT keep_from(%s, %s, %s, %s, %s, %s)"
    made: int | None = fetch(query, event, number, account, ground.value, confirm_by, review_by)[0][0]
    return made


def attempts_of(seeing: UUID, shield: int) -> tuple[AttemptRow, ...]:
    """Return what the person did since to find the child who is kept from them, newest first."""
    rows = fetch("SELECT event_body, how, at, organisation, outcome FROM attempts_of(%s, %s)", seeing, shield)
    return tuple(
        AttemptRow(
            event=read_event(bytes(body)) if body else None,
            how=how,
            at=at,
            organisation=organisation or "",
            outcome=AttemptOutcome(outcome) if outcome else None,
        )
        for body, how, at, organisation, outcome in rows
    )


def decide_attempts(seeing: UUID, shield: int, outcome: AttemptOutcome) -> int:
    """Say what came of those that nobody has said anything of yet; return how many."""
    return int(fetch("SELECT decide_attempts(%s, %s, %s)", seeing, shield, outcome.value)[0][0])
