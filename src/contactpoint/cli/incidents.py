"""`contactpoint incident`: shut access at once, open it again, say who saw what (R55)."""

import csv
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from contactpoint.cli.accounts import acting_as, known_account
from contactpoint.cli.messages import say
from contactpoint.domain.errors import Conflict, DeliveryRefused, InvalidInput
from contactpoint.domain.incident import DryRun, Scope

if TYPE_CHECKING:
    from contactpoint.domain.disclosure.answers import Refusal
    from contactpoint.domain.incident import IncidentDone, Seen

incident = typer.Typer(no_args_is_help=True, help="A security incident: shut access, open it, report.")

Nationally = Annotated[bool, typer.Option("--nationally", help="Everybody, everywhere.")]
Organisation = Annotated[
    str | None, typer.Option("--organisation", metavar="CODE", help="The people of one organisation.")
]
Feed = Annotated[str | None, typer.Option("--feed", metavar="CODE", help="What one source delivers.")]
_COLUMNS = (
    "at", "who", "account", "organisation", "role", "on_behalf_of", "what", "child", "shown", "reason",
    "event",
)  # fmt: skip


@incident.command("shut")
def shut(
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; it is recorded.")],
    nationally: Nationally = False,
    organisation: Organisation = None,
    feed: Feed = None,
) -> None:
    """Shut access from the next request on: to everybody, to one organisation, or to what a feed brings.

    Files of a feed that is shut wait, in order. It is recorded in the audit, and holds at once: at the
    command line no second person is asked for. Exit code 3 if it is shut already.

    Example: `contactpoint incident shut --organisation 105734 --because "a stolen laptop"`
    """
    scope, code = _which(nationally, organisation, feed)
    with acting_as("worker"):
        from django.utils import timezone

        from contactpoint.actions.run.incident import shut as act
        from contactpoint.domain.disclosure.actors import system_viewer

        _check(
            act(scope=scope, code=code, because=because, by=system_viewer("command line"), at=timezone.now())
        )
    say("Shut, from the next request on.")


@incident.command("open")
def open_again(
    nationally: Nationally = False,
    organisation: Organisation = None,
    feed: Feed = None,
    yes: Annotated[bool, typer.Option("--yes", help="Open a feed; else only try what waits.")] = False,
) -> None:
    """Open again what was shut. Of a feed, first read and check every file that waits, and keep nothing.

    With `--yes` a feed opens after that dry run, unless a file cannot be read at all; its files are then
    taken in, in the order in which they came.

    Example: `contactpoint incident open --feed school-census`, then the same with `--yes`
    """
    scope, code = _which(nationally, organisation, feed)
    with acting_as("worker"):
        if scope is Scope.FEED and not _tried(code, yes=yes):
            return
        from django.utils import timezone

        from contactpoint.actions.run import incident as actions
        from contactpoint.domain.disclosure.actors import system_viewer

        found, by = actions.in_force(scope, code), system_viewer("command line")
        _check(actions.open_again(incident=found.id, by=by, at=timezone.now()))
    say("Open again.")


@incident.command("report")
def report(
    child: Annotated[str | None, typer.Option(metavar="NUMBER", help="Who saw this child.")] = None,
    account: Annotated[str | None, typer.Option(metavar="EMAIL", help="What this person saw.")] = None,
    begin: Annotated[datetime | None, typer.Option("--from", help="From this time on, UTC.")] = None,
    end: Annotated[datetime | None, typer.Option("--to", help="Before this time, UTC.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it here, not to the screen.")
    ] = None,
) -> None:
    """Say exactly who saw what, when, from the audit: of a child, by an account, in a time, or all of these.

    CSV, a line for each event and child: person, organisation, role, what was done and which fields were
    shown, never their values. That the report was made is itself recorded. Exit code 2 without any of them.

    Example: `contactpoint incident report --child C482915307P --from 2026-11-01 --out who-saw.csv`
    """
    if not (child or account or begin or end):
        raise InvalidInput("Say whom it is about, with --child, --account, --from or --to.")
    with acting_as("worker"):
        lines = _reported(child, account, begin, end)
    if out is None:
        _write(lines, sys.stdout)
    else:
        with out.open("w", encoding="utf-8", newline="") as file:
            _write(lines, file)
        people, children = len({one.account for one in lines}), len({one.child for one in lines})
        say(f"{len(lines):,} lines: {people:,} people saw something of {children:,} children.")


def _reported(
    child: str | None, account: str | None, begin: datetime | None, end: datetime | None
) -> "Sequence[Seen]":
    from datetime import UTC

    from django.utils import timezone

    from contactpoint.actions.run.incident import breach_report
    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.domain.disclosure.answers import Refusal
    from contactpoint.domain.identifiers import parse_child_number

    found = breach_report(
        child=parse_child_number(child) if child else None,
        account=known_account(account) if account else None,
        begin=begin.replace(tzinfo=UTC) if begin else None,
        end=end.replace(tzinfo=UTC) if end else None,
        by=system_viewer("command line"),
        at=timezone.now(),
    )
    if isinstance(found, Refusal):
        raise Conflict(found.sentence)
    return found


def _write(lines: "Sequence[Seen]", file: object) -> None:
    writer = csv.writer(file)  # type: ignore[arg-type]
    writer.writerow(_COLUMNS)
    for one in lines:
        row = (getattr(one, name) for name in _COLUMNS)
        writer.writerow(" ".join(value) if isinstance(value, tuple) else value for value in row)


def _which(nationally: bool, organisation: str | None, feed: str | None) -> tuple[Scope, str]:
    chosen = [
        *([(Scope.NATIONAL, "")] if nationally else []),
        *([(Scope.ORGANISATION, organisation)] if organisation else []),
        *([(Scope.FEED, feed)] if feed else []),
    ]
    if len(chosen) != 1:
        raise InvalidInput("Say one of --nationally, --organisation CODE and --feed CODE.")
    return chosen[0]


def _tried(code: str, *, yes: bool) -> bool:
    """Print what waits of a feed would bring; whether to open it."""
    from django.conf import settings

    from contactpoint.pipelines.dry_run import dry_run

    found: Sequence[DryRun] = dry_run(code, Path(settings.HOME) / "inbox") if settings.HOME else ()
    for one in found:
        say(
            f"{one.file_name}: refused: {one.refused}"
            if one.refused
            else f"{one.file_name}: {one.rows:,} rows, {one.rejected:,} would be rejected"
        )
    say(f"{len(found)} files wait. Nothing of them was kept.")
    if yes and any(one.refused for one in found):
        raise DeliveryRefused(
            "It stays shut: a file that waits cannot be read. Take it out of the inbox first."
        )
    if not yes:
        say("Look at it, then open the feed with --yes.")
    return yes


def _check(answer: "IncidentDone | Refusal") -> None:
    from contactpoint.domain.disclosure.answers import Refusal

    if isinstance(answer, Refusal):
        raise Conflict(f"{answer.sentence} {answer.way_on}")
