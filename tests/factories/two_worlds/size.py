"""How much is drawn; `docs/security/two-worlds.md` states it, and a test compares."""

import os
from typing import Final

AT_ONCE: Final = 8
"""Worlds that are compared with one another."""
MOVES: Final = 25
"""Moves in each of the worlds that an ordinary run draws."""
USUAL_MANY: Final = 2_000
MANY: Final = int(os.environ.get("CONTACTPOINT_WORLDS", str(USUAL_MANY)))
"""Worlds under `make test-slow`."""
MANY_MOVES: Final = 40
IN_A_PART: Final = 40
"""Worlds in one of its tests: the rows that a world leaves behind are cleared away after it."""
