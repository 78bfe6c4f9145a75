"""Draw some of an England's people, and note their numbers, so that searches of a country can be measured.

`python -m bench.sample ENGLAND FOLDER` writes what `bench.searches` reads, as the worker. A country's people
do not fit into Python's memory, and the web role cannot look up who has which number.
"""

import json
import sys
from pathlib import Path

import django
import polars as pl

django.setup()

from django.db import connection  # noqa: E402 - settings first

MOST: int = 200_000
SEED: int = 7


def main() -> None:
    """Draw people, find their records in the truth, and their numbers in the directory."""
    england, folder = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(mode=0o700, exist_ok=True)
    people = pl.scan_parquet(england / "people.parquet")
    whole = people.select(pl.len()).collect().item()
    one_in = max(1, whole // MOST)
    drawn = people.filter(pl.col("person").hash(SEED) % one_in == 0).collect()
    truth = (
        pl.scan_parquet(england / "truth.parquet")
        .filter(pl.col("delivery") == "full")
        .join(drawn.lazy().select("person"), on="person", how="semi")
        .select("person", "source", "local_id")
        .collect()
    )
    numbers: dict[int, set[str]] = {}
    for rows in truth.iter_slices(20_000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT a.person, r.child_id FROM unnest(%s::bigint[], %s::text[], %s::text[]) "
                "AS a(person, source, local_id) JOIN source_record r "
                "ON r.source_id = a.source AND r.local_id = a.local_id WHERE r.child_id IS NOT NULL",
                [rows["person"].to_list(), rows["source"].to_list(), rows["local_id"].to_list()],
            )
            for person, number in cursor.fetchall():
                numbers.setdefault(person, set()).add(number)
    drawn.write_parquet(folder / "people.parquet")
    noted = {person: sorted(held) for person, held in numbers.items()}
    (folder / "numbers.json").write_text(json.dumps(noted))
    print(json.dumps({"people": len(drawn), "numbered": len(noted)}))


main()
