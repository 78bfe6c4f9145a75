"""Files out: CSV or Parquet by the ending of the name, whole or not at all."""

import os
import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
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


def check_places(outputs: Collection[Path], inputs: Collection[Path]) -> None:
    """Refuse places that cannot be written, before hours of work are put into what should stand there.

    Raises:
        InvalidInput: a folder that is not there or cannot be written, a folder in the place of a file, one
            place for two outputs, or one of `inputs`.
    """
    read = {path.resolve() for path in inputs}
    taken: set[Path] = set()
    for path in outputs:
        why = _why_not_there(path)
        if path.resolve() in read:
            why = "it is read from"
        elif path.resolve() in taken and not _is_passage(path):
            why = "two outputs would stand there"
        if why:
            raise InvalidInput(f"{path} cannot be written: {why}.")
        taken.add(path.resolve())


def _why_not_there(path: Path) -> str | None:
    if path.is_dir():
        return "it is a folder"
    if _is_passage(path):
        return None
    folder = path.resolve().parent
    if not folder.is_dir():
        return f"there is no folder {folder}"
    return None if os.access(folder, os.W_OK) else "its folder cannot be written"


def _is_passage(path: Path) -> bool:
    """A pipe or device: what is written there goes on, and nothing may stand in its place."""
    return path.exists() and not path.is_file()


def _whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside the place first, so that whatever happens meanwhile it holds the old or all of the new."""
    try:
        if _is_passage(path):
            with TemporaryDirectory() as folder:
                write(Path(folder) / "part")
                with (Path(folder) / "part").open("rb") as written, path.open("wb") as passage:
                    shutil.copyfileobj(written, passage)
        else:
            _put(path.resolve(), write)
    except OSError as fault:
        raise InvalidInput(f"{path} cannot be written: {fault.strerror or fault}.") from fault
    except pl.exceptions.PolarsError as fault:
        raise InvalidInput(f"{path} cannot be written: {fault}.") from fault


def _put(path: Path, write: Callable[[Path], object]) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(part)
        part.replace(path)
    finally:
        with suppress(OSError):  # where nothing can be written nothing can be taken away
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
