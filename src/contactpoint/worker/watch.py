"""Ask now and then whether there is heavy work, and start the process that does it.

None of it keeps events from being sealed, whatever it takes (`works.py`).
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Final

import structlog
from django.db import close_old_connections, connection

from contactpoint.worker.works import Work

LONGEST_PAUSE: Final = 60.0
PATIENCE: Final = 15.0  # seconds that the process has to end when the worker ends
_PR_SET_PDEATHSIG: Final = 1

_log = structlog.get_logger("contactpoint.worker")


def watch(name: str, work: Work, *, stop: threading.Event, first: float) -> None:
    """Have a work done aside whenever any of it waits, until `stop` is set.

    Whatever fails is logged and tried again, less and less often.

    Args:
        name: the work's name in the table of works.
        work: whether anything waits, and how often that is asked.
        stop: set when the worker ends.
        first: seconds before it is asked for the first time.
    """
    pause, wait = work.pause.total_seconds(), first
    while not stop.wait(wait):
        try:
            close_old_connections()
            is_due = work.waits()
            connection.close()
            ended_well = not is_due or _run(name, stop) == 0
        except Exception:  # noqa: BLE001 - whatever it was, work goes on arriving
            ended_well = False
            _log.exception("watching_failed", work=name)
        wait = pause if ended_well else max(pause, min(wait * 2, LONGEST_PAUSE))


def _run(name: str, stop: threading.Event) -> int:
    """Run the process to its end, or end it with the worker: it starts again from where nothing was lost."""
    with subprocess.Popen(  # noqa: S603 - one of our own modules
        [sys.executable, "-P", "-m", "contactpoint.worker.aside", name],
        stdin=subprocess.DEVNULL,
        preexec_fn=_end_with(os.getpid()),  # noqa: PLW1509 - two system calls before the program starts
    ) as process:
        while process.poll() is None:
            if stop.wait(0.5):
                process.terminate()
                try:
                    process.wait(timeout=PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()
        if process.returncode:
            _log.warning("work_aside_ended", work=name, code=process.returncode)
        return process.returncode or 0


def _end_with(parent: int) -> Callable[[], None] | None:
    """Ask Linux to end a new process with the thread that started it; elsewhere there is no such request."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))
        if os.getppid() != parent:
            os._exit(1)

    return ask
