"""Small charts as SVG text: bars, a histogram, a waterfall. Escaped, titled, without script."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 720
LABEL: Final = 300
ROW: Final = 24
EDGE: Final = 60
"""Pixels: whole width, room for labels, height of a row, room for numbers at either end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar from `start` to `end` (in the chart's unit), its label, the number to print, and its class."""

    label: str
    start: float
    end: float
    number: str
    kind: str


def drawing(title: str, height: int, inner: str) -> str:
    """Return an SVG picture with a name that is read out."""
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg">{inner}</svg>'
    )


def text(x: float, y: float, words: str, kind: str = "") -> str:
    """Return a line of text."""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{escape(words)}</text>'


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Return horizontal bars, a row each, on one scale that holds 0."""
    low = min([0.0, *(min(bar.start, bar.end) for bar in rows)])
    high = max([0.0, *(max(bar.start, bar.end) for bar in rows)])
    scale = (WIDTH - LABEL - 2 * EDGE) / ((high - low) or 1.0)

    def place(value: float) -> float:
        return LABEL + EDGE + (value - low) * scale

    parts = [f'<line x1="{place(0):.1f}" x2="{place(0):.1f}" y1="0" y2="{len(rows) * ROW}" class="axis"/>']
    for number, bar in enumerate(rows):
        left, right = sorted((place(bar.start), place(bar.end)))
        middle = number * ROW + ROW / 2
        parts.append(text(LABEL, middle + 5, bar.label, "label"))
        parts.append(
            f'<rect x="{left:.1f}" y="{number * ROW + 4}" width="{max(1.5, right - left):.1f}" '
            f'height="{ROW - 8}" class="{bar.kind}"/>'
        )
        falls = bar.end < bar.start
        parts.append(
            text(left - 4 if falls else right + 4, middle + 5, bar.number, "low" if falls else "high")
        )
    return drawing(title, len(rows) * ROW, "".join(parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A value between the ends of its interval, its label and the number to print."""

    label: str
    low: float
    value: float
    high: float
    number: str


def intervals(title: str, rows: Sequence[Range]) -> str:
    """Return a dot with its interval for each row, on one scale from the lowest end to the highest."""
    low, high = min(row.low for row in rows), max(row.high for row in rows)
    scale = (WIDTH - LABEL - 2 * EDGE) / ((high - low) or 1.0)
    parts = []
    for number, row in enumerate(rows):
        left, dot, right = (LABEL + EDGE + (x - low) * scale for x in (row.low, row.value, row.high))
        middle = number * ROW + ROW / 2
        parts.append(text(LABEL, middle + 5, row.label, "label"))
        ends = f'x1="{left:.1f}" x2="{max(right, left + 1):.1f}"'
        parts.append(
            f'<line {ends} y1="{middle}" y2="{middle}" class="axis"/>'
            f'<circle cx="{dot:.1f}" cy="{middle}" r="4" class="total"/>'
        )
        parts.append(text(right + 6, middle + 5, row.number, "high"))
    return drawing(title, len(rows) * ROW, "".join(parts))


def waterfall(title: str, prior: float, steps: Sequence[tuple[str, float]], total: float) -> str:
    """Return a waterfall: where we began, what each step added or took, and where that ends, in bits."""
    rows = [Bar(label="before looking", start=0, end=prior, number=f"{prior:+.1f}", kind="prior")]
    at = prior
    for label, bits in steps:
        kind = "for" if bits >= 0 else "against"
        rows.append(Bar(label=label, start=at, end=at + bits, number=f"{bits:+.1f}", kind=kind))
        at += bits
    rows.append(Bar(label="weight", start=0, end=total, number=f"{total:+.1f}", kind="total"))
    return bars(title, rows)


def histogram(
    title: str, columns: Sequence[tuple[float, dict[str, int]]], step: float, marks: dict[str, float]
) -> str:
    """Return stacked columns: lower edge and counts by class of each, and named marks on the scale."""
    if not columns:
        return ""
    height, foot = 220, 46
    low, high = columns[0][0], columns[-1][0] + step
    most = max(sum(counts.values()) for _, counts in columns) or 1
    wide = (WIDTH - 2 * EDGE) / (high - low)
    parts = [f'<line x1="{EDGE}" x2="{WIDTH - EDGE}" y1="{height}" y2="{height}" class="axis"/>']
    for edge, counts in columns:
        base = float(height)
        for kind, count in counts.items():
            tall = count / most * (height - 24)
            base -= tall
            parts.append(
                f'<rect x="{EDGE + (edge - low) * wide:.1f}" y="{base:.1f}" '
                f'width="{max(1.0, step * wide - 1):.1f}" height="{tall:.1f}" class="{kind}"/>'
            )
    for edge, _ in columns[:: max(1, len(columns) // 8)]:
        parts.append(text(EDGE + (edge - low) * wide, height + 18, f"{edge:+.0f}", "tick"))
    for words, value in marks.items():
        if low <= value <= high:
            x = EDGE + (value - low) * wide
            parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="14" y2="{height}" class="mark"/>')
            parts.append(text(x, 10, words, "tick"))
    parts.append(text(WIDTH / 2, height + foot - 8, "weight in bits", "tick"))
    parts.append(text(EDGE - 6, 30, f"{most:,}", "low"))
    return drawing(title, height + foot, "".join(parts))
