"""Files into records: CSV, Parquet, gzip; every row kept, a value that cannot be read left out and named."""

import csv
import gzip
import io
import os
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.people import PERSON_COLUMNS, check_partial_date
from contactpoint.linking.tool.columns import COLUMNS, misnamed, plain_header
from contactpoint.linking.tool.mapping import DATES, Mapping

LONGEST: Final = 1_000
"""Characters of a value that are read; what comes after them is never compared."""

PROBLEMS_SCHEMA: Final = {
    "file": pl.String,
    "line": pl.Int64,
    "field": pl.String,
    "value": pl.String,
    "reason": pl.String,
}
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_SEXES: Final = {"m": "M", "f": "F", "male": "M", "female": "F"}
EXTENSION: Final = r"(?i)\s*(?:x|ext\.?|extension)\s*[0-9]+$"
"""The end of a telephone number that says whom to ask for there."""

_GZIP: Final = b"\x1f\x8b"
TEXT_BYTES: Final = 16
"""Bytes that a text takes in memory, however short it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What files hold: `source`, `local_id`, `file`, `line` and the person columns, a row a record.

    `problems` names each value that was left out, a row a value: PROBLEMS_SCHEMA. `ignored` names the columns
    of each file that mean nothing here.
    """

    frame: pl.DataFrame
    problems: pl.DataFrame
    ignored: dict[str, list[str]]


def stem_of(path: Path) -> str:
    """Return a file's name without its endings: `a.csv.gz` is `a`."""
    name = path.name.removesuffix(".gz")
    return name.rsplit(".", 1)[0] or name


def read_files(paths: list[Path], mapping: Mapping | None = None) -> Records:
    """Read files into one table.

    Raises:
        InvalidInput: a file that is not there or cannot be read, columns that are probably ours under another
            name, or two rows of one source and local id that differ.
    """
    mapping = mapping or Mapping()
    parts = [read_file(path, mapping.for_file(stem_of(path))) for path in paths]
    _check_mapping_used(mapping, [set(part.frame.columns) for part in parts])
    whole = Records(
        frame=pl.concat([part.frame.select("file", "line", *COLUMNS) for part in parts]),
        problems=pl.concat([part.problems for part in parts]),
        ignored={name: found for part in parts for name, found in part.ignored.items() if found},
    )
    return replace(whole, frame=_once(whole.frame))


def read_file(path: Path, mapping: Mapping) -> Records:
    """Read one file; see `read_files`. The columns that the mapping named are there too, as theirs:NAME."""
    raw = read_raw(path, mapping)
    return _standard(raw, path.name, stem_of(path), mapping)


def from_frame(frame: pl.DataFrame, source: str = "data", mapping: Mapping | None = None) -> Records:
    """Take records from a data frame as from a file of that name."""
    found = _standard(_as_text(frame), source, source, mapping or Mapping())
    return replace(found, frame=_once(found.frame.select("file", "line", *COLUMNS)))


def read_raw(path: Path, mapping: Mapping) -> pl.DataFrame:
    """Return a file's own columns, all as text.

    Raises:
        InvalidInput: it is not there or cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise InvalidInput(f"{path} cannot be read: {fault.strerror}.") from fault
    if data[:2] == _GZIP:
        data = _unpacked(path.name, data)
    if path.name.removesuffix(".gz").endswith(".parquet") or data[:4] == b"PAR1":
        return _read_parquet(path.name, data)
    return _read_csv(path.name, _decoded(path.name, data, mapping.encoding), mapping)


def _room() -> int:
    """Return how many bytes one file may stand for: half of this machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2


def _unpacked(name: str, data: bytes) -> bytes:
    """Unpack, for as long as there is room: a few bytes of gzip can stand for any number."""
    room = _room()
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            found = packed.read(room + 1)
    except (OSError, EOFError, zlib.error) as fault:
        raise InvalidInput(f"{name} is not whole: its gzip ends too soon or is damaged.") from fault
    if len(found) > room:
        raise InvalidInput(f"{name} unpacks to more than half of this machine's memory.")
    return found


