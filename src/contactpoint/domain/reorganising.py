"""An authority is split, or becomes part of another: what two people plan, and what it comes to (R58)."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from contactpoint.domain.errors import InvalidInput

LONGEST_REASON: Final = 300
LISTED: Final = ("organisation", "source", "person")
"""What a plan may send elsewhere, as it is written in a list."""

_CODE: Final = 3


class ChangeState(StrEnum):
    """Where a planned change stands."""

    ASKED = "asked"
    DONE = "done"
    UNDO_ASKED = "undo_asked"
    UNDONE = "undone"
    DROPPED = "dropped"


class ChangeStep(StrEnum):
    """What the national team does with a planned change."""

    AGREE = "agree"
    DROP = "drop"
    ASK_UNDO = "ask_undo"
    AGREE_UNDO = "agree_undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What becomes of an authority: its successor, and what goes elsewhere.

    `authority` and `rest` are three-digit codes; `rest` takes whatever is not named, and is `authority`
    itself where only a part leaves. `organisations` and `sources` go to the authority named for them;
    `people`, by account, to the organisation named for them.
    """

    authority: str
    rest: str
    organisations: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A plan that changes nothing, or names no authority, is none.

        Raises:
            InvalidInput: it is none.
        """
        named = (self.authority, self.rest, *self.organisations.values(), *self.sources.values())
        if any(len(code) != _CODE or not code.isdigit() for code in named):
            raise InvalidInput("An authority has a code of three digits.")
        if self.rest == self.authority and not (self.organisations or self.sources):
            raise InvalidInput("Say what becomes of the authority.")

    @property
    def successors(self) -> frozenset[str]:
        """The authorities that anything of it goes to."""
        return frozenset({self.rest, *self.organisations.values(), *self.sources.values()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a plan would change, counted; None where a count is small (R34).

    What protections it takes along is counted nowhere: no number comes of a shield. On a page children are
    told to the nearest hundred.
    """

    children: int | None
    people: int | None
    organisations: int | None
    feeds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedChange:
    """A change as the national team reads it. `carried` says that somebody agreed and the worker is at it.

    `mine` says that the viewer asked for it, `undo_mine` that they asked to take it back. `people` are the
    names of those whom the plan sends elsewhere, with where to; `names` those of the authorities, by code.
    """

    number: int
    plan: Plan
    state: ChangeState
    because: str
    asked_by: str
    mine: bool
    asked_at: datetime
    agreed_by: str
    done_at: datetime | None
    undo_asked_by: str
    undo_mine: bool
    undo_agreed_by: str
    undone_at: datetime | None
    people: tuple[tuple[str, str], ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def carried(self) -> bool:
        """Say whether a second person agreed to what is not carried out yet."""
        waits = {ChangeState.ASKED: self.agreed_by, ChangeState.UNDO_ASKED: self.undo_agreed_by}
        return bool(waits.get(self.state))

    @property
    def steps(self) -> tuple[ChangeStep, ...]:
        """What the viewer may do with it now."""
        if self.carried:
            return ()
        if self.state is ChangeState.ASKED:
            return (ChangeStep.DROP,) if self.mine else (ChangeStep.AGREE,)
        if self.state is ChangeState.DONE:
            return (ChangeStep.ASK_UNDO,)
        return (ChangeStep.AGREE_UNDO,) if self.state is ChangeState.UNDO_ASKED and not self.undo_mine else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAnswer:
    """What came of whatever somebody does with a change of an authority."""

    number: int
    step: str


def read_listed(text: str) -> dict[str, dict[str, tuple[int, str]]]:
    """What a plan sends elsewhere, each once: by what it is, its code, the line, and where it goes.

    Raises:
        InvalidInput: a line is none, or something is listed twice.
    """
    named: dict[str, dict[str, tuple[int, str]]] = {what: {} for what in LISTED}
    for number, row in enumerate(csv.reader(text.splitlines()), start=1):
        if not any(row):
            continue
        if len(row) != len(LISTED) or row[0].strip() not in named or not all(row):
            raise InvalidInput(f"Line {number}: organisation, source or person, its code, where to.")
        what, code, to = (cell.strip() for cell in row)
        if code in named[what]:
            raise InvalidInput(f"Line {number}: {code} is listed already.")
        named[what][code] = (number, to)
    return named


def may_they_agree_to_the_change(asked_by: object, agrees: object) -> bool:
    """One person of the national team plans a change, another agrees; so it is undone as well (R58)."""
    return asked_by != agrees
