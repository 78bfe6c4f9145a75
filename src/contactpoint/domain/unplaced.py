"""Children for whom no authority is responsible: why none is, and on what grounds one is given (R58, R15)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class NobodyBecause(StrEnum):
    """Why no authority could be worked out, by what may be shown alone."""

    NO_POSTCODE = "no_postcode"
    NOT_IN_ENGLAND = "not_in_england"


class GivenBecause(StrEnum):
    """Why the national team gives a child to an authority; coded, so that no case is described (R17)."""

    LAST_KNOWN = "last_known"
    FAMILY_SAYS = "family_says"
    SERVICE_SAYS = "service_says"
    AUTHORITY_SAYS = "authority_says"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedChild:
    """A child for whom nobody is responsible, since when, and why none was found."""

    child: str
    name: str
    date_of_birth: str | None
    since: date
    because: NobodyBecause


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedChildren:
    """Those who wait longest, first; and how many there are in all."""

    children: tuple[UnplacedChild, ...]
    in_all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityGiven:
    """The answer to giving a child to an authority: which one was asked to accept."""

    authority: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingNoted:
    """The answer to writing down that a child left England."""

    kind: str


def why_is_nobody_responsible(postcode: str | None) -> NobodyBecause:
    """No service names an authority, and the home has no postcode or one of no authority here (R58).

    A home that is kept back has none either, and the same is said of it: whether there is one is told by the
    record alone.
    """
    return NobodyBecause.NOT_IN_ENGLAND if postcode else NobodyBecause.NO_POSTCODE
