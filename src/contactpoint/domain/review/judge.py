"""A day of use, judged: what is explained, what goes to a person's queue and why (R52-R54)."""

import hmac
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from contactpoint.domain.review import patterns
from contactpoint.domain.review.explained import (
    LATER_WITHIN,
    Explanation,
    explanation_of,
    is_it_about_a_record,
)
from contactpoint.domain.review.looks import Access, ChildFacts, Day, Look, LookKind, Person, Who
from contactpoint.domain.review.patterns import Code, risk_of
from contactpoint.domain.review.reviewers import is_it_for_shield_staff
from contactpoint.domain.settings import AS_SHIPPED

_NOBODY: Final = ChildFacts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One access, judged. It goes to a person where it has codes; `explained` may stand beside them."""

    access: Access
    person: Person
    explained: Explanation | None
    restricted: bool
    codes: tuple[Code, ...]

    @property
    def risk(self) -> int:
        """By how much it stands above others in the queue."""
        return risk_of(self.codes)


def judge(
    day: Day, *, key: bytes, settled: bool = False, one_in: int = AS_SHIPPED["review_sampled_one_in"]
) -> tuple[Judged, ...]:
    """Judge every access of a day, in the order of who, then child.

    Args:
        day: the looks and what is known of those who looked.
        key: decides which explained looks are sampled; no viewer knows it.
        one_in: of so many explained looks one is sampled.
        settled: four weeks have gone, so that work that began since explains, and none that did is told.
    """
    about = _about_children(day)
    later = LATER_WITHIN if settled else timedelta(0)
    explained = {(one.who, one.child): _explanation(one, day, later) for one in about}
    lookers = _lookers(day, explained)
    busy = _far_busier_than_peers(about, day)
    return tuple(
        _judged(
            access,
            day,
            explained.get((access.who, access.child)),
            lookers=lookers.get(access.child or "", frozenset()),
            busy=access.who in busy,
            key=key,
            settled=settled,
            one_in=one_in,
        )
        for access in (*about, *_about_nobody(day, busy))
    )


def is_it_sampled(event: UUID, key: bytes, one_in: int = AS_SHIPPED["review_sampled_one_in"]) -> bool:
    """One in so many explained looks is looked at all the same; nobody can tell which (R53, R54)."""
    return int.from_bytes(hmac.digest(key, event.bytes, "sha256")[:8]) % one_in == 0


def _about_children(day: Day) -> list[Access]:
    """All that each person did about each child; what was refused showed nobody."""
    about: dict[tuple[Who, str], list[Look]] = defaultdict(list)
    for look in _in_order(day):
        if look.child is not None and look.kind is not LookKind.TRIED:
            about[look.who, look.child].append(look)
    return [Access(who=who, child=child, looks=tuple(looks)) for (who, child), looks in sorted(about.items())]


def _about_nobody(day: Day, busy: frozenset[Who]) -> list[Access]:
    """What each person did that led to no record; of whoever opened far too many, the whole day."""
    idle: dict[Who, list[Look]] = defaultdict(list)
    whole: dict[Who, list[Look]] = defaultdict(list)
    opened = {(look.who, look.child) for look in day.looks if patterns.was_a_record_opened(look)}
    for look in _in_order(day):
        whole[look.who].append(look)
        if patterns.was_one_tried_in_vain(look, opened) or (
            look.kind is LookKind.DISOWNED and look.child is None
        ):
            idle[look.who].append(look)
    for who, looks in whole.items():
        idle[who] += patterns.searches_that_led_nowhere(looks)
    chosen = {who: looks if who in busy else idle[who] for who, looks in whole.items()}
    return [Access(who=who, child=None, looks=tuple(looks)) for who, looks in sorted(chosen.items()) if looks]


def _in_order(day: Day) -> list[Look]:
    known = [look for look in day.looks if look.who in day.people]
    return sorted(known, key=lambda one: (one.at, one.event))


def _explanation(access: Access, day: Day, later: timedelta) -> Explanation | None:
    person, child = day.people[access.who], access.child or ""
    return explanation_of(
        access,
        person,
        day.ties.get(child, ()),
        day.duties.get(child, ()),
        on=day.on,
        restricted=is_it_for_shield_staff(person, day.children.get(child)),
        later=later,
    )


def _lookers(
    day: Day, explained: Mapping[tuple[Who, str | None], Explanation | None]
) -> dict[str, frozenset[UUID]]:
    """Who looked at each child this week without explanation."""
    found = {child: set(before) for child, before in day.lookers_before.items()}
    for (who, child), why in explained.items():
        if child is not None and why is None:
            found.setdefault(child, set()).add(who.account)
    return {child: frozenset(accounts) for child, accounts in found.items()}


def _far_busier_than_peers(about: Sequence[Access], day: Day) -> frozenset[Who]:
    """Who opened far more records than others at organisations of the same kind."""
    opened: dict[str, Counter[Who]] = defaultdict(Counter)
    for access in about:
        if is_it_about_a_record(access):
            opened[day.people[access.who].kind][access.who] += 1
    return frozenset(
        who
        for counts in opened.values()
        for who, mine in counts.items()
        if patterns.is_it_far_more_than_peers(mine, [n for other, n in counts.items() if other != who])
    )


def _judged(
    access: Access,
    day: Day,
    explained: Explanation | None,
    *,
    lookers: frozenset[UUID],
    busy: bool,
    key: bytes,
    settled: bool,
    one_in: int,
) -> Judged:
    person = day.people[access.who]
    child = day.children.get(access.child or "", _NOBODY)
    explains = explained is not None
    asked = {
        Code.DISOWNED: patterns.did_they_say_it_was_not_them(access),
        Code.SELF: patterns.is_it_themselves(person, child),
        Code.CARER: patterns.is_a_carer_of_their_name(person, child),
        Code.ADDRESS: patterns.do_they_share_a_home(person, child),
        Code.OVERRIDE: patterns.was_a_shield_overridden(access),
        Code.NUMBERS_TRIED: patterns.were_numbers_tried(access.looks),
        Code.MANY_LOOKED: not explains and patterns.have_many_looked(len(lookers)),
        Code.VOLUME: access.child is None and busy,
        Code.SURNAME: patterns.do_they_share_a_surname(person, child, explained=explains),
        Code.NEIGHBOUR: patterns.are_they_neighbours(person, child, explained=explains),
        Code.NEVER_OPENED: access.child is None and patterns.did_searches_lead_nowhere(_searches(access)),
        Code.ODD_HOURS: patterns.was_it_at_odd_hours(access.looks, person),
        Code.NO_LATER_WORK: settled and not explains and is_it_about_a_record(access),
        Code.UNEXPLAINED: not explains,
        Code.SAMPLED: explains and any(is_it_sampled(look.event, key, one_in) for look in access.looks),
    }
    return Judged(
        access=access,
        person=person,
        explained=explained,
        restricted=is_it_for_shield_staff(person, child),
        codes=tuple(code for code, applies in asked.items() if applies),
    )


def _searches(access: Access) -> list[Look]:
    return [look for look in access.looks if look.kind is LookKind.SEARCHED]
