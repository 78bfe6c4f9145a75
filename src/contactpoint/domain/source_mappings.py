"""How a source's files are read: tried first, agreed by a second person, put back exactly (R19, R25).

A mapping holds from the moment in which the second person agrees. Each version stays, with who, when and why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from contactpoint.domain.two_people import Step

MOST_BYTES: Final = 64 * 1024
MOST_FAULTS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingFault:
    """What is wrong with a mapping file: on which line (0: none alone), at which name, why."""

    line: int = 0
    field: str = ""
    reason: str


class MappingState(StrEnum):
    """How far a version is. The worker tries it; one of a source is in force at most."""

    TRYING = "trying"
    TRIED = "tried"
    ASKED = "asked"
    DROPPED = "dropped"
    REFUSED = "refused"
    IN_FORCE = "in_force"
    REPLACED = "replaced"


BECOMES: Final[Mapping[tuple[MappingState, Step], MappingState]] = MappingProxyType(
    {
        (MappingState.TRYING, Step.DROP): MappingState.DROPPED,
        (MappingState.TRIED, Step.ASK): MappingState.ASKED,
        (MappingState.TRIED, Step.DROP): MappingState.DROPPED,
        (MappingState.ASKED, Step.DROP): MappingState.DROPPED,
        (MappingState.ASKED, Step.AGREE): MappingState.IN_FORCE,
        (MappingState.ASKED, Step.REFUSE): MappingState.REFUSED,
    }
)
"""What may be done when; whatever is not here is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingInQuestion:
    """A version as far as the rules ask: how it stands, what is to be done with it, and whose it is."""

    state: MappingState
    step: Step
    by_viewer: bool


def what_becomes_of_the_mapping(state: MappingState, step: Step) -> MappingState | None:
    """How a version stands after a step; None where the step does not come now."""
    return BECOMES.get((state, step))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldChanges:
    """What loading a file would change of what is held of its records, to the nearest hundred (R19, R27).

    `held` are the records of the file that are held, `different` those of them that would be; None is fewer
    than a hundred. `fields` are the columns that would differ in a hundred or more. Children who are
    protected or archived, and what waits in quarantine, are in none.
    """

    held: int | None
    different: int | None
    fields: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one mapping makes of a file: counts alone, and never a value.

    `refused` says why the file cannot be read by it, empty where it can. `reasons` are field, reason and
    rows; `filled` how many rows hold something in each column of the contract. `changes` is None where
    nothing was compared with what is held: it cannot be read, or was tried before that was done.
    """

    refused: str = ""
    rows: int = 0
    rejected: int = 0
    reasons: tuple[tuple[str, str, int], ...] = ()
    filled: Mapping[str, int] = field(default_factory=dict)
    changes: HeldChanges | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a file comes to by the version in force, and by the one that was tried."""

    file_name: str
    before: Reading
    after: Reading

    @property
    def differences(self) -> tuple[tuple[str, int, int], ...]:
        """Columns that more or fewer rows fill: before and after, where both can be read."""
        if self.before.refused or self.after.refused:
            return ()
        return tuple(
            (name, self.before.filled.get(name, 0), after)
            for name, after in self.after.filled.items()
            if after != self.before.filled.get(name, 0)
        )

    @property
    def changes(self) -> tuple[tuple[str, int | None, int | None], ...]:
        """Fields of held records that would differ: before and after; None is fewer than a hundred."""
        before, after = (dict(one.changes.fields) if one.changes else {} for one in (self.before, self.after))
        return tuple((name, before.get(name), after.get(name)) for name in dict.fromkeys((*after, *before)))


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingVersion:
    """A version of a source's mapping; no text is the contract's own names.

    `puts_back` is the version whose change it undoes. `stands` says whether it may be asked for and agreed
    to: a file could be read by it, and what it was compared with is still in force. `until` is when another
    took its place; `failed` why it could not be tried.
    """

    version: int
    state: MappingState
    text: str
    by: str
    mine: bool
    at: datetime
    because: str
    answered_by: str
    answered_at: datetime | None
    until: datetime | None
    puts_back: int | None
    stands: bool
    failed: str
    trial: Trial | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingAnswer:
    """What came of whatever somebody does with a version."""

    version: int
    state: str
