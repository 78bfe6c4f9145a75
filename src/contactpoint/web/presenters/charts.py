"""A chart of bars, each filled from the ground up and outlined above, and the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, LEFT, TOP, BOTTOM = 640, 90, 24, 180
"""Of the drawing in templates/web/_chart.html, in its own units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: a filled part and, on top of it, an outlined one."""

    x: float
    width: float
    filled_y: float
    filled_height: float
    outlined_y: float
    outlined_height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars in the order of time, what the ends are called, and what a person who cannot see them is told."""

    bars: tuple[Bar, ...]
    most: str
    first: str
    last: str
    in_words: str


def chart_of(parts: Sequence[tuple[int, int]], *, first: str, last: str, in_words: str) -> Chart:
    """Draw bars of (filled, outlined) amounts, of which at least one is above 0."""
    most = max(filled + outlined for filled, outlined in parts)
    step = (WIDTH - LEFT) / len(parts)
    bars = []
    for place, amounts in enumerate(parts):
        filled, outlined = (amount / most * (BOTTOM - TOP) for amount in amounts)
        bars.append(
            Bar(
                x=round(LEFT + place * step + step * 0.15, 1),
                width=max(round(step * 0.7, 1), 2),
                filled_y=round(BOTTOM - filled, 1),
                filled_height=round(filled, 1),
                outlined_y=round(BOTTOM - filled - outlined, 1),
                outlined_height=round(outlined, 1),
            )
        )
    return Chart(bars=tuple(bars), most=f"{most:,}", first=first, last=last, in_words=in_words)
