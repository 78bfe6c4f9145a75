"""Which training directories are believed, and the statements entered (storage/sql/training.sql)."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from contactpoint.storage.asking import fetch
from contactpoint.storage.models.training import TrainingKey

_A_CHILD = """
    SELECT s.child_id, s.forename, s.surname, s.dob
    FROM search_identity s JOIN child c ON c.number = s.child_id
    WHERE NOT s.shielded AND NOT c.shielded AND NOT c.archived AND c.retired_into_id IS NULL
      AND s.dob < current_date - 1500 AND length(s.surname) > 4 AND length(s.forename) > 2
      AND (%s = '' OR s.la = %s)
    ORDER BY md5(%s || s.child_id), s.id LIMIT 1
"""


class Kept(StrEnum):
    """What became of a statement."""

    KEPT = "kept"
    AGAIN = "again"
    USED = "used"
    NOT_NOW = "not_now"


def trusted_keys() -> dict[str, Mapping[str, Any]]:
    """The public keys that are trusted now, by their ids."""
    return dict(TrainingKey.objects.filter(ended_at=None).values_list("kid", "public"))


def trusted_names() -> tuple[tuple[str, str, datetime], ...]:
    """Id, name and day of each that is trusted now."""
    found = TrainingKey.objects.filter(ended_at=None).order_by("added_at", "kid")
    return tuple(found.values_list("kid", "name", "added_at"))


def trust_key(kid: str, name: str, public: Mapping[str, Any], at: datetime) -> None:
    """Trust a key, or one again that was ended."""
    values = {"name": name, "public": dict(public), "added_at": at, "ended_at": None}
    TrainingKey.objects.update_or_create(kid=kid, defaults=values)


def end_key(kid: str, at: datetime) -> bool:
    """Trust a key no more; False where none was."""
    return bool(TrainingKey.objects.filter(kid=kid, ended_at=None).update(ended_at=at))


def keep_statement(account: UUID, kid: str, statement: UUID, text: str, until: date) -> Kept:
    """Keep a statement and set the training date of whoever is signed in by it."""
    return Kept(fetch("SELECT keep_training(%s, %s, %s, %s, %s)", account, kid, statement, text, until)[0][0])


def child_to_find(account: UUID, authority: str) -> tuple[str, str, str, date] | None:
    """Number, first name, last name and birth date of the one whom somebody's exercises are about.

    The same for ever, as long as nothing is loaded; of their own authority where they have one.
    """
    found = fetch(_A_CHILD, authority, authority, str(account))
    return found[0] if found else None
