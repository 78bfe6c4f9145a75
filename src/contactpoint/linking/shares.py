"""Shares with intervals, and the largest difference between groups of people."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]

Z = 1.959964
"""Standard deviations of a 95 % interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a whole, with the 95 % interval of Wilson (1927).

    `worth` is how many independent ones the whole is worth, where its members come in bunches: pairs of
    records do, for a child with ten records has forty-five and they fail together.
    """

    part: int
    whole: int
    worth: float | None = field(default=None, compare=False)

    @property
    def value(self) -> float:
        """Part by whole; 1 of nothing."""
        return self.part / self.whole if self.whole else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of `value`."""
        if not self.whole:
            return (0.0, 1.0)
        n, p = self.worth or self.whole, self.value
        middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
        reach = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        return (max(0.0, min(p, middle - reach)), min(1.0, max(p, middle + reach)))


def of_bunches(parts: Counts, wholes: Counts) -> Share:
    """The share of all parts in all wholes, worth what it is when each bunch fails or succeeds together.

    The variance is that of a ratio of two totals over bunches; as many independent members as have that
    variance are what the whole is worth (Korn and Graubard 1998). Where nothing varies, a bunch counts once.
    """
    part, whole, bunches = int(parts.sum()), int(wholes.sum()), len(wholes)
    if not whole:
        return Share(part=part, whole=whole)
    share = part / whole
    spread = float(((parts - share * wholes) ** 2).sum())
    if spread == 0 or bunches == 1:
        return Share(part=part, whole=whole, worth=bunches)
    variance = bunches / (bunches - 1) * spread / whole**2
    return Share(part=part, whole=whole, worth=max(1.0, min(whole, share * (1 - share) / variance)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The groups with the lowest and the highest share, and how far apart they are."""

    lowest: str
    highest: str
    low: Share
    high: Share

    @property
    def value(self) -> float:
        """The difference of the two shares."""
        return self.high.value - self.low.value

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the difference of these two (Newcombe 1998, method 10).

        The two were chosen for being furthest apart: of many small groups some pair always is.
        """
        one, other = self.high, self.low
        (below, above), (under, over) = one.interval, other.interval
        return (
            self.value - math.hypot(one.value - below, over - other.value),
            self.value + math.hypot(above - one.value, other.value - under),
        )


def largest_gap(shares: Mapping[str, Share]) -> Gap | None:
    """The largest gap between groups; None where there are fewer than two."""
    if len(shares) < 2:
        return None
    ordered = sorted(shares, key=lambda name: (shares[name].value, name))
    lowest, highest = ordered[0], ordered[-1]
    return Gap(lowest=lowest, highest=highest, low=shares[lowest], high=shares[highest])
