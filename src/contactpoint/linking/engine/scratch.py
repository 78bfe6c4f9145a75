"""Columns of whole numbers that wait until they are asked for: narrow, and in a file when they are long.

A country's records have more columns than fit into memory at once, and hardly a step looks at more than a
few. The file has no name from the start, so that nothing is left of it whatever happens to the process.
"""

import os
from collections.abc import Iterator, Mapping
from mmap import ACCESS_READ, mmap
from tempfile import TemporaryFile
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from contactpoint.linking.engine.loops import Ints, Longs
from contactpoint.linking.engine.sorting import taken

SPILL: Final = 10_000_000
"""Rows from which a column waits in a file."""


def narrow(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return whole numbers in the smallest type that holds them."""
    low, high = int(values.min(initial=0)), int(values.max(initial=0))
    kind = np.result_type(np.min_scalar_type(low), np.min_scalar_type(high))
    return values.astype(kind, copy=False)


class Column:
    """One column that waits. What is read from it is the reader's own."""

    def __init__(self, values: npt.NDArray[Any]) -> None:
        """Take the values over in the smallest type that holds them."""
        self._file: Any = None
        self._values: npt.NDArray[Any] | None = narrow(values)
        self._kind, self._size = self._values.dtype, len(values)
        if len(values) >= SPILL:
            self._file = TemporaryFile()  # noqa: SIM115 - it lives as long as the column
            self._values.tofile(self._file)
            self._file.flush()
            self._values = None

    def __del__(self) -> None:
        """Let the file go."""
        if self._file is not None:
            self._file.close()

    def read(self) -> npt.NDArray[Any]:
        """Return the values as they wait, narrow."""
        if self._values is not None:
            return self._values
        values = np.empty(self._size, dtype=self._kind)
        # Several threads read one column at once, and the place in an open file is one for all of them.
        room, done = values.data.cast("B"), 0
        while done < len(room):
            done += os.preadv(self._file.fileno(), [room[done:]], done)
        return values

    def at(self, places: Ints | Longs) -> npt.NDArray[Any]:
        """Return the values at some places as they wait, narrow; of a file nothing else is copied."""
        if self._values is not None:
            return taken(self._values, places)
        with mmap(self._file.fileno(), 0, access=ACCESS_READ) as held:
            values = np.frombuffer(held, dtype=self._kind)
            found = taken(values, places)
            del values  # the file cannot be let go while somebody looks at it
        return found

    def ints(self) -> Ints:
        """Return the values as int32."""
        return self.read().astype(np.int32, copy=False)

    def longs(self) -> Longs:
        """Return the values as int64."""
        return self.read().astype(np.int64, copy=False)


class Columns:
    """Columns of int32 by name, as attributes: waiting ones, or those of a table."""

    def __init__(self, held: Mapping[str, Column | Ints]) -> None:
        """Hold these."""
        self._held = held

    def __getattr__(self, name: str) -> Ints:
        """Return a column."""
        try:
            column = self._held[name]
        except KeyError:
            raise AttributeError(name) from None
        return column.ints() if isinstance(column, Column) else column

    def take(self, name: str, places: Ints | Longs) -> npt.NDArray[Any]:
        """Return a column at some places, narrow if it waits."""
        column = self._held[name]
        return column.at(places) if isinstance(column, Column) else column[places]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._held)