def _read_parquet(name: str, data: bytes) -> pl.DataFrame:
    """Read it as text, if there is room: a few bytes of Parquet can stand for any number of rows."""
    try:
        scanned = pl.scan_parquet(io.BytesIO(data))
        schema, rows = scanned.collect_schema(), scanned.select(pl.len()).collect().item()
        if rows * len(schema) * TEXT_BYTES > _room():
            raise InvalidInput(f"{name} holds {rows:,} rows, more than this machine has memory for.")
        return scanned.select(_text(pl.col(column), kind) for column, kind in schema.items()).collect()
    except pl.exceptions.PolarsError as fault:
        raise InvalidInput(f"{name} is not a Parquet file that can be read.") from fault


def _decoded(name: str, data: bytes, encoding: str) -> bytes:
    """Return the bytes as UTF-8."""
    try:
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except LookupError as fault:
        raise InvalidInput(f"{encoding!r} is no encoding of text.") from fault
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise InvalidInput(
            f"{name}, line {line}: this is not {encoding} text. If it came out of a spreadsheet, say "
            'encoding = "windows-1252" in a mapping.'
        ) from fault
    return text.encode()


def _read_csv(name: str, data: bytes, mapping: Mapping) -> pl.DataFrame:
    separator = mapping.separator or ("\t" if name.removesuffix(".gz").endswith(".tsv") else ",")
    if len(separator.encode()) != 1:
        raise InvalidInput(f"{separator!r} cannot separate columns: it must be one plain character.")
    if not data.strip():
        raise InvalidInput(f"{name} is empty: not even a line of column names.")
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")  # a spreadsheet's "CSV (Macintosh)"
    _check_header(name, data, separator)
    try:
        return pl.read_csv(io.BytesIO(data), separator=separator, infer_schema=False, raise_if_empty=False)
    except pl.exceptions.PolarsError as fault:
        raise InvalidInput(_why_not_csv(name, data, separator)) from fault


def _check_header(name: str, data: bytes, separator: str) -> None:
    first = data.split(b"\n", 1)[0].removesuffix(b"\r").decode()
    try:
        header = next(csv.reader(io.StringIO(first, newline=""), delimiter=separator), [])
    except csv.Error as fault:
        raise InvalidInput(f"{name}, line 1: {fault}.") from fault
    repeated = sorted({column for column in header if header.count(column) > 1})
    if repeated:
        raise InvalidInput(f"{name} has two columns called {repeated[0]!r}.")


def _why_not_csv(name: str, data: bytes, separator: str) -> str:
    """Find the first line that is at fault, slowly: only asked once something is."""
    csv.field_size_limit(1 << 30)
    reader = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=separator, strict=True)
    try:
        width = len(next(reader))
        for row in reader:
            if len(row) > width:
                return f"{name}, line {reader.line_num}: {len(row)} values under {width} column names."
    except csv.Error as fault:
        return f"{name}, line {reader.line_num}: {fault}."
    return f"{name} is not a CSV file that can be read."


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Return every column as text: dates as year-month-day, whole numbers without a point."""
    return frame.select(_text(pl.col(name), kind) for name, kind in frame.schema.items())


def _text(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.Datetime):
        return column.dt.strftime("%Y-%m-%d")
    if kind.is_float():
        whole = column.is_not_nan() & (column == column.floor()) & (column.abs() < 2**53)
        return (
            pl.when(whole)
            .then(column.cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(column.fill_nan(None).cast(pl.String))
        )
    if kind == pl.Boolean:
        return pl.when(column).then(pl.lit("Y")).otherwise(None).alias(column.meta.output_name())
    if kind.is_nested() or kind == pl.Binary:
        return pl.lit(None, pl.String).alias(column.meta.output_name())
    return column.cast(pl.String)


def _standard(raw: pl.DataFrame, name: str, stem: str, mapping: Mapping) -> Records:
    """Bring a file's own columns into ours."""
    plain = {plain_header(column): column for column in raw.columns}
    mapped = {column for parts in mapping.columns.values() for _, column in parts}
    wanted, used = [], set()
    for column in COLUMNS:
        parts = [
            (scheme, theirs) for scheme, theirs in mapping.columns.get(column, ()) if theirs in raw.columns
        ]
        if not parts and column in plain and plain[column] not in mapped:
            parts = [("", plain[column])]
        used |= {theirs for _, theirs in parts}
        wanted.append(_joined(parts, column))
    left = [column for column in raw.columns if column not in used | mapping.ignore]
    _refuse_misnamed(
        name, [*left, *(column for column in plain if plain[column] in used), *mapping.columns], left
    )
    if not used - {plain.get(key, "") for key in ("source", "local_id")}:
        raise InvalidInput(
            f"{name} has no column that tells people apart. It has {', '.join(raw.columns)}.{_hint(raw)}"
        )
    frame = raw.select(
        *wanted, *(pl.col(theirs).alias(f"theirs:{theirs}") for theirs in sorted(used & mapped))
    )
    frame = frame.with_columns(
        pl.lit(name).alias("file"), _lines(raw).alias("line"), pl.col("phone").str.replace(EXTENSION, "")
    )
    frame = _keyed(frame, name, stem, has_ids=bool(mapping.columns.get("local_id")) or "local_id" in plain)
    return _checked(frame, name, mapping, left)


