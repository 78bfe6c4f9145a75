"""What waits in the inbox: a look that costs next to nothing, taken every few seconds."""

import stat
import time
from pathlib import Path
from typing import Final

from contactpoint.storage import feeds

_SETTLED: Final = 2.0  # seconds without a change: the file is not being written any more


def anything_to_do(inbox: Path) -> bool:
    """Say whether a file or a decision waits."""
    return bool(arrived(inbox) or feeds.files_under_way() or feeds.open_decisions())


def arrived(inbox: Path) -> list[Path]:
    """What lies in the watch folder and is not being written any more, oldest first."""
    found = []
    for path in inbox.iterdir() if inbox.is_dir() else ():
        hidden = path.name.startswith(".") or path.name.endswith((".part", ".tmp", "~"))
        seen = path.lstat()
        if hidden or stat.S_ISDIR(seen.st_mode) or time.time() - seen.st_mtime < _SETTLED:
            continue
        found.append((seen.st_mtime, path))
    return [path for _, path in sorted(found)]
