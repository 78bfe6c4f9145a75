"""How each source's files are read, version by version (storage/sql/mappings.sql)."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from contactpoint.domain.source_mappings import HeldChanges, MappingState, MappingVersion, Reading, Trial
from contactpoint.storage.asking import fetch
from contactpoint.storage.models import FeedFile, SourceMapping


class ToTry(NamedTuple):
    """A version that waits to be tried, and over which file; no folder means the last one that is kept."""

    id: int
    source: str
    version: int
    text: str
    file_name: str
    folder: str
    tries: int
    at: datetime


_TO_TRY: Final = ("id", "source_id", "version", "text", "file_name", "folder", "tries", "at")


def in_force(source: str) -> tuple[int, str]:
    """The version in force of a source, and its text; 0 and no text where there is none (worker)."""
    row = SourceMapping.objects.filter(source_id=source, state="in_force").first()
    return (row.version, row.text) if row else (0, "")


def try_mapping(event: UUID, *, source: str, text: str, file_name: str, folder: str) -> int | None:
    """Keep a mapping so that it is tried; None where it says to the letter what is in force already."""
    query = "SELECT try_mapping(%s, %s, %s, %s, %s)"
    made: int | None = fetch(query, event, source, text, file_name, folder)[0][0]
    return made


def put_back(event: UUID, source: str, version: int) -> int | None:
    """Draw up what puts the version in force back; None where it is another."""
    made: int | None = fetch("SELECT put_back_mapping(%s, %s, %s)", event, source, version)[0][0]
    return made


def step(event: UUID, source: str, version: int, taken: str, because: str) -> MappingState | None:
    """Take a step of a version; None where it may not be taken now, or not by them."""
    query = "SELECT step_mapping(%s, %s, %s, %s, %s)"
    became = fetch(query, event, source, version, taken, because)[0][0]
    return MappingState(became) if became else None


def versions(event: UUID, source: str) -> tuple[MappingVersion, ...]:
    """Every version that was asked for, and one's own that are not, newest first."""
    return tuple(
        _version(*row) for row in fetch("SELECT * FROM mapping_versions(%s, %s, NULL)", event, source)
    )


def version(event: UUID, source: str, number: int) -> MappingVersion | None:
    """One of them with its text and its report; None where there is none they may see."""
    rows = fetch("SELECT * FROM mapping_versions(%s, %s, %s)", event, source, number)
    return _version(*rows[0]) if rows else None


def to_try() -> list[ToTry]:
    """Versions that wait to be tried, oldest first (worker)."""
    rows = SourceMapping.objects.filter(state="trying").order_by("id")
    return [ToTry(*row) for row in rows.values_list(*_TO_TRY)]


def begin_trial(which: int, tries: int) -> None:
    """It is being tried, once more (worker)."""
    SourceMapping.objects.filter(pk=which, state="trying").update(tries=tries)


def end_trial(which: int, *, trial: Trial | None, failed: str = "") -> bool:
    """Write down what a file came to; False where the version was dropped meanwhile (worker)."""
    waiting = SourceMapping.objects.filter(pk=which, state="trying")
    report = _told(trial) if trial else None
    return bool(waiting.update(state="tried", report=report, failed=failed[:240]))


def last_done(source: str) -> str | None:
    """The name of the newest file of the watch folder that was taken in of a source (worker)."""
    done = FeedFile.objects.filter(source_id=source, came_by="folder", state="taken_in")
    return done.order_by("-id").values_list("file_name", flat=True).first()


def dropped_lately(since: datetime) -> list[ToTry]:
    """Versions that were dropped before anything was tried, whose files nobody needs any more (worker)."""
    rows = SourceMapping.objects.filter(
        state="dropped", report__isnull=True, failed="", answered_at__gte=since
    )
    return [ToTry(*row) for row in rows.exclude(folder="").values_list(*_TO_TRY)]


def folders_to_try() -> set[str]:
    """Where files lie that wait to be tried (worker)."""
    waiting = SourceMapping.objects.filter(state="trying").exclude(folder="")
    return set(waiting.values_list("folder", flat=True))


def _told(trial: Trial) -> dict[str, Any]:
    return {
        "file": trial.file_name,
        **{
            which: {
                "refused": one.refused,
                "rows": one.rows,
                "rejected": one.rejected,
                "reasons": [list(reason) for reason in one.reasons],
                "filled": list(one.filled.items()),  # jsonb would put names into another order
                "changes": one.changes and [one.changes.held, one.changes.different, one.changes.fields],
            }
            for which, one in (("before", trial.before), ("after", trial.after))
        },
    }


def _reading(told: Mapping[str, Any]) -> Reading:
    return Reading(
        refused=told["refused"],
        rows=told["rows"],
        rejected=told["rejected"],
        reasons=tuple((field, reason, rows) for field, reason, rows in told["reasons"]),
        filled=dict(told["filled"]),
        changes=_changes(told.get("changes")),
    )


def _changes(told: Sequence[Any] | None) -> HeldChanges | None:
    if told is None:
        return None
    held, different, fields = told
    return HeldChanges(held=held, different=different, fields=tuple((name, count) for name, count in fields))


def _version(  # one row of the database's function, by its columns
    number: int, state: str, text: str, by: str, mine: bool, at: datetime, because: str, answered_by: str,  # noqa: FBT001
    answered_at: datetime | None, until: datetime | None, puts_back: int | None, stands: bool, failed: str,  # noqa: FBT001
    report: Any,  # noqa: ANN401
) -> MappingVersion:  # fmt: skip
    told = json.loads(report) if isinstance(report, str) else report
    return MappingVersion(
        version=number,
        state=MappingState(state),
        text=text,
        by=by,
        mine=mine,
        at=at,
        because=because,
        answered_by=answered_by,
        answered_at=answered_at,
        until=until,
        puts_back=puts_back,
        stands=stands,
        failed=failed,
        trial=told
        and Trial(file_name=told["file"], before=_reading(told["before"]), after=_reading(told["after"])),
    )
