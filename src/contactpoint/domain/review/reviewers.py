"""Who reviews whose use: never oneself, never a small team its own, shields by shield staff alone (R52)."""

from collections.abc import Sequence

from contactpoint.domain.involvement import SERVICES, ServiceKind
from contactpoint.domain.review.looks import ChildFacts, Person
from contactpoint.domain.staff import ONE_BODY

SMALL_TEAM = 20
NATIONAL = ""
NOBODY = "-"
"""For whom reviewers look at a body that can have none; nothing is ever given to them."""


def is_it_for_shield_staff(person: Person, child: ChildFacts | None) -> bool:
    """Looks at a shielded child, or by people of sensitive services, go to national reviewers (R34, R39).

    All looks of such services do, whoever the child: otherwise that one is or is not listed as unexplained
    would tell whether the service is involved.
    """
    sensitive = {
        code for code in person.services if code in SERVICES and SERVICES[code].kind is ServiceKind.SENSITIVE
    }
    return bool(sensitive) or (child is not None and child.shielded)


def who_reviews_for(kind: str | None, authority: str | None, code: str) -> str:
    """For whom reviewers at a body look: England, one authority, or that one partner (R52)."""
    match kind:
        case "national":
            return NATIONAL
        case "charity":
            return f"{ONE_BODY}{code}"
        case _:
            return authority or NOBODY


def figures_of(reviewed_by: str) -> str:
    """Under what the figures of a day stand of what was given to those reviewers.

    Under `at:` stand all looks of a partner's people, whoever reviews them (ADR 51).
    """
    return f"by:{reviewed_by.removeprefix(ONE_BODY)}" if reviewed_by.startswith(ONE_BODY) else reviewed_by


def whose_reviewers_look(
    authority: str | None,
    *,
    partner: str | None = None,
    team_size: int,
    restricted: bool,
    with_reviewers: Sequence[str],
) -> str:
    """Whose reviewers look at it: those of the partner whose people they are, an authority, or England (R52).

    `partner` is the code of a charity; `with_reviewers` are the authorities and partners that have some. A
    team under twenty is reviewed by another authority: the next one, by code. People who know each other do
    not review each other. What no authority and no partner may look at is for the national reviewers.
    """
    own = f"{ONE_BODY}{partner}"
    if not restricted and partner and team_size >= SMALL_TEAM and own in with_reviewers:
        return own
    if restricted or not authority:
        return NATIONAL
    if team_size >= SMALL_TEAM:
        return authority if authority in with_reviewers else NATIONAL
    others = sorted(code for code in with_reviewers if code != authority and not code.startswith(ONE_BODY))
    after = [code for code in others if code > authority]
    return (after or others or [NATIONAL])[0]
