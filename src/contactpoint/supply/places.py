"""What files of feeds are called, and where they lie in a data folder. Needs nothing that reads files."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

UPLOADED: Final = "uploaded"
DONE: Final = "done"
REFUSED: Final = "refused"
"""Folders of the inbox: on the way in, taken in, refused."""

_NAME: Final = re.compile(
    r"(?P<source>[a-z0-9-]+)_(?P<as_at>\d{4}-\d{2}-\d{2})_(?P<kind>full|delta)(\.[\w-]+)*\.(csv|csv\.gz|parquet)"
)
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileName:
    """What the name of a file says: `<source>_<as-at>_<full|delta>.csv`."""

    source: str
    as_at: date
    kind: str


def read_name(path: Path) -> FileName | None:
    """Read the name of a delivery file; None where it does not follow the form."""
    match = _NAME.fullmatch(path.name)
    try:
        return match and FileName(
            source=match["source"], as_at=date.fromisoformat(match["as_at"]), kind=match["kind"]
        )
    except ValueError:
        return None


def safe_name(name: str) -> str:
    """A file's name with nothing in it that a shell, a path or a page could take for something else."""
    plain = _UNSAFE.sub("_", name.replace("\\", "/").rpartition("/")[2]).lstrip("._-")
    return plain[-120:].lstrip("._-") or "file.csv"


def inbox_of(home: str) -> Path:
    """The watch folder of a data folder."""
    return Path(home) / "inbox"


def team_file(home: str, delivery: int) -> Path:
    """Where the rejected rows of a delivery lie that its source's team may have back."""
    return Path(home) / "rejects" / f"delivery-{delivery}.csv"
