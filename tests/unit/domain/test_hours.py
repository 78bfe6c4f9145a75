"""Hours saved: an interval of what is measured and what is assumed, and of no part that is not shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactpoint.domain.hours import FINDING, LOOKING, Interval, Within, hours_saved

COUNT = st.none() | st.integers(0, 5000)


def test_what_practitioners_said_is_thirteen_minutes_to_look_and_seventeen_to_find():
    assert (round(LOOKING), round(FINDING)) == (13, 17)


# (contacts, how long finding took, hours, minutes)
TABLE = [
    (600, {Within.MINUTE: 600}, (124, 171), (0, 1)),  # 600 x (13.46 - 1) / 60, 600 x (17.04 - 0) / 60
    (600, {Within.FIVE: 300}, (42, 161), (1, 5)),  # 300 x (13.46 - 5) / 60, 600 x (17.04 - 1) / 60
    (600, {Within.FIVE: 300, Within.QUARTER: 300}, (34, 141), (3, 10)),
    (600, {Within.HOUR: 600}, (0, 21), (15, 60)),
    (600, {}, (0, 171), None),
    (600, {Within.MINUTE: None, Within.FIVE: None}, (0, 171), None),
    (100, {Within.MINUTE: 600}, (20, 29), (0, 1)),  # no more are saved than were made
    (0, {}, (0, 0), None),
]


@pytest.mark.parametrize(("contacts", "took", "hours", "minutes"), TABLE)
def test_hours_lie_between_what_is_measured_at_its_longest_and_at_its_shortest(
    contacts, took, hours, minutes
):
    saved = hours_saved(contacts, took)
    assert saved.hours == Interval(least=hours[0], most=hours[1])
    assert saved.minutes == (Interval(least=minutes[0], most=minutes[1]) if minutes else None)


def test_of_too_few_contacts_nothing_is_said():
    assert hours_saved(None, {Within.MINUTE: 40}) is None


@given(st.integers(0, 5000), st.fixed_dictionaries(dict.fromkeys(Within, COUNT)))
def test_it_is_an_interval_whatever_was_counted_and_grows_with_what_is_assumed(contacts, took):
    saved = hours_saved(contacts, took)
    for _, hours in saved.if_it_were:
        assert 0 <= hours.least <= hours.most
    half, as_said, twice = (hours for _, hours in saved.if_it_were)
    assert as_said == saved.hours
    assert half.least <= as_said.least <= twice.least
    assert half.most <= as_said.most <= twice.most
