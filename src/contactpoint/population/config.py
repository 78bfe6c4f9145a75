"""What to generate, and what was generated."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from contactpoint.population.tables import authorities

#: Authorities taken first when only a number is given: Greater Manchester, from Oldham outwards.
FIRST_AUTHORITIES = ("353", "354", "357", "352", "355", "350", "351", "356", "358", "359")
#: Months are four weeks here: every source sends its second, smaller delivery this long after the first.
NEXT_DELIVERY = timedelta(days=28)


Mistakes = Literal["first", "second"]


class PopulationError(ValueError):
    """A synthetic England that cannot be made from this configuration; the message says why."""


def authority_order() -> tuple[str, ...]:
    """All DfE codes in the stated order: Greater Manchester, the North West, then the rest by code."""
    rest = [a for a in authorities() if a.dfe not in FIRST_AUTHORITIES]
    rest.sort(key=lambda a: (a.region != "North West", a.dfe))
    return FIRST_AUTHORITIES + tuple(a.dfe for a in rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationConfig:
    """One synthetic England; the same values give the same bytes.

    Args:
        children: children under 18 living or recorded in the chosen authorities on ``as_at``.
        authorities: DfE codes, or how many to take from `authority_order`.
        seed: any non-negative integer.
        as_at: the date of the full deliveries.
        mistakes: which of the two error models the sources follow (docs/population.md): "first", by which the
            matcher was tuned, or "second", by which it never was.

    Raises:
        PopulationError: a count out of range, or a code that is no authority's.
    """

    children: int
    authorities: tuple[str, ...] | int
    seed: int
    as_at: date
    mistakes: Mistakes = "first"

    def __post_init__(self) -> None:
        known = {a.dfe for a in authorities()}
        if isinstance(self.authorities, int):
            if not 1 <= self.authorities <= len(known):
                raise PopulationError(
                    f"authorities must be between 1 and {len(known)}, not {self.authorities}"
                )
        elif not self.authorities or len(set(self.authorities)) != len(self.authorities):
            raise PopulationError("authorities must be one or more different DfE codes")
        elif unknown := sorted(set(self.authorities) - known):
            raise PopulationError(f"no authority has the DfE code {', '.join(unknown)}")
        if self.mistakes not in get_args(Mistakes):
            raise PopulationError(f"mistakes must be first or second, not {self.mistakes}")
        if not 0 <= self.seed < 2**63:
            raise PopulationError("seed must be a non-negative integer")
        if not 100 * len(self.codes) <= self.children <= 14_000_000:
            raise PopulationError("children must be at least 100 for each authority and at most 14,000,000")

    @property
    def codes(self) -> tuple[str, ...]:
        """The DfE codes of the authorities, in the order in which they are generated."""
        if isinstance(self.authorities, int):
            return authority_order()[: self.authorities]
        return self.authorities

    @property
    def next_as_at(self) -> date:
        """The date of the delta deliveries."""
        return self.as_at + NEXT_DELIVERY


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationReport:
    """What `generate` did, and how fast.

    Attributes:
        children: children alive or recorded at the as-at date.
        records: source records (distinct local ids) per source, full and delta deliveries together.
        rows: CSV rows written per file name.
        seconds: wall-clock time.
        children_per_second: children divided by seconds.
        peak_memory_bytes: the process's largest resident size so far.
    """

    children: int
    records: dict[str, int]
    rows: dict[str, int]
    seconds: float
    children_per_second: float
    peak_memory_bytes: int
