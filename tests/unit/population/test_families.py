"""Families at the rates of published statistics; tolerances are about four standard errors of the sample."""

import numpy as np
import pytest

from contactpoint.population.families import CHILDHOOD_DAYS, age_in_years, anchor_shares, make_children
from contactpoint.population.tables import authority_by_code
from contactpoint.population.traditions import INDEX


@pytest.fixture(scope="module")
def children():
    oldham = authority_by_code()["353"]
    return make_children(np.random.default_rng(11), living=40_000, shape=oldham.shape, mix=oldham.mix)


def sizes(children, tradition):
    counted = np.bincount(children.family, minlength=children.families)
    return counted[(children.tradition == INDEX[tradition]) & (counted > 0)]


def test_exactly_as_many_are_born_as_asked_for(children):
    assert (children.age_days >= 0).sum() == 40_000
    assert children.age_days.max() < CHILDHOOD_DAYS


def test_some_are_born_in_the_month_after(children):
    assert 50 < (children.age_days < 0).sum() < 400
    assert children.age_days.min() >= -28


def test_ages_follow_the_authority(children):
    wanted = np.array(authority_by_code()["353"].shape)
    found = np.bincount(age_in_years(children.age_days), minlength=18)

    assert np.abs(found / found.sum() - wanted / wanted.sum()).max() < 0.012


def test_anchor_shares_sum_to_one():
    assert anchor_shares(authority_by_code()["353"].shape).sum() == pytest.approx(1)


def test_families_by_size_are_as_published(children):
    english, pakistani = sizes(children, "english"), sizes(children, "pakistani")

    assert (english == 1).mean() == pytest.approx(0.446, abs=0.03)  # ONS 2024: 3.7m of 8.3m families
    assert (english == 2).mean() == pytest.approx(0.41, abs=0.03)
    assert (pakistani >= 3).mean() == pytest.approx(0.41, abs=0.05)  # Children's Commissioner 2022


def test_three_babies_in_a_hundred_are_of_a_multiple_birth(children):
    assert (children.twin_set > 0).mean() == pytest.approx(0.031, abs=0.006)


def test_twins_share_a_family_and_a_birthday_and_identical_ones_a_sex(children):
    later = np.flatnonzero(children.place_in_set > 0)
    first = later - children.place_in_set[later]

    assert (children.twin_set[later] == children.twin_set[first]).all()
    assert (children.family[later] == children.family[first]).all()
    assert (children.age_days[later] == children.age_days[first]).all()
    same_egg = children.identical[later]
    assert (children.sex[later] == children.sex[first])[same_egg].all()
    assert same_egg.mean() == pytest.approx(1 / 3, abs=0.08)


def test_boys_are_a_little_more_than_half(children):
    assert (children.sex == 0).mean() == pytest.approx(0.5125, abs=0.012)
