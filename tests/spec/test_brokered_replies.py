"""Replies through a desk go out at fixed times of day, whatever happened when (R32, R39)."""

from datetime import UTC, datetime, timedelta

import pytest

from contactpoint.domain.brokering import HERE, REPLIES, WINDOWS, goes_out_at, went_out_at
from contactpoint.web.presenters.contacting import REPLY_WORDS, WINDOW_WORDS


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


# (rule, given at, out at)
GIVEN = [
    ("R39", "2026-11-22T08:59", "2026-11-22T09:00"),
    ("R39", "2026-11-22T09:00", "2026-11-22T12:00"),
    ("R39", "2026-11-22T11:59:59", "2026-11-22T12:00"),
    ("R39", "2026-11-22T12:01", "2026-11-22T15:00"),
    ("R39", "2026-11-22T17:30", "2026-11-22T18:00"),
    ("R39", "2026-11-22T18:00", "2026-11-23T09:00"),
    ("R39", "2026-11-22T23:59", "2026-11-23T09:00"),
    ("R39", "2026-03-28T20:00", "2026-03-29T09:00"),
]


@pytest.mark.parametrize(("rule", "given", "out"), GIVEN)
def test_when_a_reply_goes_out(rule, given, out):
    assert goes_out_at(at(given)) == at(out), rule
    assert went_out_at(at(out)) == at(out)


@pytest.mark.parametrize("minutes", range(0, 24 * 60, 37))
def test_what_was_given_is_out_from_its_time_on_and_not_before(minutes):
    """R39: whoever reads sees it move at one of four times a day, and at no other."""
    given = datetime(2026, 11, 22, tzinfo=UTC) + timedelta(minutes=minutes)
    out = goes_out_at(given)
    assert out.timetz().replace(tzinfo=None) in WINDOWS
    assert given < went_out_at(out)
    assert not given < went_out_at(out - timedelta(seconds=1))


def test_the_page_names_the_times_and_a_reply_names_nobody():
    for one in WINDOWS:
        assert str(one.hour) in WINDOW_WORDS
    assert set(REPLY_WORDS) == REPLIES
