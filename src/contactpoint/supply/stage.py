"""Accepted rows as source records: one a local id, its facts and its involvements as canonical JSON."""

import hashlib
from typing import Final

import polars as pl

from contactpoint.supply.checks import digits
from contactpoint.supply.columns import COLUMNS, Form
from contactpoint.supply.contracts import Contract
from contactpoint.supply.read import LINE
from contactpoint.supply.validate import Validated

# Inside a JSON text a quotation mark is escaped, so this can only be a member that holds nothing.
_EMPTY_MEMBER: Final = r',?"[a-z0-9_]+":null'


def source_records(checked: Validated, contract: Contract) -> pl.DataFrame:
    """Return `local_id`, `line`, `facts`, `involvements`, `fingerprint` and `rejected`, a row a local id.

    A rejected local id comes along, empty, so that its record is not taken for withdrawn.
    """
    rows = checked.accepted.with_columns(_canonical(name) for name in contract.names)
    facts = rows.select("local_id", LINE, facts=_json(list(contract.identity)))
    if contract.services:
        facts = facts.with_columns(involvements=_involvements(rows, contract))
        if facts["local_id"].is_duplicated().any():
            facts = facts.group_by("local_id", maintain_order=True).agg(
                pl.col(LINE).first(),
                pl.col("facts").first(),
                pl.col("involvements").filter(pl.col("involvements") != "").sort().str.join(","),
            )
    else:
        facts = facts.with_columns(involvements=pl.lit(""))
    facts = facts.with_columns(pl.format("[{}]", pl.col("involvements")), rejected=pl.lit(value=False))
    known = facts.select(
        "local_id", LINE, "facts", "involvements", fingerprint=_fingerprints(facts), rejected="rejected"
    )
    return pl.concat([known, _rejected(checked)])


def _rejected(checked: Validated) -> pl.DataFrame:
    usable = pl.col("local_id").is_not_null() & (
        pl.col("local_id").str.len_chars() <= COLUMNS["local_id"].longest
    )
    return (
        checked.rejected.filter(usable)
        .unique("local_id", keep="first", maintain_order=True)
        .select(
            "local_id",
            LINE,
            facts=pl.lit("{}"),
            involvements=pl.lit("[]"),
            fingerprint=pl.lit(""),
            rejected=pl.lit(value=True),
        )
    )


def _canonical(name: str) -> pl.Expr:
    """One way of writing: numbers without spaces, postcodes with one, addresses on one line."""
    cell = pl.col(name)
    match COLUMNS[name].form:
        case Form.NHS_NUMBER:
            return digits(cell)
        case Form.UPN:
            return cell.str.to_uppercase()
        case Form.POSTCODE:
            compact = cell.str.to_uppercase().str.replace_all(" ", "", literal=True)
            return (compact.str.head(-3) + " " + compact.str.tail(3)).alias(name)
        case Form.LINE:
            return cell.str.replace_all(r"\s*[\r\n]+\s*", ", ")
        case _:
            return cell


def _json(columns: list[str]) -> pl.Expr:
    return _without_nulls(pl.struct(columns).struct.json_encode())


def _without_nulls(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(_EMPTY_MEMBER, "").str.replace(r"^\{,", "{")


def _involvements(rows: pl.DataFrame, contract: Contract) -> pl.Series:
    """The involvement of each row as JSON, empty text where there is none.

    Where the contract has no key for involvements, the organisation is the key: a pupil who changes school
    ends one involvement and begins another.
    """
    columns = [pl.col(name) for name in contract.involvement]
    if "involvement_id" not in contract.names:
        columns.append(pl.col("organisation").alias("involvement_id"))
    text = _without_nulls(pl.struct(columns).struct.json_encode())
    return rows.select(
        involvements=pl.when(pl.col("service").is_not_null()).then(text).otherwise(pl.lit(""))
    ).to_series()


def _fingerprints(records: pl.DataFrame) -> pl.Series:
    """128 bits of BLAKE2b over facts and involvements: equal texts, equal fingerprints."""
    texts = zip(records["facts"], records["involvements"], strict=True)
    return pl.Series(
        "fingerprint",
        [hashlib.blake2b(f"{facts}\n{held}".encode(), digest_size=16).hexdigest() for facts, held in texts],
        dtype=pl.String,
    )
