"""`contactpoint account`: what of an account no page changes, for whoever runs the service, as the owner."""

import contextlib
import os
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from contactpoint.cli.messages import say
from contactpoint.domain.errors import Conflict, InvalidInput, NotFound

if TYPE_CHECKING:
    from uuid import UUID

    from contactpoint.cli.postgres import Role

_DAY = "%Y-%m-%d"
account = typer.Typer(
    no_args_is_help=True, help="Accounts: passwords, who manages whom, and where staff live."
)


@account.callback()
def about() -> None:
    """What of an account no page changes."""


@account.command("manager")
def manager(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Whose manager to name.")],
    to: Annotated[
        str | None, typer.Option("--is", metavar="EMAIL", help="The manager's e-mail address.")
    ] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="Take the manager away and name none.")] = False,
) -> None:
    """Name who manages an account: the one who helps when its telephone is lost.

    An account without a manager cannot get a new one-time code but by its recovery codes. It is recorded in
    the audit. Refused, exit code 3, where two would manage each other or the manager's account is closed.

    Example: `contactpoint account manager ben@demo.example --is amina@demo.example`
    """
    if (to is None) is not nobody:
        raise InvalidInput("Say who the manager is with --is EMAIL, or take it away with --nobody.")
    with acting_as("owner"):
        _name(email, to)


@account.command("first")
def first(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Who they are.")],
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="Their name.")],
    checked_on: Annotated[
        datetime, typer.Option("--checked-on", formats=[_DAY], help="The day of their check.")
    ],
    trained_until: Annotated[
        datetime, typer.Option("--trained-until", formats=[_DAY], help="Until when their training is good.")
    ],
    signed_on: Annotated[
        datetime, typer.Option("--signed-on", formats=[_DAY], help="The day they signed the agreement.")
    ],
) -> None:
    """Make an account of the national team, while it has fewer than two people; they invite everybody else.

    Their password, for one use, is shown once. The national team is accredited for a year from today, where
    it is not. Recorded in the audit. Refused, exit code 3, once two people are there: everything powerful
    takes two, and they make further accounts on their pages.

    Example: `contactpoint account first ewa@example.org --name "Ewa Kowalska" --checked-on 2026-03-02
    --trained-until 2027-06-30 --signed-on 2026-11-02`
    """
    with acting_as("owner"):
        _make(email, name, checked_on.date(), trained_until.date(), signed_on.date())


@account.command("password")
def password(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Who has forgotten theirs, or has none yet.")],
) -> None:
    """Give somebody a password for one use, shown once: they choose their own when they sign in with it.

    Make sure first that it is them who ask. It works for a day, ends every session of theirs, and leaves
    their one-time code as it is. It is recorded in the audit.

    Example: `contactpoint account password ben@demo.example`
    """
    with acting_as("owner"):
        _give(email)


def _make(email: str, name: str, checked_on: date, trained_until: date, signed_on: date) -> None:
    from django.utils import timezone

    from contactpoint.access.given_passwords import give_password
    from contactpoint.actions.run.create_account import create_first_account
    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.domain.disclosure.answers import Refusal

    by, at = system_viewer("command line"), timezone.now()
    made = create_first_account(
        email=email,
        name=name,
        checked_on=checked_on,
        trained_until=trained_until,
        agreement_signed_on=signed_on,
        by=by,
        at=at,
    )
    if isinstance(made, Refusal):
        raise Conflict(f"{made.sentence} {made.way_on}")
    given = give_password(made, by=by, at=at)
    until = timezone.localtime(given.ends_at)
    say(f"{given.name} signs in with {given.password} until {until:%H:%M on %d %B}, then chooses their own.")


def _give(email: str) -> None:
    from django.utils import timezone

    from contactpoint.access.given_passwords import give_password
    from contactpoint.domain.disclosure.actors import system_viewer

    by, at = system_viewer("command line"), timezone.now()
    given = give_password(known_account(email), by=by, at=at)
    until = timezone.localtime(given.ends_at)
    say(f"{given.name} signs in with {given.password} until {until:%H:%M on %d %B}, then chooses their own.")


