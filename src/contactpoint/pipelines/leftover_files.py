"""Files of a data folder that hold what sources sent, and mail that was written to a folder: deleted in time.

A file's age is that of its last change. What is still on its way in is left alone.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from contactpoint.domain.retention import KEPT_FOR, Leftover
from contactpoint.supply.places import DONE, REFUSED

_FOLDERS: Final[Mapping[Leftover, tuple[str, ...]]] = MappingProxyType(
    {
        Leftover.REJECTED_FILES: ("rejects",),
        Leftover.DELIVERED_FILES: (f"inbox/{DONE}", f"inbox/{REFUSED}"),
        Leftover.MAIL: ("outbox",),
    }
)


def count_files(home: Path | None, at: datetime) -> dict[str, int]:
    """Count, by what they are, the files whose time is up."""
    return {what.value: n for what in _FOLDERS if (n := sum(1 for _ in _old(home, what, at)))}


def delete_files(home: Path | None, at: datetime) -> dict[str, int]:
    """Delete them, and count what went."""
    gone: dict[str, int] = {}
    for what in _FOLDERS:
        for path in _old(home, what, at):
            path.unlink(missing_ok=True)
            gone[what.value] = gone.get(what.value, 0) + 1
    return gone


def _old(home: Path | None, what: Leftover, at: datetime) -> Iterator[Path]:
    limit = (at - KEPT_FOR[what]).timestamp()
    for folder in _FOLDERS[what] if home else ():
        place = (home or Path()) / folder
        for path in sorted(place.iterdir()) if place.is_dir() else ():
            if path.is_file() and not path.is_symlink() and path.stat().st_mtime < limit:
                yield path
