"""Whether the disk of a data folder has room for PostgreSQL to go on."""

import shutil
from pathlib import Path
from typing import Final

ROOM: Final = 64 << 20
"""Bytes: four files of PostgreSQL's log. With less it may not even start."""

STANDS_STILL: Final = (
    "The disk is full, and the database stands still until there is room. Ask whoever runs ContactPoint to "
    "make room on it, then do the same again: what was recorded already is not recorded twice."
)
"""What to tell whoever asks a database that stopped for want of room."""


def has_room(home: Path, more: int = 0) -> bool:
    """Whether the disk can hold what PostgreSQL writes when it starts, and as many bytes more."""
    return shutil.disk_usage(home).free >= ROOM + more
