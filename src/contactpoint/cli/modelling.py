"""`contactpoint match propose` and what follows: another matching model, by two people (R20)."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from contactpoint.cli.accounts import acting_as, known_account
from contactpoint.cli.messages import say
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.domain.matching_models import MOST_BYTES, ModelState
from contactpoint.domain.two_people import Step

if TYPE_CHECKING:
    from contactpoint.domain.disclosure.actors import Viewer
    from contactpoint.domain.disclosure.answers import Refusal
    from contactpoint.domain.matching_models import ModelDone, ModelReport, ModelVersion

_Person = Annotated[str, typer.Option("--by", metavar="EMAIL", help="Who does it, of the national team.")]
_Because = Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; it is kept with the history.")]
_Number = Annotated[int, typer.Argument(metavar="NUMBER", help="As `contactpoint match versions` says.")]


def add_to(match: typer.Typer) -> None:
    """Add the commands to `contactpoint match`."""
    match.command("propose")(propose)
    match.command("versions")(versions)
    match.command("agree")(agree)
    match.command("refuse")(refuse)
    match.command("put-back")(put_back)


def propose(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A model file, ours or Splink's settings.")],
    because: _Because,
    person: _Person,
) -> None:
    """Propose a matching model. Nothing changes before the worker reported on it and a second person agreed.

    Exit code 2 if the file cannot be used; it says why.

    Example: `contactpoint match propose learnt.json --because "Learnt from October" --by ewa@demo.example`
    """
    data = _read(model)
    with acting_as("worker"):
        from contactpoint.actions.run.models import propose_model

        who = known_account(person)
        _done(lambda by, at: propose_model(data=data, because=because, by=by, at=at, person=who))


def versions(
    number: Annotated[
        int | None, typer.Argument(metavar="NUMBER", help="The version of which to print the report.")
    ] = None,
) -> None:
    """Print the matching model in force, what is proposed, and the history; or the report of one version.

    Counts are to the nearest hundred, without protected children.

    Example: `contactpoint match versions 3`
    """
    with acting_as("worker"):
        from django.utils import timezone

        from contactpoint.actions.run.models import NO_VERSION, models_kept
        from contactpoint.domain.disclosure.actors import system_viewer
        from contactpoint.domain.disclosure.answers import Refusal

        found = models_kept(by=system_viewer("command line"), at=timezone.now())
        if isinstance(found, Refusal):
            raise Conflict(found.sentence)
        if number is None:
            since = "" if found.in_force else ", which comes with the project"
            say(f"In force: {found.name}{since}. SHA-256 {found.sha256}")
        chosen = [one for one in found.versions if number in {None, one.id}]
        if number is not None and not chosen:
            raise InvalidInput(NO_VERSION)
        for one in chosen:
            say(_line(one))
            if number is not None and one.report:
                _say_report(one.report)


def agree(number: _Number, person: _Person) -> None:
    """Agree to a proposal as the second person: from then on it decides. Nobody agrees to their own.

    Example: `contactpoint match agree 3 --by lena@demo.example`
    """
    _step(number, Step.AGREE, person)


def refuse(
    number: _Number,
    person: _Person,
    own: Annotated[bool, typer.Option("--own", help="Drop it: it is one's own proposal.")] = False,
) -> None:
    """Refuse a proposal, or drop one's own.

    Example: `contactpoint match refuse 3 --by lena@demo.example`
    """
    _step(number, Step.DROP if own else Step.REFUSE, person)


def put_back(because: _Because, person: _Person) -> None:
    """Propose the model that was in force before; a second person agrees to it as to any other.

    Example: `contactpoint match put-back --because "It joins brothers" --by ewa@demo.example`
    """
    with acting_as("worker"):
        from contactpoint.actions.run.models import put_back as propose_before

        who = known_account(person)
        _done(lambda by, at: propose_before(because=because, by=by, at=at, person=who))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as fault:
        raise InvalidInput(f"{path} cannot be read: {fault.strerror}.") from fault


def _step(number: int, step: Step, person: str) -> None:
    with acting_as("worker"):
        from contactpoint.actions.run.models import step_model

        who = known_account(person)
        _done(lambda by, at: step_model(number=number, step=step, by=by, at=at, person=who))


def _done(act: "Callable[[Viewer, datetime], ModelDone | Refusal]") -> None:
    from django.utils import timezone

    from contactpoint.actions.run.models import NOT_NOW
    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.domain.disclosure.answers import Refusal

    done = act(system_viewer("command line"), timezone.now())
    if isinstance(done, Refusal):
        raise Conflict(f"{done.sentence} {done.way_on or NOT_NOW.way_on}")
    say(f"Version {done.number}: {_WORDS[ModelState(done.state)]}")


_WORDS = {
    ModelState.ASKED: "the worker reports what it would change; then a second person agrees.",
    ModelState.REPORTED: "a second person has to agree.",
    ModelState.FAILED: "it could not be weighed.",
    ModelState.DROPPED: "dropped.",
    ModelState.REFUSED: "refused.",
    ModelState.IN_FORCE: "in force.",
    ModelState.REPLACED: "was in force.",
}


def _line(one: "ModelVersion") -> str:
    answered = f", {one.answered_by}" if one.answered_by else ""
    held = [f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" for moment in _held(one)]
    when = f" From {' until '.join(held)}." if held else ""
    outcome = f" {one.outcome}" if one.outcome else ""
    who = f"{one.proposed_by}{answered}: {one.because}"
    return f"{one.id}  {one.version}  {who}  {_WORDS[one.state]}{when}{outcome}"


def _held(one: "ModelVersion") -> list[datetime]:
    return [moment for moment in (one.in_force_from, one.in_force_until) if moment]


def _say_report(report: "ModelReport") -> None:
    say(f"Compared with {report.against}, {_told(report.children)} children whom nothing hides:")
    for what, count in (
        ("joined with another", report.joined),
        ("parted", report.parted),
        ("rearranged", report.rearranged),
    ):
        say(f"  {_told(count)} {what}")
    say(f"  {_told(report.moved)} records would be another child's")
    for cause in report.causes:
        say(f"  {cause}")
    say("Published children stay as they are. Cases for a person, now and then:")
    for case in report.cases:
        say(f"  {case.kind.replace('_', ' ')}: {_told(case.now)} and {_told(case.then)}")


def _told(count: int | None) -> str:
    return "fewer than 100" if count is None else f"about {count:,}"
