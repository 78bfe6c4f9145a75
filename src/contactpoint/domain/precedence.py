"""Whom to believe about what, and for how long, as a table; and how a value says where it is from."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from contactpoint.domain.disclosure.answers import Because, Provenance
from contactpoint.domain.people import Statement

YEAR = timedelta(days=365)

# Who is closest to a fact says it first: births know how a life began, case systems and the NHS of changes.
_LEGAL = (
    "nhs_demographics",
    "childrens_services",
    "school_census",
    "gp_registrations",
    "child_health",
    "child_benefit",
    "births",
    "youth_justice",
    "charity",
    "mental_health",
)
_AT_BIRTH = (
    "births",
    "nhs_demographics",
    "child_benefit",
    "school_census",
    "childrens_services",
    "team_word",
    "gp_registrations",
    "child_health",
    "youth_justice",
    "charity",
    "mental_health",
)
_EVERYDAY = (
    "childrens_services",
    "school_census",
    "charity",
    "youth_justice",
    "mental_health",
    "nhs_demographics",
    "child_health",
    "gp_registrations",
    "child_benefit",
    "births",
)
_HOME = (
    "childrens_services",
    "nhs_demographics",
    "gp_registrations",
    "school_census",
    "child_health",
    "child_benefit",
    "youth_justice",
    "charity",
    "mental_health",
    "births",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """Which sources to believe about a field, best first, and for how long after they said it."""

    order: tuple[str, ...]
    stale_after: timedelta

    def place(self, contract: str) -> int:
        """The contract's place in the order; a contract not named comes last."""
        return self.order.index(contract) if contract in self.order else len(self.order)


PRECEDENCE: Mapping[str, FieldRule] = {
    "name": FieldRule(order=_LEGAL, stale_after=2 * YEAR),
    "known_as": FieldRule(order=_EVERYDAY, stale_after=2 * YEAR),
    "date_of_birth": FieldRule(order=_AT_BIRTH, stale_after=30 * YEAR),
    "sex": FieldRule(order=_AT_BIRTH, stale_after=30 * YEAR),
    "date_of_death": FieldRule(order=_AT_BIRTH, stale_after=30 * YEAR),
    "address": FieldRule(order=_HOME, stale_after=YEAR),
    "nhs_number": FieldRule(order=_LEGAL, stale_after=30 * YEAR),
    "upn": FieldRule(order=_EVERYDAY, stale_after=30 * YEAR),
}


# What is asked of a value and of a current home, in this order: the first answer that differs decides.
CRITERIA: tuple[Because, ...] = (
    Because.CHECKED,
    Because.FRESH,
    Because.AGREED,
    Because.NEARER,
    Because.NEWER,
    Because.TIED,
)
HOME_CRITERIA: tuple[Because, ...] = (
    Because.FRESH,
    Because.MAIN_HOME,
    Because.AGREED,
    Because.NEARER,
    Because.NEWER,
    Because.TIED,
)


def why_chosen(
    criteria: Sequence[Because], best: Sequence[object], next_best: Sequence[object] | None
) -> Because:
    """Say by which criterion the best value beat the next; their sort keys follow `criteria`."""
    if next_best is None:
        return Because.ALONE
    pairs = zip(criteria, best, next_best, strict=True)
    return next((because for because, ours, theirs in pairs if ours != theirs), Because.TIED)


@lru_cache(maxsize=100_000)
def plain(value: str) -> str:
    """Return what two spellings of one value share: its letters, their marks and digits, case away."""
    return "".join(letter for letter in value.casefold() if unicodedata.category(letter)[0] in "LMN")


def provenance(
    voices: Sequence[Statement], others: Iterable[Statement], because: Because | None = None
) -> Provenance:
    """Say where a value comes from: its first voice, who agrees, who says otherwise, why it was chosen."""
    first = voices[0]
    agreeing = {one.source_name for one in voices[1:]} - {first.source_name}
    differing = {one.source_name for one in others} - agreeing - {first.source_name}
    return Provenance(
        source_name=first.source_name,
        as_at=first.as_at,
        agreeing=tuple(sorted(agreeing)),
        differing=tuple(sorted(differing)),
        because=because,
    )
