"""How the command speaks: bars on a terminal, plain lines elsewhere, one sentence for an error."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

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


def exit_code(error: ContactPointError) -> int:
    """The exit code of an error: 2 what was given cannot be used, 3 it was refused, 1 something failed."""
    return next(code for kind, code in _EXIT_CODES if isinstance(error, kind))


def say(text: str = "") -> None:
    """Print a line for a person."""
    out.print(text, markup=False)


Tell = Callable[[str, float], None]


@contextlib.contextmanager
def telling(title: str) -> Iterator[Tell]:
    """Show how far a job is: a bar on a terminal, elsewhere a line at its end.

    Yields:
        A function of what is being done and the share of the job that is done, 0..1.
    """
    began = time.monotonic()
    if out.is_terminal:
        columns = (
            TextColumn("{task.description:<60}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=out, transient=True) as progress:
            task = progress.add_task(title, total=1.0)
            yield lambda what, share: progress.update(
                task, description=f"{title}: {what}"[:60], completed=share
            )
    else:
        yield lambda _what, _share: None
    say(f"{title}: done in {time.monotonic() - began:.1f} s")
    sys.stdout.flush()
