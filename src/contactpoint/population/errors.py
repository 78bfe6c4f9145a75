"""The two error models: every way a source gets a child wrong, how often, and on whose evidence.

A published rate is for a *pair* of records that disagree; either may be at fault, so each record gets half of
it, times its source's multiplier (`contracts.HABITS`) and, for names and birth dates, its tradition's
(`traditions.TRADITIONS`). "Assumption" means no published rate was found.

`ERRORS` follows what linkage studies counted; an England has these unless it is asked for others. `SECOND`
follows how records come to be: scanned, heard, romanised, cut short, filled in by default, copied within a
household. It exists so that links can be judged by mistakes that nobody looked at while the matcher was made;
its rates are our assumption throughout, and its groups have multipliers of their own (`second.GROUPS`).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

CPFT = "Cardinal et al. 2023, BMC Med Inform Decis Mak 23 (pairs of records across NHS systems)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorKind:
    """One error: its code in the truth file, the column it spoils, its rate for a pair, its source.

    ``group`` says whose multiplier applies: ``name``, ``date`` or ``order`` by tradition (in the second model
    ``ear``, ``script`` or ``clerk``), blank for none. A rate of None is set by the source's habits or by
    circumstance.
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


def _kind(code: str, field: str, pair_rate: float, why: str, group: str = "") -> ErrorKind:
    return ErrorKind(code=code, field=field, pair_rate=pair_rate, source=f"assumption: {why}", group=group)


SECOND: tuple[ErrorKind, ...] = (
    _kind("forename_misread", "forename", 0.008, "handwriting, a scanner", "clerk"),
    _kind("forename_misheard", "forename", 0.012, "heard on the telephone", "ear"),
    _kind("forename_romanised", "forename", 0.06, "written in our letters once more", "script"),
    _kind("forename_run_together", "forename", 0.05, "of double forenames: one word, or the other way round"),
    _kind("forenames_in_one", "forename", 0.008, "forename and middle name as one word", "clerk"),
    _kind("pet_name", "forename", 0.03, "of names with one at home: in no table of the matcher"),
    _kind("forename_of_carer", "forename", 0.0006, "the wrong line of the form", "clerk"),
    _kind("surname_misread", "surname", 0.008, "handwriting, a scanner", "clerk"),
    _kind("surname_misheard", "surname", 0.012, "heard on the telephone", "ear"),
    _kind("surname_romanised", "surname", 0.06, "written in our letters once more", "script"),
    _kind("surname_run_together", "surname", 0.18, "of double surnames: one word, or the other way round"),
    _kind("surname_of_carer", "surname", 0.012, "copied down the household, where the carer has another"),
    _kind("family_name_first", "forename", 0.003, "the order of the form not followed", "script"),
    _kind("dob_american", "date_of_birth", 0.0012, "month before day", "clerk"),
    _kind("dob_first_of_month", "date_of_birth", 0.0012, "a day is wanted and not known", "script"),
    _kind("dob_new_year", "date_of_birth", 0.0008, "a date is wanted and not known", "script"),
    _kind("dob_misread", "date_of_birth", 0.0020, "one digit for another of its shape", "clerk"),
    _kind("dob_thirty_for_thirteen", "date_of_birth", 0.03, "of days 13 and 30: heard", "ear"),
    _kind("dob_of_sibling", "date_of_birth", 0.0004, "copied within the household"),
    _kind("sex_by_default", "sex", 0.004, "what the form begins with"),
    _kind("sex_not_asked", "sex", 0.008, "left blank"),
    _kind("postcode_misread", "postcode", 0.010, "one digit for another of its shape", "clerk"),
    _kind("postcode_of_another", "postcode", 0.012, "a grandparent's, a school's"),
    _kind("postcode_not_asked", "postcode", 0.030, "left blank"),
    _kind("number_of_sibling", "nhs_number", 0.0005, "copied within the household"),
    ErrorKind(
        code="cut_short",
        field="surname",
        pair_rate=None,
        source="assumption: two kinds of source have room for twelve letters",
    ),
)
BIT: dict[str, int] = {kind.code: 1 << place for place, kind in enumerate(ERRORS + SECOND)}


def as_lists(masks: np.typing.NDArray[np.int64]) -> pl.Series:
    """Error masks as lists of codes, for ``truth.parquet``."""
    unique, place = np.unique(masks, return_inverse=True)
    lists = [[kind.code for kind in ERRORS + SECOND if mask & BIT[kind.code]] for mask in unique.tolist()]
    return pl.Series("errors", lists, dtype=pl.List(pl.String)).gather(pl.Series(place.reshape(-1)))
