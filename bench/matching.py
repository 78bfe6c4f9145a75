"""`python -m bench.matching`: how well links are made, for whom, and what each idea is worth to whom.

Makes an England by each error model asked for, links it with the default model in a process of its own,
sealed pairs given, and says what the truth file makes of it: pairs, clusters, false merges by cause,
splits, recall and false merges by name tradition, region and deprivation with intervals, and recall on
names that are in no table of the matcher. `--ideas` then switches off, one at a time, what should help
everybody alike (bench/ideas.py); `--learnt` adds a model learnt from the records without labels. `--json
FILE` adds a line for each run, which `bench.cost` can draw.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from bench.apart import recall_apart, said, told
from bench.ideas import IDEAS, without
from bench.missed import missed_by_error
from bench.records import THREE, Material, make
from contactpoint.linking.evaluate import evaluate
from contactpoint.linking.tool.evaluating import figures, sentences
from contactpoint.population import PopulationConfig

AS_AT = date(2026, 10, 1)
HERE = Path(__file__).parent
MOST_ERRORS = 12  # printed; --json has them all


def run(material: Material, *options: str, source: Path | None = None) -> dict[str, Any]:
    """Link, in a process of its own, with this or another copy of the source; what it took."""
    more = {"PYTHONPATH": str(source)} if source else {}
    done = subprocess.run(
        [
            *(sys.executable, str(HERE / "linkage_ours.py"), str(material.records)),
            *(str(material.folder / "links.parquet"), "--apart", str(material.apart), *options),
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=os.environ | more,
    )
    took: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return took


def judged(material: Material, took: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What the links are worth, as figures and in lines."""
    links = pl.read_parquet(material.folder / "links.parquet")
    found = evaluate(links, material.truth)
    records = pl.read_parquet(material.records, columns=["source", "local_id", "forename", "surname"])
    apart = recall_apart(material.folder, records, links, material.truth)
    missed = missed_by_error(links, material.truth)
    cases = took["reviews"] / found.identities * 1000
    lines = [
        *sentences(found),
        *said(apart),
        *(
            f"left out with {error}: {outside:,} of {records:,} records ({share:.3%})"
            for error, records, outside, share in missed.head(MOST_ERRORS).iter_rows()
            if outside
        ),
        f"to review: {took['reviews']:,} ({cases:.2f} per 1,000 people)",
        (
            f"linking {found.records:,} records: {took['processor']:.1f} s of processor,"
            f" {took['seconds']:.1f} s, {took['peak_gb']:.2f} GB; compiling {took['compile']:.1f} s apart"
        ),
    ]
    worth = figures(found) | {
        "apart": told(apart),
        "missed_by_error": missed.to_dicts(),
        "took": took,
    }
    return worth, lines


@contextmanager
def england(config: PopulationConfig, sources: tuple[str, ...] | None) -> Iterator[Material]:
    """The records of one England, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="contactpoint-bench-") as scratch:
        yield make(config, sources, Path(scratch))


def compared(one: dict[str, Any], other: dict[str, Any]) -> str:
    """What switching an idea off changes, in a line of a table."""
    gap, was = (100 * worth["largest_gap_in_recall"]["tradition"]["gap"] for worth in (other, one))
    worst = max(
        other["recall_by_tradition"],
        key=lambda name: (
            one["recall_by_tradition"][name]["recall"] - other["recall_by_tradition"][name]["recall"]
        ),
    )
    before, after = (worth["recall_by_tradition"][worst]["recall"] for worth in (one, other))
    return (
        f"F1 {other['pairs']['f1']:.5f}  recall {other['pairs']['recall']:.5f}"
        f"  false merges {other['false_merges_per_million']['all']:.0f} per million"
        f"  review {other['took']['reviews']:,}  gap by tradition {gap:.2f} points ({gap - was:+.2f})"
        f"  most lost: {worst} {before:.4f} to {after:.4f}"
    )


def options() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.matching", description=__doc__)
    parser.add_argument("--children", type=int, default=200_000)
    parser.add_argument("--authorities", type=int, default=153)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sources", choices=["all", "three"], default="all")
    parser.add_argument("--mistakes", choices=["first", "second"], nargs="+", default=["first", "second"])
    parser.add_argument("--ideas", action="store_true", help="switch each idea off in turn")
    parser.add_argument("--learnt", action="store_true", help="also with a model learnt from the records")
    parser.add_argument("--json", type=Path, help="add a line of figures for each run")
    return parser.parse_args()


def note(chosen: argparse.Namespace, mistakes: str, model: str, worth: dict[str, Any]) -> None:
    """Add a run's figures to the file that was asked for."""
    if chosen.json:
        about = {"children": chosen.children, "authorities": chosen.authorities, "seed": chosen.seed}
        line = about | {"sources": chosen.sources, "mistakes": mistakes, "model": model} | worth
        with chosen.json.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=str) + "\n")


def main() -> None:
    """Make, link and judge each England, and then without each idea."""
    chosen = options()
    for mistakes in chosen.mistakes:
        config = PopulationConfig(
            children=chosen.children,
            authorities=chosen.authorities,
            seed=chosen.seed,
            as_at=AS_AT,
            mistakes=mistakes,
        )
        with england(config, THREE if chosen.sources == "three" else None) as material:
            print(
                f"\n{chosen.children:,} children, {chosen.sources} sources, "
                f"{mistakes} mistakes, default model"
            )
            usual, lines = judged(material, run(material))
            print("\n".join(f"  {line}" for line in lines), flush=True)
            note(chosen, mistakes, "default", usual)
            if chosen.learnt:
                learnt, lines = judged(material, run(material, "--learn"))
                print("  with a model learnt from these records, without labels:")
                print("\n".join(f"    {line}" for line in lines), flush=True)
                note(chosen, mistakes, "learnt", learnt)
            for name, idea in IDEAS.items() if chosen.ideas else ():
                model, source = without(idea, material.folder)
                less, _ = judged(
                    material, run(material, *(["--model", str(model)] if model else []), source=source)
                )
                print(f"  without {name}: {compared(usual, less)}", flush=True)
                note(chosen, mistakes, f"without {name}", less)


if __name__ == "__main__":
    main()
