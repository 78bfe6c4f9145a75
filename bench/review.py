"""`python -m bench.review`: a simulated year of use, reviewed; prints JSON on its last line, words before it.

Every day is judged the night after, and once more four weeks later, by the rules that the worker runs.
Reviewers look at the items of highest weight first, so many a week, and find what they look at: a detection
rate here is the share of incidents of which a reviewer looked at any part, and says nothing of whether they
would see through it.
"""

import argparse
import hashlib
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from bench.use import DAYS, FIRST, HONEST, Did, Practitioner, Work, Year, simulate
from contactpoint.domain.review.explained import LATER_WITHIN
from contactpoint.domain.review.joining import does_it_collect, may_it_join, together
from contactpoint.domain.review.judge import Judged, judge
from contactpoint.domain.review.looks import ChildFacts, Day, Look, LookKind, Name, Person, Tie, Who
from contactpoint.domain.review.patterns import Code, risk_of
from contactpoint.linking import default_model
from contactpoint.linking.names import fold, joined

KEY = b"a key of the bench"
RARE = 88
LOADS = (10, 25, 50, 100)


@dataclass(frozen=True)
class Part:
    """One day's access as it was judged, at once and four weeks later; `closes` where work explains it."""

    key: tuple[Who, str | None]
    on: date
    codes: tuple[Code, ...]
    settled: tuple[Code, ...]
    joins: bool
    truths: frozenset[tuple[str, int, date]]
    closes: date | None

    def codes_on(self, today: date) -> tuple[Code, ...]:
        """Why somebody should look: more once it is known that no work followed."""
        return self.codes if today < self.on + LATER_WITHIN else self.settled


@dataclass
class Item:
    """What waits for a reviewer: one day's access, and those that joined it."""

    parts: list[Part]

    @property
    def begun(self) -> date:
        """The first of its days."""
        return self.parts[0].on

    def weight_on(self, today: date) -> int:
        """What all that is said of it adds up to."""
        return risk_of(together(*(part.codes_on(today) for part in self.parts)))


def _name(forename: str, surname: str) -> Name:
    return Name(joined(fold(forename)), joined(fold(surname)))


def _home(household: int) -> bytes:
    return hashlib.sha256(str(household).encode()).digest()


