"""Link a file of records with the default model or another; print seconds and memory, compiling apart."""

import argparse
import json
import os
import time
from pathlib import Path

import polars as pl

from contactpoint.linking import default_model, fit, load_model, propose

WARM_UP = 4_000


def peak_gb() -> float:
    """The most memory this process has held; `ru_maxrss` would tell that of the one that started it, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1e6


def options() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", type=Path, help="a model file; the default model if not given")
    parser.add_argument("--apart", type=Path, help="record numbers a, b that must stay apart")
    parser.add_argument("--learn", action="store_true", help="learn the model from the records first")
    return parser.parse_args()


def main() -> None:
    """Compile or load what is compiled on a few rows, then link them all."""
    chosen = options()
    model = load_model(chosen.model) if chosen.model else default_model()
    apart = pl.read_parquet(chosen.apart) if chosen.apart else None
    began = time.perf_counter()
    propose(pl.read_parquet(chosen.records, n_rows=WARM_UP), model, compiled=True)
    if chosen.learn:
        model = fit(pl.read_parquet(chosen.records), model)
    ready, before = time.perf_counter(), sum(os.times()[:2])
    records = pl.scan_parquet(chosen.records)
    found = propose(records, model, apart=apart)
    ended, after = time.perf_counter(), sum(os.times()[:2])
    keys = records.select("record", "source", "local_id").collect()
    found.links.join(keys, on="record").select("source", "local_id", "cluster").write_parquet(chosen.out)
    took = {
        "seconds": ended - ready,
        "processor": after - before,
        "peak_gb": peak_gb(),
        "compile": ready - began,
        "records": keys.height,
        "reviews": found.reviews.height,
    }
    print(json.dumps(took))


main()
