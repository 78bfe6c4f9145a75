"""Which mistakes leave a record outside its child: counted by the error codes of the truth file."""

import polars as pl


def missed_by_error(links: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """By error code: records that have it, those outside the largest cluster of their child, and their share.

    A record with several errors counts under each; "none" are records without.
    """
    both = links.join(
        truth.select("source", "local_id", "person", "half", "errors"), on=["source", "local_id"]
    )
    size = pl.len().over("person", "half", "cluster")
    largest = pl.col("size").max().over("person", "half")
    several = both.with_columns(size.alias("size")).filter(pl.len().over("person", "half") > 1)
    told = several.with_columns(
        (pl.col("size") < largest).alias("outside"),
        pl.when(pl.col("errors").list.len() == 0)
        .then(pl.lit(["none"]))
        .otherwise(pl.col("errors"))
        .alias("error"),
    ).explode("error")
    return (
        told.group_by("error")
        .agg(pl.len().alias("records"), pl.col("outside").sum())
        .with_columns((pl.col("outside") / pl.col("records")).alias("share"))
        .sort("outside", "error", descending=[True, False])
    )
