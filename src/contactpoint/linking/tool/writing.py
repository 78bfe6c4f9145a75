"""Files out: CSV or Parquet by the ending of the name, whole or not at all."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import polars as pl

from contactpoint.domain.errors import InvalidInput
from contactpoint.linking.model.explain import explain
from contactpoint.linking.model.levels import Levels
from contactpoint.linking.model.weights import Model
from contactpoint.linking.tool.link import Linked

NOTABLE: Final = 1.0
"""Bits from which a comparison is worth a word to a reviewer."""


def write_table(frame: pl.DataFrame, path: Path) -> None:
    """Write a table: Parquet for `.parquet`, gzip for `.csv.gz`, else CSV.

    Raises:
        InvalidInput: the folder is not there or cannot be written.
    """
    if path.name.endswith(".parquet"):
        _whole(path, frame.write_parquet)
    elif path.name.endswith(".gz"):
        _whole(path, lambda part: frame.write_csv(part, compression="gzip", check_extension=False))
    else:
        _whole(path, frame.write_csv)


def write_text(text: str, path: Path) -> None:
    """Write a text file.

    Raises:
        InvalidInput: as `write_table`.
    """
    _whole(path, lambda part: part.write_text(text, encoding="utf-8"))


def _whole(path: Path, write: Callable[[Path], object]) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(part)
        part.replace(path)
    except OSError as fault:
        raise InvalidInput(f"{path} cannot be written: {fault.strerror or fault}.") from fault
    finally:
        part.unlink(missing_ok=True)


def pairs_table(found: Linked) -> pl.DataFrame:
    """Return the scored pairs as they are written: keys, `weight`, `probability`, `decision`."""
    return found.pairs.drop("levels")


def reviews_table(found: Linked) -> pl.DataFrame:
    """Return the pairs for a person: keys, weight, probability, kind, and what speaks for and against."""
    told = [reasons(levels, found.model) for levels in found.reviews["levels"]]
    return found.reviews.drop("levels").with_columns(
        pl.Series("speaks_for", [one for one, _ in told], dtype=pl.String),
        pl.Series("speaks_against", [other for _, other in told], dtype=pl.String),
    )


def reasons(levels: bytes, model: Model) -> tuple[str, str]:
    """Return what speaks for one person and what against, in words, the heaviest first."""
    lines = sorted(explain(Levels.unpack(levels), model).lines, key=lambda line: -abs(line.bits))
    return (
        "; ".join(f"{line.label}: {line.words}" for line in lines if line.bits >= NOTABLE),
        "; ".join(f"{line.label}: {line.words}" for line in lines if line.bits <= -NOTABLE),
    )
