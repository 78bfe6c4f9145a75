"""How feeds are run: pauses, decisions, files on their way in, rejected rows that can be had back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contactpoint.storage.incidents import shut_feeds
from contactpoint.storage.models import FeedDecision, FeedFile, RejectsFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Since when a source is paused, and why."""

    at: datetime
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision about a held delivery: "let_go_on" or "refuse"."""

    id: int
    delivery: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A file on its way in. `source` is None where its name says none that is known."""

    id: int
    source: str | None
    file_name: str
    folder: str
    came_by: str
    as_at: date | None
    kind: str | None
    tries: int


def paused(source: str) -> Pause | None:
    """Say since when a source is paused; None where it is not."""
    newest = FeedDecision.objects.filter(source_id=source, delivery=None).order_by("-id").first()
    return Pause(at=newest.decided_at, because=newest.because) if newest and newest.what == "pause" else None


def open_decisions() -> list[Decision]:
    """What people decided about held deliveries and nobody has carried out yet, oldest first."""
    rows = FeedDecision.objects.filter(done_at=None, delivery__isnull=False).order_by("id")
    return [
        Decision(id=id_, delivery=delivery, what=what)
        for id_, delivery, what in rows.values_list("id", "delivery_id", "what")
    ]


def close_decision(decision: int, *, at: datetime) -> None:
    """It is carried out, or there was nothing left to do."""
    FeedDecision.objects.filter(pk=decision).update(done_at=at)


def keep_rejects(delivery: int, *, rows: int, reasons: Sequence[tuple[str, str, int]]) -> None:
    """Note that rejected rows of a delivery can be had back, and why they were rejected."""
    RejectsFile.objects.create(delivery_id=delivery, rows=rows, reasons=[list(one) for one in reasons])


def note_file(*, source: str | None, file_name: str, folder: str, size: int, at: datetime) -> None:
    """Note a file of the watch folder."""
    FeedFile.objects.create(
        source_id=source, file_name=file_name, folder=folder, size=size, came_by="folder", given_at=at
    )


def files_under_way() -> list[Waiting]:
    """Files that wait to be taken in, or were being taken in when the process ended; oldest first.

    Those of a feed that is shut are left where they are.
    """
    rows = FeedFile.objects.filter(state__in=("waiting", "taking_in")).order_by("id")
    if shut := shut_feeds():
        rows = rows.exclude(source_id__in=shut)  # they wait, in order, until it opens again (R55)
    return [_waiting(row) for row in rows]


def files_of_feed(source: str) -> list[Waiting]:
    """Files of one feed that wait to be taken in, oldest first, shut or not."""
    rows = FeedFile.objects.filter(source_id=source, state__in=("waiting", "taking_in")).order_by("id")
    return [_waiting(row) for row in rows]


def _waiting(row: FeedFile) -> Waiting:
    return Waiting(
        id=row.pk,
        source=row.source_id,
        file_name=row.file_name,
        folder=row.folder,
        came_by=row.came_by,
        as_at=row.as_at,
        kind=row.kind or None,
        tries=row.tries,
    )


def begin_file(file: int) -> None:
    """It is being taken in, once more."""
    row = FeedFile.objects.get(pk=file)
    FeedFile.objects.filter(pk=file).update(state="taking_in", tries=row.tries + 1, step="")


def put_back(file: int, *, step: str = "") -> None:
    """It could not be tried now: no try is counted."""
    row = FeedFile.objects.get(pk=file)
    FeedFile.objects.filter(pk=file).update(state="waiting", tries=max(row.tries - 1, 0), step=step)


def say_step(files: Sequence[int], step: str) -> None:
    """Say how far files are."""
    FeedFile.objects.filter(pk__in=files, state="taking_in").update(step=step[:80])


def end_file(file: int, state: str, sentence: str, *, delivery: int | None = None, at: datetime) -> None:
    """It was "taken_in" or "refused", and this is what there is to say about it."""
    FeedFile.objects.filter(pk=file).update(
        state=state, step="", sentence=sentence[:1000], delivery_id=delivery, ended_at=at
    )


def forget_file(file: int) -> None:
    """It never arrived: the process ended between noting it and moving it."""
    FeedFile.objects.filter(pk=file).delete()


def known_folders() -> set[str]:
    """The folders of every file that was ever handed in."""
    return set(FeedFile.objects.values_list("folder", flat=True))
