"""A source's mapping: what its own columns, dates and codes mean in its contract's. Written in TOML.

It is the manner of the linking tool (linking/tool/mapping.py), kept to what a contract needs:

not_sent = ["known_as"]               # columns that this source does not have

[columns]                             # ours = theirs
forename = "GivenName"
address = ["Street", "Town"]          # several are joined by a space

[dates]                               # how dates are written, as strptime says it
date_of_birth = "%d/%m/%Y"

[values.sex]                          # theirs = ours
1 = "M"

A column that is not named keeps the contract's name. Nothing else may be in the file: what no contract
declares is not even read past (R17), so there is no way to say which columns are to be ignored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from contactpoint.supply.columns import COLUMNS, Column
from contactpoint.supply.contracts import Contract

_EXAMPLE: Final = date(2019, 3, 27)
_OLDEST_YEAR: Final = 1000  # "27/03/19" is no year 19


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMapping:
    """How the columns of a source's files are read. `columns` gives of each of ours theirs."""

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_sent: frozenset[str] = frozenset()
    dates: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def theirs(self, name: str) -> tuple[str, ...]:
        """What the source calls a column of the contract; none where it does not send it."""
        if name in self.not_sent:
            return ()
        return self.columns.get(name, (name,))

    def header(self, contract: Contract) -> tuple[str, ...]:
        """The first line that its files must have, in any order."""
        return tuple(theirs for name in contract.names for theirs in self.theirs(name))

    def cells(self, contract: Contract) -> list[pl.Expr]:
        """The contract's columns out of a table of the source's own; blank is null."""
        return [self._cell(column) for column in contract.columns]

    def in_their_words(self, rejections: pl.DataFrame) -> pl.DataFrame:
        """Reasons that name each column as the source calls it, and a date as it writes one."""
        names = {name: self.called(name) for name in COLUMNS if self.called(name) != name}
        for name, form in self.dates.items():
            theirs = (
                f"It is not a date like {_EXAMPLE.strftime(form)}, as this source writes it, or 2019-03-27."
            )
            not_a_date = (pl.col("field") == name) & pl.col("reason").str.starts_with("It is not a date.")
            rejections = rejections.with_columns(
                reason=pl.when(not_a_date).then(pl.lit(theirs)).otherwise(pl.col("reason"))
            )
        return rejections.with_columns(pl.col("field").replace(names))

    def called(self, name: str) -> str:
        """A column of the contract as the source calls it, cut to what a reason has room for."""
        return (" + ".join(self.theirs(name)) or name)[:40]

    def _cell(self, column: Column) -> pl.Expr:
        name = column.name
        if name in self.not_sent:
            return pl.lit(None, dtype=pl.String).alias(name)
        text = _joined(self.theirs(name))
        if form := self.dates.get(name):
            day = text.str.to_date(form, strict=False)
            read = pl.when(day.dt.year() >= _OLDEST_YEAR).then(day.dt.strftime("%Y-%m-%d"))
            text = pl.coalesce(read, text)
        if values := self.values.get(name):
            text = text.replace(list(values), list(values.values()))
        return text.replace("", None).alias(name)


AS_DECLARED: Final = FeedMapping()
"""The contract's own names, which every source has to begin with."""


def _joined(theirs: Sequence[str]) -> pl.Expr:
    cells = [pl.col(name).str.strip_chars().replace("", None) for name in theirs]
    return cells[0] if len(cells) == 1 else pl.concat_str(*cells, separator=" ", ignore_nulls=True)
