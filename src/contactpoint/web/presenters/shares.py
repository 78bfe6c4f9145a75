"""Shares as people read them, and what is told in place of one."""

from collections.abc import Mapping
from typing import Final

from contactpoint.domain.children_counts import LEAST_TOLD
from contactpoint.domain.quality import Hardly, Part

TOO_FEW: Final = "too few"
_HARDLY_WORDS: Final[Mapping[Hardly, str]] = {
    Hardly.FEW: f"under {LEAST_TOLD}",
    Hardly.NEARLY_ALL: f"all but under {LEAST_TOLD}",
}
_THE_REST: Final = {Hardly.FEW: Hardly.NEARLY_ALL, Hardly.NEARLY_ALL: Hardly.FEW}


def part_words(part: Part) -> str:
    """A share as it may be told."""
    return _HARDLY_WORDS[part] if isinstance(part, Hardly) else percent(part)


def percent(share: float | None) -> str:
    """A share as a percentage; what is neither nothing nor all never looks like it."""
    if share is None:
        return TOO_FEW
    if share in {0.0, 1.0}:
        return f"{share:.0%}"
    return f"{min(max(share, 0.001), 0.999):.1%}"


def rest_of(part: Part) -> Part:
    """The other part of the same whole, as it may be told: no more than the first tells."""
    if part is None:
        return None
    return _THE_REST[part] if isinstance(part, Hardly) else 1 - part
