"""The error model: every way a source gets a child wrong, how often, and on whose evidence.

A published rate is for a *pair* of records that disagree; either may be at fault, so each record gets half of
it, times its source's multiplier (`contracts.HABITS`) and, for names and birth dates, its tradition's
(`traditions.TRADITIONS`). "Assumption" means no published rate was found.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

CPFT = "Cardinal et al. 2023, BMC Med Inform Decis Mak 23 (pairs of records across NHS systems)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorKind:
    """One error: its code in the truth file, the column it spoils, its rate for a pair, its source.

    ``group`` says whose multiplier applies: ``name``, ``date`` or ``order`` by tradition, blank for none. A
    rate of None is set by the source's habits or by circumstance.
    """

    code: str
    field: str
    pair_rate: float | None
    source: str
    group: str = ""


ERRORS: tuple[ErrorKind, ...] = (
    ErrorKind(code="forename_sounds_alike", field="forename", pair_rate=0.0087, source=CPFT, group="name"),
    ErrorKind(code="forename_similar_start", field="forename", pair_rate=0.0078, source=CPFT, group="name"),
    ErrorKind(code="forename_different", field="forename", pair_rate=0.0060, source=CPFT, group="name"),
    ErrorKind(
        code="forename_typing_slip",
        field="forename",
        pair_rate=0.0040,
        source="assumption: within ALSPAC's 12 % (Lam et al. 2024)",
        group="name",
    ),
    ErrorKind(code="forename_initial_only", field="forename", pair_rate=0.0010, source="assumption"),
    ErrorKind(
        code="middle_name_as_forename", field="forename", pair_rate=0.0020, source="assumption", group="name"
    ),
    ErrorKind(code="names_swapped", field="forename", pair_rate=0.0019, source=CPFT, group="order"),
    ErrorKind(code="surname_sounds_alike", field="surname", pair_rate=0.0051, source=CPFT, group="name"),
    ErrorKind(code="surname_similar_start", field="surname", pair_rate=0.0031, source=CPFT, group="name"),
    ErrorKind(
        code="surname_different",
        field="surname",
        pair_rate=0.0134,
        source=CPFT + ", males; the adult female rate is marriage",
    ),
    ErrorKind(
        code="surname_typing_slip",
        field="surname",
        pair_rate=0.0040,
        source="assumption: within ALSPAC's 18 % (Lam et al. 2024)",
        group="name",
    ),
    ErrorKind(
        code="one_surname_of_two", field="surname", pair_rate=0.20, source="assumption, of double surnames"
    ),
    ErrorKind(
        code="dob_day_month_swapped",
        field="date_of_birth",
        pair_rate=0.0008,
        source="share assumed of 0.49 %: " + CPFT,
        group="date",
    ),
    ErrorKind(
        code="dob_one_digit",
        field="date_of_birth",
        pair_rate=0.0024,
        source="share assumed of 0.49 %: " + CPFT,
        group="date",
    ),
    ErrorKind(
        code="dob_year",
        field="date_of_birth",
        pair_rate=0.0009,
        source="share assumed of 0.49 %: " + CPFT,
        group="date",
    ),
    ErrorKind(
        code="dob_first_of_january",
        field="date_of_birth",
        pair_rate=0.0005,
        source="share assumed; 24,437 such immigration records in 2008",
        group="date",
    ),
    ErrorKind(
        code="dob_different",
        field="date_of_birth",
        pair_rate=0.00033,
        source="7 % of 0.49 %: " + CPFT,
        group="date",
    ),
    ErrorKind(code="sex_wrong", field="sex", pair_rate=0.0033, source=CPFT),
    ErrorKind(code="sex_missing", field="sex", pair_rate=0.0040, source="assumption"),
    ErrorKind(code="postcode_near", field="postcode", pair_rate=0.0097, source=CPFT),
    ErrorKind(
        code="postcode_different",
        field="postcode",
        pair_rate=0.0100,
        source="assumption: what is left of 30 % when moves are taken out",
    ),
    ErrorKind(
        code="postcode_missing",
        field="postcode",
        pair_rate=0.0200,
        source="assumption: part of 53 % missing or different, Harron et al. 2017",
    ),
    ErrorKind(
        code="nhs_number_of_sibling",
        field="nhs_number",
        pair_rate=0.0004,
        source="assumption: a brother's or sister's number, mostly a twin's",
    ),
    ErrorKind(
        code="dob_partial",
        field="date_of_birth",
        pair_rate=0.0030,
        source="assumption: councils, youth justice and charities only",
    ),
    ErrorKind(code="known_as_used", field="forename", pair_rate=None, source="habits"),
    ErrorKind(code="surname_stale", field="surname", pair_rate=None, source="habits"),
    ErrorKind(code="address_stale", field="address", pair_rate=None, source="habits"),
    ErrorKind(code="punctuation_lost", field="surname", pair_rate=None, source="habits"),
    ErrorKind(code="accents_lost", field="forename", pair_rate=None, source="habits"),
    ErrorKind(
        code="surname_by_custom",
        field="surname",
        pair_rate=None,
        source="assumption: Singh or Kaur, or the father's surname, written instead",
    ),
    ErrorKind(
        code="one_word_name_doubled",
        field="forename",
        pair_rate=None,
        source="assumption: a system that insists on two names",
    ),
    ErrorKind(
        code="not_yet_named",
        field="forename",
        pair_rate=None,
        source="circumstance: a baby before registration",
    ),
)
BIT: dict[str, int] = {kind.code: 1 << place for place, kind in enumerate(ERRORS)}


def as_lists(masks: np.typing.NDArray[np.int64]) -> pl.Series:
    """Error masks as lists of codes, for ``truth.parquet``."""
    unique, place = np.unique(masks, return_inverse=True)
    lists = [[kind.code for kind in ERRORS if mask & BIT[kind.code]] for mask in unique.tolist()]
    return pl.Series("errors", lists, dtype=pl.List(pl.String)).gather(pl.Series(place.reshape(-1)))
