"""Writes delivery files as a source would."""

import csv
import io
from pathlib import Path

from contactpoint.supply.contracts import CONTRACTS

AMINA = {
    "local_id": "A1",
    "forename": "Amina",
    "surname": "Okafor",
    "date_of_birth": "2016-05-09",
    "sex": "F",
    "address": "14 Mill Lane, Oldham",
    "postcode": "OL1 4AB",
}


def feed_text(contract: str, *rows: dict[str, str]) -> str:
    """A feed as CSV: the contract's header, and rows in which what is not said is blank."""
    names = CONTRACTS[contract].names
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_feed(
    folder: Path,
    source: str,
    contract: str,
    *rows: dict[str, str],
    as_at: str = "2026-11-22",
    kind: str = "full",
) -> Path:
    """A feed as a file with its proper name."""
    path = folder / f"{source}_{as_at}_{kind}.csv"
    path.write_text(feed_text(contract, *rows), encoding="utf-8", newline="")
    return path
