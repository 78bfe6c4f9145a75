"""Files into records: every row kept, a value that cannot be read left out and named."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.people import PERSON_COLUMNS, check_partial_date
from contactpoint.linking.tool.columns import COLUMNS, misnamed, plain_header
from contactpoint.linking.tool.mapping import DATES, Mapping
from contactpoint.linking.tool.raw import as_text, read_raw

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What files hold: `source`, `local_id`, `file`, `line` and the person columns, a row a record.

    `problems` names each value that was left out, a row a value: PROBLEMS_SCHEMA. `ignored` names the columns
    of each file that mean nothing here. `numbered` says that rows had no local id and got their number.
    """

    frame: pl.DataFrame
    problems: pl.DataFrame
    ignored: dict[str, list[str]]
    numbered: bool = False


def stem_of(path: Path) -> str:
    """Return a file's name without its endings: `a.csv.gz` is `a`."""
    name = path.name.removesuffix(".gz")
    return name.rsplit(".", 1)[0] or name


def read_files(paths: list[Path], mapping: Mapping | None = None) -> Records:
    """Read files into one table.

    Raises:
        InvalidInput: a file that is not there or cannot be read, columns that are probably ours under another
            name, two rows of one source and local id that differ, or two files that number the rows of one
            source.
    """
    mapping = mapping or Mapping()
    paths = list({path.resolve(): path for path in paths}.values())
    parts = [read_file(path, mapping.for_file(stem_of(path))) for path in paths]
    _check_numbered(paths, parts)
    _check_mapping_used(mapping, [set(part.frame.columns) for part in parts])
    whole = Records(
        frame=pl.concat([part.frame.select("file", "line", *COLUMNS) for part in parts]),
        problems=pl.concat([part.problems for part in parts]),
        ignored={name: found for part in parts for name, found in part.ignored.items() if found},
    )
    return replace(whole, frame=_once(whole.frame))


def _check_numbered(paths: list[Path], parts: list[Records]) -> None:
    """Refuse two files that number the rows of one source: their first rows would be one record."""
    seen: dict[str, Path] = {}
    for path, part in zip(paths, parts, strict=True):
        for source in part.frame["source"].unique().sort().to_list() if part.numbered else ():
            if source in seen:
                raise InvalidInput(
                    f"{seen[source]} and {path} both number their rows of source {source!r}. Give them a "
                    "local_id column, a source column, or another name."
                )
            seen[source] = path


def read_file(path: Path, mapping: Mapping) -> Records:
    """Read one file; see `read_files`. The columns that the mapping named are there too, as theirs:NAME."""
    raw = read_raw(path, mapping)
    return _standard(raw, path.name, stem_of(path), mapping)


def from_frame(frame: Any, source: str = "data", mapping: Mapping | None = None) -> Records:  # noqa: ANN401
    """Take records from a data frame, of polars or any that hands over Arrow, as from a file of that name."""
    found = _standard(_as_text(pl.DataFrame(frame)), source, source, mapping or Mapping())
    return replace(found, frame=_once(found.frame.select("file", "line", *COLUMNS)))


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Return every column as text: dates as year-month-day, whole numbers without a point."""
    return frame.select(as_text(pl.col(name), kind) for name, kind in frame.schema.items())


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
    has_ids = bool(mapping.columns.get("local_id")) or "local_id" in plain
    frame = _keyed(frame, name, stem, has_ids=has_ids)
    return replace(_checked(frame, name, mapping, left), numbered=not has_ids)


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
