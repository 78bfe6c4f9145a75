"""A simulated year of use: 500 practitioners, honest work, and what some should not have looked at.

It knows nothing of the rules that review use: it makes people, families, cases, habits and curiosity, and
says of every look whether it was honest and, if not, of what kind. The figures are judgements, written down
here so that they can be disputed; none was fitted to what the review finds.

**Staff.** A council's children's social care (120) and youth justice (20); 30 schools of 4 (designated
leads, deputies, heads of year); community health (100 school nurses and health visitors); a hospital's
emergency department (60, a third of its looks at night); 12 practices of 4; a family charity (32). One in
two has children of their own in the area; each has relatives, neighbours, acquaintances and colleagues
there.

**Honest work.** New cases come to each role at its own rate. Whoever gets one searches once to three times
and opens the record; comes back to it every few weeks while it lasts; and is recorded as involved, or not,
after a delay: a council's system names the worker within a fortnight nine times in ten; a school or charity
types it in more than half of the time and a colleague mostly confirms it; a nurse's system names the
service and not the nurse unless they type it; an emergency department hardly ever records anything. One
look in eight in social care is at a colleague's case, for cover. One in fifty searches finds the child and
is left at that, because the telephone rang. Social workers on duty look at night one time in seventy.

**Snooping.** About one in ten does it in a year, most once or twice, one look to three: at their own child;
at children of their household by another name; at a relative's of the same last name, or of another; at a
neighbour's two doors away; at a former partner's; at an acquaintance's or colleague's; at a child in the
news (two in the year, six curious people each, among the four who work with that child); late at night out
of boredom. A few do it in bulk: copy out dozens of records in an afternoon, browse lists without opening
anybody, or try numbers one after another.
"""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

TABLES: Final = Path(__file__).parents[1] / "src" / "contactpoint" / "population" / "tables"
FIRST: Final = date(2026, 1, 5)
DAYS: Final = 364
HOUSEHOLDS: Final = 16_000
HONEST: Final = "honest"


@dataclass(frozen=True)
class Team:
    """A kind of employer: how many of them, staff each, new cases a week and person, how they are recorded.

    `named` is the chance that a system names the worker, `served` that it names the service alone, `typed`
    that the worker says so themselves and `confirmed` that a colleague agrees; the rest is never recorded.
    """

    kind: str
    how_many: int
    staff: int
    services: tuple[str, ...]
    cases: float
    lasts: int
    named: float
    served: float
    typed: float
    confirmed: float
    nights: float = 0.0


TEAMS: Final = (
    Team("authority", 1, 120, ("childrens_social_care",), 0.7, 150, 0.90, 0.06, 0.03, 0.8, 1 / 70),
    Team("youth_justice", 1, 20, ("youth_justice",), 0.4, 160, 0.85, 0.10, 0.03, 0.8),
    Team("school", 30, 4, ("school",), 0.5, 90, 0.0, 0.0, 0.60, 0.85),
    Team("nhs_trust", 1, 100, ("school_nurse", "health_visitor"), 0.9, 60, 0.15, 0.60, 0.40, 0.75),
    Team("hospital", 1, 60, ("emergency",), 0.5, 1, 0.0, 0.0, 0.04, 0.5, 1 / 3),
    Team("gp", 12, 4, ("gp",), 0.3, 30, 0.0, 0.90, 0.20, 0.7),
    Team("charity", 1, 32, ("family_support",), 0.5, 120, 0.30, 0.20, 0.40, 0.8),
)
# Of 500: how many people do it in the year, how often each, and how many looks each time.
SNOOPING: Final[dict[str, tuple[int, int, int]]] = {
    "own child": (8, 2, 2),
    "child of the household, other name": (4, 2, 2),
    "relative, same last name": (8, 2, 2),
    "relative, other last name": (6, 2, 2),
    "neighbour": (6, 1, 2),
    "acquaintance": (8, 2, 2),
    "child in the news": (12, 1, 1),
    "bored at night": (4, 3, 4),
    "copying out": (3, 2, 40),
    "browsing lists": (4, 3, 12),
    "trying numbers": (3, 2, 10),
}


@dataclass
class Child:
    """A child, by number alone elsewhere."""

    number: str
    forename: str
    surname: str
    household: int


@dataclass
class Household:
    """Who lives at one address. Neighbours have the numbers beside it."""

    line: str
    postcode: str
    adults: list[tuple[str, str]]
    children: list[Child] = field(default_factory=list)


@dataclass
class Practitioner:
    """Somebody with an account."""

    place: int
    team: Team
    organisation: str
    size: int
    forename: str
    surname: str
    household: int


@dataclass
class Work:
    """That somebody works with a child, as the directory comes to hold it; `known` is when it was told."""

    child: str
    organisation: str
    service: str
    since: date
    until: date
    known: date
    practitioner: tuple[str, str] | None = None
    said_by: int | None = None
    confirmed: date | None = None


