from datetime import date

import pytest

from contactpoint.population import PopulationConfig, PopulationError
from contactpoint.population.config import authority_order


def config(**change):
    values = {"children": 1000, "authorities": 3, "seed": 1, "as_at": date(2026, 11, 22)}
    return PopulationConfig(**(values | change))


def test_a_number_takes_the_first_of_the_stated_order():
    assert config().codes == ("353", "354", "357")
    assert len(set(authority_order())) == 153


def test_the_delta_is_four_weeks_later():
    assert config().next_as_at == date(2026, 12, 20)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"authorities": 0}, "between 1 and 153"),
        ({"authorities": 154}, "between 1 and 153"),
        ({"authorities": ("999",)}, "no authority has the DfE code 999"),
        ({"authorities": ()}, "one or more different"),
        ({"authorities": ("353", "353")}, "one or more different"),
        ({"children": 200}, "at least 100 for each authority"),
        ({"children": 15_000_000}, "at most 14,000,000"),
        ({"seed": -1}, "non-negative"),
        ({"mistakes": "third"}, "first or second"),
    ],
)
def test_an_impossible_england_is_refused_with_a_reason(change, says):
    with pytest.raises(PopulationError, match=says):
        config(**change)
