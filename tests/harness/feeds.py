"""Deliveries one after another: each changes every row of two sources, so that old and new are told apart."""

import csv
from pathlib import Path

CHANGING = ("school-census", "gp-registrations")


def write_generation(england: Path, number: int) -> list[Path]:
    """Write the files of one generation: another address and other hours in every row, and some new rows."""
    folder = england.parent / "generations" / str(number)
    folder.mkdir(parents=True)
    return [
        _write(one, folder, number)
        for source in CHANGING
        for one in england.glob(f"feeds/{source}_*_full.csv")
    ]


def _write(full: Path, folder: Path, number: int) -> Path:
    with full.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, names = list(reader), reader.fieldnames
    listed = len(rows)
    for new in range(number * 5):  # five more each time whom the source has not named before
        rows.append(rows[new % listed] | {"local_id": f"G{new}"})
    for row in rows:
        row["address"], row["contact_hours"] = f"Harness Road {number}", f"Generation {number}"
    path = folder / full.name.replace("_full", "_delta")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
