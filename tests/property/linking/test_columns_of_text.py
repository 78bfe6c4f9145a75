"""Whole columns are made normal as the scalar reference makes one text, whatever it holds."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contactpoint.domain.identifiers import nhs_number_is_valid
from contactpoint.linking.engine import texts
from contactpoint.linking.engine.table import Table, order_of
from contactpoint.linking.model import normalise
from contactpoint.linking.names import name_of

LIKELY = st.sampled_from(
    (
        "M1 1CK", "m11ck", "ZZ99 3VZ", "12345-6789", "902101234", "B33 8TH", "Flat 3, 12a High Street",
        "0000123", "+44 161 496 0000", "Ａ１", "ſ", "ß", "9000000009", "900-000-0009", "B801200005001",
        "Baby Boy", "Twin 2", "not known", "Mr O'Neil", "Mr Baby", "No name", "MRS", "Anne-Marie", "Élodie",
        "unknown-", "x " * 60, "A.B@Example.org ", "\x1c5\x1f", "12345", "\u2003x", "İ",
    )
)  # fmt: skip
TEXTS = st.lists(st.one_of(st.none(), st.text(max_size=20), LIKELY), min_size=1, max_size=8)
SAME = {
    "names": (texts.names, name_of),
    "plains": (texts.plains, normalise.plain),
    "houses": (texts.houses, normalise.house_of),
    "digits": (texts.digits, normalise.digits),
    "uprns": (texts.uprns, lambda text: normalise.digits(text).lstrip("0")),
    "phones": (texts.phones, normalise.phone_of),
    "emails": (texts.emails, lambda text: text.strip().casefold()[:200]),
    "birth order": (texts.births_in_order, lambda text: normalise.digits(text)[:2]),
    "codes": (texts.checked_codes, normalise.checked_code),
    "postcodes": (texts.postcodes, lambda text: normalise.parse_postcode(text).full),
}


@pytest.mark.parametrize("kind", SAME)
@settings(deadline=None)
@given(TEXTS)
def test_a_column_says_what_each_text_says(kind, given_texts):
    column, single = SAME[kind]
    stripped = pl.Series(given_texts, dtype=pl.String).str.strip_chars()
    expected = [single(text) if text is not None else "" for text in stripped.to_list()]
    assert [text or "" for text in column(stripped).to_list()] == expected


@settings(deadline=None)
@given(TEXTS)
def test_postcodes_stand_at_the_levels_that_the_reference_gives(given_texts):
    full = sorted({normalise.parse_postcode(text).full for text in given_texts} - {""})
    parsed = [normalise.parse_postcode(text) for text in full]
    table = texts.places(pl.Series(full, dtype=pl.String))
    for column, level in enumerate(("sector", "district", "area")):
        names = [getattr(postcode, level) for postcode in parsed]
        for one, mine in enumerate(names):
            assert (table[one, column] == -1) == (mine == "")
            for other, yours in enumerate(names):
                assert (table[one, column] == table[other, column]) == (mine == yours)
    assert table[:, 3].tolist() == [postcode.is_coarse for postcode in parsed]


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(st.from_regex(r"\A[0-9]{10}\Z"), st.from_regex(r"\A[A-Z][0-9]{12}\Z"), st.text(), LIKELY)
    )
)
def test_checks_of_whole_columns_are_the_checks_of_one(given_codes):
    codes = [normalise.checked_code(code) for code in given_codes]
    column = pl.Series(codes, dtype=pl.String)
    assert texts.nhs_numbers_valid(column).tolist() == [nhs_number_is_valid(code) for code in codes]
    assert texts.upns_permanent(column).tolist() == [normalise.upn_is_permanent(code) for code in codes]


@pytest.mark.parametrize("code", ["9000000009", "B801200005001"])
def test_a_valid_code_passes_the_check_of_its_column(code):
    check = texts.nhs_numbers_valid if len(code) == 10 else texts.upns_permanent
    last = "0" if code[-1] != "0" else "1"
    assert check(pl.Series([code, code[:-1] + last, ""])).tolist() == [True, False, False]


@settings(deadline=None)
@given(st.lists(st.text(st.characters(codec="ascii"), max_size=40), min_size=1, max_size=12))
def test_local_ids_stand_in_the_order_that_polars_sorts_them_in(ids):
    keys = pl.DataFrame({"record": range(len(ids)), "source": "a", "local_id": ids})
    source = np.zeros(len(ids), dtype=np.int32)
    order, numbers = order_of(Table(keys), keys["record"].to_numpy(), source)
    assert order.tolist() == keys.sort("local_id", "record")["record"].to_list()
    assert [ids[row] for row in order] == [sorted(set(ids))[number] for number in numbers]