def _hint(raw: pl.DataFrame) -> str:
    """Say so where the columns are separated by something else than was thought."""
    found = next((mark for mark in ";\t|" if raw.width == 1 and mark in raw.columns[0]), None)
    return (
        f" Are they separated by {found!r}? Then say so in a mapping, as `link --inspect` does."
        if found
        else ""
    )


def _joined(parts: list[tuple[str, str]], column: str) -> pl.Expr:
    texts = []
    for scheme, theirs in parts:
        value = pl.col(theirs).str.slice(0, LONGEST).str.strip_chars()
        value = pl.when(value != "").then(value).otherwise(None)
        texts.append(pl.format("{}:{}", pl.lit(scheme), value) if scheme else value)
    if not texts:
        return pl.lit(None, pl.String).alias(column)
    between = ";" if column == "other_identifiers" else " "
    text = pl.concat_str(texts, separator=between, ignore_nulls=True)
    return pl.when(text != "").then(text).otherwise(None).alias(column)


def _refuse_misnamed(name: str, given: list[str], left: list[str]) -> None:
    found = {theirs: ours for theirs, ours in misnamed(given).items() if theirs in left}
    if found:
        said = "; ".join(f"{theirs!r} is probably {ours}" for theirs, ours in found.items())
        raise InvalidInput(
            f"{name} has columns that are not ours: {said}. Rename them, or write a mapping: "
            f"`contactpoint link --inspect {name}` proposes one (or list them there under ignore)."
        )


def _lines(raw: pl.DataFrame) -> pl.Series:
    """Return the line on which each row begins, a header on line 1 and line breaks inside values counted."""
    if raw.is_empty():
        return pl.Series(dtype=pl.Int64)
    breaks = raw.select(pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True).fill_null(0)))
    before = breaks.to_series().cast(pl.Int64).cum_sum().shift(1, fill_value=0)
    return pl.int_range(2, raw.height + 2, eager=True) + before


def _keyed(frame: pl.DataFrame, name: str, stem: str, *, has_ids: bool) -> pl.DataFrame:
    """Give each row a source and a local id: the file's name and the row's number where it has none."""
    if has_ids:
        lacking = frame.filter(pl.col("local_id").is_null())
        if lacking.height:
            raise InvalidInput(f"{name}, line {lacking['line'][0]}: local_id is empty.")
    else:
        numbers = pl.int_range(1, frame.height + 1, eager=True).cast(pl.String)
        frame = frame.with_columns(numbers.alias("local_id"))
    return frame.with_columns(pl.col("source").fill_null(stem))


