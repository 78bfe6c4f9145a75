"""Looking at a file of any make and proposing how to read it: `contactpoint link --inspect FILE`."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from contactpoint.domain.errors import InvalidInput
from contactpoint.linking.tool.columns import (
    ADDRESS_PARTS,
    COLUMNS,
    IDENTIFIERS,
    likely_column,
    plain_header,
)
from contactpoint.linking.tool.mapping import DATES, Mapping
from contactpoint.linking.tool.raw import read_raw
from contactpoint.linking.tool.reading import read_date, stem_of

FORMS: Final = ("%d/%m/%Y", "%m/%d/%Y", "%Y%m%d", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%d %b %Y", "%d %B %Y")
SAMPLE: Final = 20_000
MOST_CODES: Final = 12
SEX_CODES: Final = {
    "1": "M",
    "2": "F",
    "man": "M",
    "woman": "F",
    "boy": "M",
    "girl": "F",
    "w": "F",
    "h": "M",
    "u": "",
    "unknown": "",
    "x": "",
    "0": "",
    "9": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a file holds, and a mapping for it as TOML."""

    rows: int
    columns: list[str]
    toml: str


def inspect_file(path: Path, separator: str | None = None) -> Inspection:
    """Look at a file and propose a mapping.

    Raises:
        InvalidInput: it cannot be read.
    """
    raw, mapping = _read_somehow(path, separator)
    columns = _columns(raw.columns)
    lines = [f"# Proposed for {path.name}: {raw.height:,} rows. Look it over before use."]
    lines += [f"separator = {_quoted(mapping.separator)}"] if mapping.separator else []
    lines += [f"encoding = {_quoted(mapping.encoding)}"] if mapping.encoding != "utf-8" else []
    used = {theirs for parts in columns.values() for _, theirs in parts}
    left = [name for name in raw.columns if name not in used]
    lines += [f"ignore = [{', '.join(map(_quoted, left))}]"] if left else []
    lines += ["", "[columns]"]
    sample = raw.head(SAMPLE)
    for column in COLUMNS:
        if column in columns:
            lines.append(f"{column} = {_written(column, columns[column])}{_filled(sample, columns[column])}")
    if "local_id" not in columns:
        lines.append("# no local_id: rows are numbered")
    if "source" not in columns:
        lines.append(f"# no source: it is {_quoted(stem_of(path))}, the file's name")
    lines += _dates(sample, columns) + _sexes(sample, columns)
    return Inspection(rows=raw.height, columns=raw.columns, toml="\n".join(lines) + "\n")


def _read_somehow(path: Path, separator: str | None) -> tuple[pl.DataFrame, Mapping]:
    """Read the raw table, with other separators and another encoding if the usual ones fail."""
    mapping = Mapping(separator=separator)
    try:
        raw = read_raw(path, mapping)
    except InvalidInput as fault:
        if "is not utf-8 text" not in str(fault):
            raise
        mapping = Mapping(separator=separator, encoding="windows-1252")
        raw = read_raw(path, mapping)
    if separator is None and raw.width == 1:
        for other in (";", "\t", "|"):
            if other in raw.columns[0]:
                mapping = Mapping(separator=other, encoding=mapping.encoding)
                return read_raw(path, mapping), mapping
    return raw, mapping


def _columns(names: list[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Guess which of their columns is which of ours; exact names first, then other names, then slips."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    plain = {name: plain_header(name) for name in names}
    exact: Callable[[str], str | None] = lambda text: text if text in COLUMNS else None  # noqa: E731
    parts = {plain[name]: name for name in names if plain[name] in ADDRESS_PARTS}
    if "address" not in plain.values() and parts:
        found["address"] = tuple(("", parts[part]) for part in ADDRESS_PARTS if part in parts)
    taken = {theirs for _, theirs in found.get("address", ())}
    for guess in (exact, likely_column):
        for name in names:
            column = guess(plain[name])
            if column and column not in found and name not in taken:
                found[column] = (("", name),)
                taken.add(name)
    others = tuple((plain[name], name) for name in names if plain[name] in IDENTIFIERS and name not in taken)
    if others and "other_identifiers" not in found:
        found["other_identifiers"] = others
    return found


def _quoted(text: str | None) -> str:
    return json.dumps(text, ensure_ascii=False)


def _written(column: str, parts: tuple[tuple[str, str], ...]) -> str:
    if column == "other_identifiers" and parts[0][0]:
        return "{ " + ", ".join(f"{scheme} = {_quoted(name)}" for scheme, name in parts) + " }"
    names = [_quoted(name) for _, name in parts]
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def _filled(sample: pl.DataFrame, parts: tuple[tuple[str, str], ...]) -> str:
    """Say how many rows have a value: a column that is nearly empty is better known before."""
    if not sample.height:
        return ""
    held = sample.select(
        pl.any_horizontal(pl.col(name).str.strip_chars() != "" for _, name in parts).sum()
    ).item()
    share = 100 * (held or 0) / sample.height
    return "" if share >= 99.5 else f"  # filled in {share:.0f} of 100 rows"


def _dates(sample: pl.DataFrame, columns: dict[str, tuple[tuple[str, str], ...]]) -> list[str]:
    lines = []
    for column in DATES:
        if column in columns:
            values = sample[columns[column][0][1]].drop_nulls().unique().sort().to_list()
            form = _date_form([text.strip() for text in values if text.strip()])
            lines += [f"{column} = {_quoted(form)}"] if form else []
    return ["", "[dates]", *lines] if lines else []


def _date_form(values: list[str]) -> str | None:
    """Return the form most of the values have; None where ours fits best. A tie goes to day before month."""

    def fits(form: str | None) -> int:
        return sum(_reads(text, form) for text in values)

    best = max(FORMS, key=fits)
    return best if fits(best) > fits(None) else None


def _reads(text: str, form: str | None) -> bool:
    try:
        read_date(text, form)
    except InvalidInput:
        return False
    return True


def _sexes(sample: pl.DataFrame, columns: dict[str, tuple[tuple[str, str], ...]]) -> list[str]:
    if "sex" not in columns:
        return []
    values = sample[columns["sex"][0][1]].drop_nulls().str.strip_chars().unique().sort().to_list()
    codes = [text for text in values if text and text.casefold() not in {"m", "f", "male", "female"}]
    if not codes or len(codes) > MOST_CODES:
        return []
    told = [f"{_quoted(text)} = {_quoted(SEX_CODES.get(text.casefold(), ''))}" for text in codes]
    return ["", "[values.sex]", *told]
