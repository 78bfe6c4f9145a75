"""`contactpoint backup`: the whole directory as of one moment, while it serves.

The published log is copied first and the database after it, so that the database always knows the newest head
of the log beside it. Row counts and dump are of one and the same snapshot.
"""

import os
import shutil
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from contactpoint.cli.doctor_keys import KEYS_NEEDED
from contactpoint.cli.home import CHECKOUT, write_private
from contactpoint.cli.manifest import (
    DUMP,
    NAME,
    Manifest,
    describe_files,
    fingerprints,
    folder_to_disk,
    keys_needed,
)
from contactpoint.cli.messages import Tell, say, telling
from contactpoint.cli.pg_programs import run_program
from contactpoint.cli.place import KEYS, Place, place_in_use
from contactpoint.domain.audit.canonical import LEAF_LENGTH
from contactpoint.domain.audit.checkpoint import Signer
from contactpoint.domain.audit.tree import HASH_LENGTH
from contactpoint.domain.errors import Conflict, InvalidInput

_DEMONSTRATION = ("england/made-with.json", "england/organisations.csv")


def back_up_here(folder: Path, *, with_secrets: bool) -> None:
    """Back up the directory that the environment names, and say what is in the backup and what is not.

    Raises:
        NotFound: there is no directory.
        Conflict: the folder holds something already.
        InvalidInput: the folder can not be written.
        ProgramFailed: the database could not be read.
    """
    prepare_target(folder)
    with place_in_use() as place:
        manifest = back_up(place, folder, with_secrets=with_secrets)
    where = place.home / "secrets" if place.home is not None else "where your processes are given them"
    for line in back_up_words(manifest, folder, with_secrets=with_secrets, secrets=str(where)):
        say(line)


def back_up_words(manifest: Manifest, folder: Path, *, with_secrets: bool, secrets: str) -> list[str]:
    """What is said of a backup, in lines that are kept in logs.

    No row is counted and the size is round: a count that moves when somebody is protected would tell (R57).
    """
    size = sum(file["bytes"] for file in manifest.files.values())
    lines = [
        f"{folder}: {max(1, round(size / 1e6)):,} MB as of {manifest.made_at}",
        "It holds everything about every child, hidden ones too: only those who may see that may reach it.",
    ]
    if with_secrets:
        more = "It holds the keys as well: whoever has it can sign the audit log. Better apart, in a safe."
        return [*lines, more]
    return [
        *lines,
        f"Without the keys ({', '.join(KEYS)}) it cannot be restored. Keep them apart",
        f"({secrets}), or make a backup that holds them: --with-secrets.",
    ]


def back_up(place: Place, folder: Path, *, with_secrets: bool) -> Manifest:
    """Write a backup into an empty folder.

    Raises:
        ProgramFailed: the database could not be read.
    """
    audit_size = _copy_log(place.audit_dir, folder / "audit")
    if with_secrets:
        _copy_secrets(place, folder / "secrets")
    if place.home is not None:
        _copy_named(place.home, folder, _DEMONSTRATION)
    with telling("Backing up the database") as tell:
        facts, lines = _dump(place.url, folder / DUMP, tell)
    with telling("Taking checksums") as tell:
        files = describe_files(folder, tell, to_disk=True)
    for path in {path.parent for path in folder.rglob("*")}:
        folder_to_disk(path)
    manifest = Manifest(
        **facts,
        release=release(),
        audit_key=Signer.parse(place.keys["audit.key"]).verifier().text()
        if "audit.key" in place.keys
        else "",
        audit_size=audit_size,
        keys=fingerprints(keys_needed(place.keys, lines)),
        files=files,
    )
    manifest.write(folder)
    return manifest


