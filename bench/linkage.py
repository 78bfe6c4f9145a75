"""How good the published links are, against the truth file."""

import json
import sys
from pathlib import Path

import django
import polars as pl

django.setup()

from django.db import connection  # noqa: E402

from bench.apart import recall_apart, said, told  # noqa: E402 - settings first
from bench.records import written  # noqa: E402
from contactpoint.linking.evaluate import evaluate  # noqa: E402
from contactpoint.linking.tool.evaluating import figures, sentences  # noqa: E402


def note_numbers(links: pl.DataFrame, truth: pl.DataFrame, folder: Path) -> None:
    """Write which child numbers hold each person's records, for the step that searches."""
    held = links.join(truth, on=["source", "local_id"]).group_by("person").agg(pl.col("cluster").unique())
    (folder / "numbers.json").write_text(json.dumps(dict(held.iter_rows())))


def main() -> None:
    """Print what the links are worth, for whom, and on names that no table of the matcher holds."""
    truth = pl.read_parquet(Path(sys.argv[1]) / "truth.parquet").filter(pl.col("delivery") == "full")
    with connection.cursor() as cursor:
        cursor.execute("SELECT source_id, local_id, child_id FROM source_record WHERE child_id IS NOT NULL")
        links = pl.DataFrame(cursor.fetchall(), schema=["source", "local_id", "cluster"], orient="row")
        cursor.execute("SELECT count(*) FROM review_case")
        (reviews,) = cursor.fetchone()
    note_numbers(links, truth, Path(sys.argv[1]))
    found = evaluate(links, truth)
    records = written(Path(sys.argv[1]), ("forename", "surname"))
    apart = recall_apart(Path(sys.argv[1]), records, links, truth)
    lines = [*sentences(found), *said(apart), f"to review: {reviews:,}"]
    print(json.dumps(figures(found) | {"reviews": reviews, "apart": told(apart), "lines": lines}))


main()
