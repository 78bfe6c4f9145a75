"""How many children the directory holds and what is recorded of them: rounded, and of no few.

A cell is one authority and one span of ages. It alone is rounded, and every total is a sum of cells as they
were rounded, so that no sum and no difference tells more of a cell than the cell does (ADR 34).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

ROUNDED_TO: Final = 5
"""Cells are shown to the nearest of this."""

LEAST_TOLD: Final = 10
"""A smaller cell, nought too, is shown as fewer than this."""


class Of(StrEnum):
    """What is counted of children and their services, by span of ages."""

    CHILDREN = "children"
    UNIVERSAL = "universal"  # involvements
    ADDITIONAL = "additional"  # involvements
    LEAD = "lead"  # children with a lead practitioner
    ASSESSMENT = "assessment"  # children of whom an assessment is held


class Ages(StrEnum):
    """Spans of ages, in whole years."""

    BABY = "0"
    UNDER_FIVE = "1-4"
    PRIMARY = "5-10"
    SECONDARY = "11-15"
    OLDER = "16+"
    UNKNOWN = "unknown"


Cells = Mapping[str, Mapping[str, int | None]]
"""What is told of an area, by what is counted and span of ages; None where it is small."""


def told(count: int) -> int | None:
    """A cell as it may be told: rounded to the nearest five, or None where it is under ten."""
    if count < LEAST_TOLD:
        return None
    return (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def sum_of(cells: Iterable[int | None]) -> int | None:
    """A total, made of nothing but what is told of its parts; None where all of them are small."""
    known = [one for one in cells if one is not None]
    return sum(known) if known else None


def total(areas: Iterable[Cells], of: Of) -> int | None:
    """One thing over all ages of some areas."""
    return sum_of(cells.get(of, {}).get(age) for cells in areas for age in Ages)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChildren:
    """An authority's children, and how many of them have a lead practitioner or an assessment."""

    name: str
    children: int | None
    lead: int | None
    assessment: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildrenReport:
    """What was counted in a month, and the children of each month before; None where it is small.

    `protected` is how many records were protected in England each month, told to the national team and of no
    place.
    """

    counted: date
    by_age: Mapping[Ages, Mapping[Of, int | None]]
    totals: Mapping[Of, int | None]
    months: tuple[tuple[date, int | None], ...]
    areas: tuple[AreaChildren, ...] = ()
    is_national: bool = False
    protected: tuple[tuple[date, int | None], ...] = ()


def children_report(
    months: Mapping[date, Sequence[Cells]],
    *,
    areas: Iterable[tuple[str, Cells]] = (),
    is_national: bool = False,
    protected: Mapping[date, int | None] | None = None,
) -> ChildrenReport:
    """Put together a report of the newest of some months, of which there is at least one."""
    newest = max(months)
    now = months[newest]
    return ChildrenReport(
        counted=newest,
        by_age={age: {of: sum_of(cells.get(of, {}).get(age) for cells in now) for of in Of} for age in Ages},
        totals={of: total(now, of) for of in Of},
        months=tuple((month, total(cells, Of.CHILDREN)) for month, cells in sorted(months.items())),
        areas=tuple(
            AreaChildren(
                name=name,
                children=total([cells], Of.CHILDREN),
                lead=total([cells], Of.LEAD),
                assessment=total([cells], Of.ASSESSMENT),
            )
            for name, cells in areas
        ),
        is_national=is_national,
        protected=tuple(sorted((protected or {}).items())),
    )
