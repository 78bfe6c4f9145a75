"""A table of what was proposed and takes two people, whichever it is (templates/web/_proposed.html)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedRow:
    """One proposal: what it is called, who brought it and agreed, why, and how far it is.

    `what` stands in a column of its own where the page has one.
    """

    number: int
    title: str
    who: str
    because: str
    state: str
    what: str = ""


def by_two(asked: str, agreed: str) -> str:
    """Who brought it and who agreed."""
    return f"{asked}, agreed by {agreed}" if agreed else asked
