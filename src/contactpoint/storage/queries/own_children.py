"""What practitioners said of their own work, for them to keep: end, correct, take the lead, be asked again.

Everything goes through the functions of storage/sql/keeping.sql, which change only what the account that asks
has typed, and nothing of a shielded child.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contactpoint.domain.involvement import Involvement
from contactpoint.storage.asking import fetch
from contactpoint.storage.models import InvolvementRow
from contactpoint.storage.queries.involvements import involvement_of
from contactpoint.storage.queries.seen import involvement_rows
from contactpoint.storage.sealed_involvements import pseudonyms


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRow:
    """A current involvement of the account that asks, and whom it asked to take over."""

    child: str
    involvement: Involvement
    role: str
    phone: str
    offered_to: str | None


def current_of(account: UUID, organisation: str, on: date) -> tuple[OwnRow, ...]:
    """Return what an account said for an organisation and has not ended, unsealed, in the order recorded."""
    rows = involvement_rows("own_involvements", [account, organisation, on])
    offered = _offered(account)
    return tuple(_own(row, offered) for row in rows)


def current_by_id(involvement_id: int, account: UUID, organisation: str, on: date) -> OwnRow | None:
    """Return one of them, locked until the transaction ends; None if it is none of them."""
    rows = involvement_rows("own_involvement", [involvement_id, account, organisation, on])
    return _own(rows[0], _offered(account)) if rows else None


def protected_children_of(account: UUID, organisation: str, on: date) -> tuple[str, ...]:
    """Return the numbers of shielded children that an account said it works with, nothing else."""
    query, own = "SELECT child FROM own_protected_children(%s, %s, %s, %s)", pseudonyms(account, organisation)
    found = fetch(query, account, organisation, on, own)
    return tuple(sorted(row[0] for row in found))


def end_own(involvement_id: int, account: UUID, *, on: date, at: datetime) -> None:
    """End an involvement; open offers to take it over end with it."""
    fetch("SELECT end_own_involvement(%s, %s, %s, %s)", involvement_id, account, on, at)


def still_own(involvement_id: int, account: UUID, *, on: date) -> None:
    """Note that the practitioner says they are still involved."""
    fetch("SELECT still_own_involvement(%s, %s, %s)", involvement_id, account, on)


def correct_own(
    involvement_id: int,
    account: UUID,
    *,
    role: str,
    phone: str,
    start: date | None,
    assessment_held: bool,
    at: datetime,
) -> None:
    """Change what a practitioner said of their own work; what they said before is kept as a version."""
    values = (involvement_id, account, role, phone, start, assessment_held, at)
    fetch("SELECT correct_own_involvement(%s, %s, %s, %s, %s, %s, %s)", *values)


def hold_lead(involvement_id: int, account: UUID) -> None:
    """Keep still, until the transaction ends, who leads the child of one's own involvement."""
    fetch("SELECT hold_lead(%s, %s)", involvement_id, account)


def take_lead(involvement_id: int, account: UUID, *, on: date, at: datetime) -> list[int]:
    """Make an involvement the child's lead, and no other that was typed; return those it closed (R43)."""
    found = fetch("SELECT closed FROM take_own_lead(%s, %s, %s, %s)", involvement_id, account, on, at)
    return sorted(int(row[0]) for row in found)


def note_look(account: UUID, organisation: str, at: datetime) -> datetime | None:
    """Note that somebody looks at their children now; return when they looked before, None the first time."""
    before: datetime | None = fetch("SELECT note_own_look(%s, %s, %s)", account, organisation, at)[0][0]
    return before


def _offered(account: UUID) -> dict[int, str]:
    return dict(fetch("SELECT involvement_id, offered_to FROM handovers_offered(%s)", account))


def _own(row: InvolvementRow, offered: dict[int, str]) -> OwnRow:
    return OwnRow(
        child=str(row.record.child_id),
        involvement=involvement_of(row),
        role=row.practitioner_role,
        phone=row.contact_phone,
        offered_to=offered.get(row.pk),
    )
