"""Versions of the matching model, and which is in force (storage/sql/models.sql, ADR 41)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from contactpoint.domain.matching_models import ModelReport, ModelState, ModelVersion
from contactpoint.domain.two_people import Step
from contactpoint.storage.asking import fetch
from contactpoint.storage.models import ModelVersion as Row
from contactpoint.storage.prepared import rows_of

_IN_FORCE: Final = "SELECT sha256, body FROM model_in_force(%(held)s)"


class InForce(NamedTuple):
    """The digest of what is in force, and its text unless whoever asks holds it already."""

    sha256: str
    body: str | None


class ToReport(NamedTuple):
    """A proposal whose report is to be made."""

    id: int
    version: str
    body: str


def in_force(held: str) -> InForce | None:
    """What is in force; None where it is the model that comes with the project."""
    rows = rows_of(_IN_FORCE, {"held": held})
    return InForce(*rows[0]) if rows else None


def propose(event: UUID, body: str, because: str, *, puts_back: bool) -> int | None:
    """Keep a proposal of whoever is written down; None where there is nothing to propose."""
    found: int | None = fetch("SELECT propose_model(%s, %s, %s, %s)", event, body, because, puts_back)[0][0]
    return found


def propose_as(who: UUID, at: datetime, body: str, because: str, *, puts_back: bool) -> int | None:
    """The same for a person who is named at the command line (worker)."""
    query = "SELECT propose_model_as(%s, %s, %s, %s, %s)"
    found: int | None = fetch(query, who, at, body, because, puts_back)[0][0]
    return found


def step(event: UUID, number: int, taken: Step) -> ModelState | None:
    """Take a step; None where it may not be taken now, or not by whoever is written down."""
    return _state(fetch("SELECT step_model(%s, %s, %s)", event, number, taken.value))


def step_as(who: UUID, at: datetime, number: int, taken: Step) -> ModelState | None:
    """The same for a person who is named at the command line (worker)."""
    return _state(fetch("SELECT step_model_as(%s, %s, %s, %s)", who, at, number, taken.value))


def before(event: UUID | None) -> str | None:
    """The text of what was in force before: empty where it came with the project, None where nothing was.

    Without an event for the worker.
    """
    rows = fetch("SELECT model_before(%s)", event) if event else fetch("SELECT model_before_of()")
    found: str | None = rows[0][0]
    return found


def versions(event: UUID | None, person: UUID | None = None) -> tuple[ModelVersion, ...]:
    """Every version that was proposed, newest first; without an event for the worker and a named person."""
    rows = (
        fetch("SELECT * FROM model_versions(%s)", event)
        if event
        else fetch("SELECT * FROM model_versions_of(%s)", person)
    )
    return tuple(_version(*row) for row in rows)


def anything_to_report() -> bool:
    """Say whether a proposal waits for its report (worker)."""
    return Row.objects.filter(state=ModelState.ASKED.value).exists()


def to_report() -> list[ToReport]:
    """The proposals that wait for their reports, oldest first (worker)."""
    rows = Row.objects.filter(state=ModelState.ASKED.value).order_by("id")
    return [ToReport(*row) for row in rows.values_list("id", "version", "body")]


def begin_report(number: int) -> int:
    """Count that its report is begun, and return how often it was (worker)."""
    query = "UPDATE model_version SET tries = tries + 1 WHERE id = %s RETURNING tries"
    found: int = fetch(query, number)[0][0]
    return found


def keep_report(number: int, report: Mapping[str, Any], at: datetime) -> bool:
    """Keep what a proposal would change; False where nobody waits for it any more (worker)."""
    waiting = Row.objects.filter(pk=number, state=ModelState.ASKED.value)
    return waiting.update(state=ModelState.REPORTED.value, report=report, reported_at=at) == 1


def give_up(number: int, sentence: str) -> None:
    """It could not be weighed, and this is why (worker)."""
    waiting = Row.objects.filter(pk=number, state=ModelState.ASKED.value)
    waiting.update(state=ModelState.FAILED.value, outcome=sentence[:240])


def not_looked_at() -> int | None:
    """The version in force under which what is published was not looked at yet, or None (worker)."""
    rows = Row.objects.filter(state=ModelState.IN_FORCE.value, looked_at=None)
    found: int | None = rows.values_list("id", flat=True).first()
    return found


def looked_at(number: int, at: datetime) -> None:
    """What is published was looked at under it (worker)."""
    Row.objects.filter(pk=number).update(looked_at=at)


def _state(rows: list[tuple[Any, ...]]) -> ModelState | None:
    became = rows[0][0]
    return ModelState(became) if became else None


def _version(  # one row of the database's function, by its columns
    number: int, version: str, sha256: str, because: str, state: str, proposed_by: str, mine: bool,  # noqa: FBT001
    proposed_at: datetime, puts_back: bool, report: Any, answered_by: str, answered_at: datetime | None,  # noqa: ANN401, FBT001
    in_force_from: datetime | None, in_force_until: datetime | None, outcome: str, stands: bool,  # noqa: FBT001
) -> ModelVersion:  # fmt: skip
    held = json.loads(report) if isinstance(report, str) else report
    return ModelVersion(
        id=number,
        version=version,
        sha256=sha256,
        because=because,
        state=ModelState(state),
        proposed_by=proposed_by,
        mine=mine,
        proposed_at=proposed_at,
        puts_back=puts_back,
        report=ModelReport.from_json(held) if held else None,
        answered_by=answered_by,
        answered_at=answered_at,
        in_force_from=in_force_from,
        in_force_until=in_force_until,
        outcome=outcome,
        stands=stands,
    )
