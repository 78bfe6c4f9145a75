"""`python -m bench.country_search ENGLAND FOLDER`: search an England too large for this machine's disk.

After `bench.country ENGLAND FOLDER` has linked it. Of what is linked the search index alone is made, by the
product's own code, into a directory of its own (FOLDER/home), and the searches of bench.searches are asked of
it under the web's role by the ordinary action, the audit included. Not in it is what is no part of these
searches: source records, and what services say (keys of schools and practices). `--of-64 21` takes 21 of
every 64 children, where the disk does not hold them all: 2.5 kB a child. Each step that is done in FOLDER is
not done again. For figures of time the machine should have nothing else to do.
"""

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from bench.__main__ import step
from contactpoint.cli.directory import Directory
from contactpoint.domain.disclosure.held import Gazetteer
from contactpoint.domain.identifiers import child_number

BUCKETS: Final = 64
ROWS: Final = 2_000_000
SAMPLED: Final = 200_000
SEED: Final = 7
# Serial numbers that look random and never come twice: multiples of a number, modulo a prime.
STRIDE, PRIME = 387_420_489, 999_999_937
AS_AT: Final = date(2026, 10, 29)
RECORDED: Final = datetime(2026, 10, 29, 12, tzinfo=UTC).isoformat()
KEYS: Final = ("source", "local_id")
# What the index reads of a record.
READ: Final = (
    "forename", "surname", "former_surname", "known_as", "date_of_birth", "sex", "address", "postcode",
    "phone", "nhs_number", "upn", "carer_surname", "date_of_death",
)  # fmt: skip


def tell(words: str) -> None:
    """Say on the error stream what is being done."""
    print(f"{time.strftime('%H:%M:%S')}  {words}", file=sys.stderr, flush=True)


def numbers_for(count: int) -> Iterator[str]:
    """So many child numbers, each once."""
    serial, made = 0, 0
    while made < count:
        serial = (serial + STRIDE) % PRIME
        number = child_number(serial)
        if number is not None:
            made += 1
            yield number


def children_of(folder: Path) -> tuple[np.ndarray[Any, np.dtype[np.int64]], pl.Series]:
    """By the number of a record: whose it is, as a place in the list of child numbers; and that list."""
    links = [
        pl.read_parquet(path, columns=["record", "cluster"]) for path in sorted((folder / "links").iterdir())
    ]
    both = pl.concat(links)
    _, whose = np.unique(both["cluster"].to_numpy(), return_inverse=True)
    place = np.empty(both.height, dtype=np.int64)
    place[both["record"].to_numpy()] = whose
    return place, pl.Series("child", numbers_for(int(whose.max()) + 1))


def sample(england: Path) -> pl.DataFrame:
    """Choose people who may be searched for; return the keys of their records."""
    people = pl.read_parquet(england / "people.parquet", columns=["person"])
    people = people.sample(min(SAMPLED, people.height), seed=SEED)
    truth = pl.scan_parquet(england / "truth.parquet").filter(pl.col("delivery") == "full")
    return truth.filter(pl.col("person").is_in(people["person"].implode())).select(*KEYS, "person").collect()


def share_out(england: Path, folder: Path, of_64: int) -> None:
    """Write the records of each child together: a folder for every sixty-fourth child, so many of them."""
    chosen = folder / "search"
    chosen.mkdir(exist_ok=True)
    wanted = sample(england)
    truth = pl.scan_parquet(england / "truth.parquet").filter(pl.col("delivery") == "full")
    hidden = truth.filter("shielded").select(*KEYS, shielded="shielded").collect()
    place, numbers = children_of(folder)
    found: list[pl.DataFrame] = []
    for turn, read in enumerate(_batches(sorted((folder / "records").glob("*.parquet")))):
        whose = place[read["record"].to_numpy()]
        placed = read.with_columns(numbers[whose].alias("child"), bucket=pl.Series(whose % BUCKETS))
        rows = placed.join(hidden, on=KEYS, how="left").with_columns(
            pl.col("shielded").fill_null(value=False)
        )
        found.append(rows.select(*KEYS, "child", "bucket").join(wanted, on=KEYS))
        kept = rows.filter(pl.col("bucket") < of_64)
        for (bucket,), some in kept.partition_by("bucket", as_dict=True, include_key=False).items():
            here = folder / "index" / f"{bucket:02d}"
            here.mkdir(parents=True, exist_ok=True)
            some.write_ipc(here / f"{turn:03d}.arrow", compression="zstd")
        tell(f"sharing out: {turn + 1}")
    held = pl.concat(found).group_by("person").agg(pl.col("child").unique(), pl.col("bucket").max())
    held = held.filter(pl.col("bucket") < of_64).drop("bucket")
    people = pl.scan_parquet(england / "people.parquet")
    people.filter(pl.col("person").is_in(held["person"].implode())).sink_parquet(chosen / "people.parquet")
    (chosen / "numbers.json").write_text(json.dumps(dict(held.iter_rows())))


def _batches(paths: Iterable[Path]) -> Iterator[pl.DataFrame]:
    some: list[pl.DataFrame] = []
    for path in paths:
        some.append(pl.read_parquet(path, columns=["record", *KEYS, *READ]))
        if sum(one.height for one in some) >= ROWS:
            yield pl.concat(some)
            some = []
    if some:
        yield pl.concat(some)


