"""An England as one file of records, a row a record, and the truth about them."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from contactpoint.domain.people import PERSON_COLUMNS
from contactpoint.population import PopulationConfig, generate

THREE = ("child-benefit", "nhs-demographics", "school-census")


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Records to link: `records` (Parquet), `apart` (Parquet: a, b of sealed pairs), and who is who."""

    folder: Path
    records: Path
    apart: Path
    truth: pl.DataFrame


def written(folder: Path, columns: tuple[str, ...], sources: tuple[str, ...] | None = None) -> pl.DataFrame:
    """`source`, `local_id` and these columns of the full deliveries, a row a record."""
    parts = []
    for path in sorted((folder / "feeds").glob("*_full.csv")):
        source = path.name.split("_")[0]
        if sources is None or source in sources:
            parts.append(one_feed(path, source, columns))
    return pl.concat(parts, how="diagonal")


def make(config: PopulationConfig, sources: tuple[str, ...] | None, folder: Path) -> Material:
    """Generate an England and put its full deliveries into one file; `sources` of it, all when None."""
    generate(config, folder)
    records = folder / "records.parquet"
    whole = written(folder, PERSON_COLUMNS, sources)
    whole = whole.sample(fraction=1.0, shuffle=True, seed=config.seed).with_row_index("record")
    whole.with_columns(pl.col("record").cast(pl.Int64)).write_parquet(records)
    keys = whole.select(pl.col("record").cast(pl.Int64), "source", "local_id")
    apart = folder / "apart.parquet"
    _sealed(folder, keys).write_parquet(apart)
    truth = pl.read_parquet(folder / "truth.parquet").join(keys, on=["source", "local_id"])
    return Material(folder=folder, records=records, apart=apart, truth=truth.drop("record"))


def one_feed(path: Path, source: str, columns: tuple[str, ...]) -> pl.DataFrame:
    """One feed's records: the first row of each, where involvements make several."""
    held = [name for name in pl.scan_csv(path, infer_schema=False).collect_schema() if name in columns]
    rows = pl.read_csv(path, infer_schema=False, columns=["local_id", *held])
    return rows.unique("local_id", keep="first", maintain_order=True).select(
        pl.lit(source).alias("source"), "local_id", *held
    )


def _sealed(folder: Path, keys: pl.DataFrame) -> pl.DataFrame:
    """The sealed pairs among these records, by number."""
    pairs = pl.read_csv(folder / "sealed_pairs.csv", infer_schema=False)
    for end in ("a", "b"):
        pairs = pairs.join(
            keys.rename({"record": end, "source": f"source_{end}", "local_id": f"local_id_{end}"}),
            on=[f"source_{end}", f"local_id_{end}"],
        )
    return pairs.select("a", "b")
