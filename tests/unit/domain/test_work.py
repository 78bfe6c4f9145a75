"""How the work goes: what is told of cases, reviews, feeds and accounts, and what is not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contactpoint.domain.disclosure.actors import Lapse
from contactpoint.domain.feeds import FeedLine, PausedSince
from contactpoint.domain.matching import CaseKind
from contactpoint.domain.work import (
    OVERDUE,
    CaseCount,
    Health,
    LooksCount,
    PeopleCount,
    ReviewCount,
    Stands,
    areas_told,
    cases_told,
    feeds_told,
    people_told,
    review_told,
)

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = NOW.date()
MERGE = CaseKind.POSSIBLE_MERGE


def counted(stands, count, *, weeks=1):
    return CaseCount(kind=MERGE, stands=stands, count=count, oldest=NOW - timedelta(weeks=weeks))


def line(*counts):
    return next(one for one in cases_told(counts, NOW) if one.kind is MERGE)


# Counts in time, too long and done; what is told of each and of all that wait; weeks of the oldest.
CASES = [
    ("nothing is told as few", (0, 0, 0), (None, None, None, None, None)),
    ("few are told as few", (9, 9, 9), (None, None, None, None, None)),
    ("each is rounded, a total is their sum", (12, 13, 18), (10, 15, 20, 25, 9)),
    ("a total leaves out its small part", (9, 13, 0), (None, 15, None, 15, 9)),
    ("the oldest is that of a part that is told", (12, 9, 0), (10, None, None, 10, 2)),
]


@pytest.mark.parametrize(("why", "counts", "told"), CASES, ids=[case[0] for case in CASES])
def test_cases_are_told_in_rounded_parts(why, counts, told):
    found = line(
        *(counted(how, n, weeks=w) for how, n, w in zip(Stands, counts, (2, 9, 0), strict=True) if n)
    )
    assert (found.on_time, found.late, found.done, found.waiting, found.weeks) == told


def test_every_kind_of_case_has_a_line_whether_it_waits_or_not():
    assert [one.kind for one in cases_told((), NOW)] == list(CaseKind)


@given(st.integers(0, 400), st.integers(0, 400), st.integers(-2, 2))
@example(0, 10, -1)
def test_one_case_more_or_less_is_told_of_only_at_the_edge_of_a_step(on_time, late, step):
    """Whatever is rounded alike is told alike: what leaves for a shield leaves most reports as they were.

    Below ten nothing is told, so ten is an edge too.
    """
    rounded = (late + 2) // 5 * 5
    if min(late, late + step) < 10 or (late + step + 2) // 5 * 5 != rounded:
        return
    one, other = (
        line(counted(Stands.ON_TIME, on_time), counted(Stands.LATE, n)) for n in (late, late + step)
    )
    assert one == other


def test_reviews_are_told_in_rounded_parts():
    counts = [
        ReviewCount(stands=Stands.DONE, in_period=True, count=21),
        ReviewCount(stands=Stands.ON_TIME, in_period=True, count=14),
        ReviewCount(stands=Stands.LATE, in_period=False, count=11),
        ReviewCount(stands=Stands.LATE, in_period=True, count=3),
    ]
    found = review_told(counts, ())
    assert (found.found, found.done, found.on_time, found.late) == (35, 20, 15, 10)
    assert found.explained is None


def test_the_share_that_work_explains_is_made_of_what_is_told():
    weeks = [LooksCount(week=date(2026, 11, 2), looks=101, explained=81), LooksCount(
        week=date(2026, 11, 9), looks=9, explained=9)]  # fmt: skip
    found = review_told((), weeks)
    assert [(one.looks, one.explained) for one in found.weeks] == [(100, 80), (None, None)]
    assert found.explained == 0.8


def feed(code, *, told=None, paused=False):
    return FeedLine(
        code=code, name=code, organisation="la-353", promised_days=7, last_told=told, received_at=None,
        held=0, under_way=0, paused=PausedSince(at=NOW, by="Dev", because="") if paused else None,
    )  # fmt: skip


def test_feeds_are_counted_by_how_they_do_and_a_paused_one_is_not_late():
    late = TODAY - timedelta(days=30)
    lines = [feed("a", told=TODAY), feed("b", told=late), feed("c"), feed("d", told=late, paused=True)]
    found = feeds_told(lines, {"a": (100, 3), "b": (100, 1), "other": (100, 100)}, TODAY)
    assert found.by_health == dict.fromkeys(Health, 1)
    assert found.rejected == 0.02


def test_of_few_rows_no_share_is_told():
    assert feeds_told([feed("a", told=TODAY)], {"a": (19, 19)}, TODAY).rejected is None


def test_an_authority_of_few_accounts_is_told_as_that():
    assert [(one.accounts, one.overdue) for one in areas_told([("Here", 900, 5), ("There", 4, 0)])] == [
        (900, 5),
        (None, 0),
    ]


def test_few_accounts_are_told_as_few():
    kinds = {Lapse.TRAINING_EXPIRED: 4, Lapse.CHECK_EXPIRED: 5}
    found = people_told(PeopleCount(accounts=40, active=3, overdue=6, by_kind=kinds))
    assert (found.accounts, found.active, found.overdue) == (40, None, 6)
    assert [found.by_kind[kind] for kind in OVERDUE] == [None, 5, 0, 0]
