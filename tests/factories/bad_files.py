"""Files that no feed should be, what they are called, and what is said of each."""

import gzip
import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import polars as pl
from tests.factories.feeds import AMINA, feed_text
from tests.factories.supply import BEN

from contactpoint.supply.contracts import CONTRACTS

NAMED = "births_2026-11-22_full.csv"
BIRTHS = feed_text("births", AMINA, BEN)
PARQUET = "births_2026-11-22_full.parquet"
COLUMNS = CONTRACTS["births"].names
SAVE = 'Save it as "CSV UTF-8" and send'


@dataclass(frozen=True, slots=True, kw_only=True)
class BadFile:
    """Bytes under a name, and the whole sentence that refuses them."""

    data: Callable[[], bytes]
    says: str
    name: str = NAMED


def of(text: str, encoding: str = "utf-8") -> Callable[[], bytes]:
    return lambda: text.encode(encoding)


def packed(text: bytes) -> Callable[[], bytes]:
    return cache(lambda: gzip.compress(text))


def parquet(**columns: pl.Expr) -> bytes:
    """A Parquet file of the contract's columns; those not named hold nothing."""
    file = io.BytesIO()
    nothing = pl.lit(None, dtype=pl.String)
    pl.select(**{name: columns.get(name, nothing) for name in COLUMNS}).write_parquet(file)
    return file.getvalue()


def parquet_bomb() -> bytes:
    """33 kB that stand for a gigabyte."""
    bomb = parquet(local_id=pl.repeat("A" * 1000, 1_000_000))
    assert len(bomb) < 33_000, len(bomb)
    return bomb


def zip_bomb() -> bytes:
    """A zip archive of 20 kB with 20 MB in it, under the name of a feed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAMED, b"0" * 20_000_000)
    return file.getvalue()


CUT = BIRTHS.rindex(",OL12")
UTF8 = f"This is not a text file in UTF-8. {SAVE} it again."
BOMB = "{name} unpacks to more than 50 times its size, as no feed does. Send it as plain CSV."
FILES = {
    "empty": BadFile(data=of(""), says="The file is empty: its first line must hold the column names."),
    "noise": BadFile(data=lambda: random.Random(1).randbytes(20_000), says=UTF8),
    "UTF-16": BadFile(data=of(BIRTHS, "utf-16"), says=UTF8),
    "UTF-16 without a mark": BadFile(data=of(BIRTHS, "utf-16-be"), says=UTF8),
    "cp1252": BadFile(
        data=of(BIRTHS.replace("Amina", "Am\u0153na"), "cp1252"),
        says=f"Line 2 is not in UTF-8 (perhaps the file is in Windows-1252). {SAVE} it again.",
    ),
    "a zero byte at its beginning": BadFile(data=of(BIRTHS.replace("Amina", "Am\0na")), says=UTF8),
    "a zero byte further on": BadFile(
        data=of(feed_text("births", *[AMINA] * 100, {**BEN, "forename": "B\0n"})),
        says="Line 102 holds a zero byte, which no text has. The file was damaged on its way: send it again.",
    ),
    "semicolons": BadFile(
        data=of(BIRTHS.replace(",", ";")),
        says="Columns are separated by semicolons. Save the file with commas.",
    ),
    "tabs": BadFile(
        data=of(BIRTHS.replace(",", "\t")), says="Columns are separated by tabs. Save the file with commas."
    ),
    "upright bars": BadFile(
        data=of(BIRTHS.replace(",", "|")),
        says="Columns are separated by upright bars. Save the file with commas.",
    ),
    "cut inside a row": BadFile(
        data=of(BIRTHS[:CUT]),
        says="The last line, 3, stops after 7 of 16 cells: the file was cut short. Send it again whole.",
    ),
    "cut inside a quotation": BadFile(
        data=of(f'{BIRTHS}A3,"Zo'),
        says="The quotation mark opened on line 4 is never closed: the file may have been cut short.",
    ),
    "another contract": BadFile(
        data=of(feed_text("child_benefit", AMINA)),
        says="The columns are not those of Birth registrations: 'nhs_number', 'mother_former_surname', "
        "'birth_order', 'multiple_birth', 'date_of_death' are missing; 'carer_phone' is not in the contract. "
        f"The first line must be: {','.join(COLUMNS)}",
    ),
    "no source in its name": BadFile(
        data=of(BIRTHS),
        name="register.csv",
        says="register.csv does not say which source it is from, or names none that is known here. Name it "
        "<source>_<year-month-day>_<full or delta>.csv.",
    ),
    "a source that is not here": BadFile(
        data=of(BIRTHS),
        name="tea_2026-11-22_full.csv",
        says="tea_2026-11-22_full.csv does not say which source it is from, or names none that is known "
        "here. Name it <source>_<year-month-day>_<full or delta>.csv.",
    ),
    "a day to come": BadFile(
        data=of(BIRTHS),
        name="births_2027-01-01_full.csv",
        says="births_2027-01-01_full.csv speaks for 2027-01-01, which has not come yet.",
    ),
    "a zip bomb": BadFile(
        data=zip_bomb,
        says=f"{NAMED} is a spreadsheet or a zip archive. {SAVE} that file, as it is or as .csv.gz.",
    ),
    "an old spreadsheet": BadFile(
        data=lambda: b"\xd0\xcf\x11\xe0" + bytes(99),
        says=f"{NAMED} is an old spreadsheet. {SAVE} that file, as it is or as .csv.gz.",
    ),
    "a gzip bomb": BadFile(
        data=packed(bytes(20_000_000)), name=f"{NAMED}.gz", says=BOMB.format(name=f"{NAMED}.gz")
    ),
    "a bomb in a bomb": BadFile(data=packed(gzip.compress(bytes(20_000_000))), name=f"{NAMED}.gz", says=UTF8),
    "half a gzip file": BadFile(
        data=lambda: gzip.compress(BIRTHS.encode())[:-20],
        name=f"{NAMED}.gz",
        says=f"{NAMED}.gz ends in the middle: it was cut short. Send it again whole.",
    ),
    "a damaged gzip file": BadFile(
        data=lambda: b"\x1f\x8b\x08nonsense and more of it",
        name=f"{NAMED}.gz",
        says=f"{NAMED}.gz is a damaged gzip file. Pack it anew and send it again.",
    ),
    "a Parquet bomb": BadFile(data=parquet_bomb, name=PARQUET, says=BOMB.format(name=PARQUET)),
    "half a Parquet file": BadFile(
        data=lambda: parquet_bomb()[:9_000],
        name=PARQUET,
        says=f"{PARQUET} begins like a Parquet file and cannot be read as one.",
    ),
    "a zero byte in Parquet": BadFile(data=lambda: parquet(local_id=pl.lit("A\0")), name=PARQUET, says=UTF8),
}
