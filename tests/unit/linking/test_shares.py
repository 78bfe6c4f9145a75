"""Intervals, against values worked out by hand or published."""

import math

import numpy as np
import pytest

from contactpoint.linking.shares import Share, largest_gap, of_bunches


def test_an_interval_holds_its_value_and_narrows():
    few, many = Share(part=9, whole=10), Share(part=9000, whole=10000)
    for share in (few, many):
        assert share.interval[0] < share.value < share.interval[1]
    assert many.interval[1] - many.interval[0] < few.interval[1] - few.interval[0]
    assert few.interval == pytest.approx((0.5958, 0.9821), abs=1e-4)
    assert Share(part=0, whole=0).interval == (0.0, 1.0)


def test_members_that_fail_together_are_worth_as_many_as_their_bunches():
    """Fifty bunches of ten, five wholly missed: as sure as fifty single ones of which five are missed."""
    wholes = np.full(50, 10)
    parts = np.where(np.arange(50) < 5, 0, 10)
    found, single = of_bunches(parts, wholes), Share(part=45, whole=50)
    assert found.value == single.value
    assert found.worth == pytest.approx(49)  # n - 1: the variance is estimated
    assert found.interval == pytest.approx(single.interval, abs=0.002)
    assert found.interval[1] - found.interval[0] > 2 * (
        Share(part=450, whole=500).interval[1] - Share(part=450, whole=500).interval[0]
    )


def test_bunches_of_one_are_worth_what_they_are():
    found = of_bunches(np.array([1] * 90 + [0] * 10), np.ones(100, np.int64))
    assert found.worth == pytest.approx(99)


def test_where_nothing_fails_each_bunch_counts_once():
    found = of_bunches(np.array([45, 45, 1]), np.array([45, 45, 1]))
    assert (found.value, found.worth) == (1.0, 3)
    assert found.interval[0] == pytest.approx(3 / (3 + 1.959964**2))
    assert of_bunches(np.array([], np.int64), np.array([], np.int64)).interval == (0.0, 1.0)


def test_the_difference_of_two_shares_has_newcombes_interval():
    """Newcombe 1998, Statistics in Medicine 17: 873-890, table II, method 10: 56/70 and 48/80."""
    gap = largest_gap(
        {"a": Share(part=56, whole=70), "b": Share(part=48, whole=80), "c": Share(part=7, whole=10)}
    )
    assert gap is not None
    assert (gap.lowest, gap.highest) == ("b", "a")
    assert gap.value == pytest.approx(0.2)
    assert gap.interval == pytest.approx((0.0524, 0.3339), abs=1e-4)


def test_one_group_alone_has_no_gap():
    assert largest_gap({"a": Share(part=1, whole=2)}) is None
    assert largest_gap({}) is None


def test_an_interval_never_leaves_nought_to_one():
    for part in range(11):
        low, high = Share(part=part, whole=10, worth=2.5).interval
        assert 0.0 <= low <= part / 10 <= high <= 1.0
        assert not math.isnan(low)
