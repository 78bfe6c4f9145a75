"""Take in what was uploaded or put into the watch folder, and carry out what people decided about feeds.

`inbox` is the watch folder: whoever supplies a file moves it there under its full name, in one step.
`inbox/uploaded` holds each file in a folder of its own while it is on its way. What came by the watch
folder ends in `inbox/done` or `inbox/refused` with a sentence beside it; what came by the page is deleted,
and its sentence stands on the page.
"""

import contextlib
import secrets
import stat
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import Error, connection
from django.utils import timezone

from contactpoint.actions.failures import known_failure
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import Conflict, DeliveryRefused, NoRoom, Unavailable
from contactpoint.pipelines.deliver import DeliveryReport, deliver, in_words
from contactpoint.pipelines.held import carry_out_decisions
from contactpoint.pipelines.inbox import arrived
from contactpoint.pipelines.link import link
from contactpoint.pipelines.publish import publish
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage import feeds, source_mappings, staging
from contactpoint.supply.places import DONE, REFUSED, UPLOADED, read_name, safe_name

MOST_TRIES: Final = 3
"""How often a file is tried whose reading ends the process; then it is refused."""

_ORPHAN: Final = 24 * 60 * 60  # seconds


def take_in(inbox: Path, *, by: Viewer, at: datetime | None = None) -> int:
    """Take in everything that waits, publish it, and return how many files were dealt with.

    A process that is killed at any point leaves each file either where it was, or noted and tried again.
    """
    check_may_run(by)

    def now() -> datetime:
        return at or timezone.now()

    for folder in (UPLOADED, DONE, REFUSED):
        (inbox / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear_orphans(inbox)
    _collect(inbox, at=now())
    carry_out_decisions(by=by, at=at)
    dealt_with = 0
    try:
        _finish([], by=by, at=at)
        while batch := _one_of_each_source(feeds.files_under_way()):
            dealt_with += _take_batch(inbox, batch, by=by, now=now, at=at)
    except Conflict:
        pass  # another process is taking deliveries in: what waits is tried again
    return dealt_with


def _collect(inbox: Path, *, at: datetime) -> None:
    """Note each file of the watch folder, then move it out of reach; a link or a device is turned away."""
    for path in arrived(inbox):
        seen = path.lstat()
        if not stat.S_ISREG(seen.st_mode) or seen.st_nlink > 1:
            _turn_away(
                inbox, path, "It is a link or a device, not a file of its own. Put a copy of the file here."
            )
            continue
        name = read_name(path)
        source = staging.find_source(name.source) if name else None
        folder = secrets.token_hex(16)
        feeds.note_file(
            source=source.code if source else None,
            file_name=safe_name(path.name),
            folder=folder,
            size=seen.st_size,
            at=at,
        )
        (inbox / UPLOADED / folder).mkdir(mode=0o700)
        path.rename(inbox / UPLOADED / folder / safe_name(path.name))


def _turn_away(inbox: Path, path: Path, sentence: str) -> None:
    to = _free(inbox / REFUSED / safe_name(path.name))
    path.rename(to)
    to.with_name(f"{to.name}.txt").write_text(sentence + "\n", encoding="utf-8")


def _one_of_each_source(waiting: list[feeds.Waiting]) -> list[feeds.Waiting]:
    """The next files, at most one of each source; those of no source stand for themselves."""
    chosen: dict[str, feeds.Waiting] = {}
    for one in waiting:
        chosen.setdefault(one.source or f"?{one.id}", one)
    return list(chosen.values())


def _take_batch(
    inbox: Path, batch: list[feeds.Waiting], *, by: Viewer, now: Callable[[], datetime], at: datetime | None
) -> int:
    """Deliver a file of each source, then link and publish them together."""
    staged: list[tuple[feeds.Waiting, DeliveryReport]] = []
    dealt_with = 0
    for one in batch:
        try:
            report = _deliver(inbox, one, by=by, at=at)
        except DeliveryRefused as refusal:
            _end(inbox, one, "refused", str(refusal), at=now())
            dealt_with += 1
        except Conflict:
            feeds.put_back(one.id)
            raise
        except Exception as error:
            _put_back_if_it_will_pass(one, error)
            raise
        else:
            if report is not None:
                staged.append((one, report))
    _finish([one.id for one, _ in staged], by=by, at=at)
    for one, report in staged:
        _end(inbox, one, "taken_in", _sentence(one, report), delivery=report.delivery, at=now())
    return dealt_with + len(staged)


def _put_back_if_it_will_pass(one: feeds.Waiting, error: Exception) -> None:
    """A full disk, or a database that is away, is not the file's doing: it does not count as a try of it."""
    known = known_failure(error)
    if isinstance(known, NoRoom | Unavailable):
        if not connection.in_atomic_block:
            connection.close()  # it may be broken; the next statement opens another
        with contextlib.suppress(Error):
            feeds.put_back(one.id, step="Waits: the disk is full" if isinstance(known, NoRoom) else "")


def _deliver(inbox: Path, one: feeds.Waiting, *, by: Viewer, at: datetime | None) -> DeliveryReport | None:
    path = inbox / UPLOADED / one.folder / one.file_name
    if one.tries >= MOST_TRIES:
        raise DeliveryRefused(
            f"Reading this file ended the process {MOST_TRIES} times. Ask whoever runs the directory to "
            "look at it."
        )
    if not path.exists():
        feeds.forget_file(one.id)
        return None
    if one.source is None:
        raise DeliveryRefused(
            f"{one.file_name} does not say which source it is from, or names none that is known here. "
            "Name it "
            "<source>_<year-month-day>_<full or delta>.csv."
        )
    feeds.begin_file(one.id)

    def tell(step: str, share: float) -> None:
        if not connection.in_atomic_block:
            feeds.say_step([one.id], f"{step.partition(' ')[0].capitalize()}, {share:.0%}")

    return deliver(
        path,
        source=one.source,
        as_at=one.as_at,
        kind=one.kind,
        by=by,
        at=at,
        progress=tell,
        rejects=_operators_rejects(inbox, one),
    )


def _operators_rejects(inbox: Path, one: feeds.Waiting) -> Path:
    """Where all rejected rows go, for whoever runs the directory; the page has a file of its own."""
    folder = inbox.parent / "rejects"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{one.file_name}.{one.folder[:8]}.rejected.csv"


def _sentence(one: feeds.Waiting, report: DeliveryReport) -> str:
    """What is said of it: a file that an earlier try had taken in is not one that came twice."""
    if report.already and one.tries:
        return in_words(report.read, report.rejected, report.changed)
    return report.sentence


def _finish(files: list[int], *, by: Viewer, at: datetime | None) -> None:
    if staging.anything_waiting():
        feeds.say_step(files, "Linking records of one child")
        link(by=by, at=at)
        feeds.say_step(files, "Publishing")
        publish(by=by, at=at)


def _end(
    inbox: Path, one: feeds.Waiting, state: str, sentence: str, *, at: datetime, delivery: int | None = None
) -> None:
    """Say what became of it; put the file where it belongs, or delete it."""
    folder = inbox / UPLOADED / one.folder
    path = folder / one.file_name
    if one.came_by == "folder" and path.exists():
        to = _free(inbox / (DONE if state == "taken_in" else REFUSED) / one.file_name)
        to.with_name(f"{to.name}.txt").write_text(sentence + "\n", encoding="utf-8")
        path.rename(to)
    path.unlink(missing_ok=True)
    feeds.end_file(one.id, state, sentence, delivery=delivery, at=at)
    if folder.is_dir():
        folder.rmdir()


def _free(path: Path) -> Path:
    """The path, or one beside it that nothing has taken."""
    if not path.exists() and not path.is_symlink():
        return path
    return path.with_name(f"{secrets.token_hex(4)}_{path.name}")


def _clear_orphans(inbox: Path) -> None:
    """Delete what a killed web process left of an upload that it never recorded."""
    old = [path for path in (inbox / UPLOADED).iterdir() if time.time() - path.lstat().st_mtime > _ORPHAN]
    known = feeds.known_folders() | source_mappings.folders_to_try() if old else set()
    for path in old:
        if path.is_dir() and path.name not in known:
            for file in path.iterdir():
                file.unlink()
            path.rmdir()
        elif path.is_file():
            path.unlink()
