"""A Chromium for the tests that drive a real browser: one of the machine's, or one put there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from contactpoint.cli.messages import say
from contactpoint.domain.errors import ContactPointError

VARIABLE: Final = "CONTACTPOINT_CHROMIUM"
NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


# Playwright's driver is a Node of its own; this it needs, and small installations of Debian and Ubuntu lack.
DRIVER_NEEDS: Final = "libatomic1"


class NoBrowser(ContactPointError):
    """No Chromium is here, or nothing to drive it with, and none can be had; the message says what to do."""


def chromium() -> Path:
    """The path of a Chromium that starts; installs one, and what drives it needs, where there is none.

    Raises:
        NoBrowser: neither is possible.
    """
    _have_driver()
    found = on_this_machine()
    if found is None:
        _install()
        found = on_this_machine()
    if found is None:
        raise NoBrowser(
            "The browser tests need a Chromium, and none is here and none could be installed. Install one "
            f"(Debian: apt-get install chromium), or name one in {VARIABLE}."
        )
    return found


def on_this_machine() -> Path | None:
    """A Chromium that starts, if one is here."""
    named = [os.environ[VARIABLE]] if VARIABLE in os.environ else []
    for name in [*named, *NAMES]:
        path = shutil.which(name)
        if path is not None and _starts(Path(path)):
            return Path(path)
    own = _playwrights_own()
    return own if own is not None and _starts(own) else None


def _starts(program: Path) -> bool:
    """Whether it runs here at all: Ubuntu's `chromium-browser` without snap, say, does not."""
    try:
        asked = subprocess.run([program, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def _playwrights_own() -> Path | None:
    """Where Playwright keeps, or would keep, its own."""
    script = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as driver: print(driver.chromium.executable_path)"
    )
    asked = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    path = Path(asked.stdout.strip())
    return path if asked.returncode == 0 and path.is_file() else None


def _have_driver() -> None:
    if driver_starts():
        return
    if not (_install_package(DRIVER_NEEDS, "a library that the browser tests need") and driver_starts()):
        raise NoBrowser(
            "Playwright, which drives the browser tests, does not start here. It needs a library that small "
            f"installations lack. Install it (Debian and Ubuntu: apt-get install {DRIVER_NEEDS}), then start "
            "again."
        )


def driver_starts() -> bool:
    """Whether Playwright's own driver runs here."""
    command = [sys.executable, "-m", "playwright", "--version"]
    asked = subprocess.run(command, capture_output=True, check=False)
    return asked.returncode == 0


def _install() -> None:
    if _install_package("chromium", "Debian's chromium for the browser tests, a minute or two"):
        return
    say("Fetching Playwright's Chromium for the browser tests, a minute or two…")
    fetch = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    subprocess.run(fetch, capture_output=True, check=False)


def _install_package(package: str, what: str) -> bool:
    """Install a package of Debian's or Ubuntu's, as root; say whether that was possible and went well."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    say(f"Installing {what}…")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, "update", "-qq"], capture_output=True, check=False)
    install = [apt, "install", "-y", "-qq", "--no-install-recommends", package]
    return subprocess.run(install, env=environment, capture_output=True, check=False).returncode == 0
