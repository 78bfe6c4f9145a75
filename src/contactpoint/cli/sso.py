"""`contactpoint sso`: which organisations sign their own people in, for whoever runs the service."""

import json
from typing import Annotated

import typer

from contactpoint.cli.accounts import acting_as, known_account
from contactpoint.cli.messages import say
from contactpoint.domain.errors import InvalidInput, NotFound

sso = typer.Typer(no_args_is_help=True, help="Organisations that sign their own people in (OpenID Connect).")


@sso.callback()
def about() -> None:
    """Organisations that sign their own people in."""


@sso.command("key")
def key() -> None:
    """Print the public key (a JWK set) to register with an organisation's provider, as our client's.

    Example: `contactpoint sso key > contactpoint-jwks.json`
    """
    from contactpoint.cli.home import default_home, sign_in_key

    path = sign_in_key(default_home())
    with acting_as("owner"):
        from joserfc.jwk import ECKey

        from contactpoint.access.organisation.keys import public_keys

        say(json.dumps(public_keys(ECKey.import_key(path.read_text(encoding="ascii"))), indent=1))


@sso.command("add")
def add(
    organisation: Annotated[str, typer.Argument(metavar="CODE", help="The organisation's code.")],
    issuer: Annotated[str, typer.Option(metavar="URL", help="Its issuer; what it publishes is read there.")],
    client_id: Annotated[str, typer.Option(metavar="ID", help="What it calls us.")],
    acr: Annotated[list[str] | None, typer.Option(help="A value of acr that stands for two factors.")] = None,
    amr: Annotated[list[str] | None, typer.Option(help="A value of amr that stands for two factors.")] = None,
) -> None:
    """Let an organisation sign its own people in. They still have to be invited.

    It must sign with a key of its own, take private_key_jwt and PKCE, and say in acr or amr that a second
    factor was asked for. What stood before ends. It is recorded in the audit.

    Example: `contactpoint sso add la-353 --issuer https://login.example.org --client-id cp --amr mfa`
    """
    if not (acr or amr):
        raise InvalidInput(
            "Say with --acr or --amr what stands for a second factor: nobody signs in with one."
        )
    with acting_as("owner"):
        _add(organisation, issuer, client_id, acr, amr)


@sso.command("end")
def end(
    organisation: Annotated[str, typer.Argument(metavar="CODE", help="The organisation's code.")],
) -> None:
    """Let an organisation sign nobody in any more; whoever is signed in by it is out at once.

    Example: `contactpoint sso end la-353`
    """
    with acting_as("owner"):
        from django.utils import timezone

        from contactpoint.access.organisation.naming import end_provider
        from contactpoint.domain.disclosure.actors import system_viewer

        if not end_provider(organisation, by=system_viewer("command line"), at=timezone.now()):
            raise NotFound(f"{organisation} does not sign its people in.")
    say(f"{organisation} signs nobody in any more.")


@sso.command("forget")
def forget(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Whose account to unbind.")],
) -> None:
    """Unbind an account from whom its organisation calls so: its next sign-in there binds it anew.

    Example: `contactpoint sso forget ben@demo.example`
    """
    with acting_as("owner"):
        from django.utils import timezone

        from contactpoint.access.organisation.naming import forget_binding
        from contactpoint.domain.disclosure.actors import system_viewer

        gone = forget_binding(known_account(email), by=system_viewer("command line"), at=timezone.now())
    say("Unbound." if gone else "It was not bound.")


def _add(code: str, issuer: str, client_id: str, acr: list[str] | None, amr: list[str] | None) -> None:
    from django.utils import timezone

    from contactpoint.access.organisation.naming import name_provider
    from contactpoint.domain.disclosure.actors import system_viewer

    named = name_provider(
        code,
        issuer=issuer,
        client_id=client_id,
        acr=tuple(acr or ()),
        amr=tuple(amr or ()),
        by=system_viewer("command line"),
        at=timezone.now(),
    )
    say(f"{code} signs its people in by {named.issuer}, with {', '.join(named.algorithms)}.")
