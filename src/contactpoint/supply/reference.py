"""Read a reference file and refuse it where it does not keep to its columns and codes."""

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from contactpoint.domain.discreet import DISCREET_KINDS
from contactpoint.domain.errors import DeliveryRefused
from contactpoint.domain.wards import LONGEST_NAME, POSTCODE, WARD
from contactpoint.supply.contracts import CONTRACTS, REFERENCE_FILES
from contactpoint.supply.scan import scan_csv

ORGANISATION_KINDS: Final = (
    "authority", "school", "gp", "nhs_trust", "police", "youth_justice", "charity", "national",
    *sorted(DISCREET_KINDS),
)  # fmt: skip
_REQUIRED: Final = {
    "organisations": ("code", "name", "kind"),
    "sources": ("code", "name", "contract", "organisation"),
    "wards": ("postcode", "ward", "name", "authority"),
    "paired_authorities": ("authority", "second_desk"),
    "sealed_pairs": ("source_a", "local_id_a", "source_b", "local_id_b"),
}


def read_reference(path: Path) -> pl.DataFrame:
    """Read a reference file (organisations.csv, sources.csv and so on) as text, blanks as null.

    Raises:
        DeliveryRefused: its columns, a required cell, a code or its uniqueness are wrong; nothing is loaded.
    """
    file = REFERENCE_FILES[path.stem]
    names = tuple(name for name, _ in file.columns)
    scan = scan_csv(path.read_bytes())
    if scan.header != names:
        raise DeliveryRefused(f"The first line of {path.name} must be: {','.join(names)}")
    misfits = np.flatnonzero(scan.cells != len(names))
    if len(misfits):
        raise DeliveryRefused(
            f"Line {scan.lines[misfits[0]]} of {path.name} does not have {len(names)} cells."
        )
    rows = (
        pl.read_csv(path, infer_schema=False)
        if len(scan.starts)
        else pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    )
    rows = rows.select(pl.col(name).str.strip_chars().replace("", None) for name in names)
    for name in _REQUIRED[path.stem]:
        _refuse(path, rows[name].is_null(), scan.lines, f"{name} must not be blank")
    if "code" in names:
        _refuse(path, ~rows["code"].is_first_distinct(), scan.lines, "this code is there twice")
    if "ward" in names:
        for name, form in (("postcode", POSTCODE), ("ward", WARD), ("authority", "[0-9]{3}")):
            wrong = ~rows[name].str.contains(f"^({form})$")
            _refuse(path, wrong, scan.lines, f"{name} does not have its form")
        too_long = rows["name"].str.len_chars() > LONGEST_NAME
        _refuse(path, too_long, scan.lines, f"name is longer than {LONGEST_NAME} characters")
        _refuse(path, ~rows["postcode"].is_first_distinct(), scan.lines, "this postcode is there twice")
    if "second_desk" in names:
        same = rows["authority"] == rows["second_desk"]
        _refuse(path, same, scan.lines, "an authority is not its own second")
        _refuse(path, ~rows["authority"].is_first_distinct(), scan.lines, "this authority is there twice")
    if "kind" in names:
        kinds = ", ".join(ORGANISATION_KINDS)
        _refuse(path, ~rows["kind"].is_in(ORGANISATION_KINDS), scan.lines, f"kind must be one of {kinds}")
    if "contract" in names:
        _refuse(path, ~rows["contract"].is_in(list(CONTRACTS)), scan.lines, "there is no such contract")
        days = rows["promised_days"].fill_null("31")
        _refuse(path, ~days.str.contains(r"^[1-9][0-9]{0,3}$"), scan.lines, "promised_days must be a number")
    return rows


def _refuse(
    path: Path, wrong: pl.Series, lines: "np.ndarray[tuple[int], np.dtype[np.int64]]", reason: str
) -> None:
    if wrong.any():
        first = int(np.flatnonzero(wrong.to_numpy())[0])
        raise DeliveryRefused(f"Line {lines[first]} of {path.name}: {reason}.")
