"""How many hours contacts may have saved: an interval, of what is measured here and of what others published.

Measured: how many contacts were made, how many of them came of a search, and in which span of time whoever
searched had rung and spoken, or asked to be called back (domain.counting_use). Waiting is nobody's work.
Assumed, because nobody measured it here: how long it takes without the directory. In a survey of over 6,000
practitioners (DCSF, August 2009) they said that they spend two hours a month looking for details of others,
and find the right ones 79 times in a hundred; the House of Lords was told on 18 July 2007 that they contact
others 107 times a year. So looking once takes 13 minutes, and finding takes 17.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LOOKING: Final = 2 * 60 * 12 / 107
"""Minutes that looking once takes without the directory, as they said."""

FOUND_OF_A_HUNDRED: Final = 79
"""How often looking finds the right details without the directory, as they said."""

FINDING: Final = LOOKING * 100 / FOUND_OF_A_HUNDRED
"""Minutes that finding takes without it: what is looked for in vain costs time as well."""

IF_IT_WERE: Final = (0.5, 1.0, 2.0)
"""What comes of it were looking half as long, as long, or twice as long as they said: nobody knows."""

CLAIMED: Final = 5_000_000
"""Hours a year in all of England, claimed for the first one (HL Paper 146, 2006-07): no figure is of it."""


class Within(StrEnum):
    """How long finding took: from the first search to the talk, or to asking to be called back."""

    MINUTE = "minute"
    FIVE = "five"
    QUARTER = "quarter"
    HOUR = "hour"


_SPANS: Final = {Within.MINUTE: (0, 1), Within.FIVE: (1, 5), Within.QUARTER: (5, 15), Within.HOUR: (15, 60)}
"""The shortest and the longest that each is, in minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Whole hours, or minutes: no less and no more."""

    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursSaved:
    """What contacts may have saved. `minutes` is how long finding took here, on average.

    `if_it_were` says what comes of it were looking so many times as long as practitioners said.
    """

    hours: Interval
    minutes: Interval | None
    if_it_were: tuple[tuple[float, Interval], ...]


def hours_saved(contacts: int | None, took: Mapping[str, int | None]) -> HoursSaved | None:
    """Work out what contacts may have saved, from what is told of them; None where that is too little.

    At least: only those that came of a search saved anything, each looking once less the longest that finding
    took here. At most: all of them did, each finding less the shortest.
    """
    if contacts is None:
        return None
    known = {span: count for span in Within if (count := took.get(span))}
    many = sum(known.values())
    shortest, longest = (
        sum(count * _SPANS[span][end] for span, count in known.items()) / many if many else 0.0
        for end in (0, 1)
    )

    def hours(times: float) -> Interval:
        least = min(many, contacts) * (LOOKING * times - longest) / 60
        most = contacts * (FINDING * times - shortest) / 60
        return Interval(least=max(math.floor(least), 0), most=max(math.ceil(most), 0))

    return HoursSaved(
        hours=hours(1.0),
        minutes=Interval(least=math.floor(shortest), most=math.ceil(longest)) if many else None,
        if_it_were=tuple((times, hours(times)) for times in IF_IT_WERE),
    )
