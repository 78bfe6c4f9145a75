"""`python -m bench.country ENGLAND FOLDER`: link an England that does not fit into memory, and judge it.

ENGLAND is what `contactpoint population generate` wrote; FOLDER gets the records (a Parquet file a feed), the
links and the figures, and each step that is done there is not done again. Linking runs in a process of its
own, whose processor seconds and memory are printed; what is compiled is compiled, or read, before it begins.
The figures are those of bench.matching; `--json FILE` adds a line of them, which bench.cost can draw.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from bench.records import one_feed
from contactpoint.domain.people import PERSON_COLUMNS
from contactpoint.linking import default_model, propose
from contactpoint.linking.engine.propose import propose_into
from contactpoint.linking.evaluate import GROUPS, evaluate_identities
from contactpoint.linking.names import joined, name_of
from contactpoint.linking.tool.evaluating import figures, sentences

WARM_UP = 4_000
KEYS = ("source", "local_id")
SEED = 1
STEP = 5_000_000

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]


def peak_gb() -> float:
    """The most memory this process has held; `ru_maxrss` would tell that of the one that started it, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1e6


def write_records(england: Path, folder: Path) -> None:
    """Write the full deliveries as numbered records, one file a feed, and the sealed pairs by number."""
    records = folder / "records"
    records.mkdir(parents=True, exist_ok=True)
    sealed = pl.read_csv(england / "sealed_pairs.csv", infer_schema=False)
    ends = [
        sealed.select(source=f"source_{end}", local_id=f"local_id_{end}", end=pl.lit(end)) for end in "ab"
    ]
    asked = pl.concat([end.with_row_index("pair") for end in ends])
    found = [asked.clear().with_columns(record=pl.lit(0, pl.Int64))]
    begin = 0
    for path in sorted((england / "feeds").glob("*_full.csv")):
        rows = one_feed(path, path.name.split("_")[0], PERSON_COLUMNS).with_row_index("record")
        rows = rows.with_columns(pl.col("record").cast(pl.Int64) + begin)
        begin += rows.height
        absent = [pl.lit(None, pl.String).alias(name) for name in PERSON_COLUMNS if name not in rows.columns]
        rows.with_columns(absent).select("record", *KEYS, *PERSON_COLUMNS).write_parquet(
            records / f"{path.stem}.parquet"
        )
        found.append(asked.join(rows.select("record", *KEYS), on=KEYS))
    sides = pl.concat(found)
    a, b = (sides.filter(end=end).select("pair", pl.col("record").alias(end)) for end in "ab")
    a.join(b, on="pair").select("a", "b").write_parquet(folder / "apart.parquet")


def link(folder: Path) -> None:
    """Link the records, in this process, and print what it took."""
    model = default_model()
    records = pl.scan_parquet(folder / "records" / "*.parquet")
    propose(records.head(WARM_UP).collect(), model, compiled=True)
    links = folder / "links"
    links.mkdir(exist_ok=True)
    began, before = time.perf_counter(), sum(os.times()[:2])

    def tell(step: str, share: float) -> None:
        print(f"{time.perf_counter() - began:7.0f} s  {step} {share:.0%}", file=sys.stderr, flush=True)

    reviews = propose_into(
        links, records, model, apart=pl.read_parquet(folder / "apart.parquet"), progress=tell
    )
    took = {
        "seconds": time.perf_counter() - began,
        "processor": sum(os.times()[:2]) - before,
        "peak_gb": peak_gb(),
        "reviews": reviews.height,
        "records": int(records.select(pl.len()).collect().item()),
    }
    print(json.dumps(took))


def judge(england: Path, folder: Path) -> dict[str, Any]:
    """What the links are worth, as bench.matching says it; of each record two numbers are held."""
    identity, people = read_truth(england, folder)
    files = sorted((folder / "links").glob("*.parquet"))
    both = pl.concat([pl.read_parquet(file, columns=["record", "cluster"]) for file in files])
    both = both.select("cluster", identity=pl.Series(identity)[both["record"]])

    def names_of(mixed: pl.DataFrame) -> dict[int, set[str]]:
        rows = both.with_row_index("place").join(mixed, on=["cluster", "identity"], how="semi")
        return _names(folder, rows)

    found = evaluate_identities(both, people, names_of)
    print("\n".join(f"  {line}" for line in sentences(found)))
    return figures(found)


