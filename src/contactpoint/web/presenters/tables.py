"""A table of figures, as templates/web/_figures.html draws it and a file holds it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_MOST_ACROSS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under a caption; the first column heads the row."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def stacks(self) -> bool:
        """Say whether it is too wide for a telephone, where each row is then a block of its own."""
        return len(self.columns) > _MOST_ACROSS

    @property
    def on_paper(self) -> tuple["Table", ...]:
        """The same in as many tables as fit the width of a page, each with the first column."""
        if not self.stacks:
            return (self,)
        return tuple(
            Table(
                caption=self.caption if start == 1 else f"{self.caption}, continued",
                columns=(self.columns[0], *self.columns[start : start + _MOST_ACROSS - 1]),
                rows=tuple((row[0], *row[start : start + _MOST_ACROSS - 1]) for row in self.rows),
            )
            for start in range(1, len(self.columns), _MOST_ACROSS - 1)
        )

    @property
    def labelled(self) -> Iterator[Iterator[tuple[str, str]]]:
        """The rows, each cell with its column."""
        return (zip(self.columns, row, strict=True) for row in self.rows)


def table_rows(tables: Iterable[Table]) -> Iterator[tuple[str, str, str]]:
    """The same as rows for a file: what, of what, how many."""
    for table in tables:
        for head, *cells in table.rows:
            for column, cell in zip(table.columns[1:], cells, strict=True):
                yield f"{table.caption}: {column}".lower(), head, cell.replace(",", "")
