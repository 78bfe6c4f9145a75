"""How the command speaks: bars on a terminal, plain lines elsewhere, one sentence for an error."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from contactpoint.domain.errors import (
    Conflict,
    ContactPointError,
    DeliveryHeld,
    DeliveryRefused,
    InvalidInput,
    Misconfigured,
    NotFound,
    Throttled,
)

out: Final = Console(highlight=False, soft_wrap=True)
err: Final = Console(stderr=True, highlight=False, soft_wrap=True)

FAILED: Final = 1
BAD_INPUT: Final = 2
REFUSED: Final = 3
BUG: Final = 70
INTERRUPTED: Final = 130

_EXIT_CODES: Final[tuple[tuple[type[ContactPointError], int], ...]] = (
    (InvalidInput, BAD_INPUT),
    (NotFound, BAD_INPUT),
    (Misconfigured, BAD_INPUT),
    (Conflict, REFUSED),
    (DeliveryRefused, REFUSED),
    (DeliveryHeld, REFUSED),
    (Throttled, REFUSED),
    (ContactPointError, FAILED),
)

Advance = Callable[[int, int], None]


def exit_code(error: ContactPointError) -> int:
    """The exit code of an error: 2 what was given cannot be used, 3 it was refused, 1 something failed."""
    return next(code for kind, code in _EXIT_CODES if isinstance(error, kind))


def say(text: str = "") -> None:
    """Print a line for a person."""
    out.print(text, markup=False)


@contextlib.contextmanager
def step(title: str) -> Iterator[Advance]:
    """Show one step of a longer job: a bar on a terminal, else one line when it is done.

    Yields:
        A function of (done, total); it need not be called, and may be called often.
    """
    began = time.monotonic()
    if not out.is_terminal:
        yield lambda _done, _total: None
        say(f"{title}: done in {time.monotonic() - began:.1f} s")
        return
    columns = (TextColumn("{task.description:<44}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
        total = progress.tasks[0].total or 1
        progress.update(task, completed=total, total=total)
    sys.stdout.flush()
