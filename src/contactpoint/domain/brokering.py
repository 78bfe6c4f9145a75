"""Replies through a desk: without name, number and place, and at the same times of day whatever happened.

Whoever left a message with a desk sees nothing move but at these times, whoever replied when; and what they
read of a message to which nobody replied is the same whether anybody is involved (R32, R39, replaced R40).
"""

from datetime import datetime, time, timedelta
from typing import Final

from contactpoint.domain.contacting import RequestOutcome
from contactpoint.domain.here import HERE

WINDOWS: Final = (time(9), time(12), time(15), time(18))
"""When what a desk passes back goes out, every day."""

REPLIES: Final = frozenset({RequestOutcome.WILL_RING, RequestOutcome.RING_DESK, RequestOutcome.IN_HAND})
"""What somebody reached through a desk may have passed back; whoever reads it is not told by whom."""


def goes_out_at(given: datetime) -> datetime:
    """The first of these times after a moment (R32, R39)."""
    here = given.astimezone(HERE)
    days = (here.date(), here.date() + timedelta(days=1))
    moments = (datetime.combine(day, one, HERE) for day in days for one in WINDOWS)
    return next(moment for moment in moments if moment > here)


def went_out_at(at: datetime) -> datetime:
    """The last of these times that has come: what was given before it is out (R32, R39)."""
    here = at.astimezone(HERE)
    days = (here.date(), here.date() - timedelta(days=1))
    moments = (datetime.combine(day, one, HERE) for day in days for one in reversed(WINDOWS))
    return next(moment for moment in moments if moment <= here)
