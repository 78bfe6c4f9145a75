"""What the national team set, read by a moment (storage/sql/settings.sql, ADR 32)."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from contactpoint.domain.setting_changes import SettingChange, SettingVersion
from contactpoint.domain.settings import Values
from contactpoint.storage.asking import fetch
from contactpoint.storage.prepared import rows_of

_THEN = "SELECT key, value, words, version FROM settings_then(%(moment)s)"


class Kept(NamedTuple):
    """What became of proposing or answering: which setting, how it stands, and from when it holds."""

    key: str
    state: str
    from_when: datetime | None


def settings_at(moment: datetime) -> Values:
    """What holds at a moment: an action reads it once, by the time that its audit event has."""
    rows = rows_of(_THEN, {"moment": moment})
    held = {key: words or value for key, value, words, _ in rows}
    return Values(version=rows[0][3] if rows else 0, held=held)


def propose(event: UUID, key: str, value: int | str, because: str) -> Kept:
    """Set what is stricter, ask for what is looser, of whoever is written down as proposing."""
    query = "SELECT * FROM set_setting(%s, %s, %s, %s, %s)"
    state, from_when = fetch(query, event, key, *_split(value), because)[0]
    return Kept(key, state, from_when)


def propose_as(who: UUID, at: datetime, key: str, value: int | str, because: str) -> Kept:
    """The same for a person who is named at the command line (worker)."""
    query = "SELECT * FROM set_setting_as(%s, %s, %s, %s, %s, %s)"
    state, from_when = fetch(query, who, at, key, *_split(value), because)[0]
    return Kept(key, state, from_when)


def answer(event: UUID, change: int, *, agrees: bool) -> Kept | None:
    """Agree or refuse, of whoever is written down as answering; None where it is not theirs to."""
    rows = fetch("SELECT * FROM answer_setting(%s, %s, %s)", event, change, agrees)
    return Kept(*rows[0]) if rows else None


def answer_as(who: UUID, at: datetime, change: int, *, agrees: bool) -> Kept | None:
    """The same for a person who is named at the command line (worker)."""
    rows = fetch("SELECT * FROM answer_setting_as(%s, %s, %s, %s)", who, at, change, agrees)
    return Kept(*rows[0]) if rows else None


def versions(event: UUID | None) -> tuple[SettingVersion, ...]:
    """Every version, newest first; without an event for the worker."""
    rows = (
        fetch("SELECT * FROM setting_versions(%s)", event)
        if event
        else fetch("SELECT * FROM setting_versions_kept()")
    )
    return tuple(
        SettingVersion(
            id=version,
            key=key,
            value=words or value,
            from_when=from_when,
            because=because,
            by=by,
            agreed_by=agreed_by,
        )
        for version, key, value, words, from_when, because, by, agreed_by in rows
    )


def waiting(event: UUID | None, viewer: UUID | None) -> tuple[SettingChange, ...]:
    """What waits for a second person, oldest first; without an event for the worker."""
    rows = (
        fetch("SELECT * FROM setting_changes(%s)", event)
        if event
        else fetch("SELECT * FROM setting_changes_waiting()")
    )
    return tuple(
        SettingChange(
            id=change,
            key=key,
            value=words or value,
            because=because,
            asked_by=name,
            asked_at=asked_at,
            mine=asked_by == viewer,
        )
        for change, key, value, words, because, asked_by, name, asked_at in rows
    )


def reached(event: UUID, key: str, value: int | str) -> int | None:
    """How many went beyond a value on their last day; None where it is not counted by day."""
    found: int | None = fetch("SELECT setting_reached(%s, %s, %s)", event, key, _split(value)[0])[0][0]
    return found


def _split(value: int | str) -> tuple[int, str]:
    """A number and no words, or words and no number."""
    return (0, value) if isinstance(value, str) else (value, "")
