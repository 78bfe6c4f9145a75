"""Authorities that are split or merged, as pages plan them (storage/sql/reorganising.sql)."""

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from contactpoint.domain.discreet import DISCREET_KINDS
from contactpoint.domain.reorganising import ChangeState, ChangeStep, Plan, PlannedChange, Preview
from contactpoint.storage.asking import fetch
from contactpoint.storage.models import Account, Organisation


def authority_has(event: UUID, code: str) -> Preview:
    """What an authority has: children to the nearest hundred, None below; no protections."""
    children, people, organisations, feeds = fetch("SELECT * FROM authority_has(%s, %s)", event, code)[0]
    return Preview(children=children, people=people, organisations=organisations, feeds=feeds)


def plan(event: UUID, planned: Plan, because: str) -> int | None:
    """Keep a plan; None where one of this authority waits."""
    held = {
        "rest": planned.rest,
        "organisations": dict(planned.organisations),
        "sources": dict(planned.sources),
        "people": dict(planned.people),
    }
    query = "SELECT plan_authority(%s, %s, %s, %s)"
    made: int | None = fetch(query, event, planned.authority, json.dumps(held), because)[0][0]
    return made


def step(event: UUID, number: int, taken: ChangeStep) -> bool:
    """Take a step; False where it does not come now, or is not theirs."""
    return bool(fetch("SELECT step_authority_change(%s, %s, %s)", event, number, taken.value)[0][0])


def changes(event: UUID) -> tuple[PlannedChange, ...]:
    """Every change that was planned, newest first."""
    names = (
        "number", "authority", "plan", "because", "asked_by", "mine", "asked_at", "agreed_by", "done_at",
        "undo_asked_by", "undo_mine", "undo_agreed_by", "undone_at", "dropped", "people",
    )  # fmt: skip
    rows = fetch("SELECT * FROM authority_changes(%s)", event)
    called = {
        code.removeprefix("la-"): name
        for code, name in Organisation.objects.filter(kind="authority").values_list("code", "name")
    }
    return tuple(_change(dict(zip(names, row, strict=True)), called) for row in rows)


def accounts_of(emails: Collection[str]) -> Mapping[str, str]:
    """The accounts of e-mail addresses, by address as typed; those nobody has are left out."""
    found = {
        email: str(pk)
        for pk, email in Account.objects.filter(email__in=[one.lower() for one in emails]).values_list(
            "pk", "email"
        )
    }
    return {one: found[one.lower()] for one in emails if one.lower() in found}


def kept_back(codes: Collection[str]) -> frozenset[str]:
    """Which of these organisations are named on no page."""
    rows = Organisation.objects.filter(code__in=list(codes), kind__in=DISCREET_KINDS)
    return frozenset(rows.values_list("code", flat=True))


def _change(row: dict[str, Any], called: Mapping[str, str]) -> PlannedChange:
    authority, held, people, dropped = (row.pop(one) for one in ("authority", "plan", "people", "dropped"))
    state = ChangeState.ASKED if row["done_at"] is None else ChangeState.DONE
    if row["undo_asked_by"]:
        state = ChangeState.UNDO_ASKED
    if row["undone_at"]:
        state = ChangeState.UNDONE
    if dropped:
        state = ChangeState.DROPPED
    return PlannedChange(
        **row,
        plan=Plan(authority=authority, **_plain(held)),
        state=state,
        people=tuple((name, to) for name, to in _plain(people)),
        names=called,
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON comes as text from a statement, as values from a model
    return json.loads(value) if isinstance(value, str) else value
