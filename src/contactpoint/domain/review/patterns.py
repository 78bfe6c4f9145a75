"""What looks wrong, explained or not: one function for each pattern (R53)."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from enum import StrEnum
from statistics import median

from contactpoint.domain.review.looks import Access, ChildFacts, Look, LookKind, Person, Who

ODD_FROM, ODD_UNTIL = 22, 6
MANY_PEOPLE = 4
MANY_NUMBERS = 5
MANY_SEARCHES = 5
MUCH, TIMES_PEERS, PEERS_NEEDED = 15, 4, 5
MUCH_BY_ANY_MEASURE = 60
LED_TO_A_RECORD = timedelta(minutes=30)


class Code(StrEnum):
    """Why an access goes to a person's queue."""

    DISOWNED = "disowned"
    SELF = "self"
    CARER = "carer"
    ADDRESS = "address"
    OVERRIDE = "override"
    NUMBERS_TRIED = "numbers_tried"
    MANY_LOOKED = "many_looked"
    VOLUME = "volume"
    SURNAME = "surname"
    NEIGHBOUR = "neighbour"
    NEVER_OPENED = "never_opened"
    ODD_HOURS = "odd_hours"
    NO_LATER_WORK = "no_later_work"
    UNEXPLAINED = "unexplained"
    SAMPLED = "sampled"


# How much each adds to the risk by which the queue is sorted.
WEIGHTS: dict[Code, int] = {
    Code.DISOWNED: 10,
    Code.SELF: 9,
    Code.CARER: 9,
    Code.ADDRESS: 9,
    Code.OVERRIDE: 8,
    Code.NUMBERS_TRIED: 6,
    Code.MANY_LOOKED: 5,
    Code.VOLUME: 5,
    Code.SURNAME: 4,
    Code.NEIGHBOUR: 4,
    Code.NEVER_OPENED: 4,
    Code.ODD_HOURS: 3,
    Code.NO_LATER_WORK: 2,
    Code.UNEXPLAINED: 1,
    Code.SAMPLED: 0,
}


def risk_of(codes: Sequence[Code]) -> int:
    """The risk of an access: what its patterns add up to."""
    return sum(WEIGHTS[code] for code in codes)


def is_it_themselves(person: Person, child: ChildFacts) -> bool:
    """Looking up a record of one's own name is looked at (R53)."""
    return person.name in child.names


def is_a_carer_of_their_name(person: Person, child: ChildFacts) -> bool:
    """Looking up a child one of whose carers has one's own name is looked at: it may be one's own (R53)."""
    return person.name in child.carers


def do_they_share_a_home(person: Person, child: ChildFacts) -> bool:
    """Looking up a child of one's own address is looked at; addresses of staff are kept as digests (R53)."""
    return not person.homes.isdisjoint(child.homes)


def are_they_neighbours(person: Person, child: ChildFacts, *, explained: bool) -> bool:
    """Looking up a child of one's own postcode is looked at, where nothing explains it (R53).

    Some fifteen homes share a postcode. A child of one's own home is no neighbour.
    """
    return not (
        explained or do_they_share_a_home(person, child) or person.postcodes.isdisjoint(child.postcodes)
    )


def do_they_share_a_surname(person: Person, child: ChildFacts, *, explained: bool) -> bool:
    """Looking up a child or carer of one's own last name is looked at (R53).

    Of an explained look only where few bear the name: of a common one it says next to nothing.
    """
    surnames = {name.surname for name in (*child.names, *child.carers) if name.surname}
    return person.name.surname in surnames and (person.rare_surname or not explained)


def was_it_at_odd_hours(looks: Sequence[Look], person: Person) -> bool:
    """Looks between ten at night and six in the morning are looked at, where people work by day (R53)."""
    return not person.works_nights and any(
        look.at.hour >= ODD_FROM or look.at.hour < ODD_UNTIL for look in looks
    )


def is_it_far_more_than_peers(opened: int, peers: Sequence[int]) -> bool:
    """Far more records in a day than others of the same kind of organisation open is looked at (R53).

    Four times the middle one of at least five, and never fewer than fifteen; sixty is much by any measure.
    """
    if opened >= MUCH_BY_ANY_MEASURE:
        return True
    if opened < MUCH or len(peers) < PEERS_NEEDED:
        return False
    return opened > TIMES_PEERS * median(peers)


def have_many_looked(lookers: int) -> bool:
    """One child whom several people open within a week without explanation is looked at (R53)."""
    return lookers >= MANY_PEOPLE


def did_searches_lead_nowhere(searches: Sequence[Look]) -> bool:
    """Searching again and again without opening anything is looked at: lists tell something too (R53)."""
    return len(searches) >= MANY_SEARCHES


def was_a_record_opened(look: Look) -> bool:
    """Whether a look showed one child's record."""
    return look.child is not None and look.kind in (LookKind.OPENED, LookKind.OVERRODE)


def was_one_tried_in_vain(look: Look, opened: Collection[tuple[Who, str | None]]) -> bool:
    """A try that led to that child's record the same day is part of opening it, and no try (R53).

    Whoever is asked something before a record opens answers and opens it: `opened` are all who opened whom.
    """
    waited = look.child is not None and (look.who, look.child) in opened
    return look.kind is LookKind.TRIED and not waited


def were_numbers_tried(looks: Sequence[Look]) -> bool:
    """Trying numbers or records one after another is looked at (R53)."""
    return sum(look.kind is LookKind.TRIED for look in looks) >= MANY_NUMBERS


def was_a_shield_overridden(access: Access) -> bool:
    """Every override of a shield is looked at, whatever explains it (R33, R53)."""
    return any(look.kind is LookKind.OVERRODE for look in access.looks)


def did_they_say_it_was_not_them(access: Access) -> bool:
    """What somebody says was done in their name without them is looked at first (R52)."""
    return any(look.kind is LookKind.DISOWNED for look in access.looks)


def searches_that_led_nowhere(looks: Sequence[Look]) -> tuple[Look, ...]:
    """Searches that listed somebody and were followed by no opened record within half an hour (R53)."""
    opened = [look.at for look in looks if look.kind in (LookKind.OPENED, LookKind.OVERRODE)]
    return tuple(
        look
        for look in looks
        if look.kind is LookKind.SEARCHED
        and look.shown
        and not any(look.at <= at <= look.at + LED_TO_A_RECORD for at in opened)
    )
