"""Look into the inbox every few seconds, and start the process that takes in what lies there."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog
from django.db import close_old_connections, connection

from contactpoint.pipelines.inbox import anything_to_do

PAUSE: Final = 3.0  # seconds
LONGEST_PAUSE: Final = 60.0
PATIENCE: Final = 15.0  # seconds that the process has to end when the worker ends
_PR_SET_PDEATHSIG: Final = 1

_log = structlog.get_logger("contactpoint.worker")


def watch(inbox: Path, *, stop: threading.Event, pause: float = PAUSE) -> None:
    """Watch until `stop` is set. Whatever fails is logged and tried again, less and less often."""
    wait = pause
    while not stop.wait(wait):
        try:
            close_old_connections()
            waits = anything_to_do(inbox)
            connection.close()
            ended_well = not waits or _take_in(stop) == 0
        except Exception:  # noqa: BLE001 - whatever it was, files go on arriving
            ended_well = False
            _log.exception("watching_failed")
        wait = pause if ended_well else min(wait * 2, LONGEST_PAUSE)


def _take_in(stop: threading.Event) -> int:
    """Run the process to its end, or end it with the worker: it starts again from where nothing was lost."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "contactpoint.worker.taking_in"],
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
            _log.warning("taking_in_ended", code=process.returncode)
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