def _names(folder: Path, rows: pl.DataFrame) -> dict[int, set[str]]:
    """The names of some records by identity; `place` is a record's number, since links come in that order."""
    wanted = rows.select(record=pl.col("place").cast(pl.Int64), identity="identity")
    columns = ["record", "forename", "surname"]
    held = pl.scan_parquet(folder / "records" / "*.parquet").select(columns)
    found: dict[int, set[str]] = {}
    for identity, forename, surname in (
        held.join(wanted.lazy(), on="record").select("identity", "forename", "surname").collect().iter_rows()
    ):
        found.setdefault(identity, set()).add(f"{joined(name_of(forename))}|{joined(name_of(surname))}")
    return found


def read_truth(england: Path, folder: Path) -> tuple[Ints, pl.DataFrame]:
    """Whose each record is, by its number, and who these are; the truth is looked up by a hash of keys."""
    hashes, codes, parts = [], [], []
    told = ["person", "half", "family", "twin_set", *GROUPS]
    file = pl.scan_parquet(england / "truth.parquet").filter(pl.col("delivery") == "full")
    for rows in file.select(*KEYS, *told).collect_batches(chunk_size=STEP):
        hashes.append(_hash(rows))
        # Halves are 0, 1 and 2.
        numbered = rows.with_columns(identity=pl.col("person") * 4 + pl.col("half"))
        codes.append(numbered["identity"].cast(pl.Int32).to_numpy())
        parts.append(numbered.select("identity", *told).unique("identity"))
    people = (
        pl.concat(parts)
        .unique("identity")
        .with_columns(pl.when(pl.col("twin_set") != 0).then("twin_set").alias("twin_set"))
    )
    known, code = np.concatenate(hashes), np.concatenate(codes)
    order = np.argsort(known)
    known, code = known[order], code[order]
    record = np.concatenate([_hash(pl.read_parquet(path, columns=KEYS)) for path in _files(folder)])
    place = np.minimum(np.searchsorted(known, record), len(known) - 1)
    if (known[1:] == known[:-1]).any() or (known[place] != record).any():
        raise SystemExit("The truth does not tell of each record once.")
    return code[place].astype(np.int64), people


def _files(folder: Path) -> list[Path]:
    return sorted((folder / "records").glob("*.parquet"))


def _hash(keys: pl.DataFrame) -> Hashes:
    return keys.select(pl.concat_str(KEYS, separator="\n").hash(SEED)).to_series().to_numpy()


def main() -> None:
    """Do what is not done yet, and say what it took and what it is worth."""
    parser = argparse.ArgumentParser(prog="python -m bench.country", description=__doc__)
    parser.add_argument("england", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, help="add a line of figures")
    parser.add_argument("--link-alone", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.link_alone:
        link(chosen.folder)
        return
    if not (chosen.folder / "apart.parquet").exists():
        write_records(chosen.england, chosen.folder)
    noted = chosen.folder / "took.json"
    if not noted.exists():
        done = subprocess.run(
            [sys.executable, "-m", "bench.country", chosen.england, chosen.folder, "--link-alone"],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        noted.write_text(done.stdout.strip().splitlines()[-1])
    took = json.loads(noted.read_text())
    print(
        f"linking {took['records']:,} records: {took['processor']:.0f} s of processor,"
        f" {took['seconds']:.0f} s, {took['peak_gb']:.1f} GB; to review: {took['reviews']:,}",
        flush=True,
    )
    worth = judge(chosen.england, chosen.folder)
    if chosen.json:
        people = pl.scan_parquet(chosen.england / "people.parquet").select(pl.len()).collect().item()
        line = {"children": people, "sources": "all", "mistakes": "first", "model": "default"}
        with chosen.json.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line | worth | {"took": took}, default=str) + "\n")


if __name__ == "__main__":
    main()
