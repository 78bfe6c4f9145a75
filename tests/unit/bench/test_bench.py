"""The examiner's own arithmetic, on worlds small enough to work out by hand."""

import json
from datetime import date
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from bench.cost import chart, costs
from bench.ideas import IDEAS, PACKAGE, without
from bench.missed import missed_by_error
from bench.records import THREE, make

from contactpoint.linking import default_model, load_model
from contactpoint.linking.names import folded
from contactpoint.population import PopulationConfig

SVG = "{http://www.w3.org/2000/svg}"


def test_a_record_is_missed_when_it_is_outside_the_largest_cluster_of_its_child():
    links = pl.DataFrame({"source": "s", "local_id": list("abcde"), "cluster": [1, 1, 2, 3, 4]})
    truth = pl.DataFrame(
        {
            "source": "s",
            "local_id": list("abcde"),
            "person": [1, 1, 1, 2, 3],
            "half": [0, 0, 0, 0, 0],
            "errors": [[], ["sex_wrong"], ["sex_wrong", "cut_short"], [], []],
        }
    )
    found = {error: (records, outside) for error, records, outside, _ in missed_by_error(links, truth).rows()}
    assert found == {"sex_wrong": (2, 1), "cut_short": (1, 1), "none": (1, 0)}


@pytest.mark.parametrize("name", IDEAS)
def test_an_idea_is_switched_off_and_everything_else_stays(name, tmp_path):
    idea = IDEAS[name]
    model, source = without(idea, tmp_path)
    assert (model is None) == (idea.change is None)
    if model:
        less, usual = load_model(model), default_model()
        assert less.version == usual.version
        assert (less.probabilities, less.rarity) != (usual.probabilities, usual.rarity)
        assert (less.thresholds, less.priors) == (usual.thresholds, usual.priors)
    if source:
        there = source / "contactpoint" / "linking" / "tables" / str(idea.table)
        assert there.read_text() == ""
        assert (PACKAGE / "linking" / "tables" / str(idea.table)).read_text()


def test_records_and_sealed_pairs_are_of_the_sources_asked_for(tmp_path):
    england = PopulationConfig(children=1000, authorities=1, seed=1, as_at=date(2026, 10, 1))
    material = make(england, THREE, tmp_path)
    records = pl.read_parquet(material.records)
    assert set(records["source"]) == set(THREE)
    assert records.height == material.truth.height == records["record"].n_unique()
    apart = pl.read_parquet(material.apart)
    names = dict(records.select("record", "surname").iter_rows())
    assert apart.height > 0
    assert all(folded(names[a]) != folded(names[b]) for a, b in apart.iter_rows())


def test_the_chart_says_in_words_what_it_draws():
    lines = [
        json.dumps(
            {
                "children": size,
                "sources": "three",
                "mistakes": mistakes,
                "model": "default",
                "took": {"records": size * 2, "processor": size / 50_000, "peak_gb": 1.0},
            }
        )
        for size, mistakes in ((100_000, "first"), (1_000_000, "first"), (3_000_000, "second"))
    ]
    drawn = ET.fromstring(chart(costs(lines)))
    assert drawn.get("role") == "img"
    assert drawn.findtext(f"{SVG}desc") == (
        "Microseconds of processor a record. three sources: 10.0 at 0.1 million, 10.0 at 1 million."
    )
    assert len(drawn.findall(f"{SVG}circle")) == 2
