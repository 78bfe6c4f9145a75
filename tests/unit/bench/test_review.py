"""The simulated review: what reviewers find who look at so many a week, on cases small enough for paper."""

from datetime import timedelta

import pytest
from bench.review import FIRST, Item, Part, _reviewers, _still_open, _take_in
from bench.use import DAYS

from contactpoint.domain.review.joining import COLLECTS_FOR
from contactpoint.domain.review.patterns import Code

DAY = timedelta(days=1)


def part(who, *codes, on=FIRST, settled=None, truth=None, closes=None, joins=True):
    """One day's access by somebody to a child; a truth is the kind of snooping that it was."""
    return Part(
        key=(who, f"C{who}"),
        on=on,
        codes=codes,
        settled=codes if settled is None else settled,
        joins=joins,
        truths=frozenset({(truth, who, on)} if truth else ()),
        closes=closes,
    )


# In order of weight: honest work at a shared address, a relative's look, and a neighbour's, which work that
# began later is taken to explain, ten days on.
HONEST = part(1, Code.ADDRESS)
RELATIVE = part(2, Code.SURNAME, Code.UNEXPLAINED, truth="relative")
NEIGHBOUR = part(3, Code.UNEXPLAINED, truth="neighbour", closes=FIRST + 10 * DAY)
INCIDENTS = {("relative", 2, FIRST), ("neighbour", 3, FIRST)}


@pytest.mark.parametrize(
    ("load", "looked", "snooping", "found"),
    [
        # One a week: the honest one, the relative's; by the third week the neighbour's is explained away.
        (1, 2, 1, {"neighbour": 0.0, "relative": 1.0}),
        # Two in the first week, and the third in the second is gone by then.
        (2, 2, 1, {"neighbour": 0.0, "relative": 1.0}),
        (3, 3, 2, {"neighbour": 1.0, "relative": 1.0}),
    ],
)
def test_the_detection_rate_is_the_share_of_incidents_that_somebody_looked_at(load, looked, snooping, found):
    result = _reviewers([HONEST, RELATIVE, NEIGHBOUR], INCIDENTS, load)
    assert result["items"] == 3
    assert (result["looked at"], result["of them snooping"], result["left"]) == (looked, snooping, 0)
    assert result["found"] == found
    assert result["found of all"] == sum(found.values()) / 2


def test_what_never_came_to_the_queue_counts_as_missed():
    result = _reviewers([RELATIVE], INCIDENTS | {("copying out", 4, FIRST)}, 10)
    assert result["found"] == {"copying out": 0.0, "neighbour": 0.0, "relative": 1.0}
    assert result["found of all"] == pytest.approx(1 / 3)


def test_what_nobody_has_time_for_is_left_at_the_end():
    last = FIRST + (DAYS - 1) * DAY
    many = [part(who, Code.ADDRESS, on=last, joins=False) for who in range(20)]
    result = _reviewers(many, INCIDENTS, 2)
    weeks_left = DAYS // 7 + 5 - (DAYS // 7 - 1)
    assert (result["looked at"], result["left"]) == (2 * weeks_left, 20 - 2 * weeks_left)


def test_days_of_one_person_about_one_child_are_one_item_for_a_quarter():
    days = [part(1, Code.UNEXPLAINED, on=FIRST + days * DAY) for days in (0, 1, COLLECTS_FOR.days, 92)]
    apart = part(1, Code.SAMPLED, on=FIRST + DAY, joins=False)
    waiting = []
    assert _take_in(waiting, [*days, apart, part(2, Code.UNEXPLAINED)]) == 4
    assert [len(one.parts) for one in waiting] == [3, 1, 1, 1]
    assert waiting[0].begun == FIRST


def test_weight_grows_once_it_is_known_that_no_work_followed():
    item = Item([part(1, Code.UNEXPLAINED, settled=(Code.UNEXPLAINED, Code.NO_LATER_WORK))])
    assert [item.weight_on(FIRST + days * DAY) for days in (0, 27, 28)] == [1, 1, 3]


def test_an_item_is_gone_when_all_of_it_is_explained():
    half = Item([NEIGHBOUR, part(3, Code.UNEXPLAINED, on=FIRST + DAY)])
    whole = Item([NEIGHBOUR])
    assert _still_open([half, whole], FIRST + 10 * DAY) == [half, whole]
    assert _still_open([half, whole], FIRST + 11 * DAY) == [half]
    assert [one.on for one in half.parts] == [FIRST + DAY]