@account.command("reinstate")
def reinstate(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Whose account to let in again.")],
    asked_by: Annotated[
        str | None, typer.Option("--asked-by", metavar="EMAIL", help="Who asks, first; with --because.")
    ] = None,
    because: Annotated[
        str | None, typer.Option("--because", metavar="TEXT", help="Why; it is recorded.")
    ] = None,
    agreed_by: Annotated[
        str | None, typer.Option("--agreed-by", metavar="EMAIL", help="Who agrees, second.")
    ] = None,
) -> None:
    """Let a suspended account in again, or one not used for 90 days: one person asks, another agrees.

    Their manager asks, or a technical administrator or a reviewer of use; one of the latter two agrees. Make
    sure that it is them. What a reviewer has in hand, or found to be misuse, is refused, exit code 3.

    Example: `contactpoint account reinstate ben@demo.example --asked-by amina@demo.example --because "back
    from leave"`, then `contactpoint account reinstate ben@demo.example --agreed-by grace@demo.example`
    """
    if (asked_by is None) is (agreed_by is None) or (asked_by is None) is not (because is None):
        raise InvalidInput("Say who asks, with --asked-by and --because; or who agrees, with --agreed-by.")
    with acting_as("owner"):
        _reinstate(email, asked_by, because or "", agreed_by)


def _reinstate(email: str, asked_by: str | None, because: str, agreed_by: str | None) -> None:
    from django.utils import timezone

    from contactpoint.actions.account.reinstate import agree_to_reinstate, ask_to_reinstate
    from contactpoint.domain.disclosure.actors import system_viewer

    account, by, at = known_account(email), system_viewer("command line"), timezone.now()
    if agreed_by is not None:
        said = agree_to_reinstate(account=account, agreed_by=known_account(agreed_by), by=by, at=at)
    else:
        asking = known_account(asked_by or "")
        said = ask_to_reinstate(account=account, asked_by=asking, because=because, by=by, at=at)
    say(f"{said.name} may sign in again." if said.is_in else "Asked for. A second person has to agree.")


@account.command("home")
def home(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Whose address to keep.")],
    forget: Annotated[bool, typer.Option("--forget", help="Forget every address of theirs.")] = False,
) -> None:
    """Keep where a member of staff lives, as a digest, so that looks at their own address are found.

    The address is read from the keyboard or a pipe, first line then postcode, never from the command's words,
    which others on the machine can see. Only its digest under the worker's key is kept.

    Example: `contactpoint account home ben@demo.example`
    """
    with acting_as("worker"):
        _home(email, forget=forget)


def _home(email: str, *, forget: bool) -> None:
    from django.utils import timezone

    from contactpoint.actions.account.staff_home import forget_homes, note_home
    from contactpoint.domain.disclosure.actors import system_viewer

    account, by, at = known_account(email), system_viewer("command line"), timezone.now()
    if forget:
        gone = forget_homes(account=account, by=by, at=at)
        say(f"{gone} forgotten.")
        return
    line, postcode = (typer.prompt(asked) for asked in ("First line of the address", "Postcode"))
    made = note_home(account=account, line=line, postcode=postcode, by=by, at=at)
    say("Kept, as a digest." if made else "It was kept already.")


def _name(email: str, to: str | None) -> None:
    from django.utils import timezone

    from contactpoint.actions.account.recovery import name_manager
    from contactpoint.domain.disclosure.actors import system_viewer

    named = name_manager(
        account=known_account(email),
        manager=known_account(to) if to is not None else None,
        by=system_viewer("command line"),
        at=timezone.now(),
    )
    before = f" Before it was {named.before}." if named.before else ""
    now = f"{named.now} is the manager of {named.name}." if named.now else f"{named.name} has no manager."
    say(f"{now}{before}")


def known_account(email: str) -> "UUID":
    """The account of an e-mail address; raises NotFound where there is none."""
    from contactpoint.storage.accounts import account_of

    found = account_of(email)
    if found is None:
        raise NotFound(f"No account has the e-mail address {email}.")
    return found


@contextlib.contextmanager
def acting_as(role: "Role") -> Iterator[None]:
    """Act as a database role: that of DATABASE_URL if it is set, else on the data folder's PostgreSQL."""
    from contactpoint.cli.directory import Directory, enter_django
    from contactpoint.cli.home import default_home

    if "DATABASE_URL" in os.environ:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.config.settings")
        django.setup()
        yield
        return
    home = default_home()
    if not (home / "postgres").exists():
        raise NotFound(f"There is no directory in {home} yet: `contactpoint demo` makes one.")
    with Directory(home) as directory:
        enter_django(directory.environment(role))
        yield