class Reviewed:
    """A year as the review's rules are given it, a day at a time."""

    def __init__(self, year: Year) -> None:
        self._year = year
        self._by_day: dict[date, list[tuple[int, Did]]] = defaultdict(list)
        for number, did in enumerate(year.done):
            self._by_day[did.at.date()].append((number, did))
        self._work: dict[str, list[Work]] = defaultdict(list)
        for work in year.work:
            self._work[work.child].append(work)
        self._came = Counter(
            (work.organisation, work.service, work.since) for work in year.work if work.said_by is None
        )
        self._people = [self._person(one) for one in year.staff]
        self._unexplained: dict[date, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))

    def judged(self, on: date, *, settled: bool) -> tuple[Judged, ...]:
        """One day, judged the night after or four weeks later."""
        found = judge(self._day(on, known=on + LATER_WITHIN if settled else on), key=KEY, settled=settled)
        if not settled:
            for one in found:
                if one.explained is None and one.access.child:
                    self._unexplained[on][one.access.child].add(one.access.who.account)
        return found

    def truths(self, access: Judged, on: date) -> frozenset[tuple[str, int, date]]:
        """The kinds of snooping in an access, each with who did it and when."""
        found = set()
        for look in access.access.looks:
            did = self._year.done[look.event.int]
            if did.truth != HONEST:
                found.add((did.truth, did.who, on))
        return frozenset(found)

    def _day(self, on: date, *, known: date) -> Day:
        looks = tuple(self._look(number, did) for number, did in self._by_day[on])
        numbers = {look.child for look in looks if look.child}
        before: dict[str, set[UUID]] = defaultdict(set)
        for back in range(1, 7):
            for child, accounts in self._unexplained[on - timedelta(days=back)].items():
                before[child] |= accounts
        return Day(
            on=on,
            looks=looks,
            people={look.who: self._people[look.who.account.int] for look in looks},
            children={number: self._child(number) for number in numbers},
            ties={number: tuple(self._ties(number, known)) for number in numbers},
            lookers_before={child: frozenset(accounts) for child, accounts in before.items()},
        )

    def _look(self, number: int, did: Did) -> Look:
        person = self._year.staff[did.who]
        return Look(
            event=UUID(int=number),
            at=did.at,
            who=Who(UUID(int=did.who), person.organisation),
            kind=LookKind(did.what),
            child=did.child,
            shown=did.shown,
        )

    def _person(self, one: Practitioner) -> Person:
        name = _name(one.forename, one.surname)
        return Person(
            who=Who(UUID(int=one.place), one.organisation),
            name=name,
            kind=one.team.kind,
            authority="353",
            services=frozenset(one.team.services),
            team_size=one.size,
            homes=frozenset({_home(one.household)}),
            postcodes=frozenset({self._year.households[one.household].postcode.encode()}),
            works_nights=one.team.nights > 0.05,
            rare_surname=default_model().rarity.of_surname(name.surname) >= RARE,
        )

    def _child(self, number: str) -> ChildFacts:
        child = self._year.children[number]
        home = self._year.households[child.household]
        return ChildFacts(
            names=frozenset({_name(child.forename, child.surname)}),
            carers=frozenset(_name(*adult) for adult in home.adults),
            homes=frozenset({_home(child.household)}),
            postcodes=frozenset({home.postcode.encode()}),
        )

    def _ties(self, number: str, known: date) -> Iterable[Tie]:
        for work in self._work[number]:
            if work.known <= known:
                yield Tie(
                    service=work.service,
                    organisation=work.organisation,
                    practitioner=_name(*work.practitioner) if work.practitioner else None,
                    said_by=UUID(int=work.said_by) if work.said_by is not None else None,
                    confirmed=work.confirmed is not None and work.confirmed <= known,
                    since=work.since,
                    until=work.until,
                    came_with=self._came[work.organisation, work.service, work.since] - 1,
                )


def measure(seed: int) -> dict[str, Any]:
    """Simulate, judge, and let reviewers look at so many a week."""
    began = time.process_time()
    year = simulate(seed)
    made = time.process_time()
    reviewed = Reviewed(year)
    parts, counts = _parts(reviewed)
    judged = time.process_time()
    all_incidents = {(did.truth, did.who, did.at.date()) for did in year.done if did.truth != HONEST}
    return {
        "practitioners": len(year.staff),
        "looks": len(year.done),
        **counts,
        "waiting": len(parts),
        "incidents": dict(Counter(kind for kind, _, _ in sorted(all_incidents))),
        "loads": {load: _reviewers(parts, all_incidents, load) for load in LOADS},
        "seconds": {"simulate": made - began, "judge": judged - made},
    }


def _parts(reviewed: Reviewed) -> tuple[list[Part], dict[str, int]]:
    """Every access of the year that somebody should look at, and how many were explained when."""
    parts: list[Part] = []
    counts: Counter[str] = Counter()
    for ahead in range(DAYS):
        on = FIRST + timedelta(days=ahead)
        later = {(one.access.who, one.access.child): one for one in reviewed.judged(on, settled=True)}
        for one in reviewed.judged(on, settled=False):
            settled = later[one.access.who, one.access.child]
            opened = one.access.child is not None
            counts["accesses"] += 1
            counts["of records"] += opened
            counts["explained at once"] += one.explained is not None
            counts["explained after four weeks"] += settled.explained is not None
            counts["honest of records"] += opened and not reviewed.truths(one, on)
            counts["honest explained after four weeks"] += (
                settled.explained is not None and not reviewed.truths(one, on)
            )
            counts["snooping explained after four weeks"] += settled.explained is not None and bool(
                reviewed.truths(one, on)
            )
            if one.codes:
                parts.append(_part(one, settled, on, reviewed.truths(one, on)))
    return parts, dict(counts)


def _part(one: Judged, settled: Judged, on: date, truths: frozenset[tuple[str, int, date]]) -> Part:
    gone = settled.explained is not None and not set(settled.codes) - {Code.SAMPLED}
    return Part(
        key=(one.access.who, one.access.child),
        on=on,
        codes=one.codes,
        settled=settled.codes,
        joins=may_it_join(one),
        truths=truths,
        closes=on + LATER_WITHIN if gone and Code.SAMPLED not in one.codes else None,
    )


