"""Children that do not outlive the process that started them, however it ends."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def die_with_parent(how: signal.Signals) -> Callable[[], None] | None:
    """What a new process does before it becomes its program: ask Linux for that signal when its parent ends.

    It runs between fork and exec, after any change of user (which would clear the request), and makes two
    system calls, so the warning against `preexec_fn` beside threads does not bite. Other systems than Linux
    have no such request; there the next start ends what was left.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(how))
        if os.getppid() != parent:  # it ended before we asked
            os._exit(1)

    return ask
