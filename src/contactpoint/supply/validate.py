"""Accept or reject each row of a file, with line, field and reason (R19)."""

import errno
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Final

import polars as pl

from contactpoint.domain.errors import DeliveryRefused
from contactpoint.domain.involvement import SERVICES, ServiceKind
from contactpoint.supply.checks import Check, Context, checks_of, real_date
from contactpoint.supply.contracts import Contract
from contactpoint.supply.read import FORMULA, LINE, REJECT_COLUMNS, REJECTION_SCHEMA, Table

_SENSITIVE: Final = [code for code, service in SERVICES.items() if service.kind is ServiceKind.SENSITIVE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated:
    """`accepted` and `rejected` rows (contract columns and `line`), and why: `line`, `field`, `reason`.

    All rows of one local id are accepted or rejected together, because a record of which only a part was
    read would seem to have lost the rest.
    """

    accepted: pl.DataFrame
    rejected: pl.DataFrame
    rejections: pl.DataFrame


def validate(
    table: Table, contract: Contract, *, as_at: date, organisations: frozenset[str] = frozenset()
) -> Validated:
    """Check every row against its contract.

    Args:
        table: the file, as read.
        contract: what it must keep to.
        as_at: the day the file speaks for; births, deaths and starts lie on or before it.
        organisations: codes of the organisations known here.
    """
    context = Context(contract=contract, as_at=as_at, organisations=organisations)
    rows = table.rows
    found = [
        table.rejections,
        _failures(rows, _all_checks(rows, context)),
        _conflicts(rows, contract),
        _repeats(rows, contract),
    ]
    rejections = pl.concat(found).filter(pl.col("reason").is_not_null())
    rejections = pl.concat([rejections, _companions(table, rejections)]).sort(LINE, maintain_order=True)
    wrong = rejections[LINE].unique().implode()
    rejected = pl.concat([rows.filter(pl.col(LINE).is_in(wrong)), table.unreadable]).sort(LINE)
    return Validated(
        accepted=rows.filter(~pl.col(LINE).is_in(wrong)), rejected=rejected, rejections=rejections
    )


def validate_pieces(
    tables: Callable[[], Iterator[Table]],
    contract: Contract,
    *,
    as_at: date,
    organisations: frozenset[str] = frozenset(),
) -> Iterator[Validated]:
    """Check a file piece by piece, with the same outcome for every row as if it were checked whole.

    Rows of one local id are looked at together: those that several pieces hold are put aside, and make a last
    piece of their own.

    Args:
        tables: reads the file from its beginning, a piece at a time; called once or twice.
        contract: as for `validate`.
        as_at: likewise.
        organisations: likewise.
    """
    reading = tables()
    pieces = [*islice(reading, 2)]
    if len(pieces) < 2:
        yield from (validate(one, contract, as_at=as_at, organisations=organisations) for one in pieces)
        return
    scattered = _scattered(chain(pieces, reading))
    del pieces, reading
    aside: list[Table] = []
    for table in tables():
        here, apart = _parted(table, scattered)
        aside.append(apart)
        yield validate(here, contract, as_at=as_at, organisations=organisations)
    together = Table(
        rows=pl.concat([one.rows for one in aside]),
        unreadable=pl.concat([one.unreadable for one in aside]),
        rejections=pl.concat([one.rejections for one in aside]),
    )
    if together.size:
        yield validate(together, contract, as_at=as_at, organisations=organisations)


def _scattered(tables: Iterable[Table]) -> pl.Series:
    """Hashes of the local ids that more than one piece holds."""
    held = pl.concat(
        pl.concat([table.rows["local_id"], table.unreadable["local_id"]]).drop_nulls().unique().hash()
        for table in tables
    )
    return held.filter(held.is_duplicated()).unique()


def _parted(table: Table, scattered: pl.Series) -> tuple[Table, Table]:
    """What of a piece stands for itself, and what stands together with rows of other pieces."""

    def are_scattered(frame: pl.DataFrame) -> pl.Series:
        ids = frame["local_id"]
        return ids.hash().is_in(scattered.implode()) & ids.is_not_null()

    rows, unreadable = are_scattered(table.rows), are_scattered(table.unreadable)
    lines = table.unreadable[LINE].filter(unreadable).implode()
    rejections = table.rejections[LINE].is_in(lines)
    return (
        Table(
            rows=table.rows.filter(~rows),
            unreadable=table.unreadable.filter(~unreadable),
            rejections=table.rejections.filter(~rejections),
        ),
        Table(
            rows=table.rows.filter(rows),
            unreadable=table.unreadable.filter(unreadable),
            rejections=table.rejections.filter(rejections),
        ),
    )


def write_rejects(checked: Validated, path: Path) -> None:
    """Write the rejected rows as a CSV that can be mended and sent again.

    It has the contract's columns, then where and why. A cell that a spreadsheet would run as a formula is
    written with an apostrophe before it, which reading takes off again. Only its owner may read the file.

    Raises:
        DeliveryRefused: the file cannot be written.
    """
    why = checked.rejections.group_by(LINE).agg(
        pl.col("field").unique(maintain_order=True).str.join("; "),
        pl.when(pl.col("field") == "")
        .then(pl.col("reason"))
        .otherwise(pl.col("field") + ": " + pl.col("reason"))
        .str.join(" "),
    )
    line, field, reason = REJECT_COLUMNS
    columns = [name for name in checked.rejected.columns if name != LINE]
    safe = (
        pl.when(pl.col(name).str.contains(FORMULA))
        .then("'" + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in columns
    )
    _make_private(path)
    checked.rejected.join(why, on=LINE, how="left", maintain_order="left").select(
        *safe, pl.col(LINE).alias(line), pl.col("field").alias(field), pl.col("reason").alias(reason)
    ).write_csv(path, include_bom=True, line_terminator="\r\n")


def _make_private(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):  # it is not the file's fault, and passes
            raise
        raise DeliveryRefused(
            f"Rejected rows cannot be written to {path}: {error.strerror}. Put the file where they can be."
        ) from None


def _all_checks(rows: pl.DataFrame, context: Context) -> list[Check]:
    used = {name for name in context.contract.names if rows[name].null_count() < rows.height}
    checks = [
        check
        for column in context.contract.columns
        if column.name in used or column.required
        for check in checks_of(column, context)
    ]
    return [*checks, *_row_checks(context.contract)]


def _row_checks(contract: Contract) -> Iterable[Check]:
    """Checks that look at more than one cell of a row."""
    names = set(contract.names)
    nameless = pl.col("forename").is_null() & pl.col("surname").is_null()
    yield Check("surname", nameless, "Give a first name or a last name.")
    if {"date_of_birth", "date_of_death"} <= names:
        before = real_date(pl.col("date_of_death")) < real_date(pl.col("date_of_birth"))
        yield Check("date_of_death", before, "It lies before the date of birth.")
    if not contract.services:
        return
    some = pl.any_horizontal(pl.col(name).is_not_null() for name in contract.involvement)
    yield Check("service", some & pl.col("service").is_null(), "Say which service this contact is with.")
    yield Check(
        "organisation", some & pl.col("organisation").is_null(), "Say which organisation gives the service."
    )
    ends_first = real_date(pl.col("end_date")) < real_date(pl.col("start_date"))
    yield Check("end_date", ends_first, "It lies before the first day.")
    if contract.may_consent:
        bare = pl.col("service").is_in(_SENSITIVE) & pl.col("consent").is_null()
        yield Check(
            "consent", bare, "A sensitive service is recorded only with its consent or its reason (R37)."
        )


def _failures(rows: pl.DataFrame, checks: list[Check]) -> pl.DataFrame:
    """Run all checks side by side and gather what failed; the first reason per row and field counts."""
    masks = rows.lazy().select(
        check.wrong.fill_null(value=False).alias(str(at)) for at, check in enumerate(checks)
    )
    marked = masks.collect()
    failed = [
        rows.select(
            pl.col(LINE).filter(marked[str(at)]), field=pl.lit(check.field), reason=pl.lit(check.reason)
        )
        for at, check in enumerate(checks)
        if marked[str(at)].any()
    ]
    if not failed:
        return pl.DataFrame(schema=REJECTION_SCHEMA)
    return pl.concat(failed).unique([LINE, "field"], keep="first", maintain_order=True)


def _conflicts(rows: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Rows of one local id that say different things about who the child is: none of them is believed."""
    shared = rows.filter(pl.col("local_id").is_duplicated() & pl.col("local_id").is_not_null())
    if shared.is_empty():
        return pl.DataFrame(schema=REJECTION_SCHEMA)
    identity = list(contract.identity)
    torn = (
        shared.group_by("local_id")
        .agg(pl.col(LINE), *(pl.col(name).n_unique() for name in identity))
        .filter(pl.any_horizontal(pl.col(name) > 1 for name in identity))
    )
    differs = pl.concat_str(
        *(pl.when(pl.col(name) > 1).then(pl.lit(name)) for name in identity),
        separator=", ",
        ignore_nulls=True,
    )
    return (
        torn.with_columns(differs=differs)
        .explode(LINE)
        .select(
            LINE,
            field=pl.lit("local_id"),
            reason="Lines of this local_id differ in " + pl.col("differs").str.head(180) + ".",
        )
    )


def _repeats(rows: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """A second row for the same record, or for the same involvement of it."""
    if "involvement_id" in contract.names:
        key, field = ["local_id", "involvement_id"], "involvement_id"
    else:
        key, field = ["local_id", *(["organisation"] if contract.services else [])], "local_id"
    known = rows.filter(pl.col("local_id").is_not_null()).select(*key, LINE)
    if not known.select(key).is_duplicated().any():
        return pl.DataFrame(schema=REJECTION_SCHEMA)
    first = pl.col(LINE).min().over(key)
    return (
        known.with_columns(first=first)
        .filter(pl.col(LINE) > pl.col("first"))
        .select(LINE, field=pl.lit(field), reason=pl.format("Line {} gives this already.", "first"))
    )


def _companions(table: Table, rejections: pl.DataFrame) -> pl.DataFrame:
    """Other rows of a local id of which one row was rejected."""
    everything = pl.concat([table.rows.select("local_id", LINE), table.unreadable.select("local_id", LINE)])
    wrong = everything.filter(pl.col("local_id").is_not_null()).join(
        rejections.select(pl.col(LINE).unique()), on=LINE, how="semi"
    )
    because = wrong.group_by("local_id").agg(because=pl.col(LINE).min())
    return (
        table.rows.select("local_id", LINE)
        .join(because, on="local_id")
        .join(rejections, on=LINE, how="anti")
        .select(
            LINE,
            field=pl.lit("local_id"),
            reason=pl.format("Line {} of this local_id was rejected, and they stand together.", "because"),
        )
    )
