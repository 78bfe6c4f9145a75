"""Authorities whose shield desks second each other: two people of the national team say so (R31)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contactpoint.domain.two_people import Step

ENOUGH: Final = 2
"""A desk of so many decides for itself, and nobody is its second but the national one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingInQuestion:
    """A pairing that somebody asks for or answers, as far as the rules ask about it."""

    step: Step
    by_viewer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The shield desk of an authority: how many people it has, and whose desk is its second, if any."""

    authority: str
    name: str
    people: int
    second: str
    second_name: str

    @property
    def is_small(self) -> bool:
        """Say whether it needs a second."""
        return self.people < ENOUGH


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPairing:
    """A pairing that waits for a second person. `second` is empty where it would end."""

    id: int
    authority: str
    name: str
    second: str
    second_name: str
    both_ways: bool
    asked_by: str
    asked_at: datetime
    because: str
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """Every authority's desk, and what waits."""

    desks: tuple[Desk, ...]
    asked: tuple[AskedPairing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingDone:
    """The answer to asking for a pairing or answering one."""

    what: str