def prepare_target(folder: Path) -> None:
    """Make the folder, for its owner alone.

    Raises:
        Conflict: it is not empty.
        InvalidInput: it is a file, or nobody may write there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        inside = sorted(path.name for path in folder.iterdir())
        if inside:
            cut_short = DUMP in inside and NAME not in inside
            why = "a backup that was cut short: delete it" if cut_short else "something already: name another"
            raise Conflict(f"{folder} holds {why}. A backup never overwrites.")
        folder.chmod(0o700)
        probe = folder / ".probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise InvalidInput(f"Nothing can be written to {folder}: {error.strerror}.") from None


def count_rows(connection: psycopg.Connection) -> dict[str, int]:
    """The rows of every table, hidden ones too: where row security would hide some, PostgreSQL fails."""
    connection.execute("SET LOCAL row_security = off")
    tables = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    ).fetchall()
    counts = {}
    for (table,) in tables:
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", table))
        row = connection.execute(query).fetchone()
        counts[str(table)] = int(row[0]) if row else 0
    return counts


def release() -> str:
    """The release of this code."""
    try:
        return version("contactpoint")
    except PackageNotFoundError:  # run from a checkout, which is not installed
        about = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
        return str(about["project"]["version"])


def _dump(url: str, file: Path, tell: Tell) -> tuple[dict[str, Any], list[int]]:
    """Dump one snapshot; return what else was true in it, and the sealing keys that its rows are under."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        tell("counting rows", 0.0)
        facts: dict[str, Any] = {
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "postgresql": connection.info.parameter_status("server_version") or "",
            "migrations": applied_migrations(connection),
            "rows": (rows := count_rows(connection)),
        }
        lines = _seal_keys(connection)
        # pg_dump switches row security off as well: it fails rather than leave a sealed row out.
        arguments = ["--format=custom", "--no-owner", "--schema=public", f"--file={file}"]
        arguments.append(f"--snapshot={snapshot[0] if snapshot else ''}")
        run_program("pg_dump", arguments, url=url, rows=rows, tell=tell)
    return facts, lines


def _seal_keys(connection: psycopg.Connection) -> list[int]:
    there = connection.execute("SELECT to_regclass('public.seal_key')").fetchone()
    if there is None or there[0] is None:  # of an earlier release
        return []
    return [number for number, *_ in connection.execute(KEYS_NEEDED).fetchall()]


def applied_migrations(connection: psycopg.Connection) -> list[str]:
    """The migrations a database has had, as `app.name`; none before the first."""
    known = connection.execute("SELECT to_regclass('public.django_migrations')").fetchone()
    if known is None or known[0] is None:
        return []
    rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
    return [f"{app}.{name}" for app, name in rows]


def _copy_log(source: Path, target: Path) -> int:
    """Copy the published log as far as its newest head, and return that head's size.

    What stands beyond is promised to nobody yet. The head is read first, because the files only grow.
    """
    if not (source / "checkpoint").exists():
        return 0
    head = (source / "checkpoint").read_text(encoding="utf-8")
    size = int(head.split("\n", 2)[1])
    (target / "checkpoints").mkdir(parents=True)
    for name, length in (("leaves.bin", LEAF_LENGTH), ("hashes.bin", HASH_LENGTH)):
        _copy_beginning(source / name, target / name, size * length)
    for note in (source / "checkpoints").glob("*.note"):
        if int(note.stem) <= size:
            shutil.copyfile(note, target / "checkpoints" / note.name)
    (target / "checkpoint").write_text(head, encoding="utf-8", newline="")
    return size


def _copy_beginning(source: Path, target: Path, length: int) -> None:
    with source.open("rb") as old, target.open("xb") as new:
        left = length
        while left and (piece := old.read(min(left, 1 << 20))):
            new.write(piece)
            left -= len(piece)
    if left:
        raise Conflict(f"{source} is shorter than its newest checkpoint says. Verify the audit log first.")


def _copy_secrets(place: Place, target: Path) -> None:
    target.mkdir(mode=0o700)
    texts: Mapping[str, str] = place.keys
    demonstration = place.home / "secrets" / "sign-ins.json" if place.home is not None else None
    if demonstration is not None and demonstration.exists():
        texts = {**texts, "sign-ins.json": demonstration.read_text(encoding="ascii")}
    for name, text in texts.items():
        write_private(target / name, text)


def _copy_named(home: Path, folder: Path, names: tuple[str, ...]) -> None:
    """What the demonstration remembers of the England it was filled with, if it is one."""
    for name in names:
        if (home / name).exists():
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(home / name, folder / name)
