"""What explains a look: a relationship that somebody else confirmed, one function each (R52, R53).

Never what the person says of themselves, and never the same school, practice or village alone.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from contactpoint.domain.involvement import SERVICES, ServiceKind
from contactpoint.domain.review.looks import Access, Duty, DutyKind, LookKind, Person, Tie

# Work is looked up before it is recorded, and once more after it ends.
LATER_WITHIN = timedelta(days=28)
ENDED_WITHIN = timedelta(days=28)
ARRIVED_WITHIN = timedelta(days=28)
MANY_CAME = 10
DUTY_LASTS = timedelta(days=7)
FOUND_JUSTIFIED_LASTS = timedelta(days=28)


class Explanation(StrEnum):
    """Why a look was part of somebody's work."""

    OWN_WORK = "own_work"
    NAMED_BY_FEED = "named_by_feed"
    TEAM_SERVICE = "team_service"
    HANDED_OVER = "handed_over"
    CASE = "case"
    ASKED = "asked"
    MEDIATED = "mediated"
    ARRIVED = "arrived"
    SPOKEN = "spoken"
    FOUND_JUSTIFIED = "found_justified"


_BY_DUTY = {
    DutyKind.CASE: Explanation.CASE,
    DutyKind.ASKED: Explanation.ASKED,
    DutyKind.HANDED_OVER: Explanation.HANDED_OVER,
    DutyKind.SPOKEN: Explanation.SPOKEN,
    DutyKind.FOUND_JUSTIFIED: Explanation.FOUND_JUSTIFIED,
}


def explanation_of(
    access: Access,
    person: Person,
    ties: Iterable[Tie],
    duties: Iterable[Duty],
    *,
    on: date,
    restricted: bool,
    later: timedelta = timedelta(0),
) -> Explanation | None:
    """The first confirmed relationship that explains an access, None where nothing does (R52).

    `later` lets work explain that began so long after: nobody's work is recorded before they looked.
    """
    if was_it_mediated(access):
        return Explanation.MEDIATED
    for tie in ties:
        if not may_this_tie_speak(tie, restricted=restricted) or not was_it_in_force(tie, on, later):
            continue
        if does_their_own_confirmed_work_explain_it(person, tie):
            return Explanation.OWN_WORK
        if does_a_feed_that_names_them_explain_it(person, tie):
            return Explanation.NAMED_BY_FEED
        if does_their_teams_service_explain_it(person, tie):
            return Explanation.TEAM_SERVICE
        if have_they_just_come_to_it(person, tie, on):
            return Explanation.ARRIVED
    for duty in duties:
        if duty.account == person.who.account and was_it_theirs_to_do(duty, on):
            return _BY_DUTY[duty.kind]
    return None


def was_it_mediated(access: Access) -> bool:
    """A look made for somebody else who is named in the audit is explained by their request (R6).

    All of it must be: one look for another does not cover one's own.
    """
    return bool(access.looks) and all(look.mediated for look in access.looks)


def does_their_own_confirmed_work_explain_it(person: Person, tie: Tie) -> bool:
    """One's own word explains a look once a second person has confirmed it, and never before (R45, R52)."""
    return tie.said_by == person.who.account and tie.confirmed


def does_a_feed_that_names_them_explain_it(person: Person, tie: Tie) -> bool:
    """A feed that names the person, at their own organisation, as the one in contact explains it (R52)."""
    return (
        tie.said_by is None
        and tie.organisation == person.who.organisation
        and tie.practitioner is not None
        and tie.practitioner == person.name
    )


def does_their_teams_service_explain_it(person: Person, tie: Tie) -> bool:
    """A confirmed service beyond what every child has, given by the person's own team, explains it (R52).

    The same school, practice or clinic does not: every child there would be everybody's to look at.
    """
    service = SERVICES.get(tie.service)
    return (
        service is not None
        and service.kind is not ServiceKind.UNIVERSAL
        and tie.confirmed
        and tie.organisation == person.who.organisation
        and tie.service in person.services
    )


def have_they_just_come_to_it(person: Person, tie: Tie, on: date) -> bool:
    """A child whom a feed says came to the person's own service within four weeks of it is looked up (R52).

    That the child goes there explains nothing, that they have just come does: whoever takes a child in looks
    who else knows them. Where many came on one day, as to a school in September, it explains nobody.
    """
    return (
        tie.said_by is None
        and tie.organisation == person.who.organisation
        and tie.service in person.services
        and tie.since is not None
        and tie.since >= on - ARRIVED_WITHIN
        and tie.came_with < MANY_CAME
    )


def was_it_in_force(tie: Tie, on: date, later: timedelta = timedelta(0)) -> bool:
    """Work explains looks from its first day until four weeks after its last (R52)."""
    begun = tie.since is None or tie.since <= on + later
    return begun and (tie.until is None or tie.until >= on - ENDED_WITHIN)


def was_it_theirs_to_do(duty: Duty, on: date) -> bool:
    """What somebody else, or the directory, gave a person to do explains a week of looks (R52).

    A record to check, a message at the desk, a request to get in touch, a child to take over; and their own
    request, once the service they asked has spoken to them. What a reviewer found justified explains four.
    """
    lasts = FOUND_JUSTIFIED_LASTS if duty.kind is DutyKind.FOUND_JUSTIFIED else DUTY_LASTS
    return duty.on - timedelta(days=1) <= on <= duty.on + lasts


def may_this_tie_speak(tie: Tie, *, restricted: bool) -> bool:
    """What consent may hide explains nothing to a reviewer who may not know of it (R39).

    Otherwise that a look counts as explained would tell that such a service is involved.
    """
    service = SERVICES.get(tie.service)
    return restricted or (service is not None and service.kind is not ServiceKind.SENSITIVE)


def is_it_about_a_record(access: Access) -> bool:
    """Whether a record was opened; trying and searching are no more than looking for one."""
    return any(look.kind in (LookKind.OPENED, LookKind.OVERRODE) for look in access.looks)
