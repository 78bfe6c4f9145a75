"""Link a file of records with Splink as its documentation does: train, predict, cluster, on DuckDB.

Runs in any environment that has Splink; imports nothing of this project.
"""

import json
import os
import sys
import time
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

LEAST = 0.2
SURE = 0.99
"""Pairs to predict, and to link by: 0.95 in the tutorial; 0.99 serves Splink better here."""


def peak_gb() -> float:
    """The most memory this process has held; `ru_maxrss` would tell that of the one that started it, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1e6


def clean(records: Path, source: str) -> str:
    """Lower case, no blanks in postcodes: what the documentation asks of the user."""
    return f"""
        SELECT local_id AS unique_id, source AS source_dataset, lower(forename) AS forename,
            lower(surname) AS surname, date_of_birth, sex, replace(postcode, ' ', '') AS postcode, nhs_number
        FROM read_parquet('{records}') WHERE source = '{source}'
    """  # noqa: S608 - the file and the sources are the bench's own


def settings() -> SettingsCreator:
    """Ready-made comparisons for people, term frequencies on, and blocking on two fields at a time."""
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.ForenameSurnameComparison("forename", "surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True),
            cl.PostcodeComparison("postcode").configure(term_frequency_adjustments=True),
            cl.ExactMatch("sex"),
            cl.ExactMatch("nhs_number"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("nhs_number"),
            block_on("forename", "date_of_birth"),
            block_on("surname", "date_of_birth"),
            block_on("postcode", "date_of_birth"),
            block_on("forename", "surname", "postcode"),
        ],
        retain_matching_columns=False,
    )


def main() -> None:
    """Train, predict, cluster."""
    records, out = Path(sys.argv[1]), Path(sys.argv[2])
    began, before = time.perf_counter(), sum(os.times()[:2])
    connection = duckdb.connect()
    api = DuckDBAPI(connection)
    names = connection.sql(f"SELECT DISTINCT source FROM read_parquet('{records}') ORDER BY source")  # noqa: S608
    tables = [api.register(connection.sql(clean(records, name)), dataset_display_name=name.replace("-", "_"))
              for (name,) in names.fetchall()]  # fmt: skip
    linker = Linker(tables, settings(), log_level=None)
    exact = block_on("forename", "surname", "date_of_birth")
    linker.training.estimate_probability_two_random_records_match([exact, block_on("nhs_number")], recall=0.8)
    linker.training.estimate_u_using_random_sampling(seed=1)
    for rule in (block_on("nhs_number"), block_on("forename", "date_of_birth")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    trained = time.perf_counter()
    predictions = linker.inference.predict(threshold_match_probability=LEAST)
    predicted = time.perf_counter()
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, SURE)
    ended, after = time.perf_counter(), sum(os.times()[:2])
    found = clusters.as_duckdbpyrelation()
    found.project("replace(source_dataset, '_', '-') AS source, unique_id AS local_id, cluster_id AS cluster"
                  ).write_parquet(str(out))  # fmt: skip
    steps = {"train": trained - began, "predict": predicted - trained, "cluster": ended - predicted}
    print(
        json.dumps(
            {"seconds": ended - began, "processor": after - before, "peak_gb": peak_gb(), "steps": steps}
        )
    )


main()
