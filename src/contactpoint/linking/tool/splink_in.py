"""Models from outside: our own file, or settings that Splink saved after training."""

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from contactpoint.domain.errors import InvalidInput
from contactpoint.linking.model.levels import COMPARISONS
from contactpoint.linking.model.weights import SAME, STRANGER, Model, default_model, read_model
from contactpoint.linking.tool.columns import likely_column


def read_any_model(path: Path) -> Model:
    """Read a model file, ours or Splink's settings.

    Raises:
        InvalidInput: there is none, or it is neither.
    """
    try:
        text = path.read_text(encoding="utf-8")
        body = json.loads(text)
    except (OSError, UnicodeDecodeError, ValueError) as fault:
        raise InvalidInput(f"There is no readable model at {path}.") from fault
    if isinstance(body, dict) and isinstance(body.get("comparisons"), list):
        return from_splink(body)
    return read_model(text)


def from_splink(body: Mapping[str, Any], base: Model | None = None) -> Model:
    """Return a model with the probabilities of Splink settings.

    Settings that `to_splink` wrote give back every level. In others a comparison is known by its column, and
    its levels as exact, fuzzy (in order) and all others; the probability of a level is shared out over those
    of ours that it covers, in the proportions of `base` (the default model), which keeps twins and siblings.

    Raises:
        InvalidInput: these are no settings, or a level has no probabilities (the model was never trained).
    """
    base = base or default_model()
    try:
        odds = float(body.get("probability_two_random_records_match", 1 / (1 + base.population)))
        if not 0 < odds < 1:
            raise InvalidInput("probability_two_random_records_match must lie between 0 and 1.")
        tables = {name: dict(rows) for name, rows in base.probabilities.items()}
        for comparison in body["comparisons"]:
            name = _ours(comparison)
            if name:
                _take(tables[name], name, comparison["comparison_levels"])
    except (KeyError, TypeError, AttributeError, ValueError) as fault:
        raise InvalidInput(f"These are no Splink settings with trained probabilities: {fault!r}.") from fault
    return replace(
        base,
        version=f"{base.version}+splink",
        population=max(1, round((1 - odds) / odds)),
        probabilities={name: dict(rows) for name, rows in tables.items()},
    )


def _ours(comparison: Mapping[str, Any]) -> str | None:
    """Return which of our comparisons it is, or None."""
    name = str(comparison["output_column_name"])
    if name in COMPARISONS:
        return name
    column = likely_column(name)
    return {"postcode": "home", "address": "home"}.get(
        column or "", column if column in COMPARISONS else None
    )


def _take(rows: dict[str, tuple[float, ...]], name: str, levels: list[Mapping[str, Any]]) -> None:
    """Put the probabilities of a comparison's levels into our rows."""
    told = [level for level in levels if not level.get("is_null_level")]
    labels = [str(level.get("label_for_charts", "")) for level in told]
    if set(labels) <= set(rows):
        groups = [[label] for label in labels]
    else:
        groups = _grouped([str(level["sql_condition"]) for level in told], _nearest_first(name, rows))
    for level, group in zip(told, groups, strict=True):
        for place, key in ((SAME, "m_probability"), (STRANGER, "u_probability")):
            _share_out(rows, group, place, float(level[key]))


def _nearest_first(name: str, rows: Mapping[str, object]) -> list[str]:
    return [
        level.name.lower()
        for level in COMPARISONS[name]
        if level.name.lower() in rows and level.name != "SWAPPED"
    ]


def _grouped(conditions: list[str], ours: list[str]) -> list[list[str]]:
    """Cover our levels, nearest first, by theirs: exact the first, ELSE the last, the others between."""
    if len(conditions) < 2:
        raise InvalidInput("A comparison of Splink settings needs at least two levels.")
    exact, rest = ours[:1], ours[1:]
    between = len(conditions) - 2
    cut = [round(place * (len(rest) - 1) / between) for place in range(between + 1)] if between else [0]
    middle = [rest[a:b] for a, b in pairwise(cut)]
    return [exact, *middle, rest[cut[-1] :]]


def _share_out(rows: dict[str, tuple[float, ...]], group: list[str], place: int, total: float) -> None:
    whole = sum(rows[label][place] for label in group)
    for label in group:
        row = list(rows[label])
        row[place] = max(1e-12, min(1.0, row[place] / whole * total))
        rows[label] = tuple(row)
