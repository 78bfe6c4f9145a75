"""What somebody could see of a child at a moment: an answer that names what was shown, and shows nothing."""

from dataclasses import dataclass
from datetime import datetime

LONGEST_REASON = 300


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
    then are those that answered, and everything that changed since was kept.
    """

    name: str
    child: str
    at: datetime
    could_see: tuple[CouldSee, ...]
    rules_now: str
    rules_then: str | None
    rules_since: datetime | None

    @property
    def exact(self) -> bool:
        """Whether this is what pages would have shown, to the field."""
        return self.rules_then == self.rules_now
