"""Names as people write them."""

import pytest

from contactpoint.linking.names import (
    are_surname_variants,
    fold,
    is_nickname,
    name_hash,
    name_of,
    nicknames,
    phonetic_keys,
    same_forename_spelling_group,
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("O'Brien", "obrien"),
        ("O’BRIEN", "obrien"),
        ("Anne-Marie", "anne marie"),
        ("  Zoë ", "zoe"),
        ("Łukasz", "lukasz"),
        ("Straße", "strasse"),
        ("Søren", "soren"),
        ("Smith–Jones", "smith jones"),
        ("محمد", "محمد"),
        ("王伟", "王伟"),
        ("प्रिया", "प्रिया"),
        ("...", ""),
    ],
)
def test_a_name_is_folded(written, folded):
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Baby", ""),
        ("Twin 2", ""),
        ("Baby Boy", ""),
        ("Not Known", ""),
        ("unknown", ""),
        ("Miss Ivy", "ivy"),
        ("Miss", "miss"),
        ("Babylon", "babylon"),
        ("Boy George", "boy george"),
        (None, ""),
    ],
)
def test_what_only_holds_the_place_of_a_name_is_none(written, name):
    assert name_of(written) == name


def test_sounds_are_primary_and_alternate():
    assert phonetic_keys("Schwarz") == ("XRS", "XFRTS")
    assert phonetic_keys("Mohammed") == phonetic_keys("Muhamad")
    assert phonetic_keys("王伟") == ()


def test_a_hash_is_the_same_everywhere_and_fits_a_database_column():
    assert name_hash("smith") == -5530098393195011052
    assert name_hash("smith") != name_hash("smyth")
    assert all(-(2**63) <= name_hash(text) < 2**63 for text in ("", "a", "é", "王" * 99))


def test_nicknames_go_both_ways_and_hold_spellings():
    assert "bobby" in nicknames("Robert")
    assert "robert" in nicknames("BOBBY")
    assert "muhammad" in nicknames("Mohammed")
    assert nicknames("Thornycroft") == frozenset()


def test_tables_know_what_sound_and_spelling_do_not_show():
    assert is_nickname("robert", "bobby")
    assert same_forename_spelling_group("muhammad", "mohd")
    assert are_surname_variants("atkins", "elkins")
    assert not is_nickname("robert", "sophie")
