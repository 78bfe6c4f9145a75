"""Charts of bars, and the same in words: upright ones in the order of time, or lying ones that have names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

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


ROW: Final = 48
"""The height of a lying bar with its name above, in the drawing of templates/web/_named_bars.html."""
_NAME, _BAR, _THICK = 18, 25, 15
_THOUSAND: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedBar:
    """One lying bar: its name and words above it, how far it is filled, and a mark on it if it has one."""

    name: str
    words: str
    text_y: int
    y: int
    filled: float
    mark: float | None

    @property
    def mark_end(self) -> int:
        """Where its mark ends, a little below the bar."""
        return self.y + _THICK + 4

    @property
    def mark_start(self) -> int:
        """Where its mark begins, a little above the bar."""
        return self.y - 4


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedBars:
    """Lying bars, each over the whole width, and what a person who cannot see them is told."""

    bars: tuple[NamedBar, ...]
    height: int
    in_words: str
    thick: int = _THICK
    width: int = WIDTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A chart on its page: what it is called, and what its bars are."""

    title: str
    how: str
    chart: Chart | NamedBars

    @property
    def upright(self) -> Chart | None:
        """The chart, where its bars stand."""
        return self.chart if isinstance(self.chart, Chart) else None

    @property
    def lying(self) -> NamedBars | None:
        """The chart, where its bars lie."""
        return self.chart if isinstance(self.chart, NamedBars) else None


def shares_chart(shares: Sequence[float | None], *, first: str, last: str, in_words: str) -> Chart | None:
    """Draw shares of 1 up to the whole; None has no bar, and a chart needs two that have."""
    if sum(one is not None for one in shares) < 2:
        return None
    filled = [None if one is None else round(one * _THOUSAND) for one in shares]
    parts = [(0, 0) if one is None else (one, _THOUSAND - one) for one in filled]
    return replace(chart_of(parts, first=first, last=last, in_words=in_words), most="100%")


def named_bars(rows: Sequence[tuple[str, str, float, float | None]], *, in_words: str) -> NamedBars | None:
    """Draw (name, words, share of 1, mark from 0 to 1) as lying bars; None of none."""
    if not rows:
        return None
    return NamedBars(
        bars=tuple(
            NamedBar(
                name=name,
                words=words,
                text_y=place * ROW + _NAME,
                y=place * ROW + _BAR,
                filled=round(min(share, 1) * WIDTH, 1),
                mark=None if mark is None else round(min(mark, 1) * (WIDTH - 4), 1) + 2,
            )
            for place, (name, words, share, mark) in enumerate(rows)
        ),
        height=len(rows) * ROW,
        in_words=in_words,
    )
