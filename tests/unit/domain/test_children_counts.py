"""Children are told of by rounded cells and by nothing else, so that no count can be had back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactpoint.domain.children_counts import LEAST_TOLD, Ages, Of, children_report, sum_of, told, total

cells = st.dictionaries(st.sampled_from(Ages), st.integers(0, 60), max_size=3)
areas = st.lists(st.fixed_dictionaries({Of.CHILDREN: cells, Of.LEAD: cells}), min_size=1, max_size=3)


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, None), (1, None), (9, None), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (1_002, 1_000)],
)
def test_a_cell_is_rounded_and_a_small_one_is_not_told(count, expected):
    assert told(count) == expected


def test_a_total_of_small_parts_is_small():
    assert sum_of([None, None]) is None
    assert sum_of([None, 10, 15]) == 25


def published(world):
    """All that is told of a world: of each month and area, of each age and of the whole."""
    kept = [{of: {age: told(n) for age, n in cells.items()} for of, cells in area.items()} for area in world]
    return children_report(
        {date(2026, 11, 1): kept, date(2026, 10, 1): kept[:1]},
        areas=[(str(place), cells) for place, cells in enumerate(kept)],
        is_national=True,
    )


def neighbours(count):
    """The counts told alike: whoever reads one cannot tell it from these."""
    return [one for one in range(max(0, count - LEAST_TOLD), count + LEAST_TOLD) if told(one) == told(count)]


@given(areas, st.randoms())
def test_r34_no_count_can_be_had_back_from_all_that_is_told(world, choice):
    """Put each count anywhere among those told alike, all at once: the report stays the same."""
    other = [
        {of: {age: choice.choice(neighbours(n)) for age, n in ages.items()} for of, ages in area.items()}
        for area in world
    ]
    assert published(other) == published(world)


@given(st.integers(0, 10_000))
def test_r34_every_count_is_told_alike_with_others(count):
    assert len(neighbours(count)) >= 3


def test_every_total_is_the_sum_of_what_is_told_of_its_parts():
    cells = {Of.CHILDREN: {Ages.BABY: 10, Ages.OLDER: None, Ages.PRIMARY: 25}}
    assert total([cells, cells], Of.CHILDREN) == 70
    assert total([cells], Of.LEAD) is None
