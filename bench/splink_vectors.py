"""`python -m bench.splink_vectors --splink PYTHON OUT.json`: what Splink itself makes of our settings.

Synthetic records are prepared and weighed by both; of the pairs that both put at the same levels a few that
together show every such level are written down, with Splink's weight. The tests hold our weight to them
(tests/vectors/linking/splink.json), so that they need no Splink. Levels that are adjusted by how rare a name
is though the names differ are ours alone, and left out.
"""

import argparse
import json
import math
import subprocess
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from bench.records import make
from contactpoint.domain.people import PERSON_COLUMNS
from contactpoint.linking import default_model
from contactpoint.linking.model.levels import COMPARISONS, Forename, Surname
from contactpoint.linking.model.normalise import profile_from
from contactpoint.linking.model.score import RARE_FORENAMES, RARE_SURNAMES, score_profiles
from contactpoint.linking.tool.splink import term_frequencies, to_splink
from contactpoint.linking.tool.splink_sql import prepared
from contactpoint.population import PopulationConfig

HERE = Path(__file__).parent
PAIRS, EACH = 4_000, 3
MODEL = replace(default_model(), rarity=replace(default_model().rarity, together=0, pairs={}))
OURS_ALONE = {
    "forename": {level.name.lower() for level in RARE_FORENAMES - {Forename.EXACT}},
    "surname": {level.name.lower() for level in RARE_SURNAMES - {Surname.EXACT}},
}


def pairs_of(folder: Path) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Pairs of records within families: the same child, twins, brothers and sisters."""
    config = PopulationConfig(children=6_000, authorities=6, seed=5, as_at=date(2026, 10, 1))
    material = make(config, None, folder)
    blank = dict.fromkeys(PERSON_COLUMNS)
    records = pl.read_parquet(material.records).join(
        material.truth.select("source", "local_id", "family"), on=["source", "local_id"]
    )
    rows = {row["record"]: blank | row for row in records.iter_rows(named=True)}
    keys = records.select("record", "family")
    pairs = keys.join(keys, on="family", suffix="_other").filter(pl.col("record") < pl.col("record_other"))
    chosen = pairs.sort("record", "record_other").sample(PAIRS, seed=5)
    return [(rows[one], rows[other]) for one, other in chosen.select("record", "record_other").iter_rows()]


def weighed(pairs: list[tuple[dict[str, Any], dict[str, Any]]], python: str, folder: Path) -> dict[str, Any]:
    """What Splink makes of these pairs."""
    ends = prepared(pl.DataFrame([end for pair in pairs for end in pair], infer_schema_length=None))
    ends = ends.with_row_index("row").with_columns((pl.col("row") // 2).alias("pair"))
    ends.write_parquet(folder / "pairs.parquet")
    (folder / "settings.json").write_text(to_splink(MODEL), encoding="utf-8")
    for column in ("forename", "surname"):
        names = ends[column].drop_nulls().to_list()
        term_frequencies(MODEL, column, names).write_csv(folder / f"tf_{column}.csv")
    done = subprocess.run(
        [python, str(HERE / "splink_weights.py"), str(folder)], stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def told(pair: tuple[dict[str, Any], dict[str, Any]], splinks: dict[str, Any]) -> dict[str, Any] | None:
    """A pair's levels and Splink's weight; None where its levels are not ours, or are ours alone."""
    levels = score_profiles(*map(profile_from, pair), MODEL).levels
    names = {
        name: kind(code).name.lower()
        for (name, kind), code in zip(COMPARISONS.items(), levels.codes, strict=True)
        if code and name != "twins_seen"
    }
    if any(names.get(name) in alone for name, alone in OURS_ALONE.items()):
        return None
    for name in COMPARISONS:
        row = MODEL.probabilities[name].get(names.get(name, ""), (1.0, 1.0, 1.0, 1.0))
        if name in splinks["parts"] and abs(splinks["parts"][name] - math.log2(row[0] / row[3])) > 1e-9:
            return None
    rarities = {"forename_rarity": levels.forename_rarity, "surname_rarity": levels.surname_rarity}
    return {"levels": names, **rarities, "weight": splinks["weight"]}


def main() -> None:
    """Write the settings and the pairs that show most."""
    parser = argparse.ArgumentParser(prog="python -m bench.splink_vectors", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--splink", required=True, help="a Python that has Splink and DuckDB")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as held:
        pairs = pairs_of(Path(held))
        found = weighed(pairs, chosen.splink, Path(held))
    alike = [told(pairs[one["pair"]], one) for one in sorted(found["weights"], key=lambda one: one["pair"])]
    kept, seen = [], dict[tuple[str, str], int]()
    for pair in filter(None, alike):
        shown = list(pair["levels"].items())
        if any(seen.get(level, 0) < EACH for level in shown):
            kept.append(pair)
            seen |= {level: seen.get(level, 0) + 1 for level in shown}
    body = {
        "splink": found["splink"],
        "prior": MODEL.priors[3],
        "settings": {name: dict(MODEL.probabilities[name]) for name in COMPARISONS if name != "twins_seen"},
        "pairs": kept,
    }
    chosen.out.write_text(json.dumps(body, separators=(",", ":")) + "\n", encoding="utf-8")
    same = sum(pair is not None for pair in alike)
    print(f"{len(alike)} pairs weighed, {same} comparable, {len(kept)} kept, showing {len(seen)} levels")


if __name__ == "__main__":
    main()
