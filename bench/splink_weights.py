"""Let Splink weigh pairs by settings that `contactpoint` exported; print the weight of each.

Runs in any environment that has Splink; imports nothing of this project. The folder holds `settings.json`,
`pairs.parquet` (two rows a `pair`, prepared), `tf_forename.csv` and `tf_surname.csv`.
"""

import json
import sys
from pathlib import Path

import duckdb
import splink
from splink import DuckDBAPI, Linker


def main() -> None:
    """Block on the number of the pair, so that each pair is weighed once."""
    folder = Path(sys.argv[1])
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    settings |= {
        "link_type": "dedupe_only",
        "unique_id_column_name": "row",
        "retain_intermediate_calculation_columns": True,
        "additional_columns_to_retain": ["pair"],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": "l.pair = r.pair", "sql_dialect": "duckdb"}
        ],
    }
    connection = duckdb.connect()
    api = DuckDBAPI(connection)
    records = connection.sql(f"SELECT * FROM read_parquet('{folder / 'pairs.parquet'}')")  # noqa: S608
    linker = Linker(api.register(records, dataset_display_name="records"), settings, log_level=None)
    for column in ("forename", "surname"):
        table = connection.sql(
            f"SELECT * FROM read_csv('{folder}/tf_{column}.csv', all_varchar = true)"  # noqa: S608
        ).project(f"{column}, CAST(tf_{column} AS DOUBLE) AS tf_{column}")
        lookup = api.register(table, dataset_display_name=f"frequencies_{column}")
        linker.table_management.register_term_frequency_lookup(lookup, column)
    found = linker.inference.predict().as_duckdbpyrelation()
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    told = [
        {
            "pair": row["pair_l"],
            "weight": row["match_weight"],
            "parts": {name[3:]: bits for name, bits in row.items() if name.startswith("mw_")},
        }
        for row in rows
    ]
    print(json.dumps({"splink": splink.__version__, "weights": told}))


main()
