"""`contactpoint serve` and `contactpoint worker`."""

import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Final

from contactpoint.cli.directory import Directory
from contactpoint.cli.home import default_home, make_home
from contactpoint.cli.messages import say
from contactpoint.cli.postgres import port_is_free
from contactpoint.cli.processes import (
    ProcessFailed,
    ProcessTree,
    Stopped,
    only_one,
    stoppable,
    web_command,
    worker_command,
)
from contactpoint.domain.errors import InvalidInput

FIRST_PORT: Final = 8000
PORTS_TRIED: Final = 20


def serve_directory(*, port: int | None) -> None:
    """Serve until Ctrl-C.

    Raises:
        InvalidInput: the port is taken.
        Conflict: another command serves this data folder.
    """
    if "DATABASE_URL" in os.environ:
        _run_alone(web_command(choose_port(port)))
        return
    home = make_home(default_home())
    with only_one(home), stopping_quietly(), Directory(home) as directory:
        serve_until_stopped(
            directory, port=choose_port(port), ready=lambda address: say(f"Serving on {address}")
        )


def run_worker() -> None:
    """Run the worker in the foreground until Ctrl-C."""
    if "DATABASE_URL" in os.environ:
        _run_alone(worker_command())
        return
    with stopping_quietly(), Directory(default_home()) as directory:
        say("The worker runs; Ctrl-C ends it.")
        _run_child(worker_command(), directory.environment("worker"))


def serve_until_stopped(directory: Directory, *, port: int, ready: Callable[[str], None]) -> None:
    """Start the process tree, call `ready` with its address, keep it up; end it in order on the way out."""
    tree = ProcessTree(directory, port=port)
    try:
        tree.start()
        ready(tree.address)
        tree.watch()
    finally:
        tree.stop()


@contextlib.contextmanager
def stopping_quietly() -> Iterator[None]:
    """End the block on Ctrl-C or SIGTERM with one word instead of an error."""
    with stoppable():
        try:
            yield
        except Stopped:
            say("Stopped.")


def choose_port(port: int | None) -> int:
    """The port asked for, or else the first free one from 8000 on.

    Raises:
        InvalidInput: it is taken, or all of them are.
    """
    if port is None:
        for candidate in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
            if port_is_free(candidate):
                return candidate
        raise InvalidInput(f"Port {FIRST_PORT} and those after it are taken: choose one with --port.")
    if not port_is_free(port):
        raise InvalidInput(f"Port {port} is taken by another program: choose another with --port.")
    return port


def _run_alone(command: list[str]) -> None:
    """Run one process on a database that somebody else runs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.config.settings")
    with stopping_quietly():
        _run_child(command, dict(os.environ))


def _run_child(command: list[str], environment: dict[str, str]) -> None:
    with subprocess.Popen(command, env=environment, start_new_session=True) as child:
        try:
            code = child.wait()
        except Stopped:
            child.terminate()
            raise
    if code != 0:
        raise ProcessFailed(f"It ended by itself, with code {code}; the lines above say why.")
