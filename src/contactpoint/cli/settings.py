"""`contactpoint settings`: what the national team set, what held at a moment, and changing it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from contactpoint.cli.accounts import acting_as, known_account
from contactpoint.cli.messages import say
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.domain.setting_table import SETTINGS
from contactpoint.domain.settings import Values, does_it_loosen

if TYPE_CHECKING:
    from uuid import UUID

    from contactpoint.domain.disclosure.actors import Viewer
    from contactpoint.domain.disclosure.answers import Refusal
    from contactpoint.domain.setting_changes import SettingDone, SettingsKept

settings = typer.Typer(no_args_is_help=True, help="Limits, times and policies: what holds, and changing it.")

_Person = Annotated[str, typer.Option("--by", metavar="EMAIL", help="Who does it, of the national team.")]
_Because = Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; it is kept with the history.")]
_Number = Annotated[int, typer.Argument(metavar="CHANGE", help="The number of the change.")]


@settings.command("list")
def list_settings(
    moment: Annotated[
        datetime | None, typer.Option("--at", help="What held then, UTC: 2026-11-20T09:30:00.")
    ] = None,
) -> None:
    """Print every setting with its value, its bounds and what it is as shipped; and what waits.

    With `--at` it says what held at that moment, which never changes afterwards.

    Example: `contactpoint settings list --at 2026-11-20T09:30:00`
    """
    with acting_as("worker"):
        from contactpoint.storage.settings import settings_at

        kept = _kept()
        held = settings_at(moment.replace(tzinfo=UTC)) if moment else kept.now
    _print(held)
    for one in kept.waiting if moment is None else ():
        say(f"Waits for a second person: change {one.id}, {one.key} to {one.value}. {one.because}")


@settings.command("history")
def history() -> None:
    """Print every version that ever was set: from when, what, who, who agreed, and why.

    Example: `contactpoint settings history`
    """
    with acting_as("worker"):
        found = _kept().versions
    for one in found:
        agreed = f", {one.agreed_by} agreed" if one.agreed_by else ""
        since = one.from_when.astimezone(UTC)
        say(f"{one.id}  {since:%Y-%m-%d %H:%M} UTC  {one.key} {one.value}  {one.by}{agreed}: {one.because}")
    if not found:
        say("Nothing was ever changed.")


@settings.command("set")
def set_one(
    key: Annotated[str, typer.Argument(metavar="SETTING", help="As `contactpoint settings list` names it.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="What it becomes, within its bounds.")],
    because: _Because,
    person: _Person,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; else only say what it would mean.")] = False,
) -> None:
    """Set what is stricter; propose what is looser, which a second person agrees to.

    Without `--yes` it only says what that would mean. What is set holds within two minutes, and is kept for
    ever with who, when and why.

    Example: `contactpoint settings set searches_a_minute 30 --because "Enough" --by ewa@demo.example`
    """
    if key not in SETTINGS:
        raise InvalidInput(f"There is no setting {key[:48]}: see contactpoint settings list.")
    with acting_as("worker"):
        now, becomes = _kept().now.of(SETTINGS[key]), _becomes(key, value)
        loosens = does_it_loosen(SETTINGS[key], now, becomes)
        who = "A second person has to agree." if loosens else "One person is enough."
        say(f"{key}: {now} now, {value} then. {who}")
        if yes:
            from contactpoint.actions.run.settings import propose_setting

            account = known_account(person)
            _say_done(
                lambda by, at: propose_setting(
                    key=key, value=becomes, because=because, by=by, at=at, person=account
                )
            )


@settings.command("agree")
def agree(change: _Number, person: _Person) -> None:
    """Agree to a change as the second person: nobody agrees to their own.

    Example: `contactpoint settings agree 4 --by lena@demo.example`
    """
    _answer(change, person, agrees=True)


@settings.command("refuse")
def refuse(change: _Number, person: _Person) -> None:
    """Refuse a change, or take back one's own.

    Example: `contactpoint settings refuse 4 --by lena@demo.example`
    """
    _answer(change, person, agrees=False)


def _becomes(key: str, value: str) -> int | str:
    if SETTINGS[key].words:
        return " ".join(value.split())
    if not (value.isascii() and value.isdigit()):
        raise InvalidInput("It is a number.")
    return int(value)


def _answer(change: int, person: str, *, agrees: bool) -> None:
    with acting_as("worker"):
        from contactpoint.actions.run.settings import answer_setting

        account: UUID = known_account(person)
        _say_done(lambda by, at: answer_setting(change=change, agrees=agrees, by=by, at=at, person=account))


def _kept() -> "SettingsKept":
    from django.utils import timezone

    from contactpoint.actions.run.settings import settings_kept
    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.domain.disclosure.answers import Refusal

    found = settings_kept(by=system_viewer("command line"), at=timezone.now())
    if isinstance(found, Refusal):
        raise Conflict(found.sentence)
    return found


def _say_done(act: "Callable[[Viewer, datetime], SettingDone | Refusal]") -> None:
    from django.utils import timezone

    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.domain.disclosure.answers import Refusal

    done = act(system_viewer("command line"), timezone.now())
    if isinstance(done, Refusal):
        raise Conflict(f"{done.sentence} {done.way_on}")
    since = f" It holds from {done.from_when} on." if done.from_when else ""
    say(f"{done.key}: {done.state.replace('_', ' ')}.{since}")


def _print(held: Values) -> None:
    for one in SETTINGS.values():
        changed = "" if held.of(one) == one.shipped else f"{one.shipped} as shipped; "
        bounds = "" if one.words else f"{one.least} to {one.most}; "
        say(f"{one.key} {held.of(one)} ({bounds}{changed}{one.rule})")
    say(f"Version {held.version}." if held.version else "As shipped.")
