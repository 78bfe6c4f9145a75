"""The data folder: where everything that must outlive a process is kept, and its secrets."""

import contextlib
import fcntl
import hashlib
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
_TRAINING = "training.key"


def default_home() -> Path:
    """CONTACTPOINT_HOME; else `.contactpoint` in the checkout, or where root's PostgreSQL can reach it.

    PostgreSQL refuses to run as root, so root's server runs as `nobody`, who may be unable to enter the
    folders above the checkout (`/root`, say). Then it is `/var/lib/contactpoint/<hash of the path>`.
    """
    named = os.environ.get("CONTACTPOINT_HOME")
    if named:
        return Path(named).expanduser().absolute()
    if os.geteuid() == 0 and not open_to_all(CHECKOUT):
        short = hashlib.sha256(bytes(CHECKOUT)).hexdigest()[:12]
        return Path("/var/lib/contactpoint") / short
    return CHECKOUT / ".contactpoint"


def make_home(home: Path) -> Path:
    """Make the folder so that others may pass through it, to what is theirs, but not list it."""
    home.mkdir(parents=True, exist_ok=True)
    if home.stat().st_uid == os.geteuid():
        home.chmod(0o711)
    (home / "secrets").mkdir(mode=0o700, exist_ok=True)
    return home


def open_to_all(path: Path) -> bool:
    """Whether any user may pass through every folder down to `path`, and through it."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [path, *path.parents] if folder.exists())


def secret(home: Path, name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(32)) -> str:
    """The secret of that name, made the first time it is asked for and readable by its owner alone.

    Two processes that ask at once get the same one: the file appears complete, or not at all.
    """
    path = home / "secrets" / name
    if not path.exists():
        new = path.with_name(f"{name}.{secrets.token_hex(8)}.new")
        write_private(new, make())
        with contextlib.suppress(FileExistsError):
            os.link(new, path)
        new.unlink()
    return path.read_text(encoding="ascii")


def sign_in_key(home: Path) -> Path:
    """Where the key lies by which we prove to organisations' own sign-in who we are; made the first time."""
    from contactpoint.access.organisation.keys import new_key

    secret(home, "sign-in.key", new_key)
    return home / "secrets" / "sign-in.key"


def training_home() -> Path:
    """The data folder of the training directory: beside the directory's own, never the same."""
    home = default_home()
    return home if is_training_home(home) else home.with_name(f"{home.name}-training")


def training_key(home: Path) -> Path:
    """Where the key of a training directory lies; made the first time. Its being there makes it one."""
    from contactpoint.access.training_key import new_key

    secret(home, _TRAINING, new_key)
    return home / "secrets" / _TRAINING


def is_training_home(home: Path) -> bool:
    """Whether a data folder is that of a training directory."""
    return (home / "secrets" / _TRAINING).exists()


def write_private(path: Path, text: str) -> None:
    """Write a new file that its owner alone may read, from its first moment on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)


@contextlib.contextmanager
def turn(path: Path) -> Iterator[None]:
    """Hold the file's lock for the length of the block; it ends with the process, however that ends."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
