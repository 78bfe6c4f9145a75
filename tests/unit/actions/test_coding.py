"""The codes of the search index: asked and stored must meet."""

from datetime import date

import pytest

from contactpoint.actions.find import coding
from contactpoint.storage.search_index import KeyKind

# what is stored, what is typed
FORENAMES = [
    ("Mohammed", "Mohamed"),
    ("Muhammad", "Mohammed"),
    ("Catherine", "Kate"),
    ("Mary Jane", "Mary-Jane"),
    ("Mary Jane", "Mary"),
    ("Zoë", "Zoe"),
    ("Siân", "Sian"),
    ("李", "李"),
    ("Baby", "Baby"),
]
SURNAMES = [("O'Brien", "OBrien"), ("Smith-Jones", "Jones"), ("Jones", "Smith-Jones"), ("Hussain", "Hussein")]


@pytest.mark.parametrize(("stored", "typed"), FORENAMES)
def test_a_forename_typed_meets_the_one_stored(stored, typed):
    filed = {coding.sound_of(stored), *coding.stored_sounds(stored)}
    assert filed & set(coding.asked_forename_sounds(typed))


@pytest.mark.parametrize(("stored", "typed"), SURNAMES)
def test_a_last_name_typed_meets_the_one_stored(stored, typed):
    assert set(coding.stored_sounds(stored)) & set(coding.asked_surname_sounds(typed))


def test_a_name_given_by_custom_does_not_file_a_child_beside_all_who_have_it():
    assert len(coding.stored_sounds("Kaur Dhillon")) == 2


def test_a_pair_is_not_the_pair_the_other_way_round():
    assert coding.pair_code("SM0", "ANN") != coding.pair_code("ANN", "SM0")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Okafr", "Okafor"),
        ("Okakfor", "Okafor"),
        ("Ojafor", "Okafor"),
        ("Ofakor", "Okafor"),
        ("Smiht", "Smith"),
        ("Finnehan", "Finnegan"),
    ],
)
def test_a_slip_of_the_finger_is_a_slip_of_the_sound_or_none(typed, meant):
    sound = coding.sound_of(typed)
    assert coding.sound_of(meant) in {sound, *coding.slips_of(sound)}
    pairs = coding.slipped_pair_codes(sound, "AMN")
    assert coding.pair_code(coding.sound_of(meant), "AMN") in {coding.pair_code(sound, "AMN"), *pairs}


def test_slips_are_other_sounds_each_once_and_never_none():
    slips = coding.slips_of("SM0")
    assert {"SM", "S0M", "SN0", "SM0T", "ASM0"} <= set(slips)
    assert len(slips) == len(set(slips))
    assert not {"", "SM0"} & set(slips)
    assert "" not in coding.slips_of("A")


@pytest.mark.parametrize("sound", ["", "李", "ANMRKNTSN"])
def test_what_is_no_sound_or_too_long_has_no_slips(sound):
    assert coding.slips_of(sound) == ()


@pytest.mark.parametrize(
    ("day", "other"),
    [
        (date(2016, 5, 9), date(2016, 9, 5)),
        (date(2016, 5, 5), None),
        (date(2016, 5, 13), None),
    ],
)
def test_swapping_day_and_month(day, other):
    assert coding.swapped(day) == other


@pytest.mark.parametrize(
    "slip",
    [
        date(2016, 9, 5),
        date(2016, 5, 8),
        date(2016, 5, 19),
        date(2017, 5, 9),
        date(2006, 5, 9),
        date(2016, 6, 9),
    ],
    ids=str,
)
def test_near_dates_hold_each_slip_of_the_key(slip):
    assert slip in coding.near_dates(date(2016, 5, 9))


def test_near_dates_hold_a_day_counted_wrong_into_the_next_month():
    assert date(2016, 6, 1) in coding.near_dates(date(2016, 5, 29))


def test_near_dates_at_the_end_of_a_leap_february_are_dates():
    assert date(2016, 2, 28) in coding.near_dates(date(2016, 2, 29))


def test_an_age_allows_a_year_either_way():
    first, last = coding.born_between(10, date(2026, 11, 22))
    assert first <= date(2014, 11, 23)
    assert last >= date(2017, 11, 21)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ol1 4ab", ("OL14AB", ("OL1 4",), "OL1")),
        ("OL1 4", (None, ("OL1 4",), "OL1")),
        ("M14", (None, tuple(f"M14 {digit}" for digit in range(10)), "M14")),
        ("M1 4", (None, ("M1 4",), "M1")),
        ("", (None, (), None)),
        (None, (None, (), None)),
    ],
)
def test_postcodes_and_their_beginnings(typed, expected):
    assert coding.sectors_of(typed) == expected


def test_part_of_an_address_meets_the_whole():
    stored = set(coding.address_keys("Flat 2, 14 Mill Lane, Oldham"))
    assert set(coding.asked_address_keys("14 mill lane")) <= stored
    assert set(coding.asked_address_keys("Oldham")) <= stored
    assert not set(coding.asked_address_keys("15 Mill Road")) & stored


def test_numbers_are_keyed_by_kind():
    assert coding.identifier_key(KeyKind.NHS_NUMBER, "900 000 0009") == coding.identifier_key(
        KeyKind.NHS_NUMBER, "9000000009"
    )
    assert coding.identifier_key(KeyKind.UPN, "9000000009") != coding.identifier_key(
        KeyKind.NHS_NUMBER, "9000000009"
    )
    assert coding.identifier_key(KeyKind.UPN, None) is None
    assert coding.phone_key("+44 7700 900123") == coding.phone_key("07700 900123")
    assert coding.phone_key("123") is None
    assert coding.organisation_key(None) is None
    assert set(coding.asked_carer_keys("Grace Okafor")) & set(coding.carer_keys("Okafor"))
