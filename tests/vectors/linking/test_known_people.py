"""A few invented people with the mistakes that records have: they are found again, and nobody is merged."""

from pathlib import Path

import polars as pl

from contactpoint.linking import evaluate
from contactpoint.linking.tool.link import link_records
from contactpoint.linking.tool.reading import from_frame

KNOWN = pl.read_csv(Path(__file__).with_name("people.csv"), infer_schema=False)


def test_the_known_people_are_told_apart_and_found_again():
    found = link_records(from_frame(KNOWN.drop("person")).frame)
    worth = evaluate(found.clusters, KNOWN.select("source", "local_id", "person"))
    assert worth.merged_per_million["all"] == 0
    assert worth.recall.value >= 0.9
    assert worth.f1 >= 0.95
