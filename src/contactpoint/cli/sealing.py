"""`contactpoint seal ...`: the key that what a shield hides is encrypted with (ADR 28)."""

from pathlib import Path
from typing import Annotated

import typer

from contactpoint.cli.accounts import acting_as
from contactpoint.cli.messages import say, telling

seal = typer.Typer(no_args_is_help=True, help="What is encrypted at rest: change its key.")


@seal.command("rotate-key")
def rotate(
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; it is recorded.")],
) -> None:
    """Put a new key in force, and what is sealed under it; everybody goes on working meanwhile.

    The new key is a new line of `secrets/seal.key` (CONTACTPOINT_SEAL_KEY). Older lines stay: a backup needs
    the line it was made under. If it is cut short, type it again, or let the worker end it: it goes on where
    it was. Where processes run on other machines too, copy the file to them.

    Example: `contactpoint seal rotate-key --because "a year is over"`
    """
    with acting_as("worker"):
        from django.conf import settings
        from django.utils import timezone

        from contactpoint.domain.disclosure.actors import system_viewer
        from contactpoint.pipelines.at_rest import rotate_seal_key

        path = Path(settings.SEAL_KEY)
        with telling("Sealing anew") as tell:
            key = rotate_seal_key(
                path=path, because=because, by=system_viewer("command line"), at=timezone.now(), progress=tell
            )
    say(f"Key {key.number} is in force, {key.fingerprint[:16]}; nothing is under an older one.")
    say(f"Keep a copy of {path} where no backup is. Backups made before now need its older lines.")
