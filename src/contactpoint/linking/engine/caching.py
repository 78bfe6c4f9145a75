"""Where compiled code is kept: apart for each text of the package that it could have been made of.

numba asks only whether the module of a function has changed. The functions of the kernel are laid into each
other across modules, with the numbers those hold, so after an upgrade of one of them the old code would be
found under the new text of the others, and would answer wrongly without a word.
"""

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any, Final

PACKAGE: Final = Path(__file__).parent.parent
PARTS: Final = ("", "engine/", "model/")


@cache
def numba_for_this_text() -> Any:  # noqa: ANN401 - numba has no types
    """Return numba, told where to keep what it compiles: below NUMBA_CACHE_DIR, where that is set."""
    import numba  # starting it takes a second

    settings: Any = numba.config
    usual = settings.CACHE_DIR or _beside_the_text() or _of_this_person()
    settings.CACHE_DIR = str(Path(usual) / f"linking-{digest_of(PACKAGE)}")
    return numba


def digest_of(package: Path) -> str:
    """Return a name for the text of the engine, the model and what they share."""
    made = hashlib.blake2b(digest_size=8)
    for path in sorted(path for part in PARTS for path in package.glob(f"{part}*.py")):
        made.update(f"{path.relative_to(package)}\0".encode() + hashlib.blake2b(path.read_bytes()).digest())
    return made.hexdigest()


def _beside_the_text() -> Path | None:
    folder = Path(__file__).parent
    return folder / "__pycache__" if os.access(folder, os.W_OK) else None


def _of_this_person() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "contactpoint"
