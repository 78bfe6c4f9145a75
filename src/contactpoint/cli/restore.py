"""`contactpoint restore`: a backup into an empty data folder, or an empty database of somebody else's.

Nothing is touched before every checksum has been held against its file and every key against its fingerprint.
Then the rows of each table are counted and the audit log is verified, before the folder may be used.
"""

import os
import shutil
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Final

import psycopg

from contactpoint.cli.backup import count_rows
from contactpoint.cli.directory import Directory, enter_django
from contactpoint.cli.home import default_home, make_home, write_private
from contactpoint.cli.manifest import DUMP, Manifest, check_files, files_of, fingerprints, keys_by_line
from contactpoint.cli.messages import say, telling
from contactpoint.cli.pg_programs import run_program
from contactpoint.cli.place import RESTORING, outside_place
from contactpoint.cli.postgres import Cluster
from contactpoint.domain.audit.checkpoint import VerifierKey, open_checkpoint
from contactpoint.domain.errors import Conflict, ContactPointError, InvalidInput, NotFound

# What a restore that was cut short may have left, and the next one may therefore remove.
_OURS: Final = frozenset(
    {RESTORING, "postgres", "postgres.log", "postgres.port", "postgres.turn", "postgres.users", "secrets",
     "audit", "england", "tables", "guards.json"}
)  # fmt: skip


class RestoreFailed(ContactPointError):
    """What was restored is not what was backed up; the message says what differs."""


def restore_here(folder: Path, *, secrets: Path | None, published: Path | None) -> None:
    """Restore into the place that the environment names, and say what was verified.

    Args:
        folder: the backup.
        secrets: a folder with the keys, where the backup does not hold them.
        published: a newer copy of the published log, if there is one: the restored log must reach as far.

    Raises:
        NotFound: the folder is no whole backup.
        InvalidInput: a key is missing or another one.
        Conflict: the backup is damaged or too new, or something is there already.
        RestoreFailed: the rows or the audit log are not what was backed up.
    """
    manifest = Manifest.read(folder)
    _refuse_newer(manifest)
    with telling("Verifying checksums") as tell:
        check_files(folder, manifest, tell)
    if published is not None:
        _refuse_behind(manifest, published)
    if "DATABASE_URL" in os.environ:
        _restore_outside(folder, manifest)
        return
    keys = _keys(manifest, [folder / "secrets", *([secrets] if secrets is not None else [])])
    home = default_home()
    _clear(home)
    _restore_home(folder, manifest, home, keys)
    say(f"Restored into {home}. `contactpoint serve` serves it.")
    _warn_of_lost(manifest)


def _restore_home(folder: Path, manifest: Manifest, home: Path, keys: Mapping[str, str]) -> None:
    make_home(home)
    (home / RESTORING).write_text(f"{folder.absolute()}\n", encoding="utf-8")
    for name, text in keys.items():
        write_private(home / "secrets" / name, text)
    for name in ("audit", "england"):
        if (folder / name).exists():
            shutil.copytree(folder / name, home / name)
    directory = Directory(home, restoring=True)
    directory.cluster.start()
    try:
        _load(directory.cluster.url("owner"), folder, manifest)
        with directory:
            verify_restored(directory, manifest)
    finally:
        directory.cluster.stop()
    (home / RESTORING).unlink()


def _restore_outside(folder: Path, manifest: Manifest) -> None:
    """Into a database that somebody else runs; its processes are given their keys by whoever runs them."""
    place = outside_place(os.environ)
    _check_keys(manifest, place.keys)
    with psycopg.connect(place.url) as connection:
        if count_rows(connection):
            raise Conflict("The database in DATABASE_URL holds tables already. A restore never overwrites.")
    if place.audit_dir.exists() and any(place.audit_dir.iterdir()):
        raise Conflict(f"{place.audit_dir} is not empty. A restore never overwrites.")
    _load(place.url, folder, manifest)
    if (folder / "audit").exists():
        shutil.copytree(folder / "audit", place.audit_dir, dirs_exist_ok=True)
    say("Restored. Type `contactpoint upgrade`, then `contactpoint audit verify --dir` on the published log.")
    _warn_of_lost(manifest)


def _load(url: str, folder: Path, manifest: Manifest) -> None:
    """Make the roles that the dump grants to, load it, and count.

    Raises:
        RestoreFailed: a table has another number of rows than was backed up.
    """
    roles = resources.files("contactpoint.storage") / "sql" / "roles.sql"
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute(roles.read_text(encoding="utf-8"))
    with telling("Restoring the database") as tell:
        arguments = ["--exit-on-error", "--no-owner", "--schema=public", "--jobs=2"]
        arguments += [f"--dbname={_database(url)}", str(folder / DUMP)]
        run_program("pg_restore", arguments, url=url, rows=manifest.rows, tell=tell)
    with psycopg.connect(url) as connection:
        there = count_rows(connection)
        connection.execute("ANALYZE")
    wrong = [
        f"{table}: {there.get(table, 0):,} rows instead of {rows:,}"
        for table, rows in manifest.rows.items()
        if there.get(table) != rows
    ]
    if wrong:
        raise RestoreFailed(f"Not everything came back: {'; '.join(wrong)}.")
    say(f"  {sum(there.values()):,} rows in {len(there)} tables, as many as were backed up")


