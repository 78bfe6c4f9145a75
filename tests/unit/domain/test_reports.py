"""What a report sums up, and what it does not show."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactpoint.domain.reports import LEAST_SHOWN, hide_small, median, report_of

MONDAY = date(2026, 10, 5)


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 40), max_size=6))
def test_no_small_part_is_shown_nor_can_be_worked_out(parts):
    shown = hide_small(parts)
    assert all(count is None or count == 0 or count >= LEAST_SHOWN for count in shown.values())
    assert all(count in {None, parts[name]} for name, count in shown.items())
    hidden = [name for name, count in shown.items() if count is None]
    assert len(hidden) != 1 or sum(1 for count in parts.values() if count) == 1


@pytest.mark.parametrize(("numbers", "middle"), [([], 0), ([3], 3), ([9, 1], 1), ([5, 9, 1], 5)])
def test_the_middle_of_numbers(numbers, middle):
    assert median(numbers) == middle


def test_a_report_sums_days_weeks_and_workdays_apart():
    whole = {"searches": {"": 10}, "people": {"": 4}, "contacts": {"": 6}, "found": {"first": 7, "none": 1}}
    days = {MONDAY: whole, MONDAY + timedelta(days=5): {"people": {"": 1}}, MONDAY + timedelta(days=7): whole}
    report = report_of(days, since=MONDAY, until=MONDAY + timedelta(days=13))
    assert (report.searches, report.people_a_day, report.days) == (20, 4, 3)
    assert [(week.begin, week.searches, week.contacts) for week in report.weeks] == [
        (MONDAY, 10, 6),
        (MONDAY + timedelta(days=7), 10, 6),
    ]
    assert report.sittings == 16
    assert report.found == {"first": None, "refined": 0, "none": None}


def test_days_that_took_asking_for_a_contact_are_in_no_number_of_contacts():
    before = {"searches": {"": 10}, "spoke": {"": 9}, "reached": {"minute": 9}}
    now = {"searches": {"": 10}, "contacts": {"": 6}, "contacted": {"day": 6}, "took": {"five": 6}}
    of_both = report_of(
        {MONDAY: before, MONDAY + timedelta(days=7): before, MONDAY + timedelta(days=8): now},
        since=MONDAY,
        until=MONDAY + timedelta(days=13),
    )
    assert (of_both.searches, of_both.contacts, of_both.contacted["day"]) == (30, 6, 6)
    assert of_both.contacts_since == MONDAY + timedelta(days=8)
    assert [week.contacts for week in of_both.weeks] == [None, 6]
    assert of_both.saved == report_of({MONDAY: now}, since=MONDAY, until=MONDAY).saved
    of_before = report_of({MONDAY: before}, since=MONDAY, until=MONDAY)
    assert (of_before.contacts, of_before.contacts_since, of_before.saved) == (None, None, None)
