"""When an organisation's auditor should take a checkpoint away; each row names its rule (R54, ADR 50)."""

from datetime import UTC, datetime, timedelta

import pytest

from contactpoint.domain.handed import Waits, is_it_time, should_one_be_asked_for

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
A_MONTH, LONGER = NOW - timedelta(days=31), NOW - timedelta(days=31, seconds=1)

# (rule, when one was taken away last, how many are ready, is one being made, is it time, is one asked for)
TABLE = [
    ("R54", None, 0, False, True, True),
    ("R54", LONGER, 0, False, True, True),
    ("R54", A_MONTH, 0, False, False, False),
    ("R54", LONGER, 1, False, True, False),
    ("R54", LONGER, 0, True, True, False),
    ("R54", None, 1, True, True, False),
]


@pytest.mark.parametrize(("rule", "taken", "ready", "being_made", "time", "ask"), TABLE)
def test_when_a_checkpoint_is_taken_away(rule, taken, ready, being_made, time, ask):
    waits = Waits(ready=ready, ready_since=None, is_being_made=being_made, taken_at=taken)
    assert is_it_time(taken, NOW) is time
    assert should_one_be_asked_for(waits, NOW) is ask
