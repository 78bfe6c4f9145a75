"""`contactpoint audit ...` but for verify: checkpoints, handing over, another key, write-once storage."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from contactpoint.cli.accounts import acting_as
from contactpoint.cli.messages import say
from contactpoint.domain.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from contactpoint.domain.replay import Replayed

audit = typer.Typer(no_args_is_help=True, help="The audit log: prove that nobody altered it.")

Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="Write it here.")]
Key = Annotated[Path, typer.Option("--key", metavar="FILE", help="The log's public key, which you hold.")]


@audit.command("checkpoint")
def checkpoint(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it here, not to the screen.")
    ] = None,
) -> None:
    """Sign a checkpoint now, over everything that has happened, and print it.

    The worker signs one within two seconds of anything that happens; this is for when it does not run, or to
    take one away. Exit code 3 if the published log and the database do not belong together.

    Example: `contactpoint audit checkpoint --out today.note`
    """
    with acting_as("worker"):
        note = _sealed_note()
    if out is None:
        say(note.rstrip("\n"))
    else:
        out.write_text(note, encoding="utf-8")
        say(f"Written to {out}.")


@audit.command("hand-over")
def hand_over(
    organisation: Annotated[str, typer.Argument(metavar="CODE", help="The organisation's code.")],
    out: Out,
) -> None:
    """Hand the newest checkpoint to an organisation's auditor, with the proof that it grew from their last.

    The page "Checkpoints" gives auditors the same. Check it with `contactpoint audit check`, or with any
    software that knows RFC 6962. It is recorded in the audit.

    Example: `contactpoint audit hand-over la-353 --out la-353.json`
    """
    with acting_as("worker"):
        from django.utils import timezone

        from contactpoint.domain.disclosure.actors import system_viewer
        from contactpoint.pipelines.hand_over import hand_over_now

        _sealed_note()
        bundle = hand_over_now(organisation, by=system_viewer("command line"), at=timezone.now())
    out.write_text(bundle.to_json(), encoding="utf-8")
    say(f"Written to {out}.")


@audit.command("check")
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What was handed over.")],
    key: Key,
    kept: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What was handed over the time before.")
    ] = None,
) -> None:
    """Check what was handed over: its signatures, and that today's log begins with the last one.

    It needs the two files and the public key and nothing else. Exit code 2 if anything does not hold.

    Example: `contactpoint audit check november.json --kept october.json --key audit.key.pub`
    """
    from contactpoint.domain.audit.handover import Bundle, check_bundle
    from contactpoint.pipelines.seal import read_key

    before = Bundle.from_json(_text(kept)).note if kept is not None else None
    now, last = check_bundle(Bundle.from_json(_text(file)), key=read_key(key), kept=before)
    say(f"Signed, over {now.size:,} entries; root {now.root.hex()}.")
    if last is None:
        say("It is the first one: there is nothing yet that it must begin with.")
    else:
        say(f"It begins with the log of {last.size:,} entries that was handed over before.")


@audit.command("rotate-key")
def rotate(
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; it is recorded.")],
) -> None:
    """Put a new signing key in the place of the old one, which vouches for it.

    The change is an event of the log and a note that both keys sign; whoever holds the old public key goes on
    verifying with it. The worker takes the new key by itself. If it is cut short, type it again. After a
    theft begin a new log instead (docs/audit.md): a thief can sign a change as well.

    Example: `contactpoint audit rotate-key --because "a year is over"`
    """
    with acting_as("worker"):
        from django.conf import settings
        from django.utils import timezone

        from contactpoint.domain.disclosure.actors import system_viewer
        from contactpoint.pipelines.rotate_key import rotate_key

        key = rotate_key(
            Path(settings.AUDIT_KEY), because=because, by=system_viewer("command line"), at=timezone.now()
        )
        _sealed_note()
    say("The new public key, for whoever begins to verify now; older ones stay good:")
    say(key.text())


@audit.command("export")
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder on write-once storage.")],
) -> None:
    """Add what was published since to a folder whose files are read-only and never written again.

    With CONTACTPOINT_AUDIT_VAULT set the worker does it every hour. Exit code 3 if the folder has what was
    never published: then somebody rewrote the log. Verify it with `contactpoint audit verify --vault DIR`.

    Example: `contactpoint audit export /mnt/worm/contactpoint`
    """
    with acting_as("worker"):
        from django.conf import settings

        from contactpoint.storage.audit_vault import add

        _sealed_note()
        size = add(Path(settings.AUDIT_DIR), folder)
    say(f"It holds {size:,} entries.")


@audit.command("replay")
def replay(
    account: Annotated[str, typer.Argument(metavar="EMAIL", help="Whose eyes.")],
    child: Annotated[str, typer.Argument(metavar="NUMBER", help="The child's number.")],
    moment: Annotated[datetime, typer.Option("--at", metavar="TIME", help="The moment, UTC.")],
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; it is recorded.")],
) -> None:
    """Say what somebody could see of a child at a moment, in each role they had then.

    From what the directory held then and the rules of disclosure; it says whether the rules in force then are
    those that answered. Fields and services are named, none of their values is shown. It is recorded.

    Example: `contactpoint audit replay ben@demo.example C482915307P --at "2026-11-20 09:30:00" --because "A
    complaint"`
    """
    with acting_as("worker"):
        from django.utils import timezone

        from contactpoint.actions.account import replay as actions
        from contactpoint.cli.accounts import known_account
        from contactpoint.domain.disclosure.actors import system_viewer
        from contactpoint.domain.identifiers import parse_child_number

        found = actions.replay(
            account=known_account(account),
            child=parse_child_number(child),
            moment=moment.replace(tzinfo=UTC),
            because=because,
            by=system_viewer("command line"),
            at=timezone.now(),
        )
    for line in replay_lines(found):
        say(line)


def replay_lines(found: "Replayed") -> list[str]:
    """The answer in words, a line each."""
    if found.closed:
        return ["This record is protected, or was at that moment: shield staff ask on a page."]
    lines = [] if found.could_see else ["Had no role then, and could see nothing."]
    for one in found.could_see:
        acting = f"As {one.role.replace('_', ' ')} for {one.organisation}: "
        if one.refusal:
            lines.append(f"{acting}nothing. {one.refusal}")
        elif one.protected:
            lines.append(f"{acting}name, sex, birth date and number: the record was protected.")
        else:
            shown = ", ".join((*one.fields, *one.identifiers)).replace("_", " ")
            lines.append(f"{acting}{shown}; {len(one.involvements)} services.")
    if found.exact:
        lines.append(
            f"Exact: the rules in force since {found.rules_since:%Y-%m-%d %H:%M} are those that answered."
        )
    elif found.rules_then is None:
        lines.append(
            "Not exact: it was not written down yet which rules were in force, nor what changed since."
        )
    else:
        lines.append(f"By the rules of now. Those of then were others: {found.rules_then[:12]}.")
    held = f"version {found.settings}" if found.settings else "as shipped"
    lines.append(f"Settings that held then: {held} (contactpoint settings list --at).")
    lines.append("Left out, whether or not there are any: sensitive services, and from whom it is kept.")
    return lines


def _sealed_note() -> str:
    """Number, sign and publish what waits, and return the newest checkpoint."""
    from django.conf import settings

    from contactpoint.pipelines.seal import load_signer, seal
    from contactpoint.storage.audit_files import newest_note

    folder = Path(settings.AUDIT_DIR)
    seal(signer=load_signer(Path(settings.AUDIT_KEY)), folder=folder)
    note = newest_note(folder)
    if note is None:
        raise NotFound("Nothing has happened yet that could be signed.")
    return note


def verify_kept(vault: Path, *, key: Path | None, since: Path | None, roots: Path | None) -> bool:
    """Verify a write-once folder, and print what was found; whether nothing is wrong.

    Raises:
        InvalidInput: no key is named.
    """
    from contactpoint.cli.auditing import print_report
    from contactpoint.pipelines.keep_log import roots_in, verify_vault
    from contactpoint.pipelines.seal import read_key

    if key is None:
        raise InvalidInput("Files are verified against a public key you hold: name it with --key.")
    report = verify_vault(
        vault,
        key=read_key(key),
        now=datetime.now(UTC),
        since=_text(since) if since is not None else None,
        roots=roots_in(str(roots)) if roots is not None else (),
    )
    print_report(report)
    return report.is_sound


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.") from None
