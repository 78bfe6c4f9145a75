"""What the national team set, read by a moment (storage/sql/settings.sql, ADR 32)."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from contactpoint.domain.setting_changes import SettingChange, SettingVersion
from contactpoint.domain.settings import Values
from contactpoint.storage.prepared import rows_of
from contactpoint.storage.queries.own_children import called

_THEN = "SELECT key, value, version FROM settings_then(%(moment)s)"


class Kept(NamedTuple):
    """What became of proposing or answering: which setting, how it stands, and from when it holds."""

    key: str
    state: str
    from_when: datetime | None


def settings_at(moment: datetime) -> Values:
    """What holds at a moment: an action reads it once, by the time that its audit event has."""
    rows = rows_of(_THEN, {"moment": moment})
    return Values(version=rows[0][2] if rows else 0, held={key: value for key, value, _ in rows})


def propose(event: UUID, key: str, value: int, because: str) -> Kept:
    """Set what is stricter, ask for what is looser, of whoever is written down as proposing."""
    state, from_when = called("SELECT * FROM set_setting(%s, %s, %s, %s)", event, key, value, because)[0]
    return Kept(key, state, from_when)


def propose_as(who: UUID, at: datetime, key: str, value: int, because: str) -> Kept:
    """The same for a person who is named at the command line (worker)."""
    query = "SELECT * FROM set_setting_as(%s, %s, %s, %s, %s)"
    state, from_when = called(query, who, at, key, value, because)[0]
    return Kept(key, state, from_when)


def answer(event: UUID, change: int, *, agrees: bool) -> Kept | None:
    """Agree or refuse, of whoever is written down as answering; None where it is not theirs to."""
    rows = called("SELECT * FROM answer_setting(%s, %s, %s)", event, change, agrees)
    return Kept(*rows[0]) if rows else None


def answer_as(who: UUID, at: datetime, change: int, *, agrees: bool) -> Kept | None:
    """The same for a person who is named at the command line (worker)."""
    rows = called("SELECT * FROM answer_setting_as(%s, %s, %s, %s)", who, at, change, agrees)
    return Kept(*rows[0]) if rows else None


def versions(event: UUID | None) -> tuple[SettingVersion, ...]:
    """Every version, newest first; without an event for the worker."""
    rows = (
        called("SELECT * FROM setting_versions(%s)", event)
        if event
        else called("SELECT * FROM setting_versions_kept()")
    )
    names = ("id", "key", "value", "from_when", "because", "by", "agreed_by")
    return tuple(SettingVersion(**dict(zip(names, row, strict=True))) for row in rows)


def waiting(event: UUID | None, viewer: UUID | None) -> tuple[SettingChange, ...]:
    """What waits for a second person, oldest first; without an event for the worker."""
    rows = (
        called("SELECT * FROM setting_changes(%s)", event)
        if event
        else called("SELECT * FROM setting_changes_waiting()")
    )
    return tuple(
        SettingChange(
            id=change,
            key=key,
            value=value,
            because=because,
            asked_by=name,
            asked_at=asked_at,
            mine=asked_by == viewer,
        )
        for change, key, value, because, asked_by, name, asked_at in rows
    )


def reached(event: UUID, key: str, value: int) -> int | None:
    """How many went beyond a value on their last day; None where it is not counted by day."""
    found: int | None = called("SELECT setting_reached(%s, %s, %s)", event, key, value)[0][0]
    return found
