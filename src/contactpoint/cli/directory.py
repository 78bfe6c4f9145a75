"""A directory ready to use: its PostgreSQL running, its tables up to date, its secrets made.

Each process it starts gets the database role it needs and no secret that it does not.
"""

import hashlib
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from contactpoint.cli.guards_seen import remember_guards
from contactpoint.cli.home import is_training_home, secret, sign_in_key, training_key
from contactpoint.cli.place import refuse_half_restored
from contactpoint.cli.postgres import Cluster, Role
from contactpoint.cli.upgrading import before_home_changes
from contactpoint.domain.errors import Misconfigured

ORIGIN: Final = "contactpoint.example/audit"
# Set for a process by us, never inherited: a web process must not come by the worker's keys.
OURS: Final = (
    "DATABASE_URL",
    "CONTACTPOINT_SECRET_KEY",
    "CONTACTPOINT_ORIGIN",
    "CONTACTPOINT_ALLOWED_HOSTS",
    "CONTACTPOINT_PAIR_KEY",
    "CONTACTPOINT_SEAL_KEY",
    "CONTACTPOINT_AUDIT_KEY",
    "CONTACTPOINT_AUDIT_DIR",
    "CONTACTPOINT_EMAIL",
    "CONTACTPOINT_SIGN_IN_KEY",
    "CONTACTPOINT_TRAINING_KEY",
    "CONTACTPOINT_AUDIT_VAULT",
    "CONTACTPOINT_AUDIT_TSA",
    "CONTACTPOINT_AUDIT_TSA_ROOTS",
)
_PASSED_ON: Final = (
    "CONTACTPOINT_EMAIL",
    "CONTACTPOINT_AUDIT_VAULT",
    "CONTACTPOINT_AUDIT_TSA",
    "CONTACTPOINT_AUDIT_TSA_ROOTS",
)


class Directory:
    """The directory in a data folder; use it in a `with` block.

    Args:
        home: the data folder.
        throwaway: for a check or a test: nothing needs to survive it.
        restoring: this is the restore that is under way there.

    Raises:
        Misconfigured: a restore into the folder was cut short.
    """

    def __init__(self, home: Path, *, throwaway: bool = False, restoring: bool = False) -> None:
        if not restoring:
            refuse_half_restored(home)
        self.home = home
        self._restoring = restoring
        self.cluster = Cluster(home, throwaway=throwaway)
        self.audit_key = home / "secrets" / "audit.key"
        self.public_key = home / "secrets" / "audit.key.pub"
        self.seal_key = home / "secrets" / "seal.key"
        self.audit_dir = home / "audit"

    def __enter__(self) -> Self:
        """Start PostgreSQL, or adopt it, and bring the tables up to date."""
        self.cluster.start()
        try:
            self._upgrade()
            self.cluster.provision_roles()
        except BaseException:
            self.cluster.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End PostgreSQL, unless another command uses it."""
        self.cluster.stop()

    def environment(self, role: Role, *, port: int | None = None) -> dict[str, str]:
        """The environment of a process that acts as that role; `port` where it serves pages."""
        inherited = {name: value for name, value in os.environ.items() if name not in OURS}
        chosen = {
            "CONTACTPOINT_HOME": str(self.home),
            "DJANGO_SETTINGS_MODULE": "contactpoint.config.settings",
            "DATABASE_URL": self.cluster.url(role),
            "CONTACTPOINT_SECRET_KEY": secrets.token_urlsafe(48),
        }
        if role in ("web", "worker"):
            chosen["CONTACTPOINT_SEAL_KEY"] = str(self.seal_key)
        if role == "web":
            chosen["CONTACTPOINT_SECRET_KEY"] = secret(
                self.home, "django.key", lambda: secrets.token_urlsafe(48)
            )
            chosen["CONTACTPOINT_ALLOWED_HOSTS"] = "localhost,127.0.0.1"
            chosen["CONTACTPOINT_SIGN_IN_KEY"] = str(sign_in_key(self.home))
            if is_training_home(self.home):
                chosen["CONTACTPOINT_TRAINING_KEY"] = str(training_key(self.home))
            if port is not None:
                chosen["CONTACTPOINT_ORIGIN"] = f"http://localhost:{port}"
        if role == "worker":
            chosen["CONTACTPOINT_PAIR_KEY"] = secret(self.home, "pair.key", lambda: secrets.token_hex(32))
            chosen["CONTACTPOINT_AUDIT_KEY"] = str(self.audit_key)
            chosen["CONTACTPOINT_AUDIT_DIR"] = str(self.audit_dir)
            chosen |= {name: os.environ.get(name, "") for name in _PASSED_ON}
        return inherited | chosen

    def _upgrade(self) -> None:
        """Migrate as the owner, in a process of its own, when this release has other tables than the last."""
        stamp, wanted = self.home / "tables", _release()
        keys = self.public_key.exists() and self.seal_key.exists()
        if stamp.exists() and stamp.read_text(encoding="ascii") == wanted and keys:
            return
        if not self._restoring:  # what is being restored is its own backup
            before_home_changes(self.home, self.cluster, self.environment("owner"))
        command = [sys.executable, "-P", "-m", "contactpoint.cli.upgrade", str(self.audit_key), ORIGIN]
        done = subprocess.run(
            command,
            env=self.environment("owner") | {"CONTACTPOINT_SEAL_KEY": str(self.seal_key)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode != 0:
            raise Misconfigured(f"The tables could not be brought up to date.\n{done.stderr.strip()[-2000:]}")
        remember_guards(self.cluster.url("owner"), self.home)
        stamp.write_text(wanted, encoding="ascii")


def enter_django(environment: Mapping[str, str]) -> None:
    """Let this process act as the role of that environment, once and for all its life."""
    for name in OURS:
        os.environ.pop(name, None)
    os.environ.update(environment)
    import django

    django.setup()


def _release() -> str:
    """What the tables depend on: our migrations and guards, and the versions of the libraries'."""
    digest = hashlib.sha256()
    storage = resources.files("contactpoint.storage")
    for folder, ending in (("migrations", ".py"), ("sql", ".sql")):
        for file in sorted((storage / folder).iterdir(), key=lambda one: one.name):
            if file.name.endswith(ending):
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    for library in ("django", "django-allauth"):
        digest.update(f"{library} {version(library)}\0".encode())
    return digest.hexdigest()
