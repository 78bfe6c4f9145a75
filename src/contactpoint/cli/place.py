"""Where a directory's data are: in the data folder, or in a PostgreSQL that somebody else runs."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contactpoint.cli.home import default_home
from contactpoint.cli.postgres import Cluster
from contactpoint.domain.errors import Misconfigured, NotFound
from contactpoint.storage.database_url import secured

# Without these the data are of no use: the log can not go on, the halves of a sealed identity are no longer
# kept apart, nobody's one-time code is accepted, what a shield hides can not be read.
KEYS: Final = ("audit.key", "pair.key", "django.key", "seal.key")


RESTORING: Final = "restoring"  # a file that stands in a data folder until it is wholly restored and verified


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A directory's data.

    Args:
        url: where the owner of the tables signs in; it bypasses row security, so that nothing is hidden.
        audit_dir: the published log.
        keys: the text of each of `KEYS` that is there.
        home: the data folder; None where the database is somebody else's.
    """

    url: str
    audit_dir: Path
    keys: Mapping[str, str]
    home: Path | None


@contextlib.contextmanager
def place_in_use() -> Iterator[Place]:
    """The place that the environment names, its PostgreSQL running for the length of the block.

    Raises:
        NotFound: there is no directory yet.
        Misconfigured: CONTACTPOINT_AUDIT_DIR is missing beside DATABASE_URL; a restore was cut short.
    """
    if "DATABASE_URL" in os.environ:
        yield outside_place(os.environ)
        return
    home = default_home()
    if not (home / "postgres" / "data").exists():
        raise NotFound(f"There is no directory in {home} yet: `contactpoint demo` makes one.")
    refuse_half_restored(home)
    cluster = Cluster(home)
    cluster.start()
    try:
        yield home_place(home, cluster)
    finally:
        cluster.stop()


def refuse_half_restored(home: Path) -> None:
    """Raise Misconfigured where a restore was cut short: half a directory is not served, nor backed up."""
    if (home / RESTORING).exists():
        raise Misconfigured(f"The restore into {home} is not done. If it was cut short, start it again.")


def home_place(home: Path, cluster: Cluster) -> Place:
    """The place in a data folder whose PostgreSQL runs."""
    secrets = home / "secrets"
    keys = {name: (secrets / name).read_text(encoding="utf-8") for name in KEYS if (secrets / name).exists()}
    return Place(url=cluster.url("owner"), audit_dir=home / "audit", keys=keys, home=home)


def outside_place(environment: Mapping[str, str]) -> Place:
    """The place that DATABASE_URL and the settings beside it name."""
    folder = environment.get("CONTACTPOINT_AUDIT_DIR")
    if not folder:
        raise Misconfigured("Set CONTACTPOINT_AUDIT_DIR: the folder of the published audit log.")
    keys = {
        "pair.key": environment.get("CONTACTPOINT_PAIR_KEY", ""),
        "django.key": environment.get("CONTACTPOINT_SECRET_KEY", ""),
    }
    for name, setting in (("audit.key", "CONTACTPOINT_AUDIT_KEY"), ("seal.key", "CONTACTPOINT_SEAL_KEY")):
        file = Path(environment.get(setting) or os.devnull)
        keys[name] = file.read_text(encoding="utf-8") if file.exists() else ""
    return Place(
        url=secured(environment["DATABASE_URL"]),
        audit_dir=Path(folder),
        keys={name: text for name, text in keys.items() if text.strip()},
        home=None,
    )
