"""What somebody could see of a child at a moment: an answer that names what was shown, and shows nothing."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

LONGEST_REASON = 300


class ToldTo(StrEnum):
    """Who is told: whoever runs the directory, shield staff, or a reviewer of use."""

    COMMAND_LINE = "command_line"
    SHIELD_STAFF = "shield_staff"
    REVIEWER = "reviewer"


class Became(StrEnum):
    """What becomes of asking."""

    ASKED = "asked"
    NOBODY = "nobody"
    NO_CHILD = "no_child"


def are_sensitive_services_left_out(told_to: ToldTo | None) -> bool:
    """Nobody is told of a sensitive service, nor of what only such a one said, whoever could see it (R39)."""
    return told_to is not None


def are_single_people_left_out(told_to: ToldTo | None) -> bool:
    """That a record is kept from one person is for shield staff: other answers leave it out (R34, R57)."""
    return told_to in {ToldTo.REVIEWER, ToldTo.COMMAND_LINE}


def is_it_for_shield_staff_alone(could_see: "tuple[CouldSee, ...]", *, protected_now: bool) -> bool:
    """What could be seen of a child that is protected, or was then, is told to shield staff alone (R34)."""
    return protected_now or any(one.protected for one in could_see)


@dataclass(frozen=True, slots=True, kw_only=True)
class CouldSee:
    """What one could see who acted in a role for an organisation; a refusal's sentence where it was nothing.

    `fields`, `identifiers` and `involvements` are as the audit names them; `services` counts them.
    """

    organisation: str
    role: str
    refusal: str = ""
    rules: tuple[str, ...] = ()
    protected: bool = False
    fields: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    involvements: tuple[int, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the record could be opened at all."""
        return not self.refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """The answer for each thing the person could act as then; none where they could act as nothing.

    `rules_then` is None where it was not written down which rules were in force; `exact` where the rules of
    then are those that answered, and everything that changed since was kept. Where it is `closed`, to shield
    staff alone, it holds no answer. `settings` is the version of the settings that held then, 0 as shipped.
    """

    name: str
    child: str
    at: datetime
    could_see: tuple[CouldSee, ...]
    rules_now: str
    rules_then: str | None
    rules_since: datetime | None
    closed: bool = False
    settings: int = 0

    @property
    def exact(self) -> bool:
        """Whether this is what pages would have shown, to the field."""
        return self.rules_then == self.rules_now


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayLine:
    """One question as whoever asked it reads it; no answer while it waits, or where it is `closed`."""

    name: str
    child: str
    moment: datetime
    because: str
    asked_at: datetime
    closed: bool
    answer: Replayed | None


def to_text(found: Replayed) -> str:
    """The answer as it is kept."""
    return json.dumps(asdict(found), default=str)


def from_text(text: str) -> Replayed:
    """Read a kept answer."""
    held = json.loads(text)
    could_see = tuple(_could_see(one) for one in held.pop("could_see"))
    at, since = held.pop("at"), held.pop("rules_since")
    return Replayed(
        **held,
        at=datetime.fromisoformat(at),
        rules_since=datetime.fromisoformat(since) if since else None,
        could_see=could_see,
    )


def _could_see(held: dict[str, Any]) -> CouldSee:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in held.items()
    }
    return CouldSee(**values)
