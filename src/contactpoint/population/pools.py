"""Text by number: every column of every source is an array of positions in a shared pool of strings.

Drawing, ageing, misspelling and copying then move 32-bit integers; strings are gathered once, when a file is
written. Position 0 of every pool is a missing value.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Pool:
    """A growing list of strings; a code is a position in it."""

    __slots__ = ("_parts", "_size")

    def __init__(self, start: pl.Series | Iterable[str | None] | None = None) -> None:
        self._parts = [pl.Series("text", [None], dtype=pl.String)]
        self._size = 1
        if start is not None:
            self.add(start)

    def __len__(self) -> int:
        return self._size

    def add(self, text: pl.Series | Iterable[str | None]) -> Ints:
        """Append strings and return their codes, in the same order."""
        series = text if isinstance(text, pl.Series) else pl.Series("text", list(text), dtype=pl.String)
        self._parts.append(series.alias("text"))
        first = self._size
        self._size += len(series)
        return np.arange(first, self._size, dtype=np.int32)

    def series(self) -> pl.Series:
        """The whole pool."""
        if len(self._parts) > 1:
            self._parts = [pl.concat(self._parts, rechunk=True)]
        return self._parts[0]

    def take(self, codes: Ints, name: str = "text") -> pl.Series:
        """The strings at these codes, as a column of that name."""
        return self.series().gather(pl.Series(codes)).alias(name)

    def words(self, codes: Ints) -> list[str | None]:
        """The strings at these codes, as a list."""
        found: list[str | None] = self.take(codes).to_list()
        return found


def column_names(text: str) -> tuple[str, ...]:
    """Names written with spaces between them."""
    return tuple(text.split())


def draw(rng: np.random.Generator, cumulative: Floats, n: int) -> Ints:
    """Draw n positions from cumulative weights whose last entry is 1."""
    found = np.searchsorted(cumulative, rng.random(n), side="right")
    return np.minimum(found, len(cumulative) - 1).astype(np.int32)


def cumulative(weights: npt.ArrayLike) -> Floats:
    """Cumulative shares of non-negative weights."""
    total = np.cumsum(np.asarray(weights, dtype=np.float64))
    result: Floats = total / total[-1]
    return result
