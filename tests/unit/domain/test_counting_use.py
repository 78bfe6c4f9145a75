"""Counting use: what one person did in a day, parted into sittings, and what came of it later."""

from datetime import UTC, datetime, timedelta

import pytest

from contactpoint.domain.contacting import RequestOutcome
from contactpoint.domain.counting_use import Did, Found, Measure, Soon, Step, count_answers, count_steps
from contactpoint.domain.hours import Within

NINE = datetime(2026, 10, 5, 9, tzinfo=UTC)
MIDNIGHT = datetime(2026, 10, 6, tzinfo=UTC)
SEARCH, OPEN, ASK, SPOKE, ANSWER = Did.SEARCHED, Did.OPENED, Did.ASKED, Did.SPOKE, Did.ANSWERED
A_DAY = 24 * 60


def day(*told: tuple[float, Did] | tuple[float, Did, int] | tuple[float, Did, int, str]) -> list[Step]:
    """What somebody did, each so many minutes after nine; of asking its request, and how it was answered."""
    return [
        Step(
            at=NINE + timedelta(minutes=minutes),
            did=did,
            purpose="safeguarding",
            request=rest[0] if rest else None,
            outcome=rest[1] if len(rest) > 1 else "spoke" if did is ANSWER else "",
        )
        for minutes, did, *rest in told
    ]


SITTINGS = [
    ("nothing was opened", day((0, SEARCH)), {Found.NONE: 1}, {}, {}),
    ("opened at once", day((0, SEARCH), (1, OPEN)), {Found.FIRST: 1}, {}, {}),
    ("searched again, then opened", day((0, SEARCH), (2, SEARCH), (3, OPEN)), {Found.REFINED: 1}, {}, {}),
    (
        "a search a quarter of an hour later is another",
        day((0, SEARCH), (16, SEARCH), (17, OPEN)),
        {Found.NONE: 1, Found.FIRST: 1},
        {},
        {},
    ),
    (
        "a search after a record was opened is another",
        day((0, SEARCH), (1, OPEN), (2, SEARCH)),
        {Found.FIRST: 1, Found.NONE: 1},
        {},
        {},
    ),
    (
        "rang within the minute",
        day((0, SEARCH), (0.3, OPEN), (0.9, SPOKE)),
        {Found.FIRST: 1},
        {Soon.MINUTE: 1},
        {Within.MINUTE: 1},
    ),
    ("asking reaches nobody", day((0, SEARCH), (1, OPEN), (4, ASK, 7)), {Found.FIRST: 1}, {}, {}),
    (
        "called back: contacted when they spoke, and found when they had asked",
        day((0, SEARCH), (1, OPEN), (4, ASK, 7), (50, ANSWER, 7)),
        {Found.FIRST: 1},
        {Soon.HOUR: 1},
        {Within.FIVE: 1},
    ),
    (
        "asked two and called back by both: one contact of one search, the first",
        day((0, SEARCH), (0.2, OPEN), (0.5, ASK, 7), (0.9, ASK, 8), (70, ANSWER, 8), (300, ANSWER, 7)),
        {Found.FIRST: 1},
        {Soon.DAY: 1},
        {Within.MINUTE: 1},
    ),
    (
        "rang while they waited",
        day((0, SEARCH), (1, OPEN), (2, ASK, 7), (10, SPOKE), (30, ANSWER, 7)),
        {Found.FIRST: 1},
        {Soon.QUARTER: 1},
        {Within.QUARTER: 1},
    ),
    (
        "called back after another search: it ends the one that asked",
        day((0, SEARCH), (1, OPEN), (2, ASK, 7), (30, SEARCH), (31, OPEN), (40, ANSWER, 7)),
        {Found.FIRST: 2},
        {Soon.HOUR: 1},
        {Within.FIVE: 1},
    ),
    (
        "an answer that is no talk",
        day((0, SEARCH), (1, OPEN), (2, ASK, 7), (5, ANSWER, 7, "left_message")),
        {Found.FIRST: 1},
        {},
        {},
    ),
    (
        "asked the next afternoon",
        day((0, SEARCH), (1, OPEN), (61, ASK, 7), (62, ANSWER, 7)),
        {Found.FIRST: 1},
        {},
        {},
    ),
    (
        "counted from the first search",
        day((0, SEARCH), (10, SEARCH), (11, OPEN), (14, SPOKE)),
        {Found.REFINED: 1},
        {Soon.QUARTER: 1},
        {Within.QUARTER: 1},
    ),
    (
        "reached once, however many they rang",
        day((0, SEARCH), (1, OPEN), (2, SPOKE), (50, SPOKE)),
        {Found.FIRST: 1},
        {Soon.FIVE: 1},
        {Within.FIVE: 1},
    ),
    ("rang the next afternoon", day((0, SEARCH), (1, OPEN), (61, SPOKE)), {Found.FIRST: 1}, {}, {}),
    (
        "an answer to what was not asked here",
        day((0, SEARCH), (1, OPEN), (2, ANSWER, 9)),
        {Found.FIRST: 1},
        {},
        {},
    ),
    ("rang, having looked at nothing", day((0, SPOKE)), {}, {}, {}),
    ("asked, having looked at nothing", day((0, ASK, 7), (1, ANSWER, 7)), {}, {}, {}),
    ("opened from another list", day((0, OPEN)), {}, {}, {}),
]


