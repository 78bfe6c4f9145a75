"""Five small worlds, each drawn beside what it is worth."""

import polars as pl
import pytest

from contactpoint.domain.errors import InvalidInput
from contactpoint.linking.evaluate import evaluate
from contactpoint.linking.shares import Share


def world(*rows):
    """One record a row: cluster, person, half, family, twin set, tradition, forename."""
    names = ("cluster", "person", "half", "family", "twin_set", "tradition", "forename")
    frame = pl.DataFrame(rows, schema=names, orient="row").with_row_index("n")
    frame = frame.with_columns(
        source=pl.lit("s"), local_id=pl.col("n").cast(pl.String), surname=pl.lit("Hall")
    )
    links = frame.select("source", "local_id", "cluster", "forename", "surname")
    return links, frame.drop("cluster", "forename", "surname", "n")


def test_all_right():
    found = evaluate(
        *world((1, 1, 0, 1, 0, "english", "A"), (1, 1, 0, 1, 0, "english", "A"), (2, 2, 0, 2, 0, "sikh", "B"))
    )
    assert (found.records, found.identities, found.f1) == (3, 2, 1.0)
    assert found.merged_per_million["all"] == 0
    assert found.split == Share(part=0, whole=1)


def test_a_split_child_costs_recall_and_not_precision():
    found = evaluate(
        *world(
            (1, 1, 0, 1, 0, "english", "A"),
            (1, 1, 0, 1, 0, "english", "A"),
            (9, 1, 0, 1, 0, "english", "A"),
            (2, 2, 0, 2, 0, "sikh", "B"),
            (2, 2, 0, 2, 0, "sikh", "B"),
        )
    )
    assert (found.precision.value, found.recall) == (1.0, Share(part=2, whole=4))
    assert found.split == Share(part=1, whole=2)
    assert found.recall_by["tradition"] == {
        "english": Share(part=1, whole=3),
        "sikh": Share(part=1, whole=1),
    }
    gap = found.recall_gaps["tradition"]
    assert (gap.lowest, gap.highest, gap.value) == ("english", "sikh", pytest.approx(2 / 3))
    assert set(found.recall_by) == {"tradition"}  # the others are not told


@pytest.mark.parametrize(
    ("cause", "other"),
    [
        ("sealed pair", (1, 1, 1, 1, 0, "english", "New")),
        ("twin", (1, 2, 0, 1, 7, "english", "Bo")),
        ("sibling", (1, 2, 0, 1, 0, "english", "Bo")),
        ("namesake", (1, 2, 0, 5, 0, "english", "AMY")),
        ("stranger", (1, 2, 0, 5, 0, "english", "Bo")),
    ],
)
def test_a_false_merge_is_counted_by_its_cause(cause, other):
    found = evaluate(*world((1, 1, 0, 1, 7, "english", "Amy"), other))
    assert {name for name, count in found.merged.items() if count} == {cause}
    assert found.merged[cause] == 2
    assert found.merged_per_million["all"] == 1_000_000
    assert found.precision == Share(part=0, whole=1)


def test_each_identity_counts_once_under_its_nearest_cause():
    found = evaluate(
        *world(
            (1, 1, 0, 1, 7, "english", "Amy"),
            (1, 2, 0, 1, 7, "english", "Bo"),
            (1, 3, 0, 5, 0, "english", "Cy"),
        )
    )
    assert found.merged == {"sealed pair": 0, "twin": 2, "sibling": 0, "namesake": 0, "stranger": 1}


def test_without_names_a_namesake_is_a_stranger():
    links, truth = world((1, 1, 0, 1, 0, "english", "Amy"), (1, 2, 0, 5, 0, "english", "Amy"))
    assert evaluate(links.drop("forename"), truth).merged["stranger"] == 2


def test_records_without_truth_do_not_count():
    links, truth = world((1, 1, 0, 1, 0, "english", "Amy"), (1, 2, 0, 5, 0, "english", "Amy"))
    assert evaluate(links, truth.head(1)).records == 1


def test_false_merges_count_for_the_groups_of_both():
    links, truth = world(
        (1, 1, 0, 1, 0, "english", "Amy"),
        (1, 2, 0, 2, 0, "sikh", "Bo"),
        (2, 3, 0, 3, 0, "sikh", "Cy"),
        (3, 4, 0, 4, 0, "polish", "Di"),
    )
    found = evaluate(links, truth.with_columns(region=pl.lit("north"), deprivation=pl.Series([1, 2, 2, 5])))
    assert found.merged_by["tradition"] == {
        "english": Share(part=1, whole=1),
        "polish": Share(part=0, whole=1),
        "sikh": Share(part=1, whole=2),
    }
    assert found.merged_by["deprivation"]["5"] == Share(part=0, whole=1)
    assert found.merged_gaps["tradition"].value == 1.0
    assert "region" not in found.merged_gaps  # one region alone has no gap


def test_a_file_says_that_nobody_is_a_twin_with_a_nought():
    links, truth = world((1, 1, 0, 1, 0, "english", "Amy"), (1, 2, 0, 5, 0, "english", "Bo"))
    assert evaluate(links, truth.with_columns(pl.all().cast(pl.String))).merged["twin"] == 0


def test_a_column_that_is_missing_is_named():
    links, truth = world((1, 1, 0, 1, 0, "english", "Amy"))
    with pytest.raises(InvalidInput, match="person"):
        evaluate(links, truth.drop("person"))


@pytest.mark.parametrize("column", ["cluster", "person", "source"])
@pytest.mark.parametrize("blank", [None, ""])
def test_records_of_no_cluster_or_person_are_not_taken_for_one(column, blank):
    links, truth = world((1, 1, 0, 1, 0, "english", "Amy"), (2, 2, 0, 2, 0, "english", "Bo"))
    links, truth = (frame.with_columns(pl.all().cast(pl.String)) for frame in (links, truth))
    cleared = pl.when(pl.int_range(pl.len()) > 0).then(column).otherwise(pl.lit(blank)).alias(column)
    links, truth = (
        frame.with_columns(cleared) if column in frame.columns else frame for frame in (links, truth)
    )
    with pytest.raises(InvalidInput, match=f"{column} is empty in 1"):
        evaluate(links, truth)
