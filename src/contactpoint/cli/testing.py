"""`contactpoint test` and `contactpoint check`: what a change must pass."""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from contactpoint.cli.chromium import VARIABLE, chromium
from contactpoint.cli.home import CHECKOUT
from contactpoint.cli.messages import FAILED, say
from contactpoint.cli.oidc_provider import oidc_provider
from contactpoint.domain.errors import Misconfigured

_PYTHON: Final = (sys.executable, "-P", "-m")
# Tells tests/plugin.py what to name above the closing line.
FAILED_CHECKS: Final = "CONTACTPOINT_FAILED_CHECKS"
# Without a database there is no history to compare with: only the models and the migration files.
_QUIET: Final = "ignore:Got an error checking a consistent migration history:RuntimeWarning"
CHECKS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("ruff check", (*_PYTHON, "ruff", "check", "--quiet", "--output-format=concise", ".")),
    ("ruff format", (*_PYTHON, "ruff", "format", "--check", "--quiet", ".")),
    ("mypy", (*_PYTHON, "mypy", "--no-error-summary")),
    ("import-linter", (str(Path(sys.executable).with_name("lint-imports")), "--no-cache")),
    (
        "migrations",
        (sys.executable, "-P", "-W", _QUIET, "-m", "django", "makemigrations", "--check", "--dry-run", "-v0"),
    ),
)


def run_checks() -> list[str]:
    """Run every checker, all of them also when one fails; return the names of those that did."""
    _need_checkout()
    with ThreadPoolExecutor(processors()) as pool:
        passed = list(pool.map(lambda check: _passes(*check), CHECKS))
    return [name for (name, _), well in zip(CHECKS, passed, strict=True) if not well]


def run_tests(arguments: Sequence[str]) -> int:
    """Run everything, or, given arguments for pytest, only what they choose; return the exit code.

    The tests start a PostgreSQL of their own (tests/plugin.py): never one that DATABASE_URL happens to name.
    Everything is shared among as many workers as there are processors. pytest's own closing line is the last
    one printed; checks that failed are named above it.
    """
    _need_checkout()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    with ThreadPoolExecutor() as pool:  # what the tests use is brought while the checkers run
        browser = pool.submit(chromium) if needs_browser(arguments) else None
        provider = None if arguments else pool.submit(oidc_provider)
        failed = [] if arguments else run_checks()
    if browser is not None:
        environment[VARIABLE] = str(browser.result())
    if provider is not None:
        provider.result()
    environment[FAILED_CHECKS] = ", ".join(failed)
    tests = subprocess.run(
        [*_PYTHON, "pytest", *chosen(arguments, processors())], cwd=CHECKOUT, env=environment, check=False
    )
    return tests.returncode or (FAILED if failed else 0)


def chosen(arguments: Sequence[str], workers: int) -> list[str]:
    """What pytest is told: these arguments, but slow tests only by name, and everything by all workers."""
    quick = [] if "-m" in arguments else ["-m", "not slow"]
    if arguments or workers == 1:
        return [*quick, *arguments]
    return [*quick, "--numprocesses", str(workers), "--dist", "loadscope", "--no-loadscope-reorder"]


def processors() -> int:
    """How many programs may run here at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_bench(arguments: Sequence[str]) -> int:
    """Measure, as bench/ says; return its exit code."""
    _need_checkout()
    return subprocess.run([sys.executable, "-m", "bench", *arguments], cwd=CHECKOUT, check=False).returncode


def needs_browser(arguments: Sequence[str]) -> bool:
    """Whether these arguments of pytest may choose a browser test: without a path all tests are meant."""
    paths = [
        word for word in arguments if not word.startswith("-") and (CHECKOUT / word.split("::")[0]).exists()
    ]
    system = CHECKOUT / "tests" / "system"
    chosen = [(CHECKOUT / path.split("::")[0]).resolve() for path in paths]
    return not chosen or any(
        system == path or system in path.parents or path in system.parents for path in chosen
    )


def _passes(name: str, command: Sequence[str]) -> bool:
    done = subprocess.run(
        command,
        cwd=CHECKOUT,
        env=_environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    say(f"{name}: {'ok' if done.returncode == 0 else 'FAILED'}")
    if done.returncode != 0:
        say((done.stdout + done.stderr).strip())
    return done.returncode == 0


def _environment() -> dict[str, str]:
    """What settings ask for, where nothing is served and no database is opened."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "contactpoint.config.settings",
        "CONTACTPOINT_SECRET_KEY": "for-checks-only-" + "0" * 40,
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }


def _need_checkout() -> None:
    if not (CHECKOUT / "tests").is_dir():
        raise Misconfigured(
            "The tests are part of the source, not of the installed package: run them in a checkout."
        )
