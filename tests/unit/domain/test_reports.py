"""Counting use: what one person did in a day, parted into sittings; and what a report does not show."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactpoint.domain.hours import Within
from contactpoint.domain.reports import (
    LEAST_SHOWN,
    Did,
    Found,
    Measure,
    Step,
    count_steps,
    hide_small,
    median,
    report_of,
)

NINE = datetime(2026, 10, 5, 9, tzinfo=UTC)
MONDAY = date(2026, 10, 5)


def day(*told: tuple[float, Did]) -> list[Step]:
    """What somebody did, each so many minutes after nine."""
    return [
        Step(at=NINE + timedelta(minutes=minutes), did=did, purpose="safeguarding") for minutes, did in told
    ]


SEARCH, OPEN, ASK, SPOKE, ANSWER = Did.SEARCHED, Did.OPENED, Did.ASKED, Did.SPOKE, Did.ANSWERED
SITTINGS = [
    ("nothing was opened", day((0, SEARCH)), {Found.NONE: 1}, {}),
    ("opened at once", day((0, SEARCH), (1, OPEN)), {Found.FIRST: 1}, {}),
    ("searched again, then opened", day((0, SEARCH), (2, SEARCH), (3, OPEN)), {Found.REFINED: 1}, {}),
    (
        "a search a quarter of an hour later is another",
        day((0, SEARCH), (16, SEARCH), (17, OPEN)),
        {Found.NONE: 1, Found.FIRST: 1},
        {},
    ),
    (
        "a search after a record was opened is another",
        day((0, SEARCH), (1, OPEN), (2, SEARCH)),
        {Found.FIRST: 1, Found.NONE: 1},
        {},
    ),
    (
        "rang within the minute",
        day((0, SEARCH), (0.3, OPEN), (0.9, SPOKE)),
        {Found.FIRST: 1},
        {Within.MINUTE: 1},
    ),
    ("asked after four minutes", day((0, SEARCH), (1, OPEN), (4, ASK)), {Found.FIRST: 1}, {Within.FIVE: 1}),
    (
        "counted from the first search",
        day((0, SEARCH), (10, SEARCH), (11, OPEN), (14, SPOKE)),
        {Found.REFINED: 1},
        {Within.QUARTER: 1},
    ),
    (
        "reached once, however many they rang",
        day((0, SEARCH), (1, OPEN), (2, SPOKE), (50, SPOKE)),
        {Found.FIRST: 1},
        {Within.FIVE: 1},
    ),
    ("rang the next afternoon", day((0, SEARCH), (1, OPEN), (61, SPOKE)), {Found.FIRST: 1}, {}),
    ("answering is no search's doing", day((0, SEARCH), (1, OPEN), (2, ANSWER)), {Found.FIRST: 1}, {}),
    ("rang, having looked at nothing", day((0, SPOKE)), {}, {}),
    ("opened from another list", day((0, OPEN)), {}, {}),
]


@pytest.mark.parametrize(("why", "steps", "found", "reached"), SITTINGS, ids=[row[0] for row in SITTINGS])
def test_how_a_sitting_ends_and_how_soon_somebody_is_reached(why, steps, found, reached):
    counts = count_steps(steps)
    told = {
        measure: {part: count for (kind, part), count in counts.items() if kind is measure}
        for measure in (Measure.FOUND, Measure.REACHED)
    }
    assert told == {Measure.FOUND: found, Measure.REACHED: reached}, why


def test_what_is_counted_besides():
    counts = count_steps(day((0, SEARCH), (1, SEARCH), (2, OPEN), (3, ASK), (4, SPOKE), (5, ANSWER)))
    assert counts[Measure.PEOPLE, ""] == 1
    assert counts[Measure.SEARCHES, ""] == counts[Measure.BY_PURPOSE, "safeguarding"] == 2
    assert (counts[Measure.ASKED, ""], counts[Measure.SPOKE, ""]) == (1, 2)
    assert count_steps(day((0, ANSWER)))[Measure.PEOPLE, ""] == 0


def test_calls_are_counted_by_what_came_of_them_and_an_answer_is_none():
    rang = [
        Step(at=NINE, did=Did.RANG, outcome=outcome) for outcome in ("no_answer", "no_answer", "wrong_number")
    ]
    counts = count_steps([*rang, *day((1, SPOKE), (2, ANSWER))])
    assert {part: count for (measure, part), count in counts.items() if measure is Measure.RANG} == {
        "no_answer": 2, "wrong_number": 1, "spoke": 1,
    }  # fmt: skip
    assert (counts[Measure.SPOKE, ""], counts[Measure.REACHED, Within.MINUTE]) == (2, 0)


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
    whole = {"searches": {"": 10}, "people": {"": 4}, "spoke": {"": 6}, "found": {"first": 7, "none": 1}}
    days = {MONDAY: whole, MONDAY + timedelta(days=5): {"people": {"": 1}}, MONDAY + timedelta(days=7): whole}
    report = report_of(days, since=MONDAY, until=MONDAY + timedelta(days=13))
    assert (report.searches, report.people_a_day, report.days) == (20, 4, 3)
    assert [(week.begin, week.searches, week.spoke) for week in report.weeks] == [
        (MONDAY, 10, 6),
        (MONDAY + timedelta(days=7), 10, 6),
    ]
    assert report.sittings == 16
    assert report.found == {"first": None, "refined": 0, "none": None}
