"""Looks, people, ties and days for the review of use, made without a database."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID

from contactpoint.domain.review.looks import (
    ChildFacts,
    Day,
    Duty,
    DutyKind,
    Look,
    LookKind,
    Name,
    Person,
    Tie,
    Who,
)

ON = date(2026, 11, 18)
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
CHILD, OTHER_CHILD = "C000000102M", "C000000110M"
KEY = b"k" * 32
_serial = count(1)


def who(place: int = 1, organisation: str = "la-353") -> Who:
    return Who(account=UUID(int=place), organisation=organisation)


def person(place: int = 1, **changed) -> Person:
    """A social worker of a large team in Oldham, unless changed."""
    values = {
        "who": who(place, changed.pop("organisation", "la-353")),
        "name": Name("joan", "whitworth"),
        "kind": "authority",
        "authority": "353",
        "services": frozenset({"childrens_social_care"}),
        "team_size": 60,
    }
    return Person(**{**values, **changed})


def look(
    kind: LookKind = LookKind.OPENED, *, by: Who | None = None, child=CHILD, hours=0.0, **changed
) -> Look:
    at = NOON + timedelta(hours=hours)
    named = None if kind in (LookKind.SEARCHED, LookKind.TRIED) else child
    return Look(
        **{
            "event": UUID(int=next(_serial)),
            "at": at,
            "who": by or who(),
            "kind": kind,
            "child": named,
            **changed,
        }
    )


def tie(**changed) -> Tie:
    """Children's social care of Oldham, said by its feed, unless changed."""
    values = {
        "service": "childrens_social_care",
        "organisation": "la-353",
        "practitioner": None,
        "said_by": None,
        "confirmed": True,
        "since": ON - timedelta(days=90),
        "until": None,
    }
    return Tie(**{**values, **changed})


def duty(kind: DutyKind = DutyKind.CASE, *, place: int = 1, on: date = ON) -> Duty:
    return Duty(kind=kind, account=UUID(int=place), child=CHILD, on=on)


def day(*looks: Look, people=None, child: ChildFacts | None = None, ties=(), duties=(), before=()) -> Day:
    """A day of looks at one child; everybody who looked is a social worker unless said otherwise."""
    known = {one.who: one for one in (people or [person()])}
    return Day(
        on=ON,
        looks=looks,
        people=known,
        children={CHILD: child or ChildFacts()},
        ties={CHILD: tuple(ties)},
        duties={CHILD: tuple(duties)},
        lookers_before={CHILD: frozenset(UUID(int=place) for place in before)},
    )
