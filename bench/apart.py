"""Recall on the names that no table of the matcher holds, beside those that one does.

A record that goes by a nickname, a name at home or another spelling of its child's name is told apart by
whether that form stands beside the true one in a table of the matcher. Its pairs are those with the other
records of the child.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from contactpoint.linking.names import (
    are_surname_variants,
    fold,
    is_nickname,
    joined,
    same_forename_spelling_group,
)
from contactpoint.linking.shares import Share, of_bunches
from contactpoint.population.tables import pet_names, short_forms, spellings, surname_variants

KINDS = {
    "nickname": ("forename", (short_forms, pet_names)),
    "spelling": ("forename", (spellings,)),
    "surname variant": ("surname", (surname_variants,)),
}


def is_listed(one: str, other: str) -> bool:
    """Whether two names stand together in a table of the matcher."""
    first, second = joined(fold(one)), joined(fold(other))
    return (
        is_nickname(first, second)
        or same_forename_spelling_group(first, second)
        or are_surname_variants(first, second)
    )


def recall_apart(
    folder: Path, records: pl.DataFrame, links: pl.DataFrame, truth: pl.DataFrame
) -> dict[str, Share]:
    """Recall by kind of form and whether a table of the matcher holds it; `records` are those linked."""
    people = pl.read_parquet(folder / "people.parquet", columns=["person", "half", "forename", "surname"])
    both = (
        links.join(truth.select("source", "local_id", "person", "half"), on=["source", "local_id"])
        .join(records.select("source", "local_id", "forename", "surname"), on=["source", "local_id"])
        .join(people, on=["person", "half"], suffix="_true")
        .with_columns(
            (pl.len().over("person", "half") - 1).alias("all"),
            (pl.len().over("person", "half", "cluster") - 1).alias("right"),
        )
    )
    found: dict[str, Share] = {}
    for kind, (field, tables) in KINDS.items():
        forms = both.select(pl.col(f"{field}_true").alias("true"), pl.col(field).alias("written")).unique()
        told = [
            (true, written, "in a table" if is_listed(true, written) else "in no table")
            for true, written in forms.drop_nulls().iter_rows()
            if any(written in table().get(true, ()) for table in tables)
        ]
        names = dict.fromkeys((f"{field}_true", field, "where"), pl.String)
        marked = pl.DataFrame(told, schema=names, orient="row")
        hit = both.join(marked, on=[f"{field}_true", field])
        for (where,), part in sorted(hit.group_by("where")):
            children = part.group_by("person", "half").agg(pl.col("right", "all").cast(pl.Int64).sum())
            found[f"{kind}, {where}"] = of_bunches(children["right"].to_numpy(), children["all"].to_numpy())
    return found


def said(apart: dict[str, Share]) -> Iterator[str]:
    """The same in lines."""
    for name, share in apart.items():
        low, high = share.interval
        yield f"recall, {name}: {share.value:.4f} ({low:.4f} to {high:.4f}); {share.whole:,} pairs"


def told(apart: dict[str, Share]) -> dict[str, Any]:
    """The same for a program to read."""
    return {
        name: {"recall": share.value, "interval": share.interval, "pairs": share.whole}
        for name, share in apart.items()
    }
