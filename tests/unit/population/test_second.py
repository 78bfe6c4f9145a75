"""The second error model: its rules, its rates, and that the matcher holds nothing that is kept from it."""

from datetime import date

import polars as pl
import pytest

from contactpoint.linking.names import (
    are_surname_variants,
    fold,
    is_nickname,
    joined,
    same_forename_spelling_group,
)
from contactpoint.population import capture
from contactpoint.population.errors import BIT, ERRORS, SECOND
from contactpoint.population.second import GROUPS
from contactpoint.population.tables import pet_names, short_forms, spellings, surname_variants
from contactpoint.population.traditions import TRADITIONS
from contactpoint.supply.contracts import CONTRACTS
from contactpoint.supply.read import read_table
from contactpoint.supply.reference import read_reference
from contactpoint.supply.validate import validate


def known_to_the_matcher(one, other):
    first, second = joined(fold(one)), joined(fold(other))
    return (
        first == second
        or is_nickname(first, second)
        or same_forename_spelling_group(first, second)
        or are_surname_variants(first, second)
    )


def test_no_pet_name_is_in_a_table_of_the_matcher():
    pairs = [(name, pet) for name, pets in pet_names().items() for pet in pets]
    assert len(pairs) > 200
    assert [pair for pair in pairs if known_to_the_matcher(*pair)] == []


@pytest.mark.parametrize(
    ("table", "at_least"), [(short_forms, 0.25), (spellings, 0.25), (surname_variants, 0.5)]
)
def test_part_of_every_table_of_the_generator_is_in_none_of_the_matcher(table, at_least):
    pairs = [(name, other) for name, others in table().items() for other in others]
    unknown = [pair for pair in pairs if not known_to_the_matcher(*pair)]
    assert at_least <= len(unknown) / len(pairs) < 1.0


@pytest.mark.parametrize(
    ("rule", "word", "choice", "found"),
    [
        (capture.misread, "Arnold", 0, "Amold"),
        (capture.misheard, "Bethan", 0, "Befan"),
        (capture.run_together, "Smith-Jones", 1, "Smithjones"),
        (capture.run_together, "Smith-Jones", 0, "Jones-Smith"),
        (capture.run_together, "Smith", 0, "Smith"),
        (capture.pet_name, "Jakub", 0, "Kuba"),
        (capture.pet_name, "Qwerty", 0, "Qwerty"),
        (capture.digit_misread, "1AC", 0, "7AC"),
        (capture.digit_misread, "AC", 3, "AC"),
    ],
)
def test_a_rule_does_what_it_says(rule, word, choice, found):
    assert rule(word, choice) == found


@pytest.mark.parametrize(
    ("word", "found"),
    [("Featherstonehaugh", "Featherstone"), ("Smith-Brown-Jones", "Smith-Brown"), ("Al", "Al")],
)
def test_an_old_system_has_room_for_twelve_letters(word, found):
    assert capture.cut_short(word) == found


def test_only_names_of_another_script_are_romanised_again():
    assert capture.romanised("Xasan", 6, "somali")[0] == "X"  # the first letter is never lost
    assert capture.romanised("Faduma", 1, "somali") == "Fadouma"
    assert capture.romanised("Xiaoming", 0, "chinese") != "Xiaoming"
    assert capture.romanised("Smith", 0, "english") == "Smith"


def test_every_kind_has_a_bit_of_its_own_and_every_tradition_its_multipliers():
    assert len(BIT) == len(ERRORS) + len(SECOND) < 63
    assert len(set(BIT.values())) == len(BIT)
    assert list(GROUPS) == [t.name for t in TRADITIONS]


def truth(england):
    return pl.read_parquet(england[0] / "truth.parquet")


def test_the_children_are_the_same_and_the_mistakes_are_others(england, otherwise):
    people = [pl.read_parquet(where[0] / "people.parquet") for where in (england, otherwise)]
    assert people[0].equals(people[1])
    made = set(truth(otherwise).explode("errors")["errors"].drop_nulls())
    assert {kind.code for kind in SECOND} - made <= {"number_of_sibling", "dob_of_sibling"}
    assert not made & {kind.code for kind in ERRORS if kind.pair_rate is not None}


def test_mistakes_are_near_their_rates(otherwise):
    rate = truth(otherwise).explode("errors")["errors"].drop_nulls().value_counts()
    found = {code: count / len(truth(otherwise)) for code, count in rate.iter_rows()}
    assert found["surname_misread"] == pytest.approx(0.005, abs=0.002)  # 0.4 % by source and deprivation
    assert found["surname_misheard"] == pytest.approx(0.010, abs=0.004)
    assert found["postcode_not_asked"] == pytest.approx(0.019, abs=0.006)


def test_the_ordinary_supply_path_accepts_these_rows_too(otherwise):
    folder = otherwise[0]
    organisations = frozenset(read_reference(folder / "organisations.csv")["code"])
    contracts = dict(read_reference(folder / "sources.csv").select("code", "contract").iter_rows())
    for path in sorted((folder / "feeds").iterdir()):
        source, day, _ = path.stem.split("_")
        contract = CONTRACTS[contracts[source]]
        checked = validate(
            read_table(path, contract), contract, as_at=date.fromisoformat(day), organisations=organisations
        )
        assert set(checked.rejections["field"]) <= {"consent"}, (path.name, checked.rejections)
