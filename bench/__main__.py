"""`python -m bench [--children 20000 200000]`: make Englands, take them in, and print what was measured.

Each England is generated afresh from a fixed seed into a temporary folder, taken in by the product's own
pipelines under the worker's database role, compared with the truth file, and searched under the web's role.
Read times as ratios within one run: machines are noisy.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from bench import review, two_worlds
from contactpoint.cli.directory import Directory
from contactpoint.cli.postgres import Role
from contactpoint.population import PopulationConfig, generate
from contactpoint.population.config import Mistakes

AS_AT = date(2026, 10, 1)
SEED = 1
A_SECOND = 1000.0
AUTHORITIES = {20_000: 3, 200_000: 6}


def step(directory: Directory, role: Role, module: str, *arguments: str) -> dict[str, Any]:
    """Run one step as one database role, in a process of its own; it prints JSON on its last line."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=directory.environment(role),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


@contextmanager
def searches_going_on(directory: Directory, england: Path, found: dict[str, Any]) -> Iterator[None]:
    """Let somebody search during the block; `found` gets how that went."""
    searcher = subprocess.Popen(
        [sys.executable, "-m", "bench.meanwhile", str(england)],
        env=directory.environment("web"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield
    finally:
        said, _ = searcher.communicate()
    found.update(json.loads(said.strip().splitlines()[-1]))


def measure(children: int, seed: int, mistakes: Mistakes) -> dict[str, Any]:
    """Everything for one size."""
    with tempfile.TemporaryDirectory(prefix="contactpoint-bench-") as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        config = PopulationConfig(
            children=children,
            authorities=AUTHORITIES.get(children, 3),
            seed=seed,
            as_at=AS_AT,
            mistakes=mistakes,
        )
        england = folder / "england"
        generated = generate(config, england)
        meanwhile: dict[str, Any] = {}
        with Directory(folder / "home") as directory:
            with searches_going_on(directory, england, meanwhile):
                taken = step(directory, "worker", "bench.take_in", str(england))
            linked = step(directory, "worker", "bench.linkage", str(england))
            searched = step(directory, "web", "bench.searches", str(england))
            crowds = step(directory, "web", "bench.crowd", str(england))
            counted = step(directory, "worker", "bench.dashboards", "count")
            counted |= step(directory, "owner", "bench.dashboards", "people")
            shown = step(directory, "web", "bench.dashboards", "show")
            fetched = step(directory, "web", "bench.dashboards", "pages")
        return {
            "children": children,
            "mistakes": mistakes,
            "generate": asdict(generated),
            "take_in": taken,
            "meanwhile": meanwhile,
            "linkage": linked,
            "search": searched,
            **crowds,
            "dashboards": {**counted, "shown": shown, "pages": fetched},
        }


def say(result: dict[str, Any]) -> None:
    """Print one size's figures."""
    taken, linked = result["take_in"], result["linkage"]
    generated = result["generate"]
    print(f"\n{result['children']:,} children, {result['mistakes']} mistakes")
    print(
        f"  generate  {generated['children_per_second']:>12,.0f} children/s  {generated['seconds']:8.1f} s"
        f"  {generated['peak_memory_bytes'] / 2**30:5.2f} GB"
    )
    for name in ("load", "link", "publish"):
        rate = taken["records"] / taken[name]
        print(f"  {name:<9} {rate:>12,.0f} records/s   {taken[name]:8.1f} s")
    together = taken["load"] + taken["link"] + taken["publish"]
    print(
        f"  {'together':<9} {taken['records'] / together:>12,.0f} records/s   {together:8.1f} s"
        f"   of {taken['records']:,} records, rejected {taken['rejected']:,}"
    )
    beside = result["meanwhile"]
    print(
        f"  meanwhile {beside['searches']:>12,} searches     p50 {beside['p50']:.1f}  p95 {beside['p95']:.1f}"
        f"  p99 {beside['p99']:.1f}  longest {beside['longest']:.1f} ms"
    )
    for line in linked["lines"]:
        print(f"  {line}")
    for name, found in result["search"].items():
        print(
            f"  search, {name}: p50 {found['p50']:.1f}  p95 {found['p95']:.1f}  p99 {found['p99']:.1f} ms"
            f"  top ten {found['top_ten']:.3f}  first {found['first']:.3f}"
            f"  too many {found['too_many']:.3f}  ({found['queries']:,} queries)"
        )
        for kind, share in found["kinds"].items():
            print(f"    {kind:<40} top ten {share['top_ten']:.3f}  too many {share['too_many']:.3f}")

    for crowd in result["crowds"]:
        print(
            f"  {crowd['people']} at once: {crowd['a_second']:,.0f} searches/s  p50 {crowd['p50']:.1f}"
            f"  p95 {crowd['p95']:.1f}  p99 {crowd['p99']:.1f} ms  ({crowd['searches']:,} queries)"
        )
    seen = result["dashboards"]
    print(f"  data quality of {seen['sources']} sources counted in {seen['count_quality']:.1f} s")
    print(f"  children counted in {seen['count_children']:.1f} s")
    print(
        f"  work counted over {seen['cases']:,} cases, {seen['uses']:,} uses, {seen['accounts']:,} accounts"
    )
    for name, took in seen["shown"].items():
        print(f"  dashboard, {name}: p50 {took['p50']:.1f}  longest {took['longest']:.1f} ms")
    for name, took in seen["pages"].items():
        print(f"  page {name}: p50 {took['p50']:.1f}  longest {took['longest']:.1f} ms")
    quick = {
        which: sum(took[which] < A_SECOND for took in seen["pages"].values()) for which in ("p50", "longest")
    }
    print(
        f"  pages of figures in under a second: {quick['p50']} of {len(seen['pages'])} at the median,"
        f" {quick['longest']} at their longest"
    )


def main() -> None:
    """Measure each size in turn."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--children", type=int, nargs="+", default=[20_000, 200_000])
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--mistakes", choices=["first", "second"], default="first", help="the error model")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    chosen = parser.parse_args()
    results: list[dict[str, Any]] = []
    reviewed = review.measure(chosen.seed)
    review.say(reviewed)
    apart = two_worlds.measure(chosen.seed)
    two_worlds.say(apart)
    for children in chosen.children:
        results.append(measure(children, chosen.seed, chosen.mistakes))
        say(results[-1])
        if chosen.json:
            chosen.json.write_text(
                json.dumps([*results, {"review": reviewed, "two_worlds": apart}], indent=1, default=str)
            )


if __name__ == "__main__":
    main()
