"""Families who ask what is held, through the functions of storage/sql/family.sql alone (R60)."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contactpoint.domain.family.asking import (
    Asker,
    Because,
    Entitlement,
    FamilyAsking,
    FamilyLine,
    FamilyState,
    Identity,
)
from contactpoint.domain.family.telling import LOOKS, LookTold
from contactpoint.storage.asking import fetch
from contactpoint.storage.models import FamilyRequest
from contactpoint.storage.sealed_involvements import open_image


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRow:
    """One request of the desk that looks, by its child's living number."""

    request: int
    child: str
    shielded: bool
    passed_on: bool
    asking: FamilyAsking
    due_on: date
    state: FamilyState
    because: Because | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyWaiting:
    """A family that waits for an answer, and which organisation was asked; not which desk answers."""

    request: int
    organisation: str
    received_on: date
    due_on: date


def waiting_everywhere() -> tuple[FamilyWaiting, ...]:
    """Return who waits for an answer, the soonest due first; only the owner may ask."""
    rows = FamilyRequest.objects.filter(state__in=["open", "extended"]).select_related("made_for")
    return tuple(
        FamilyWaiting(
            request=row.pk, organisation=row.made_for.name, received_on=row.received_on, due_on=row.due_on
        )
        for row in rows.order_by("due_on", "pk")
    )


def record_request(seeing: UUID, child: str, asking: FamilyAsking, *, due_on: date) -> int:
    """Insert one and return its number."""
    rows = fetch(
        "SELECT record_family_request(%s, %s, %s, %s, %s, %s, %s)",
        seeing, child, asking.asker.value, asking.identity.value, asking.entitlement.value,
        asking.received_on, due_on,
    )  # fmt: skip
    return int(rows[0][0])


def requests(seeing: UUID, *, since: datetime) -> tuple[FamilyLine, ...]:
    """Return what waits at the desk that looks, and what was moved since, the soonest due first."""
    rows = fetch(
        "SELECT request, asker, received_on, due_on, state, elsewhere FROM family_requests(%s, %s)",
        seeing, since,
    )  # fmt: skip
    return tuple(
        FamilyLine(
            request=number,
            asker=Asker(asker),
            received_on=received,
            due_on=due,
            state=FamilyState(state) if state else None,
            elsewhere=elsewhere,
        )
        for number, asker, received, due, state, elsewhere in rows
    )


def request_at(seeing: UUID, request: int) -> FamilyRow | None:
    """Return one, kept still until the transaction ends; None where another desk answers it, or none."""
    rows = fetch(
        "SELECT child, shielded, passed_on, asker, identity, entitlement, received_on, due_on, state, "
        "because FROM family_request_at(%s, %s)",
        seeing, request,
    )  # fmt: skip
    if not rows:
        return None
    child, shielded, passed_on, asker, identity, entitlement, received, due, state, because = rows[0]
    asking = FamilyAsking(
        asker=Asker(asker),
        identity=Identity(identity),
        entitlement=Entitlement(entitlement),
        received_on=received,
    )
    return FamilyRow(
        request=request,
        child=child,
        shielded=shielded,
        passed_on=passed_on,
        asking=asking,
        due_on=due,
        state=FamilyState(state),
        because=Because(because) if because else None,
    )


def move_request(
    seeing: UUID,
    row: FamilyRow,
    becomes: FamilyState,
    *,
    because: Because | None,
    due_on: date,
    pass_on: bool,
) -> bool:
    """Move one from the state in which it was seen; False where it moved meanwhile."""
    rows = fetch(
        "SELECT move_family_request(%s, %s, %s, %s, %s, %s, %s)",
        seeing, row.request, row.state.value, becomes.value, because.value if because else "",
        due_on,
        pass_on,
    )  # fmt: skip
    return bool(rows[0][0])


def looks_at(seeing: UUID, request: int) -> tuple[LookTold, ...]:
    """Return every look that may be told at the child of a request, newest first; of a shielded one none."""
    sealed = json.loads(fetch("SELECT family_sensitive(%s)", seeing)[0][0])
    rows = fetch(
        "SELECT action, at, organisation, services, role, purpose FROM family_looks(%s, %s, %s, %s)",
        seeing, request, [kind.value for kind in LOOKS],
        sorted({open_image(one)["organisation_id"] for one in sealed}),
    )  # fmt: skip
    return looks_from(rows)


def looks_from(
    rows: Collection[tuple[str, datetime, str, list[str], str, str | None]],
) -> tuple[LookTold, ...]:
    """Read looks from the columns that every query here gives out."""
    return tuple(
        LookTold(
            action=action,
            at=at,
            organisation=organisation,
            services=tuple(services),
            role=role,
            purpose=purpose,
        )
        for action, at, organisation, services, role, purpose in rows
    )