def file_bucket(bucket: Path, *, places: Gazetteer, contracts: dict[str, tuple[str, str, str]]) -> int:
    """Make the rows and keys of the children of one folder, with the product's own code; return how many."""
    from contactpoint.actions.find.filing import Held, file
    from contactpoint.storage.queries.told import Told
    from contactpoint.storage.search_index import written

    rows = pl.concat([pl.read_ipc(path) for path in sorted(bucket.glob("*.arrow"))]).sort("child", "record")
    held: dict[str, Held] = {}
    for child, shielded, record, source, local_id, *said in rows.select(
        "child", "shielded", "record", *KEYS, *READ
    ).iter_rows():
        one = held.setdefault(child, Held(shielded=False))
        one.shielded = one.shielded or shielded
        facts = {name: text for name, text in zip(READ, said, strict=True) if text}
        name, contract, authority = contracts[source]
        one.told.append(
            Told(child, record, source, name, contract, authority, local_id, AS_AT, RECORDED, facts)
        )
    filed = written(*file(held, places), {})
    bucket.with_suffix(".rows").write_bytes(filed.rows)
    bucket.with_suffix(".keys").write_bytes(filed.keys)
    shielded = {child for child, one in held.items() if one.shielded}
    children = "".join(
        f"{child}\t2026-10-29 12:00+00\t{'t' if child in shielded else 'f'}\n" for child in held
    )
    bucket.with_suffix(".children").write_text(children)
    return len(held)


def file_all(england: Path, folder: Path) -> None:
    """File every folder, on every core."""
    sources = pl.read_csv(england / "sources.csv", infer_schema=False)
    contracts = {
        code: (name, contract, authority or "")
        for code, name, contract, authority in sources.select(
            "code", "name", "contract", "authority"
        ).iter_rows()
    }
    from contactpoint.storage.queries.organisations import gazetteer_of_all

    work = partial(file_bucket, places=gazetteer_of_all(), contracts=contracts)
    left = [one for one in sorted((folder / "index").iterdir()) if one.is_dir()]
    left = [one for one in left if not one.with_suffix(".children").exists()]
    with multiprocessing.get_context("spawn").Pool(os.cpu_count(), initializer=_set_up) as pool:
        for turn, children in enumerate(pool.imap(work, left)):
            tell(f"filing: {turn + 1} of {len(left)}, {children:,} children")


def _set_up() -> None:
    import django

    django.setup()


def fill(england: Path, folder: Path) -> dict[str, Any]:
    """As the worker: make the files if they are not there, put them in, make the indexes."""
    _set_up()
    from django.db import connection, transaction

    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.pipelines.reference import load_reference

    load_reference(england, by=system_viewer("bench"))
    began = time.perf_counter()
    file_all(england, folder)
    filed = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_indexes_aside(ARRAY['search_identity', 'search_key'])")
        cursor.execute("CREATE TEMP TABLE made (LIKE child INCLUDING DEFAULTS) ON COMMIT DROP")
        for kind, copy in COPIES.items():
            for path in sorted((folder / "index").glob(f"*.{kind}")):
                with cursor.copy(copy()) as into, path.open("rb") as lines:
                    while block := lines.read(1 << 22):
                        into.write(block)
                tell(f"putting in: {path.name}")
            if kind == "children":  # row security lets nothing be copied into their table
                cursor.execute(f"INSERT INTO child ({CHILD}) SELECT {CHILD} FROM made")  # noqa: S608
        cursor.execute("SELECT make_indexes_again(ARRAY['search_identity', 'search_key'])")
    with connection.cursor() as cursor:
        for table in ("child", "search_identity", "search_key"):
            cursor.execute(f"VACUUM (ANALYZE) {table}")
        cursor.execute(
            "SELECT count(*), pg_size_pretty(pg_total_relation_size('search_identity')),"
            " pg_size_pretty(pg_total_relation_size('search_key')) FROM search_identity"
        )
        rows, size, keys = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM child")
        (children,) = cursor.fetchone()
    return {
        "children": children,
        "rows": rows,
        "size": size,
        "keys": keys,
        "filing": filed - began,
        "filling": time.perf_counter() - filed,
    }


def _rows() -> str:
    from contactpoint.storage.search_index import COPY_ROWS

    return COPY_ROWS


CHILD: Final = "number, created_at, shielded"
COPIES: Final[dict[str, Callable[[], str]]] = {
    "children": lambda: f"COPY made ({CHILD}) FROM STDIN",
    "rows": _rows,
    "keys": lambda: "COPY search_key (child_id, kind, key) FROM STDIN",
}


def main() -> None:
    """Do what is not done yet, and search."""
    parser = argparse.ArgumentParser(prog="python -m bench.country_search", description=__doc__)
    parser.add_argument("england", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--of-64", type=int, default=BUCKETS, help="how many of every 64 children")
    parser.add_argument("--fill", action="store_true", help="only the step that the worker does")
    chosen = parser.parse_args()
    england, folder = chosen.england.resolve(), chosen.folder.resolve()
    if chosen.fill:
        print(json.dumps(fill(england, folder)))
        return
    if not (folder / "search" / "numbers.json").exists():
        share_out(england, folder, chosen.of_64)
    with Directory(folder / "home") as directory:
        if not (folder / "filled.json").exists():
            filled = step(directory, "worker", "bench.country_search", str(england), str(folder), "--fill")
            (folder / "filled.json").write_text(json.dumps(filled))
        print((folder / "filled.json").read_text())
        print(json.dumps(step(directory, "web", "bench.searches", str(folder / "search")), indent=1))


if __name__ == "__main__":
    main()
