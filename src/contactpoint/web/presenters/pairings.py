"""The words of shield desks that second each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from contactpoint.domain.here import HERE
from contactpoint.domain.pairings import AskedPairing, Desk
from contactpoint.web.presenters.words import counted, moment_words

DONE_WORDS = {
    "asked": "Recorded. It holds once a colleague has agreed.",
    "agreed": "Recorded. It holds from now on.",
    "refused": "Recorded. Nothing changes.",
    "dropped": "Dropped. Nothing changes.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskView:
    """One authority's shield desk."""

    name: str
    people: str
    small: bool
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPairingView:
    """A pairing that waits."""

    number: int
    what: str
    asked: str
    because: str
    mine: bool


def desk_rows(desks: Sequence[Desk]) -> list[DeskView]:
    """Every desk; those with fewer than two people and no second first."""
    ordered = sorted(desks, key=lambda one: (not one.is_small, bool(one.second), one.name))
    return [
        DeskView(
            name=one.name,
            people=counted(one.people, "person", "people") if one.people else "Nobody",
            small=one.is_small,
            second=one.second_name or "The national desk",
        )
        for one in ordered
    ]


def asked_rows(asked: Sequence[AskedPairing]) -> list[AskedPairingView]:
    """What waits for a second person."""
    return [
        AskedPairingView(
            number=one.id,
            what=_what(one),
            asked=f"{one.asked_by}, {moment_words(one.asked_at.astimezone(HERE))}",
            because=one.because,
            mine=one.mine,
        )
        for one in asked
    ]


def _what(one: AskedPairing) -> str:
    if not one.second:
        return f"{one.name} has no second desk any more but the national one"
    if one.both_ways:
        return f"{one.name} and {one.second_name} are each other’s second desk"
    return f"{one.second_name} becomes the second desk of {one.name}"
