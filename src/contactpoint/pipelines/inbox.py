"""What waits in the inbox: a look that costs next to nothing, taken every few seconds."""

import contextlib
import errno
import fcntl
import os
import signal
import stat
import time
from pathlib import Path
from typing import Final

from contactpoint.storage import feeds

_SETTLED: Final = 2.0  # seconds without a change: the file is not being written any more
_LEFT_OPEN: Final = 600.0  # seconds without a change: whoever still holds it open has forgotten it


def anything_to_do(inbox: Path) -> bool:
    """Say whether a file or a decision waits."""
    return bool(arrived(inbox) or feeds.files_under_way() or feeds.open_decisions())


def arrived(inbox: Path) -> list[Path]:
    """What lies in the watch folder and is not being written any more, oldest first."""
    found = []
    for path in inbox.iterdir() if inbox.is_dir() else ():
        hidden = path.name.startswith(".") or path.name.endswith((".part", ".tmp", "~"))
        seen = path.lstat()
        quiet = time.time() - seen.st_mtime
        if hidden or stat.S_ISDIR(seen.st_mode) or quiet < _SETTLED:
            continue
        if stat.S_ISREG(seen.st_mode) and quiet < _LEFT_OPEN and _is_being_written(path):
            continue
        found.append((seen.st_mtime, path))
    return [path for _, path in sorted(found)]


def _is_being_written(path: Path) -> bool:
    """Say whether somebody on this machine has the file open for writing, where the system can tell.

    Linux grants a lease on reading only where nobody writes. Other systems and network disks grant none, for
    another reason: then the time since the last change must do.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    with contextlib.suppress(OSError):
        at = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            fcntl.fcntl(at, fcntl.F_SETSIG, signal.SIGURG)  # ignored, should somebody begin just now
            fcntl.fcntl(at, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(at, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        except OSError as refused:
            return refused.errno == errno.EAGAIN
        finally:
            os.close(at)
    return False
