"""What `contactpoint doctor` asks of the key that what a shield hides is encrypted with (ADR 28)."""

import os
from pathlib import Path
from typing import Final

import psycopg

from contactpoint.cli.findings import Finding
from contactpoint.domain.errors import InvalidInput
from contactpoint.storage.seal_key import line_fingerprints

_WHAT: Final = "sealing key"
# Those that rows are under, and those that the audit was written with; an earlier release's audit needs none.
KEYS_NEEDED: Final = """
    SELECT number, fingerprint, retired_at IS NULL FROM seal_key k
    WHERE retired_at IS NULL OR (to_jsonb(k) ->> 'in_audit')::boolean ORDER BY number
"""


def seal_key_path(home: Path) -> Path | None:
    """Where the file of keys is; None where nobody named one beside DATABASE_URL."""
    if "DATABASE_URL" not in os.environ:
        return home / "secrets" / "seal.key"
    named = os.environ.get("CONTACTPOINT_SEAL_KEY")
    return Path(named) if named else None


def seal_key_finding(connection: psycopg.Connection, path: Path | None) -> Finding:
    """Whether the file holds every key that rows are sealed with, and the right ones."""
    if connection.execute("SELECT to_regclass('public.seal_key')").fetchone() == (None,):
        found = "these tables know of none yet"
        return Finding(check=_WHAT, state="note", found=found, do="contactpoint upgrade")
    needed = connection.execute(KEYS_NEEDED).fetchall()
    known: dict[int, str] = {number: mark for number, mark, _ in needed}
    if path is None:
        do = "set CONTACTPOINT_SEAL_KEY to the file of sealing keys, for web and worker"
        return Finding(check=_WHAT, state="wrong", found="no file is named", do=do)
    if not path.exists():
        back = f"put it back from where you keep it, to {path}"
        do = back if known else "contactpoint upgrade"
        found = "there is none: what shields hide can be neither read nor written"
        return Finding(check=_WHAT, state="wrong", found=found, do=do)
    return _held_against(known, sum(rows for *_, rows in needed), path)


def _held_against(known: dict[int, str], under: int, path: Path) -> Finding:
    back = f"put the right file back from where you keep it, to {path}; old lines belong in it too"
    try:
        there = line_fingerprints(path.read_text(encoding="ascii"))
    except (InvalidInput, UnicodeDecodeError) as error:
        found = str(error) if isinstance(error, InvalidInput) else "it is no file of keys"
        return Finding(check=_WHAT, state="wrong", found=found, do=back)
    except PermissionError:
        do = f"chown {os.geteuid()} {path} && chmod 600 {path}"
        return Finding(check=_WHAT, state="wrong", found="this user may not read it", do=do)
    wrong = [f"key {number} is {'another one' if number in there else 'missing'}"
             for number, mark in known.items() if there.get(number) != mark]  # fmt: skip
    if wrong:
        return Finding(check=_WHAT, state="wrong", found=", ".join(wrong), do=back)
    if under > 1:
        found = f"a change to key {max(known)} is not done"
        do = 'contactpoint seal rotate-key --because "it was cut short" (or wait: the worker ends it)'
        return Finding(check=_WHAT, state="note", found=found, do=do)
    found = f"key {max(known)} is in force" if known else "nothing is sealed with it yet"
    return Finding(check=_WHAT, state="ok", found=found)
