"""Who reviews whose use: never oneself, never a small team its own, shields by shield staff alone (R52)."""

from collections.abc import Sequence

from contactpoint.domain.involvement import SERVICES, ServiceKind
from contactpoint.domain.review.looks import ChildFacts, Person

SMALL_TEAM = 20
NATIONAL = ""


def is_it_for_shield_staff(person: Person, child: ChildFacts | None) -> bool:
    """Looks at a shielded child, or by people of sensitive services, go to national reviewers (R34, R39).

    All looks of such services do, whoever the child: otherwise that one is or is not listed as unexplained
    would tell whether the service is involved.
    """
    sensitive = {
        code for code in person.services if code in SERVICES and SERVICES[code].kind is ServiceKind.SENSITIVE
    }
    return bool(sensitive) or (child is not None and child.shielded)


def which_authority_reviews(
    authority: str | None, *, team_size: int, restricted: bool, with_reviewers: Sequence[str]
) -> str:
    """The authority whose reviewers look at it; the national ones where nobody else may (R52).

    A team under twenty is reviewed by another authority: the next one, by code, that has reviewers. People
    who know each other do not review each other.
    """
    if restricted or not authority:
        return NATIONAL
    if team_size >= SMALL_TEAM:
        return authority if authority in with_reviewers else NATIONAL
    others = sorted(code for code in with_reviewers if code != authority)
    after = [code for code in others if code > authority]
    return (after or others or [NATIONAL])[0]
