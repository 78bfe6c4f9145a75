"""`contactpoint audit verify`: the log against its public key."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from contactpoint.cli.directory import Directory, enter_django
from contactpoint.cli.home import default_home
from contactpoint.cli.messages import say
from contactpoint.domain.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from contactpoint.domain.audit.report import Report


def verify(*, folder: Path | None, key: Path | None, since: Path | None) -> bool:
    """Verify files, or the database, and print what was found; whether nothing is wrong.

    Raises:
        NotFound: a file that was named, or the log itself, is not there.
        InvalidInput: a key or checkpoint that is none.
    """
    if folder is not None and key is None:
        raise InvalidInput("Files are verified against a public key you hold: name it with --key.")
    known = _text(since) if since is not None else None
    report = (
        _verify_files(folder, key, known)
        if folder is not None and key is not None
        else _verify_database(key, known)
    )
    print_report(report)
    return report.is_sound


def _verify_files(folder: Path, key: Path, since: str | None) -> "Report":
    from contactpoint.pipelines.seal import read_key, verify_directory

    return verify_directory(folder, key=read_key(key), now=datetime.now(UTC), since=since)


def _verify_database(key: Path | None, since: str | None) -> "Report":
    home = default_home()
    if not (home / "postgres").exists():
        raise NotFound(f"There is no directory in {home} yet: `contactpoint demo` makes one.")
    with Directory(home) as directory:
        enter_django(directory.environment("auditor"))
        from contactpoint.pipelines.seal import read_key, verify_database

        return verify_database(key=read_key(key or directory.public_key), now=datetime.now(UTC), since=since)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.") from None


def print_report(report: "Report") -> None:
    """Print what was found, a line for each fault."""
    say(f"Entries verified: {report.size:,}")
    say(f"Signed heads: {report.checkpoints:,}, the newest of them over {report.signed_size:,} entries")
    say(f"Root: {report.root.hex()}")
    if report.bodies_gone:
        say(f"Purged: {report.bodies_gone:,} entries whose text was deleted; their proofs stand")
    if report.oldest_unsealed is not None:
        age = report.oldest_unsealed.total_seconds()
        say(f"Not sealed yet: {report.unsealed:,} events, the oldest {age:.0f} seconds old")
    for fault in report.faults:
        say(f"WRONG: {fault}")
    if report.is_sound:
        say("Nothing is wrong.")
    else:
        say(
            f"{report.fault_count:,} faults. What this log says can not be relied on where it is named above."
        )
