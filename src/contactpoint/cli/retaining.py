"""`contactpoint retention` and `contactpoint archive`: what ends, and what may still be said of it."""

import json
import os
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

from contactpoint.cli.accounts import acting_as
from contactpoint.cli.messages import say
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.domain.retention import ReleaseReason

if TYPE_CHECKING:
    from contactpoint.actions.retain.release import Released
    from contactpoint.actions.retain.stay import Stays
    from contactpoint.domain.disclosure.answers import Refusal

archive = typer.Typer(
    no_args_is_help=True, help="The archive: who stays until 25, and what may still be released."
)

Answer = TypeVar("Answer")
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The ContactPoint number.")]
_HEADINGS: Final = {
    "archived": "Archived, by why",
    "came_back": "Came back from the archive",
    "purged": "Purged, by why it was archived",
    "rows": "Rows that went, by table",
    "audit": "Audit",
    "exports_to_call_back": "Exports that named one of them, by kind, month and who has them",
    "let_go": "Let go of",
}
_BACKUPS: Final = (
    "Backups made until now still hold them: delete those, by the day that the law gives. Whoever made an "
    "export that is counted here, destroys it; nothing in this directory can."
)


def run_retention(*, dry_run: bool, as_of: datetime | None) -> None:
    """Do, or only count, what is due; print a report that names nobody.

    Raises:
        InvalidInput: a day that has not come, without a dry run.
        Conflict: a delivery is being taken in.
    """
    with acting_as("worker"):
        from django.utils import timezone

        from contactpoint.domain.disclosure.actors import system_viewer
        from contactpoint.pipelines.keep_time import in_that_day, keep_time, look_ahead

        at = in_that_day(as_of.date() if as_of else timezone.localdate())
        by = system_viewer("command line")
        done = look_ahead(by=by, at=at) if dry_run else keep_time(by=by, at=at)
    when = f"{done.day:%-d %B %Y}"
    say(f"On {when} this would be done:" if dry_run else f"Done for {when}:")
    print_figures(done.figures)
    if dry_run:
        say("Nothing was changed.")
    elif done.figures.get("purged"):
        say(_BACKUPS)


def print_figures(figures: Mapping[str, Mapping[str, int]]) -> None:
    """Print figures, kind by kind."""
    if not any(figures.values()):
        say("  nothing")
    for kind, heading in _HEADINGS.items():
        for place, (name, number) in enumerate(sorted(figures.get(kind, {}).items())):
            if place == 0:
                say(f"{heading}:")
            say(f"  {name.replace('_', ' ')}: {number:,}")


@archive.callback()
def about() -> None:
    """What the archive holds, keeps open and releases."""


@archive.command("report")
def report(
    since: Annotated[
        datetime | None, typer.Option("--since", help="From this day on. Usual: the last 31 days.")
    ] = None,
) -> None:
    """Say what was archived and destroyed, day by day, in numbers that name nobody.

    Example: `contactpoint archive report --since 2026-01-01`
    """
    with acting_as("worker"):
        from contactpoint.storage.retention import runs_since

        first = since.date() if since else date.today() - timedelta(days=31)  # noqa: DTZ011 - a day here
        found = runs_since(first)
    for day, run in found:
        say(f"{day:%-d %B %Y}" + ("" if run.ended else " (not done yet)"))
        print_figures(run.figures)
    if not found:
        say("No run in that time.")


@archive.command("stay")
def stay(
    number: Number,
    given: Annotated[datetime | None, typer.Option("--given", help="The day on which they agreed.")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="They take it back.")] = False,
) -> None:
    """Note that somebody agreed, themselves and explicitly, to stay until 25; or that they take it back.

    Only care leavers and people with learning disabilities may be asked; which of the two they are is not
    kept. It is recorded in the audit.

    Example: `contactpoint archive stay C482915307P --given 2026-11-20`
    """
    if (given is None) is not withdraw:
        raise InvalidInput(
            "Say on which day they agreed with --given, or that they withdraw with --withdraw."
        )
    with acting_as("worker"):
        answer = _stay(number, given)
    say(f"They stay until {answer.until:%-d %B %Y}." if answer.until else "They stay until 18.")


def _stay(number: str, given: datetime | None) -> "Stays":
    from django.utils import timezone

    from contactpoint.actions.retain.stay import agree_to_stay, withdraw_staying
    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.domain.identifiers import parse_child_number

    child, by, at = parse_child_number(number), system_viewer("command line"), timezone.localtime()
    if given is None:
        answer = withdraw_staying(number=child, by=by, at=at)
    else:
        answer = agree_to_stay(number=child, given_on=given.date(), by=by, at=at)
    return _allowed(answer)


@archive.command("release")
def release(
    number: Number,
    because: Annotated[ReleaseReason, typer.Option("--for", help="What it is released for.")],
    asked_by: Annotated[str, typer.Option("--to", metavar="WHO", help="Who asked; it is recorded.")],
    reference: Annotated[str, typer.Option("--reference", metavar="TEXT", help="Their reference.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="A new file, for its owner alone.")],
) -> None:
    """Hand out an archived record after its first year, for one of the three purposes there are.

    Example: `contactpoint archive release C482915307P --for case_review --to "Oldham partnership"
    --reference CR-12 --out record.json`
    """
    if out.exists():
        raise InvalidInput(f"{out} is there already.")
    with acting_as("worker"):
        found = _released(number, because, asked_by, reference)
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(found, file, indent=2, ensure_ascii=False)
    say(f"Written to {out}, which is its owner's alone. Destroy it when it has served.")


def _released(number: str, because: ReleaseReason, asked_by: str, reference: str) -> dict[str, object]:
    from django.utils import timezone

    from contactpoint.actions.retain.release import release_archived
    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.domain.identifiers import parse_child_number

    answer = release_archived(
        number=parse_child_number(number),
        because=because,
        asked_by=asked_by,
        reference=reference,
        by=system_viewer("command line"),
        at=timezone.localtime(),
    )
    found: Released = _allowed(answer)
    return {
        "number": found.number,
        "archived_since": found.archived_since.isoformat(),
        "released_for": found.because.value,
        "sources_said": [dict(one) for one in found.statements],
        "in_contact": [dict(one) for one in found.contacts],
    }


def _allowed(answer: "Answer | Refusal") -> "Answer":
    from contactpoint.domain.disclosure.answers import Refusal

    if isinstance(answer, Refusal):
        raise Conflict(f"{answer.sentence} {answer.way_on}")
    return answer
