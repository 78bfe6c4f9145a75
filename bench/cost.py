"""`python -m bench.cost FIGURES.jsonl --out chart.svg`: what a record costs as the population grows.

The figures are lines of `bench.matching --json` (or any with `children`, `sources`, `mistakes`, `model` and
`took`: `processor`, `records`, `peak_gb`). One line is drawn for each set of sources: microseconds of
processor a record by the number of children, on a logarithmic scale from which a level line means near-
linear. Processor seconds of a machine that others use too are a little more than those of an idle one.
"""

import argparse
import json
import math
from html import escape
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 640, 320, 60, 110, 40, 50
INKS = {"all": "#1d5fa8", "three": "#9a6700"}
MARKS = {"all": "", "three": "6 4"}

Point = tuple[float, float]


def costs(lines: list[str]) -> dict[str, dict[int, dict[str, float]]]:
    """By sources and children: microseconds of processor and bytes at the peak for each record."""
    found: dict[str, dict[int, dict[str, float]]] = {}
    for line in lines:
        told: dict[str, Any] = json.loads(line)
        if told["model"] == "default" and told["mistakes"] == "first":
            took = told["took"]
            found.setdefault(told["sources"], {})[told["children"]] = {
                "records": took["records"],
                "microseconds": took["processor"] / took["records"] * 1e6,
                "bytes": took["peak_gb"] * 1e9 / took["records"],
            }
    return {name: dict(sorted(by.items())) for name, by in sorted(found.items())}


def _text(x: float, y: float, words: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def chart(found: dict[str, dict[int, dict[str, float]]]) -> str:
    """The chart: named and described for whoever hears it, its lines told apart without colour too."""
    sizes = sorted({size for by in found.values() for size in by})
    most = max(point["microseconds"] for by in found.values() for point in by.values())
    top = math.ceil(most / 5) * 5
    low, high = math.log10(sizes[0]), math.log10(sizes[-1])

    def place(size: int, cost: float) -> Point:
        across = (math.log10(size) - low) / ((high - low) or 1.0)
        return (
            LEFT + across * (WIDTH - LEFT - RIGHT),
            HEIGHT - FOOT - cost / top * (HEIGHT - TOP - FOOT),
        )

    parts = [_text(LEFT - 40, 20, "microseconds of processor for each record", "start")]
    for cost in range(0, top + 1, 5):
        x, y = place(sizes[0], cost)
        parts.append(f'<line x1="{x:.1f}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d0d7de"/>')
        parts.append(_text(x - 10, y + 5, str(cost), "end"))
    parts += [_text(place(size, 0)[0], HEIGHT - FOOT + 20, f"{size / 1e6:g}") for size in sizes]
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "million children"))
    for name, by in found.items():
        points = [place(size, point["microseconds"]) for size, point in by.items()]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{INKS[name]}" stroke-width="2.5" '
            f'stroke-dasharray="{MARKS[name]}"/>'
        )
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{INKS[name]}"/>' for x, y in points]
        parts.append(_text(points[-1][0] + 10, points[-1][1] + 5, f"{name} sources", "start"))
    said = "; ".join(
        f"{name} sources: "
        + ", ".join(f"{point['microseconds']:.1f} at {size / 1e6:g} million" for size, point in by.items())
        for name, by in found.items()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="name what" font-family="system-ui, sans-serif" font-size="14" fill="#1b1f24">'
        '<title id="name">What linking a record costs as the population grows</title>'
        f'<desc id="what">Microseconds of processor a record. {escape(said)}.</desc>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def main() -> None:
    """Print a table and draw the chart."""
    parser = argparse.ArgumentParser(prog="python -m bench.cost", description=__doc__)
    parser.add_argument("figures", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    found = costs(chosen.figures.read_text(encoding="utf-8").splitlines())
    print(
        "| children | sources | records | microseconds a record | bytes a record at the peak |\n|-|-|-|-|-|"
    )
    for name, by in found.items():
        for size, point in by.items():
            print(
                f"| {size:,} | {name} | {point['records']:,.0f} | {point['microseconds']:.1f} |"
                f" {point['bytes']:,.0f} |"
            )
    chosen.out.write_text(chart(found), encoding="utf-8")


if __name__ == "__main__":
    main()
