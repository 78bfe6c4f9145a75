"""Made-up wards: every home has one, by its postcode alone, in the authority with most of its district."""

from collections import Counter

import polars as pl

from contactpoint.domain.reference_lists import WARD_COLUMNS
from contactpoint.population.tables import authorities, districts
from contactpoint.population.wards import all_wards, wards_table
from contactpoint.supply.reference import read_reference


def test_every_sector_is_in_one_ward_of_one_name_and_authority():
    wards = all_wards()
    sectors = {
        f"{one.code} {digit}" for places in districts().values() for one in places for digit in one.sectors
    }
    assert Counter(one.postcode for one in wards) == Counter(sectors)
    assert len({one.ward for one in wards}) == len({one[1:] for one in wards})
    assert len({(one.name, one.authority) for one in wards}) == len({one.ward for one in wards})
    assert {one.authority for one in wards} == {one.dfe for one in authorities()}


def test_the_file_is_a_list_of_wards_of_the_authorities_that_are_made(england):
    held = read_reference(england[0] / "wards.csv")
    assert tuple(held.columns) == WARD_COLUMNS
    made = pl.read_csv(england[0] / "organisations.csv", infer_schema=False)["authority"].drop_nulls()
    assert set(held["authority"]) == set(made)
    assert wards_table([]).height == 0
