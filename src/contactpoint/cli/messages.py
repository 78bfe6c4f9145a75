"""How the command speaks: bars on a terminal, plain lines elsewhere, one sentence for an error."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

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


_A_LINE_EVERY: Final = 30.0  # seconds


@contextlib.contextmanager
def lasting(title: str) -> Iterator[Tell]:
    """Show how far a long job is and how long it will still take: a bar, or elsewhere a line now and then.

    Yields:
        As `telling`.
    """
    began = said = time.monotonic()
    if out.is_terminal:
        columns = (
            TextColumn("{task.description:<60}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=out, transient=True) as progress:
            task = progress.add_task(title, total=1.0)
            yield lambda what, share: progress.update(
                task, description=f"{title}: {what}"[:60], completed=share
            )
    else:

        def tell(what: str, share: float) -> None:
            nonlocal said
            now = time.monotonic()
            if now - said >= _A_LINE_EVERY:
                said = now
                say(f"{title}: {what}, {share:.0%}{time_left(now - began, share)}")
                sys.stdout.flush()

        yield tell
    say(f"{title}: done in {time.monotonic() - began:,.1f} s")
    sys.stdout.flush()


def time_left(passed: float, share: float) -> str:
    """How long a job may still take that has come so far in so many seconds; nothing where nobody can say."""
    if not 0.01 <= share < 1:
        return ""
    minutes = passed * (1 - share) / share / 60
    return f", about {minutes:,.0f} min left" if minutes >= 1 else ", less than a minute left"