@dataclass(frozen=True)
class Did:
    """One thing somebody did, and the truth about it: honest, or a kind of snooping."""

    at: datetime
    who: int
    what: str
    child: str | None
    shown: tuple[str, ...]
    truth: str


@dataclass
class Year:
    """The whole of it, in order of time."""

    staff: list[Practitioner]
    households: list[Household]
    children: dict[str, Child]
    work: list[Work]
    done: list[Did]


def simulate(seed: int = 1) -> Year:
    """Make one year; the same seed makes the same."""
    rng = Random(seed)  # noqa: S311 - simulation, not secrets
    names = _Names(rng)
    households = [_household(place, rng, names) for place in range(HOUSEHOLDS)]
    children = {child.number: child for one in households for child in one.children}
    staff = list(_staff(rng, names, households))
    year = Year(staff=staff, households=households, children=children, work=[], done=[])
    for person in staff:
        _honest_year(person, year, rng)
    _snooping_year(year, rng)
    year.done.sort(key=lambda one: (one.at, one.who))
    return year


class _Names:
    """Names as common as they are in England."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._surnames, self._weights = _column("surnames.csv", "surname", "per_100k")
        self._forenames, self._births = _column("forenames.csv", "name", "b2010")

    def surname(self) -> str:
        return self._rng.choices(self._surnames, cum_weights=self._weights)[0]

    def forename(self) -> str:
        return self._rng.choices(self._forenames, cum_weights=self._births)[0]


def _column(file: str, name: str, weight: str) -> tuple[list[str], list[float]]:
    with (TABLES / file).open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(line for line in opened if not line.startswith("#")))
    total, weights = 0.0, []
    for row in rows:
        total += float(row[weight] or 0)
        weights.append(total)
    return [row[name] for row in rows], weights


def _household(place: int, rng: Random, names: _Names) -> Household:
    surname = names.surname()
    other = surname if rng.random() < 0.6 else names.surname()
    adults = [(names.forename(), surname), (names.forename(), other)][: 1 + (rng.random() < 0.75)]
    home = Household(
        line=f"{place % 60 + 1} Street {place // 60}",
        postcode=f"OL{place // 400} {place // 20 % 20}AA",
        adults=adults,
    )
    for number in range(rng.choices((1, 2, 3), (45, 40, 15))[0]):
        theirs = surname if rng.random() < 0.9 else names.surname()
        home.children.append(Child(f"C{place * 4 + number:09d}M", names.forename(), theirs, place))
    return home


def _staff(rng: Random, names: _Names, households: list[Household]) -> Iterator[Practitioner]:
    place = 0
    homes = rng.sample(range(1, HOUSEHOLDS - 1), 500)
    for team in TEAMS:
        for number in range(team.how_many):
            for _ in range(team.staff):
                home = households[homes[place]]
                forename, surname = (
                    rng.choice(home.adults) if rng.random() < 0.5 else (names.forename(), names.surname())
                )
                if (forename, surname) not in home.adults:
                    home.adults[:] = [(forename, surname)]
                    for child in home.children:
                        child.surname = child.surname if rng.random() < 0.3 else surname
                organisation = f"{team.kind}-{number}"
                yield Practitioner(place, team, organisation, team.staff, forename, surname, homes[place])
                place += 1


def _moment(day: date, team: Team, rng: Random) -> datetime:
    """When in the day somebody of this team looks."""
    if rng.random() < team.nights:
        hour, minute = rng.choice((22, 23, 0, 1, 2, 3, 4, 5)), rng.randrange(60)
    else:
        hour, minute = min(max(int(rng.gauss(13, 2.7)), 8), 18), rng.randrange(60)
    return datetime(day.year, day.month, day.day, hour, minute, rng.randrange(60))  # noqa: DTZ001 - local time


def _works(day: date, team: Team) -> bool:
    return team.nights > 0.1 or day.weekday() < 5


def _honest_year(person: Practitioner, year: Year, rng: Random) -> None:
    numbers = list(year.children)
    for ahead in range(DAYS):
        day = FIRST + timedelta(days=ahead)
        if not _works(day, person.team):
            continue
        for _ in range(_poisson(person.team.cases / 5, rng)):
            _case(person, rng.choice(numbers), day, year, rng)
        if rng.random() < 0.02:
            shown = tuple(rng.sample(numbers, 2))
            year.done.append(
                Did(_moment(day, person.team, rng), person.place, "searched", None, shown, HONEST)
            )


def _case(person: Practitioner, child: str, day: date, year: Year, rng: Random) -> None:
    team, at = person.team, _moment(day, person.team, rng)
    until = day + timedelta(days=max(1, int(rng.expovariate(1 / team.lasts))))
    for number in range(rng.choices((1, 2, 3), (60, 28, 12))[0], 0, -1):
        searched = at - timedelta(minutes=2 * number)
        year.done.append(Did(searched, person.place, "searched", None, (child,), HONEST))
    year.done.append(Did(at, person.place, "opened", child, (), HONEST))
    _record(person, child, day, until, year, rng)
    again = day + timedelta(days=rng.randrange(7, 35))
    while again < until and again < FIRST + timedelta(days=DAYS):
        if _works(again, team):
            cover = team.kind == "authority" and rng.random() < 1 / 8
            who = (
                rng.choice([one for one in year.staff if one.organisation == person.organisation])
                if cover
                else person
            )
            year.done.append(Did(_moment(again, team, rng), who.place, "opened", child, (), HONEST))
        again += timedelta(days=rng.randrange(7, 35))


def _record(person: Practitioner, child: str, day: date, until: date, year: Year, rng: Random) -> None:
    team, service = person.team, rng.choice(person.team.services)
    told = {"child": child, "organisation": person.organisation, "service": service, "until": until}
    by_system = rng.random()
    if by_system < team.named + team.served:
        since = day + timedelta(days=rng.randrange(5))
        known = since + timedelta(days=rng.randrange(1, 14))
        name = (person.forename, person.surname) if by_system < team.named else None
        year.work.append(Work(**told, since=since, known=known, practitioner=name, confirmed=known))
    if by_system >= team.named and rng.random() < team.typed:
        known = day + timedelta(days=rng.randrange(10))
        sure = known + timedelta(days=rng.randrange(1, 12)) if rng.random() < team.confirmed else None
        year.work.append(Work(**told, since=day, known=known, said_by=person.place, confirmed=sure))


def _snooping_year(year: Year, rng: Random) -> None:
    numbers = list(year.children)
    news = rng.sample(numbers, 2)
    for child in news:  # those who work with the child have their own reasons
        for person in rng.sample(year.staff, 4):
            _case(person, child, FIRST + timedelta(days=rng.randrange(60, 300)), year, rng)
    known_on = [FIRST + timedelta(days=day) for day in (120, 250)]
    for kind, (people, times, looks) in SNOOPING.items():
        chosen = rng.sample([one for one in year.staff if _has(kind, one, year)], people)
        for number, person in enumerate(chosen):
            target = _target(kind, person, year, rng) if kind != "child in the news" else news[number % 2]
            for _ in range(times):
                day = FIRST + timedelta(days=rng.randrange(DAYS - 30))
                if kind == "child in the news":
                    day = known_on[number % 2] + timedelta(days=rng.randrange(5))
                _snoop(kind, person, target, day, looks, year, rng)


def _has(kind: str, person: Practitioner, year: Year) -> bool:
    """Whether there is somebody of that kind for this person to look at."""
    if kind == "own child":
        return bool(_at_home(person, year, same_name=True))
    if kind == "child of the household, other name":
        return bool(_at_home(person, year, same_name=False))
    return kind != "bored at night" or person.team.nights < 0.1


def _at_home(person: Practitioner, year: Year, *, same_name: bool) -> list[Child]:
    home = year.households[person.household]
    return [child for child in home.children if (child.surname == person.surname) == same_name]


def _target(kind: str, person: Practitioner, year: Year, rng: Random) -> str:
    if kind in ("own child", "child of the household, other name"):
        return rng.choice(_at_home(person, year, same_name=kind == "own child")).number
    if kind == "neighbour":
        return rng.choice(year.households[person.household + 1].children).number
    home = rng.choice(year.households)
    child = rng.choice(home.children)
    if kind == "relative, same last name":
        child.surname = person.surname
        home.adults[0] = (home.adults[0][0], person.surname)
    return child.number


def _snoop(
    kind: str, person: Practitioner, target: str, day: date, looks: int, year: Year, rng: Random
) -> None:
    at, numbers = _moment(day, person.team, rng), list(year.children)
    if kind == "bored at night":
        at = at.replace(hour=rng.choice((22, 23, 1, 2)))
    for _ in range(looks):
        at += timedelta(minutes=rng.randrange(1, 5))
        if kind == "browsing lists":
            year.done.append(Did(at, person.place, "searched", None, tuple(rng.sample(numbers, 12)), kind))
        elif kind == "trying numbers":
            year.done.append(Did(at, person.place, "tried", None, (), kind))
        else:
            child = rng.choice(numbers) if kind in ("copying out", "bored at night") else target
            year.done.append(Did(at - timedelta(seconds=40), person.place, "searched", None, (child,), kind))
            year.done.append(Did(at, person.place, "opened", child, (), kind))


def _poisson(mean: float, rng: Random) -> int:
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count
