"""Models as Splink settings, out and in (Splink 4 and 5, DuckDB dialect).

Splink knows two alternatives where we know four: it is told *same person* (m) and *stranger* (u); twins,
siblings and the twin context stay behind. For any levels Splink's weight is ours against a stranger: log2 of
the prior odds plus log2(m/u) of each comparison, the term frequency in place of u where a level has a
`tf_adjustment_column`; but for how much commoner two names are together than alone (`Levels.together`).
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

from contactpoint.linking.model.levels import COMPARISONS, RARITY_STEPS
from contactpoint.linking.model.weights import SAME, STRANGER, Model
from contactpoint.linking.tool.splink_sql import FIRST, ORDERS, SQL, VERIFIED

_UNSAID: Final = "twins_seen"


def to_splink(model: Model) -> str:
    """Return Splink settings with the model's probabilities, as JSON text."""
    body = {
        "link_type": "link_and_dedupe",
        "sql_dialect": "duckdb",
        "unique_id_column_name": "local_id",
        "source_dataset_column_name": "source",
        "probability_two_random_records_match": 1 / (1 + model.population),
        "em_convergence": 0.0001,
        "max_iterations": 25,
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "additional_columns_to_retain": [],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": rule, "sql_dialect": "duckdb"}
            for rule in (
                "l.date_of_birth = r.date_of_birth AND l.surname = r.surname",
                "l.date_of_birth = r.date_of_birth AND l.forename = r.forename",
                "l.date_of_birth = r.date_of_birth AND l.postcode = r.postcode",
                "l.forename = r.forename AND l.surname = r.surname AND l.postcode = r.postcode",
                "l.nhs_number = r.nhs_number",
            )
        ],
        "comparisons": [_comparison(name, model) for name in COMPARISONS if name != _UNSAID],
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _comparison(name: str, model: Model) -> dict[str, Any]:
    rows = model.probabilities[name]
    column = FIRST.get(name, name)
    null = {
        "sql_condition": f'"{column}_l" IS NULL OR "{column}_r" IS NULL',
        "label_for_charts": "missing",
        "is_null_level": True,
    }
    order = [label for label in _order(name) if label in rows]
    return {
        "output_column_name": name,
        "comparison_description": f"{name} of {model.version}",
        "comparison_levels": [null, *(_level(name, label, rows, last=label == order[-1]) for label in order)],
    }


def _order(name: str) -> list[str]:
    """Return the levels in the order in which they are asked for; the last one is what is left."""
    if name in ORDERS:
        return ORDERS[name].split()
    if name in ("nhs_number", "upn"):
        return ["same", "same_unverified", "different", "one_digit", "unlike"]
    asked = list(SQL.get(name, {"same": ""}))
    return [
        *asked,
        *(level.name.lower() for level in COMPARISONS[name] if level.name.lower() not in asked and level),
    ]


def _level(name: str, label: str, rows: Mapping[str, tuple[float, ...]], *, last: bool) -> dict[str, Any]:
    level: dict[str, Any] = {
        "sql_condition": "ELSE" if last else _condition(name, label),
        "label_for_charts": label,
        "m_probability": rows[label][SAME],
        "u_probability": rows[label][STRANGER],
    }
    if (name, label) in {("forename", "exact"), ("surname", "exact")}:
        level |= {"tf_adjustment_column": name, "tf_adjustment_weight": 1.0}
    return level


def _condition(name: str, label: str) -> str:
    if name in ("nhs_number", "upn"):
        return VERIFIED[label].format(name)
    return SQL.get(name, {}).get(label) or f"{name}_l = {name}_r"


def term_frequencies(model: Model, column: str, names: Iterable[str] = ()) -> pl.DataFrame:
    """Return the table that Splink's `register_term_frequency_lookup` takes for "forename" or "surname".

    `names` are those of the records to link, as `prepared` writes them: one that the model does not list is
    as rare as it takes unlisted names to be, where Splink would not adjust at all.
    """
    forename = column == "forename"
    table = model.rarity.forename if forename else model.rarity.surname
    rarity = model.rarity.of_forename if forename else model.rarity.of_surname
    held = sorted({*table, *names})
    return pl.DataFrame(
        {column: held, f"tf_{column}": [2.0 ** (-rarity(name) / RARITY_STEPS) for name in held]},
        schema={column: pl.String, f"tf_{column}": pl.Float64},
    )