def _checked(frame: pl.DataFrame, name: str, mapping: Mapping, left: list[str]) -> Records:
    """Translate coded values and dates; leave out what cannot be, and say so."""
    problems: list[pl.DataFrame] = []
    for column in (*mapping.values, *(set(DATES) - set(mapping.values)), *({"sex"} - set(mapping.values))):
        read = _reader(column, mapping)
        raw = frame[column].drop_nulls().unique().to_list()
        good: dict[str, str | None] = {}
        reasons: dict[str, str] = {}
        for text in raw:
            try:
                good[text] = read(text)
            except InvalidInput as fault:
                reasons[text] = str(fault)
        found = frame.filter(pl.col(column).is_in(list(reasons)))
        problems.append(
            pl.DataFrame(
                {
                    "file": name,
                    "line": found["line"],
                    "field": column,
                    "value": found[column],
                    "reason": [reasons[text] for text in found[column].to_list()],
                },
                schema=PROBLEMS_SCHEMA,
            )
        )
        frame = frame.with_columns(
            pl.col(column).replace_strict(good, default=None, return_dtype=pl.String)
            if good
            else pl.lit(None, pl.String).alias(column)
        )
    return Records(
        frame=frame, problems=pl.concat(problems).sort("line", "field"), ignored={name: left} if left else {}
    )


def _reader(column: str, mapping: Mapping) -> Callable[[str], str | None]:
    values = mapping.values.get(column, {})

    def read(text: str) -> str | None:
        text = values.get(text, text)
        if column in DATES:
            return read_date(text, mapping.dates.get(column)) if text else None
        if column == "sex":
            return read_sex(text) if text else None
        return text or None

    return read


def read_date(text: str, form: str | None = None) -> str:
    """Return a date as YYYY-MM-DD, YYYY-MM or YYYY; `form` says how it is written, as strptime does.

    Beside a form that does not begin with the year, YYYY-MM-DD is read too: files that were merged have both.

    Raises:
        InvalidInput: it is no date.
    """
    if form is None:
        return check_partial_date(text.removesuffix(" 00:00:00").removesuffix("T00:00:00"))
    try:
        found = datetime.strptime(text, form)  # noqa: DTZ007 - a day has no time zone
    except ValueError as fault:
        if _ISO.fullmatch(text) and not form.startswith("%Y"):
            return check_partial_date(text)
        raise InvalidInput(f"{text!r} is not a date written as {form}.") from fault
    return f"{found.year:04}-{found.month:02}-{found.day:02}"


def read_sex(text: str) -> str:
    """Return M or F.

    Raises:
        InvalidInput: it is neither.
    """
    sex = _SEXES.get(text.casefold())
    if sex is None:
        raise InvalidInput(f"{text!r} is not a sex that is compared. Use M, F or leave it blank.")
    return sex


def _check_mapping_used(mapping: Mapping, held: list[set[str]]) -> None:
    """Refuse a mapping that names columns which no file has: most likely a slip of the key."""
    for said in (mapping, *mapping.files.values()):
        for parts in said.columns.values():
            for _, theirs in parts:
                if not any(f"theirs:{theirs}" in columns for columns in held):
                    raise InvalidInput(f"The mapping names the column {theirs!r}, which no file has.")


def _once(frame: pl.DataFrame) -> pl.DataFrame:
    """Keep one row of each source and local id: the source itself says that these are one record."""
    if not frame.select(pl.struct("source", "local_id").is_duplicated().any()).item():
        return frame
    frame = frame.unique(["source", "local_id", *PERSON_COLUMNS], keep="first", maintain_order=True)
    again = frame.filter(pl.struct("source", "local_id").is_duplicated())
    again = again.sort("source", "local_id", "file", "line")
    if again.height:
        first, second = again.row(0, named=True), again.row(1, named=True)
        raise InvalidInput(
            f"{second['file']}, line {second['line']}: source {second['source']!r} has another person under "
            f"the local_id {second['local_id']!r} already ({first['file']}, line {first['line']}). Give each "
            "record its own; without a local_id column, rows are numbered."
        )
    return frame
