"""Versions of the matching model: proposed, reported on, agreed by two people, put back (R20, ADR 41).

Until anybody agreed to another, the one that comes with the project is in force. Versions are kept for ever,
because every link names the one that made it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Self

from contactpoint.domain.two_people import Step

MOST_BYTES: Final = 4 * 1024 * 1024
LONGEST_NAME: Final = 32
"""As a link has room for."""

FEWEST_TOLD: Final = 100
"""A model could be made so that it weighs one pair otherwise: no number is told below, nor finer (ADR 34)."""


class ModelState(StrEnum):
    """How far a version is. The worker weighs what was asked, and says if it could not."""

    ASKED = "asked"
    REPORTED = "reported"
    FAILED = "failed"
    DROPPED = "dropped"
    REFUSED = "refused"
    IN_FORCE = "in_force"
    REPLACED = "replaced"


BECOMES: Final[Mapping[tuple[ModelState, Step], ModelState]] = MappingProxyType(
    {
        (ModelState.ASKED, Step.DROP): ModelState.DROPPED,
        (ModelState.ASKED, Step.REFUSE): ModelState.REFUSED,
        (ModelState.REPORTED, Step.DROP): ModelState.DROPPED,
        (ModelState.REPORTED, Step.AGREE): ModelState.IN_FORCE,
        (ModelState.REPORTED, Step.REFUSE): ModelState.REFUSED,
    }
)
"""What may be done when; whatever is not here is refused. Nothing is agreed before its report is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCase:
    """Records to check of one kind that what is published would open, now and then; None where few."""

    kind: str
    now: int | None
    then: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReport:
    """What a version would change, of the children whom nothing hides; counts alone.

    Every number is to the nearest hundred, and None below one hundred. `sha256` is of the text of the model
    that it was compared with.
    """

    against: str
    sha256: str
    children: int | None
    joined: int | None
    parted: int | None
    rearranged: int | None
    moved: int | None
    causes: tuple[str, ...]
    cases: tuple[ToldCase, ...]

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> Self:
        """As the database keeps it."""
        cases = tuple(ToldCase(kind=kind, now=now, then=then) for kind, now, then in held["cases"])
        return cls(**{**held, "causes": tuple(held["causes"]), "cases": cases})

    def as_json(self) -> dict[str, Any]:
        """As the database keeps it."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**plain, "cases": [[one.kind, one.now, one.then] for one in self.cases]}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersion:
    """A version as people read it.

    `stands` says whether the model it was compared with is still in force, as far as the database knows.
    """

    id: int
    version: str
    sha256: str
    because: str
    state: ModelState
    proposed_by: str
    mine: bool
    proposed_at: datetime
    puts_back: bool
    report: ModelReport | None
    answered_by: str
    answered_at: datetime | None
    in_force_from: datetime | None
    in_force_until: datetime | None
    outcome: str
    stands: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDone:
    """What came of whatever somebody does with a version."""

    number: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInQuestion:
    """A proposal as far as the rules ask: how it stands, what is to be done with it, and whose it is.

    `stands`: the model that its report compares it with is still in force.
    """

    state: ModelState
    step: Step
    by_viewer: bool
    stands: bool = True


def what_becomes_of_the_model(state: ModelState, step: Step) -> ModelState | None:
    """How a proposal stands after a step; None where the step does not come now."""
    return BECOMES.get((state, step))


def told(count: int) -> int | None:
    """A count as anybody may read it: to the nearest hundred, None below one hundred."""
    return None if count < FEWEST_TOLD else (count + FEWEST_TOLD // 2) // FEWEST_TOLD * FEWEST_TOLD