def _reviewers(parts: list[Part], incidents: set[tuple[str, int, date]], load: int) -> dict[str, Any]:
    """What reviewers find who look at the `load` items of highest weight each week."""
    open_items: list[Item] = []
    found: set[tuple[str, int, date]] = set()
    looked, wrong, place, made = 0, 0, 0, 0
    for week in range(DAYS // 7 + 5):
        today = FIRST + timedelta(days=7 * (week + 1))
        arrived = place
        while arrived < len(parts) and parts[arrived].on < today:
            arrived += 1
        made += _take_in(open_items, parts[place:arrived])
        place = arrived
        open_items = _still_open(open_items, today)
        open_items.sort(key=lambda one: (-one.weight_on(today), one.begun))
        for one in open_items[:load]:
            truths = frozenset[tuple[str, int, date]]().union(*(part.truths for part in one.parts))
            looked += 1
            wrong += bool(truths)
            found |= truths
        open_items = open_items[load:]
    kinds = Counter(kind for kind, _, _ in incidents)
    seen = Counter(kind for kind, _, _ in found)
    return {
        "items": made,
        "looked at": looked,
        "of them snooping": wrong,
        "left": len(open_items),
        "found": {kind: seen[kind] / count for kind, count in sorted(kinds.items())},
        "found of all": sum(seen.values()) / sum(kinds.values()),
    }


def _take_in(open_items: list[Item], arrived: list[Part]) -> int:
    """Let what waits take in what joins it, and add the rest; how many items are new."""
    waiting = {one.parts[0].key: one for one in open_items if one.parts[0].joins}
    made = 0
    for part in arrived:
        held = waiting.get(part.key)
        if held and part.joins and does_it_collect(held.begun, part.on):
            held.parts.append(part)
            continue
        made += 1
        open_items.append(Item([part]))
        if part.joins:
            waiting[part.key] = open_items[-1]
    return made


def _still_open(items: list[Item], today: date) -> list[Item]:
    """What is left when work that began since has explained some of it."""
    for one in items:
        one.parts[:] = [part for part in one.parts if part.closes is None or part.closes >= today]
    return [one for one in items if one.parts]


def say(result: dict[str, Any]) -> None:
    """Print what came of it."""
    print(f"\nUse of a year by {result['practitioners']} practitioners: {result['looks']:,} events")
    of = result["accesses"]
    for name in ("explained at once", "explained after four weeks"):
        print(f"  {name:<28} {result[name] / of:6.1%} of {of:,} accesses")
    honest = result["honest of records"]
    print(
        f"  {'of honest opened records':<28} {result['honest explained after four weeks'] / honest:6.1%}"
        f" of {honest:,} after four weeks; snooping explained {result['snooping explained after four weeks']}"
    )
    print(f"  accesses for reviewers {result['waiting']:,} ({result['waiting'] / 52:.0f} a week)")
    items = "".join(f"{one['items'] / 52:8.0f}" for one in result["loads"].values())
    print(f"  items a week at a load of:{items}")
    print(f"  found at a load a week of:{''.join(f'{load:>8}' for load in result['loads'])}")
    for kind, count in sorted(result["incidents"].items()):
        shares = "".join(f"{one['found'][kind]:8.0%}" for one in result["loads"].values())
        print(f"    {kind + f' ({count})':<42}{shares}")
    everything = "".join(f"{one['found of all']:8.0%}" for one in result["loads"].values())
    print(f"    {'all':<42}{everything}")
    held = "".join(f"{one['of them snooping'] / one['looked at']:8.0%}" for one in result["loads"].values())
    print(f"    {'of those looked at, snooping':<42}{held}")
    took = result["seconds"]
    print(f"  processor seconds: simulate {took['simulate']:.1f}, judge {took['judge']:.1f}")


def main() -> None:
    """Measure once."""
    parser = argparse.ArgumentParser(prog="python -m bench.review", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    result = measure(parser.parse_args().seed)
    say(result)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
