"""Overrides of shields: read through the function that writes the event itself, given, ended, looked into.

Everything goes through storage/sql/override.sql.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from contactpoint.domain.audit.canonical import SALT_LENGTH, commitment, encode
from contactpoint.domain.audit.events import AuditEvent
from contactpoint.domain.disclosure.override import (
    OverrideOutcome,
    OverrideReason,
    OverrideRight,
    OverrideToLookInto,
)
from contactpoint.domain.involvement import Involvement
from contactpoint.domain.people import Statement
from contactpoint.storage.asking import fetch
from contactpoint.storage.audit_texts import with_texts_sealed
from contactpoint.storage.queries.whole_record import COLUMNS, read_whole

_READ: Final = f"SELECT {COLUMNS} FROM read_overridden(%s, %s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608
_READ_HIDDEN: Final = f"SELECT {COLUMNS} FROM read_hidden(%s, %s)"  # noqa: S608


def may_override(account: UUID) -> bool:
    """Say whether somebody who is signed in holds the right."""
    return bool(fetch("SELECT may_override(%s)", account)[0][0])


def read_overridden(
    event: AuditEvent, reason: OverrideReason
) -> tuple[tuple[Statement, ...], tuple[Involvement, ...]]:
    """Return what is said of the one child that the event names; the database writes the event first.

    It refuses, and writes nothing, unless the event's account is signed in, holds the right and has just
    proved a second factor.
    """
    body, salt = encode(with_texts_sealed(event)), secrets.token_bytes(SALT_LENGTH)
    values: list[Any] = [
        event.event_id, commitment(body, salt=salt), salt, body, event.subjects[0], event.actor.account,
        event.actor.organisation, event.occurred_at, reason.value,
    ]  # fmt: skip
    return read_whole(_READ, values)


def read_hidden(seeing: UUID, shield: int) -> tuple[tuple[Statement, ...], tuple[Involvement, ...]]:
    """Return what a shield hides, for somebody of its desk whom the event `seeing` names as reading it."""
    return read_whole(_READ_HIDDEN, [seeing, shield])


def override_rights(seeing: UUID) -> tuple[OverrideRight, ...]:
    """Return the rights that a desk can see, given once or twice."""
    rows = fetch(
        "SELECT which, account, name, organisation, first, first_account, second, until "
        "FROM override_rights(%s)",
        seeing,
    )
    return tuple(
        OverrideRight(
            id=which,
            account=account,
            name=name,
            organisation=organisation or "",
            first=first,
            first_account=first_account,
            second=second,
            until=until,
        )
        for which, account, name, organisation, first, first_account, second, until in rows
    )


def give_override(seeing: UUID, email: str, until: date) -> UUID | None:
    """Give a right, for a second person to agree; return to whom, None where that cannot be."""
    found: UUID | None = fetch("SELECT give_override(%s, %s, %s)", seeing, email, until)[0][0]
    return found


def agree_override(seeing: UUID, right: int) -> bool:
    """Agree to a right as the second person."""
    return bool(fetch("SELECT agree_override(%s, %s)", seeing, right)[0][0])


def end_override(seeing: UUID, right: int) -> bool:
    """End a right."""
    return bool(fetch("SELECT end_override(%s, %s)", seeing, right)[0][0])


def overrides_open(seeing: UUID) -> tuple[OverrideToLookInto, ...]:
    """Return the overrides that nobody has looked into, oldest first."""
    rows = fetch("SELECT which, used_at FROM overrides_open(%s)", seeing)
    return tuple(OverrideToLookInto(id=which, used_at=used_at) for which, used_at in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideToTell:
    """An override of which no desk was told yet, and the e-mail addresses of those who may look into it."""

    override: int
    child: str
    addresses: tuple[str, ...]


def overrides_to_tell(most: int) -> tuple[OverrideToTell, ...]:
    """Return of which overrides the worker has to tell the shield desks, oldest first."""
    return tuple(
        OverrideToTell(override=row[0], child=row[1], addresses=tuple(row[2]))
        for row in fetch("SELECT which, child_number, addresses FROM overrides_to_tell(%s)", most)
    )


def note_override_told(override: int, at: datetime) -> None:
    """Note that everybody of its desks has been told that something waits."""
    fetch("SELECT note_override_told(%s, %s)", override, at)


def override_at_desk(seeing: UUID, override: int) -> dict[str, Any] | None:
    """Return one, kept still until the transaction ends: columns by name; None where it is another desk's."""
    rows = fetch(
        "SELECT child, account, name, job_title, organisation, phone, reason, used_at, outcome "
        "FROM override_at_desk(%s, %s)",
        seeing, override,
    )  # fmt: skip
    if not rows:
        return None
    names = (
        "child", "account", "name", "job_title", "organisation", "phone", "reason", "used_at", "outcome",
    )  # fmt: skip
    return dict(zip(names, rows[0], strict=True))


def close_override(seeing: UUID, override: int, outcome: OverrideOutcome) -> bool:
    """Say what came of looking into one."""
    return bool(fetch("SELECT close_override(%s, %s, %s)", seeing, override, outcome.value)[0][0])
