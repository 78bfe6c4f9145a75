"""What is held about a child before anything is decided: the input of redaction, never shown as it is."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from contactpoint.domain.coverage import Coverage
from contactpoint.domain.discreet import DiscreetPlace
from contactpoint.domain.involvement import Involvement
from contactpoint.domain.people import Statement
from contactpoint.domain.retention import Leaving


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredServices:
    """What silence means for some services in the child's area."""

    coverage: Coverage
    services: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """Names of authorities by three-digit code, the authority of postcode districts, and discreet places."""

    names: tuple[tuple[str, str], ...] = ()
    districts: tuple[tuple[str, str], ...] = ()
    discreet: tuple[DiscreetPlace, ...] = ()

    def name_of(self, code: str | None) -> str | None:
        """Return the authority's name, None if it is not known."""
        return dict(self.names).get(code or "")

    def authority_of(self, postcode: str | None) -> str | None:
        """Return the code of the authority a postcode's district lies in, None if it is not known."""
        return dict(self.districts).get(district_of(postcode))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldVersion:
    """What a source said of the child, and from when until when this directory held that (None: still)."""

    statement: Statement
    held_from: datetime
    held_until: datetime | None = None

    def is_held(self, moment: datetime) -> bool:
        """Say whether it was what the source said at that moment."""
        return self.held_from <= moment and (self.held_until is None or moment < self.held_until)

    def held_only_from(self, first: datetime) -> Self:
        """The same, as if nothing had been held before `first`."""
        return replace(self, held_from=max(self.held_from, first))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldInvolvement:
    """A service in contact as a source said it, and from when until when this was held here (None: still).

    `contract` is its source's; a practitioner's own word counts from when it was confirmed. `as_at` is the
    day for which the source said it.
    """

    involvement: Involvement
    contract: str
    as_at: date
    held_from: datetime
    held_until: datetime | None = None

    def is_held(self, moment: datetime) -> bool:
        """Say whether it was what the source said at that moment."""
        return self.held_from <= moment and (self.held_until is None or moment < self.held_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRecord:
    """Everything unsealed that sources say about one child.

    `stays_with` is the authority that was responsible, while a move to another is not accepted (R59);
    `given_to` the one that accepted the child from the national team, because nothing says of another (R58);
    `left` is what the national team wrote down of a child whom no authority is responsible for (R50).
    """

    number: str
    statements: tuple[Statement, ...]
    involvements: tuple[Involvement, ...] = ()
    coverage: tuple[CoveredServices, ...] = ()
    gazetteer: Gazetteer = Gazetteer()
    stays_with: str | None = None
    given_to: str | None = None
    left: Leaving | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShieldedRecord:
    """A shielded child: the search index's one row. Nothing else is read, so nothing else can be shown."""

    number: str
    name: str
    date_of_birth: str | None
    sex: str | None


HeldRecord = KnownRecord | ShieldedRecord


def district_of(postcode: str | None) -> str:
    """The outward part of a postcode, "" if there is none."""
    compact = "".join((postcode or "").upper().split())
    return compact[:-3] if len(compact) > 4 else compact