def parts(counts, *measures):
    return [
        {part: count for (kind, part), count in counts.items() if kind is measure} for measure in measures
    ]


@pytest.mark.parametrize(
    ("why", "steps", "found", "soon", "took"), SITTINGS, ids=[row[0] for row in SITTINGS]
)
def test_how_a_sitting_ends_how_soon_people_speak_and_how_long_finding_takes(why, steps, found, soon, took):
    counts = count_steps(steps)
    assert parts(counts, Measure.FOUND, Measure.CONTACTED, Measure.TOOK) == [found, soon, took], why


LATER = [
    ("the same day: counted with it", 60, {}),
    ("in the night after", A_DAY - 8 * 60, {Soon.DAY: 1}),
    ("just under a day later", A_DAY - 1, {Soon.DAY: 1}),
    ("two days later", 2 * A_DAY, {Soon.WEEK: 1}),
    ("nine days later", 9 * A_DAY, {Soon.LATER: 1}),
]


@pytest.mark.parametrize(("why", "minutes", "soon"), LATER, ids=[row[0] for row in LATER])
def test_a_call_on_a_later_day_counts_then_and_nothing_of_the_day_before_counts_again(why, minutes, soon):
    steps = day((0, SEARCH), (1, OPEN), (4, ASK, 7), (minutes, ANSWER, 7))
    counts = count_answers(steps, MIDNIGHT)
    known, *others = parts(counts, Measure.CONTACTED, Measure.SEARCHES, Measure.FOUND, Measure.ASKED)
    assert (known, others) == (soon, [{}, {}, {}]), why
    assert counts[Measure.CONTACTS, ""] == len(soon)
    assert parts(counts, Measure.TOOK) == [{Within.FIVE: 1} if soon else {}]


def test_whoever_was_called_back_before_midnight_is_not_found_again_by_the_next_call():
    before = day((0, SEARCH), (1, OPEN), (2, ASK, 7), (3, ASK, 8), (60, ANSWER, 7))
    counts = count_answers([*before, *day((A_DAY, ANSWER, 8))], MIDNIGHT)
    assert counts == {(Measure.ANSWERED, "spoke"): 1, (Measure.CONTACTS, ""): 1}


def test_what_is_counted_besides():
    counts = count_steps(
        day((0, SEARCH), (1, SEARCH), (2, OPEN), (3, ASK, 7), (4, SPOKE), (5, ANSWER, 7), (6, ANSWER, 9))
    )
    assert counts[Measure.PEOPLE, ""] == 1
    assert counts[Measure.SEARCHES, ""] == counts[Measure.BY_PURPOSE, "safeguarding"] == 2
    assert (counts[Measure.ASKED, ""], counts[Measure.CONTACTS, ""]) == (1, 2)
    assert count_steps(day((0, ANSWER, 7)))[Measure.PEOPLE, ""] == 0


def test_calls_and_answers_are_counted_by_what_came_of_them():
    rang = [
        Step(at=NINE, did=Did.RANG, outcome=outcome) for outcome in ("no_answer", "no_answer", "wrong_number")
    ]
    asked = day((0, ASK, 7), (0, ASK, 8), (1, SPOKE), (2, ANSWER, 7), (3, ANSWER, 8, "not_reached"))
    rung, answered = parts(count_steps([*rang, *asked]), Measure.RANG, Measure.ANSWERED)
    assert rung == {"no_answer": 2, "wrong_number": 1, "spoke": 1}
    assert answered == {RequestOutcome.SPOKE: 1, RequestOutcome.NOT_REACHED: 1}
