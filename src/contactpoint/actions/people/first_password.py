"""A password for one use: random, and easy to read out over a telephone."""

import secrets
from typing import Final

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_GROUPS, _IN_ONE = 4, 4


def random_password() -> str:
    """Four groups of four: 79 random bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_IN_ONE)) for _ in range(_GROUPS))
