"""`contactpoint training`: a directory to practise in, and whose statements of training are believed."""

from pathlib import Path
from typing import Annotated

import typer

from contactpoint.cli.accounts import acting_as
from contactpoint.cli.messages import say
from contactpoint.domain.errors import Conflict, InvalidInput, NotFound

training = typer.Typer(no_args_is_help=True, help="Training England: a marked directory to practise in.")


@training.callback()
def about() -> None:
    """A directory to practise in, and whose statements are believed."""


@training.command("demo")
def demo(
    children: Annotated[int | None, typer.Option(help="Children under 18. Usual: 20,000.", min=100)] = None,
    port: Annotated[
        int | None, typer.Option(help="Port on this machine; 8000 or the next free one.", min=1, max=65535)
    ] = None,
    code: Annotated[
        str | None, typer.Option(metavar="EMAIL", help="Only print the next one-time code of this person.")
    ] = None,
) -> None:
    """Set up Training England, beside the directory and apart from it, and serve it until Ctrl-C.

    Every page of it says what it is. It has its own data folder, database, keys and people.

    Example: `contactpoint training demo`
    """
    from contactpoint.cli.demo import print_code, run_demo
    from contactpoint.cli.filling import England
    from contactpoint.cli.home import make_home, training_home, training_key

    home = training_home()
    if code is not None:
        print_code(code, home=home)
        return
    if not (home / "secrets" / "training.key").exists() and (home / "postgres").exists():
        raise Conflict(f"{home} holds a directory that is not for training.")
    training_key(make_home(home))
    run_demo(England(children=children) if children else None, port=port, home=home)


@training.command("key")
def key() -> None:
    """Print the public key of the training directory on this machine, for a directory that is to believe it.

    Example: `contactpoint training key > training-key.json`
    """
    import json

    from contactpoint.cli.home import is_training_home, training_home, training_key

    home = training_home()
    if not is_training_home(home):
        raise NotFound(f"There is no training directory in {home}: `contactpoint training demo` makes one.")
    private = training_key(home).read_text(encoding="ascii")
    from contactpoint.access.training_key import public_key

    say(json.dumps(public_key(private)))


@training.command("trust")
def trust(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `training key` printed there.")],
    name: Annotated[str, typer.Option(help="What to call it.")] = "Training England",
) -> None:
    """Believe a training directory from now on: what it signs sets the training date of whoever enters it.

    Example: `contactpoint training trust training-key.json`
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise InvalidInput(
            f"{file} cannot be read. Name the file with what `training key` printed."
        ) from None
    if not name.strip() or len(name) > 80:
        raise InvalidInput("Give it a name of 1 to 80 characters.")
    with acting_as("owner"):
        from django.utils import timezone

        from contactpoint.access.training import trust as trust_key
        from contactpoint.domain.disclosure.actors import system_viewer

        kid = trust_key(text, name.strip(), by=system_viewer("command line"), at=timezone.now())
    say(f"Believed from now on: {name.strip()}, {kid}")


@training.command("trusted")
def trusted() -> None:
    """List the training directories that are believed.

    Example: `contactpoint training trusted`
    """
    with acting_as("owner"):
        from contactpoint.storage.training import trusted_names

        found = trusted_names()
    for kid, name, since in found:
        say(f"{kid}  {name}, since {since:%Y-%m-%d}")
    if not found:
        say("None: whoever is trained has it recorded by their account manager.")


@training.command("distrust")
def distrust(
    kid: Annotated[str, typer.Argument(metavar="KEY", help="As `training trusted` lists it.")],
) -> None:
    """Believe a training directory no more; what was recorded by its statements stays.

    Example: `contactpoint training distrust f1VTANM7...`
    """
    with acting_as("owner"):
        from django.utils import timezone

        from contactpoint.access.training import distrust as distrust_key
        from contactpoint.domain.disclosure.actors import system_viewer

        distrust_key(kid, by=system_viewer("command line"), at=timezone.now())
    say("Believed no more.")