def verify_restored(directory: Directory, manifest: Manifest) -> None:
    """Verify the restored audit log against the key and the published head that came with the backup.

    Raises:
        RestoreFailed: it does not verify.
    """
    if not manifest.audit_key:
        return
    enter_django(directory.environment("auditor"))
    from contactpoint.pipelines.seal import verify_database, verify_directory

    key, now = VerifierKey.parse(manifest.audit_key), datetime.now(UTC)
    head = directory.audit_dir / "checkpoint"
    since = head.read_text(encoding="utf-8") if head.exists() else None
    reports = [verify_database(key=key, now=now, since=since)]
    if since is not None:
        reports.append(verify_directory(directory.audit_dir, key=key, now=now))
    for report in reports:
        if not report.is_sound:
            raise RestoreFailed(f"The restored audit log does not verify: {report.faults[0]}")
    say(f"  the audit log verifies: {reports[0].size:,} entries, {reports[0].unsealed:,} not sealed yet")


def _clear(home: Path) -> None:
    """Make sure that nothing is there, but for what a restore that was cut short left.

    Raises:
        Conflict: something else is there.
    """
    there = {path.name for path in home.iterdir()} if home.exists() else set()
    if not there:
        return
    if RESTORING not in there or not there <= _OURS:
        raise Conflict(
            f"{home} is not empty, and a restore never overwrites. Set CONTACTPOINT_HOME to an empty folder."
        )
    say("A restore into this folder was cut short. Beginning again.")
    cluster = Cluster(home)
    if cluster.lives:
        cluster.start()
        cluster.stop()
    for name in there - {RESTORING}:
        path = home / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _keys(manifest: Manifest, folders: list[Path]) -> dict[str, str]:
    """The keys from those folders, all of them the ones the data were written under."""
    found = {
        path.name: path.read_text(encoding="utf-8")
        for folder in folders
        for path in (folder / name for name in (*files_of(manifest.keys), "sign-ins.json"))
        if path.is_file()
    }
    _check_keys(manifest, found)
    return found


def _check_keys(manifest: Manifest, found: Mapping[str, str]) -> None:
    held = keys_by_line(found)
    missing = [name for name in manifest.keys if name not in held]
    if missing:
        raise InvalidInput(
            f"The backup needs keys that it does not hold: {', '.join(missing)}. Name the folder that holds "
            "them with --secrets. Without them the halves of sealed identities would not be kept apart, "
            "what shields hide could not be read, the audit log could not go on, and nobody could sign in."
        )
    there = fingerprints({name: held[name] for name in manifest.keys})
    other = [name for name, mark in manifest.keys.items() if there[name] != mark]
    if other:
        raise InvalidInput(f"These keys are not the ones of this backup: {', '.join(other)}.")


def _refuse_newer(manifest: Manifest) -> None:
    """A later release may keep things that this one does not know how to protect."""
    known = {path.name.removesuffix(".py") for path in
             (resources.files("contactpoint.storage") / "migrations").iterdir()}  # fmt: skip
    ours = [name.partition(".")[2] for name in manifest.migrations if name.startswith("storage.")]
    if newer := [name for name in ours if name not in known]:
        raise Conflict(
            f"The backup was made by a later release ({manifest.release}): this one does not know its tables "
            f"({', '.join(newer)}). Restore it with that release."
        )


def _refuse_behind(manifest: Manifest, published: Path) -> None:
    """Signing on from an older head would make a second history under one name."""
    try:
        note = (published / "checkpoint").read_text(encoding="utf-8")
    except OSError:
        raise NotFound(f"There is no published log in {published}.") from None
    size = open_checkpoint(note, VerifierKey.parse(manifest.audit_key)).size
    if size > manifest.audit_size:
        raise Conflict(
            f"The published log has {size:,} entries, the backup {manifest.audit_size:,}: the rest would be "
            "lost, and going on from the older one would make two histories. See docs/operating.md, 'When "
            "entries are lost'."
        )


def _warn_of_lost(manifest: Manifest) -> None:
    say(
        f"What happened after {manifest.made_at} is not in it. Before serving, ask whoever keeps checkpoints "
        f"whether they hold one of more than {manifest.audit_size:,} entries (docs/operating.md)."
    )


def _database(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]
