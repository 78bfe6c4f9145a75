"""`python -m bench.linkage_beside [--children N] [--splink PYTHON]`: Splink and this linker, one by one.

Both link the same three synthetic sources (NHS demographics, child benefit, school census) on the same
machine in one run, each in a process of its own, and both are judged by the truth file. Splink comes with the
dependency group `bench` (requirements-bench.lock); it may stand in an environment of its own, whose
interpreter `--splink` names. Time to compile is told apart. Read times as ratios: machines are noisy.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from bench.records import THREE, make
from contactpoint.linking.evaluate import evaluate
from contactpoint.population import PopulationConfig

AS_AT = date(2026, 10, 1)
HERE = Path(__file__).parent


def run(python: str, module: str, records: Path, out: Path) -> dict[str, Any]:
    """Run one linker in a process of its own; it writes clusters and prints what it took."""
    done = subprocess.run(
        [python, str(HERE / module), str(records), str(out)], stdout=subprocess.PIPE, text=True, check=True
    )
    took: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return took


def judged(clusters: Path, truth: pl.DataFrame) -> dict[str, float]:
    """What the clusters are worth."""
    found = evaluate(pl.read_parquet(clusters), truth)
    return {
        "precision": found.precision.value,
        "recall": found.recall.value,
        "f1": found.f1,
        "merged_per_million": found.merged_per_million["all"],
        "split": found.split.value,
    }


def main() -> None:
    """Print a line for each linker, and the ratios."""
    parser = argparse.ArgumentParser(prog="python -m bench.linkage_beside", description=__doc__)
    parser.add_argument("--children", type=int, default=1_000_000)
    parser.add_argument("--authorities", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mistakes", choices=["first", "second"], default="first")
    parser.add_argument("--splink", default=sys.executable, help="a Python that has Splink and DuckDB")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        config = PopulationConfig(
            children=chosen.children,
            authorities=chosen.authorities,
            seed=chosen.seed,
            as_at=AS_AT,
            mistakes=chosen.mistakes,
        )
        material = make(config, THREE, folder)
        results = {}
        for name, python, module in (
            ("contactpoint", sys.executable, "linkage_ours.py"),
            ("splink", chosen.splink, "linkage_splink.py"),
        ):
            load = os.getloadavg()[0]
            took = run(python, module, material.records, folder / f"{name}.parquet")
            results[name] = {
                **took,
                "load_before": load,
                **judged(folder / f"{name}.parquet", material.truth),
            }
            print(json.dumps({"linker": name, "children": chosen.children, **results[name]}), flush=True)
    ours, theirs = results["contactpoint"], results["splink"]
    times, share = theirs["seconds"] / ours["seconds"], ours["peak_gb"] / theirs["peak_gb"]
    work = theirs["processor"] / ours["processor"]
    print(
        f"{times:.1f} times as fast as Splink, {work:.1f} times by processor time,"
        f" in {share:.2f} of its memory; compiling ({ours['compile']:.0f} s) apart"
    )


if __name__ == "__main__":
    main()
