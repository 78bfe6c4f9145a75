"""`contactpoint authority`: split an authority or merge it, by two people, and take it back (R58)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from contactpoint.cli.accounts import acting_as, known_account
from contactpoint.cli.messages import say
from contactpoint.domain.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from contactpoint.domain.reorganising import Plan

authority = typer.Typer(no_args_is_help=True, help="Split an authority, or merge it with another.")

Who = Annotated[str, typer.Option("--by", metavar="EMAIL", help="Who of the national team says so.")]
Number = Annotated[int, typer.Argument(metavar="CHANGE", help="The number that `plan` gave.")]


@authority.callback()
def about() -> None:
    """Split an authority, or merge it with another."""


@authority.command("plan")
def plan(
    code: Annotated[str, typer.Argument(metavar="AUTHORITY", help="The three-digit code of the authority.")],
    into: Annotated[str, typer.Option("--into", metavar="AUTHORITY", help="Who takes what is not listed.")],
    listed: Annotated[
        Path | None,
        typer.Option("--listed", metavar="FILE", help="What goes elsewhere: a CSV of what, code, to."),
    ] = None,
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; else only a preview.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="EMAIL", help="Who of the national team plans it.")] = "",
) -> None:
    """Say what a split or merger would change; with `--by` and `--because`, plan it for a second person.

    Each line of FILE is `organisation`, `source` or `person` (an e-mail address), its code, and the
    authority, or for a person the organisation, that it goes to. The new authorities are loaded with
    organisations.csv first. Small numbers are not told, and of protections none. Exit code 3 if a change of
    it waits already.

    Example: `contactpoint authority plan 354 --into 353 --by ewa@demo.example --because "merged by order"`
    """
    with acting_as("worker"):
        _plan(code, into, listed, because, by)


@authority.command("agree")
def agree(change: Number, by: Who) -> None:
    """Do what was planned, all of it or nothing, because a second person agrees.

    Example: `contactpoint authority agree 1 --by lena@demo.example`
    """
    with acting_as("worker"):
        from django.utils import timezone

        from contactpoint.actions.run.reorganise import agree_to_change
        from contactpoint.domain.disclosure.actors import system_viewer

        who, viewer = known_account(by), system_viewer("command line")
        agree_to_change(change, agreed_by=who, by=viewer, at=timezone.now())
    say("Done. It can be taken back with `contactpoint authority undo`.")


@authority.command("undo")
def undo(
    change: Number,
    by: Who,
    agreed: Annotated[
        bool, typer.Option("--agreed", help="A second person agrees, and it is undone.")
    ] = False,
) -> None:
    """Ask to take a change back; with `--agreed`, as a second person, put back what still stands.

    Example: `contactpoint authority undo 1 --by ewa@demo.example`, then another with `--agreed`
    """
    with acting_as("worker"):
        from django.utils import timezone

        from contactpoint.actions.run.reorganise import agree_to_undo, ask_undo
        from contactpoint.domain.disclosure.actors import system_viewer

        who, viewer, at = known_account(by), system_viewer("command line"), timezone.now()
        if agreed:
            agree_to_undo(change, agreed_by=who, by=viewer, at=at)
        else:
            ask_undo(change, asked_by=who, by=viewer, at=at)
    say("Taken back." if agreed else "Asked. A second person takes it back with --agreed.")


def _plan(code: str, into: str, listed: Path | None, because: str, by: str) -> None:
    from django.utils import timezone

    from contactpoint.actions.run import reorganise
    from contactpoint.domain.disclosure.actors import system_viewer

    viewer, planned = system_viewer("command line"), _read(code, into, listed)
    found = reorganise.preview(planned, by=viewer)
    for words, count in (
        ("children", found.children),
        ("people", found.people),
        ("organisations", found.organisations),
        ("feeds", found.feeds),
    ):
        say(f"{words}: {'fewer than are told' if count is None else f'{count:,}'}")
    say("Protections and messages at desks go along; how many is told nowhere.")
    if by:
        who = known_account(by)
        number = reorganise.ask_change(planned, because=because, asked_by=who, by=viewer, at=timezone.now())
        say(f"Planned as {number}: a second person says `contactpoint authority agree {number}`.")


def _read(code: str, into: str, listed: Path | None) -> "Plan":
    from contactpoint.domain.reorganising import LISTED, Plan

    named = _listed(listed) if listed is not None else {what: {} for what in LISTED}
    return Plan(
        authority=code,
        rest=into,
        organisations=named["organisation"],
        sources=named["source"],
        people=named["person"],
    )


def _listed(path: Path) -> dict[str, dict[str, str]]:
    """Read what goes elsewhere; whoever is a person is named by account from here on."""
    from contactpoint.domain.reorganising import read_listed

    if not path.is_file():
        raise NotFound(f"There is no file {path}.")
    try:
        found = read_listed(path.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        raise InvalidInput(f'{path} is not in UTF-8. Save it as "CSV UTF-8" and try again.') from None
    if not any(found.values()):
        raise InvalidInput(f"{path} lists nothing. Leave it out if everything goes to one authority.")
    named = {what: {code: to for code, (_, to) in rows.items()} for what, rows in found.items()}
    named["person"] = {_account(email, line): to for email, (line, to) in found["person"].items()}
    if len(named["person"]) != len(found["person"]):
        raise InvalidInput("Somebody is listed twice.")
    return named


def _account(email: str, line: int) -> str:
    try:
        return str(known_account(email))
    except NotFound as unknown:
        raise NotFound(f"Line {line}: {unknown}") from None
