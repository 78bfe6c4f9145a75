"""Sorting of whole numbers, of few by numpy and of many by what is compiled."""

import numpy as np
import pytest

from contactpoint.linking.engine.loops import SMALL
from contactpoint.linking.engine.sorting import ascending, by_bytes, counted, heaviest_first, sort, taken

SIZES = (0, 1, 2, 500, SMALL, SMALL + 1, 3 * SMALL)
DRAWN = {
    "of all 64 bits": lambda draw, size: draw.integers(0, 2**64, size, dtype=np.uint64),
    "many of them alike": lambda draw, size: draw.integers(0, 9, size).astype(np.uint64) << np.uint64(40),
    "one number alone": lambda draw, size: np.full(size, 7, dtype=np.uint64) + np.uint64(draw.integers(9)),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("drawn", DRAWN.values(), ids=DRAWN)
def test_numbers_come_in_order_and_equal_ones_stay_as_they_stood(drawn, size):
    keys = drawn(np.random.default_rng(size), size)
    before = keys.copy()
    ordered, rows = ascending(keys)
    assert rows.tolist() == np.argsort(before, kind="stable").tolist()
    assert ordered.tolist() == before[rows].tolist()
    assert keys.tolist() == before.tolist()
    assert sort(keys).tolist() == ordered.tolist()


@pytest.mark.parametrize("size", SIZES)
def test_the_heaviest_come_first_and_equal_ones_stay_as_they_stood(size):
    weights = np.random.default_rng(size).integers(-40, 40, size) / 8
    weights[::7] *= -0.0
    assert heaviest_first(weights).tolist() == np.argsort(-weights, kind="stable").tolist()


def test_plain_python_sorts_as_what_is_compiled_does():
    keys = DRAWN["of all 64 bits"](np.random.default_rng(1), 200)
    rows, (other, others) = np.arange(200, dtype=np.int32), (keys.copy(), np.empty(200, dtype=np.int32))
    expected = np.argsort(keys, kind="stable")
    moved = by_bytes(keys, rows, other, others, counted(keys))
    assert (others if moved else rows).tolist() == expected.tolist()


@pytest.mark.parametrize("kind", [np.int8, np.uint16, np.int32, np.int64, np.bool_])
@pytest.mark.parametrize("size", [5, SMALL + 1])
def test_values_are_taken_from_the_end_by_places_below_nothing(kind, size):
    draw = np.random.default_rng(size)
    values, places = draw.integers(0, 2, 50).astype(kind), draw.integers(-50, 50, size).astype(np.int32)
    found = taken(values, places)
    assert found.dtype == kind
    assert found.tolist() == [values.tolist()[place] for place in places.tolist()]
