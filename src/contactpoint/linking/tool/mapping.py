"""A mapping file: what a file's own columns, dates and codes mean in ours. Written in TOML.

separator = ";"                       # of CSV files; a comma if not given (a tab for .tsv)
encoding = "windows-1252"             # of CSV files; UTF-8 if not given
ignore = ["notes"]                    # not to be spoken of

[columns]                             # ours = theirs
forename = "first_name"
address = ["street", "city"]          # several are joined by a space
other_identifiers = { ssn = "ssn" }   # scheme = column

[dates]                               # how dates are written, as strptime says it
date_of_birth = "%d/%m/%Y"

[values.sex]                          # theirs = ours
Male = "M"

[files.b.columns]                     # the same tables again for b.csv alone
forename = "vorname"
"""

import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from contactpoint.domain.errors import InvalidInput
from contactpoint.linking.tool.columns import COLUMNS

DATES: Final = ("date_of_birth", "date_of_death")
_KEYS: Final = frozenset({"separator", "encoding", "ignore", "columns", "dates", "values", "files"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """How to read one file. `columns` gives for each of our columns theirs, with a scheme for identifiers."""

    columns: Table[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    dates: Table[str, str] = field(default_factory=dict)
    values: Table[str, Table[str, str]] = field(default_factory=dict)
    separator: str | None = None
    encoding: str = "utf-8"
    ignore: frozenset[str] = frozenset()
    files: Table[str, "Mapping"] = field(default_factory=dict)

    def for_file(self, stem: str) -> "Mapping":
        """Return the mapping of one file: what is said for it alone goes before what is said for all."""
        own = self.files.get(stem)
        if own is None:
            return replace(self, files={})
        return Mapping(
            columns={**self.columns, **own.columns},
            dates={**self.dates, **own.dates},
            values={**self.values, **own.values},
            separator=own.separator or self.separator,
            encoding=self.encoding if own.encoding == "utf-8" else own.encoding,
            ignore=self.ignore | own.ignore,
        )


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises:
        InvalidInput: there is none, it is no TOML, or it names what we do not have.
    """
    try:
        return read_mapping(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as fault:
        raise InvalidInput(f"There is no readable mapping at {path}.") from fault
    except tomllib.TOMLDecodeError as fault:
        raise InvalidInput(f"{path.name} is not TOML: {fault}.") from fault
    except InvalidInput as fault:
        raise InvalidInput(f"{path.name}: {fault}") from fault


def read_mapping(body: dict[str, Any], *, nested: bool = False) -> Mapping:
    """Read a mapping that was TOML or is a dict.

    Raises:
        InvalidInput: an unknown key or column, or a value of the wrong kind.
    """
    for key in body:
        if key not in _KEYS or (nested and key == "files"):
            raise InvalidInput(f"{key!r} means nothing in a mapping. It may hold {', '.join(sorted(_KEYS))}.")
    columns, dates, values = (_table(body, key) for key in ("columns", "dates", "values"))
    for key, table, known in (
        ("columns", columns, COLUMNS),
        ("dates", dates, DATES),
        ("values", values, COLUMNS),
    ):
        for name in table:
            if name not in known:
                raise InvalidInput(f"[{key}] names {name!r}. It may name {', '.join(known)}.")
    return Mapping(
        columns={name: _columns(name, given) for name, given in columns.items()},
        dates={name: _text("dates", given) for name, given in dates.items()},
        values={
            name: {theirs: _text("values", ours) for theirs, ours in _table(values, name).items()}
            for name in values
        },
        separator=_text("separator", body["separator"]) if "separator" in body else None,
        encoding=_text("encoding", body.get("encoding", "utf-8")),
        ignore=frozenset(_text("ignore", name) for name in body.get("ignore", [])),
        files={stem: read_mapping(own, nested=True) for stem, own in _table(body, "files").items()},
    )


def _table(body: Table[str, Any], key: str) -> dict[str, Any]:
    table = body.get(key, {})
    if not isinstance(table, dict):
        raise InvalidInput(f"{key!r} must be a table: write [{key}] above its lines.")
    return table


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInput(f"{key!r} takes text in quotes, not {value!r}.")
    return value


def _columns(name: str, given: object) -> tuple[tuple[str, str], ...]:
    """Return (scheme, column) pairs; the scheme is "" but for identifiers."""
    if isinstance(given, dict):
        if name != "other_identifiers":
            raise InvalidInput(
                f"Only other_identifiers takes scheme = column; {name} takes a column or a list."
            )
        return tuple((scheme, _text(name, column)) for scheme, column in given.items())
    if isinstance(given, list):
        return tuple(("", _text(name, column)) for column in given)
    return (("", _text(name, given)),)
