"""Lists of children without an education setting, through functions alone (storage/sql/education.sql)."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from contactpoint.domain.education import SETTINGS, SettingDecision, Why
from contactpoint.storage.asking import fetch


class ListRow(NamedTuple):
    """One row of the newest list; of an empty list one row without a child."""

    month: date
    covered: bool
    item: int | None
    child: str | None
    why: str | None
    since: date | None
    decision: str | None


def make_list(
    authority: str, month: date, *, at: datetime, told_since: date, born_from: date, born_until: date
) -> int | None:
    """Make an authority's list for a month; return its length, None where it was made before (worker)."""
    made: int | None = fetch(
        "SELECT make_education_list(%s, %s, %s, %s, %s, %s, %s, %s)",
        authority, month, at, at.date(), told_since, born_from, born_until, list(SETTINGS),
    )[0][0]  # fmt: skip
    return made


def newest_list(seeing: UUID) -> list[ListRow]:
    """Return the newest list of the authority whose team looks; nothing where there was none yet."""
    rows = fetch(
        "SELECT month, covered, item, child, why, since, decision FROM education_list_of(%s)", seeing
    )
    return [ListRow._make(row) for row in rows]


def decide(seeing: UUID, item: int, decision: SettingDecision) -> str | None:
    """Note what is said of a listed child; return its number, None where it is not there to be decided."""
    found: str | None = fetch("SELECT decide_education(%s, %s, %s)", seeing, item, decision.value)[0][0]
    return found


def why_of(row: ListRow) -> Why:
    """Why a child is listed."""
    return Why(row.why or Why.NEVER)
