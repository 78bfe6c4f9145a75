"""Files all the way in: deliver each, then link and publish once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import DeliveryRefused
from contactpoint.pipelines.deliver import DeliveryReport, deliver
from contactpoint.pipelines.link import LinkReport, link
from contactpoint.pipelines.publish import PublishReport, publish
from contactpoint.pipelines.running import Progress
from contactpoint.storage.staging import anything_waiting
from contactpoint.supply.places import read_name


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What became of each file, in the order they were taken, and of each round of linking and publishing."""

    deliveries: tuple[DeliveryReport, ...]
    links: tuple[LinkReport, ...]
    publications: tuple[PublishReport, ...]


def load_files(
    paths: Sequence[Path],
    *,
    by: Viewer,
    source: str | None = None,
    as_at: date | None = None,
    kind: str | None = None,
    at: datetime | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Take files in and publish them.

    What an earlier call staged and did not publish, because it was cut off, is published first. Several files
    of one source are published one after the other, oldest first; files of different sources together.

    Args:
        paths: files named `<source>_<as-at>_<full|delta>.csv`, or any name if the next three are given.
        by: a system viewer.
        source: the code of their source, where the names do not say it.
        as_at: the day they speak for, likewise.
        kind: "full" or "delta", likewise.
        at: now.
        progress: told the name of a step and the share of it that is done.

    Raises:
        DeliveryRefused: a file cannot be taken in; files before it stay staged for the next call.
        Conflict: another process is taking deliveries in.
    """
    links: list[LinkReport] = []
    publications: list[PublishReport] = []

    def finish() -> None:
        if anything_waiting():
            links.append(link(by=by, at=at, progress=progress))
            publications.append(publish(by=by, at=at, progress=progress))

    finish()
    deliveries: list[DeliveryReport] = []
    for files in _rounds(paths, source):
        for path, code in files:
            deliveries.append(
                deliver(path, source=code, as_at=as_at, kind=kind, by=by, at=at, progress=progress)
            )
        finish()
    return LoadReport(deliveries=tuple(deliveries), links=tuple(links), publications=tuple(publications))


def _rounds(paths: Sequence[Path], source: str | None) -> list[list[tuple[Path, str]]]:
    """Files in rounds of at most one of each source, oldest first."""
    rounds: list[list[tuple[Path, str]]] = []
    seen: dict[str, int] = {}
    for path in sorted(paths, key=_age):
        name = read_name(path)
        code = source or (name.source if name else None)
        if code is None:
            raise DeliveryRefused(f"{path.name} does not say which source it is from. Say so.")
        at = seen.get(code, 0)
        seen[code] = at + 1
        rounds.extend([] for _ in range(at + 1 - len(rounds)))
        rounds[at].append((path, code))
    return rounds


def _age(path: Path) -> tuple[date, bool, str]:
    name = read_name(path)
    return (name.as_at, name.kind == "delta", path.name) if name else (date.max, False, path.name)
