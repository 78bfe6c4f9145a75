"""Link a file of records with the default model; print seconds and peak memory, compiling apart."""

import json
import os
import resource
import sys
import time
from pathlib import Path

import polars as pl

from contactpoint.linking import default_model, propose

WARM_UP = 4_000


def main() -> None:
    """Compile or load what is compiled on a few rows, then link them all."""
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    began = time.perf_counter()
    propose(pl.read_parquet(source, n_rows=WARM_UP), default_model(), compiled=True)
    ready, before = time.perf_counter(), sum(os.times()[:2])
    records = pl.scan_parquet(source)
    links = propose(records, default_model()).links
    ended, after = time.perf_counter(), sum(os.times()[:2])
    keys = records.select("record", "source", "local_id").collect()
    links.join(keys, on="record").select("source", "local_id", "cluster").write_parquet(out)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        json.dumps(
            {"seconds": ended - ready, "processor": after - before, "peak_gb": peak, "compile": ready - began}
        )
    )


main()
