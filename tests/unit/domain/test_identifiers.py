"""Identifiers: published examples, and every single slip of the key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactpoint.domain.errors import InvalidIdentifier
from contactpoint.domain.identifiers import (
    child_number,
    format_child_number,
    nhs_number_is_valid,
    parse_child_number,
    upn_is_valid,
)

given_out = st.integers(0, 999_999_999).map(child_number).filter(lambda number: number is not None)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("9434765919", True),  # NHS Data Dictionary's worked example
        ("943 476 5919", True),
        ("943-476-5919", True),
        ("9434765918", False),
        ("943476591", False),
        ("94347659190", False),
        ("٩٤٣٤٧٦٥٩١٩", False),
        ("", False),
    ],
)
def test_nhs_number(text: str, valid: bool) -> None:
    assert nhs_number_is_valid(text) is valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("B801200005001", True),  # python-stdnum's example
        ("b801200005001", True),
        ("A801200005001", False),
        ("B801200005010", False),
        ("B80120000500", False),
        ("B80120000500I", False),
    ],
)
def test_upn(text: str, valid: bool) -> None:
    assert upn_is_valid(text) is valid


@given(given_out)
def test_a_number_survives_the_way_people_write_it(number: str) -> None:
    assert parse_child_number(format_child_number(number)) == number
    assert parse_child_number(number.lower().replace("0", "o")) == number


@given(given_out, st.integers(1, 9), st.integers(1, 9))
def test_one_wrong_digit_is_caught(number: str, position: int, shift: int) -> None:
    wrong = str((int(number[position]) + shift) % 10)
    with pytest.raises(InvalidIdentifier):
        parse_child_number(number[:position] + wrong + number[position + 1 :])


@given(given_out, st.integers(1, 8))
def test_swapped_neighbours_are_caught(number: str, at: int) -> None:
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    if swapped == number:
        assert parse_child_number(swapped) == number
    else:
        with pytest.raises(InvalidIdentifier):
            parse_child_number(swapped)


@pytest.mark.parametrize("text", ["", "C", "9434765919", "B801200005001", "C00000010١P", "D000000100P"])
def test_what_is_not_a_child_number_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidIdentifier, match="like C 000 000 102 M"):
        parse_child_number(text)


@pytest.mark.parametrize("serial", [-1, 1_000_000_000])
def test_a_serial_out_of_range_is_refused(serial: int) -> None:
    with pytest.raises(InvalidIdentifier):
        child_number(serial)


def test_misreadable_check_characters_are_never_given_out() -> None:
    checks = {number[-1] for serial in range(5000) if (number := child_number(serial))}
    assert checks == set("ACDEFHJKLMNPRTUVWXY")
