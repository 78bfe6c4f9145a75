"""What a record could show at any moment of the past, for whoever decides about a breach (R55).

Through storage/sql/seen.sql, shielding.sql and mixed.sql alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contactpoint.domain.disclosure.held import HeldVersion
from contactpoint.domain.disclosure.seen import LinkedService
from contactpoint.domain.disclosure.shield_desk import BreachOutcome
from contactpoint.domain.involvement import SERVICES
from contactpoint.storage.asking import fetch
from contactpoint.storage.queries.seen import names_of_sealed
from contactpoint.storage.queries.shields import LookRow, look_rows
from contactpoint.storage.queries.statements import statement_from

_VERSIONS = (
    "SELECT record, source_id, source_name, contract, authority, local_id, as_at, recorded_at, facts, "
    "held_from, held_until FROM "
)
_SERVICES = "SELECT involvement, service, organisation, sealed FROM "


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedRow:
    """Two numbers that were one record, and the question whether what was seen is a breach."""

    kept: str
    other: str
    decide_by: datetime | None
    outcome: BreachOutcome | None


Past = tuple[tuple[HeldVersion, ...], tuple[LinkedService, ...]]


def looked_at(seeing: UUID, shield: int) -> Past:
    """Return what the record of a shielded child held, version by version, and its services."""
    return _past("versions_looked_at(%s, %s)", "services_looked_at(%s, %s)", [seeing, shield])


def looked_at_mixed(seeing: UUID, decision: int, *, near_shield: bool) -> Past:
    """Return the same of a record that was two children's, for whoever may see the decision that it was."""
    values = [seeing, decision, near_shield]
    return _past("mixed_versions(%s, %s, %s)", "mixed_services(%s, %s, %s)", values)


def mixed_looks(seeing: UUID, decision: int, *, near_shield: bool) -> tuple[LookRow, ...]:
    """Return who saw such a record meanwhile; where anybody did, the 72 hours begin (R55)."""
    query = "SELECT event_body, name, job_title, organisation FROM mixed_looks(%s, %s, %s)"
    return look_rows(fetch(query, seeing, decision, near_shield))


def mixed_question(seeing: UUID, decision: int, *, near_shield: bool) -> MixedRow | None:
    """Return the two numbers, and how the question stands; None where it was not a mistake, or not theirs."""
    query = "SELECT kept, other, decide_by, outcome FROM mixed_question_of(%s, %s, %s)"
    rows = fetch(query, seeing, decision, near_shield)
    if not rows:
        return None
    kept, other, decide_by, outcome = rows[0]
    return MixedRow(
        kept=kept, other=other, decide_by=decide_by, outcome=BreachOutcome(outcome) if outcome else None
    )


def decide_mixed(seeing: UUID, decision: int, outcome: BreachOutcome, *, near_shield: bool) -> bool:
    """Decide it, once; the event says that it is decided."""
    query = "SELECT decide_mixed(%s, %s, %s, %s)"
    return bool(fetch(query, seeing, decision, near_shield, outcome.value)[0][0])


def mixed_due(seeing: UUID, *, near_shield: bool) -> tuple[datetime, ...]:
    """Return by when each of those that the team has still to decide is decided."""
    return tuple(row[0] for row in fetch("SELECT * FROM mixed_due(%s, %s)", seeing, near_shield))


def _past(versions: str, services: str, values: Sequence[Any]) -> Past:
    held = tuple(
        HeldVersion(statement=statement_from(*row[:-2]), held_from=row[-2], held_until=row[-1])
        for row in fetch(_VERSIONS + versions, *values)
    )
    linked = [row for row in fetch(_SERVICES + services, *values) if row[1] in SERVICES]
    names = names_of_sealed({which: sealed for which, _, _, sealed in linked if sealed})
    seen = tuple(
        LinkedService(id=which, words=f"{SERVICES[service].name}, {names.get(which, name)}")
        for which, service, name, _ in linked
    )
    return held, seen
