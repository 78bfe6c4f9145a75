"""What is new for people, as their page of notices would tell it, read for many of them at once (ADR 27)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from contactpoint.domain.disclosure.held import HeldInvolvement, KnownRecord
from contactpoint.domain.disclosure.keeping import (
    from_when_is_it_asked,
    since_when_is_news_told,
    what_changed,
)
from contactpoint.domain.disclosure.news import (
    which_numbers_joined,
    which_parts_left,
    which_places_and_lead_changed,
)
from contactpoint.domain.disclosure.notices import (
    SHOWN_FOR,
    Notice,
    OwnNews,
    Telling,
    which_notices_are_told,
)
from contactpoint.domain.involvement import Involvement
from contactpoint.domain.settings import Values
from contactpoint.storage.models import Digest
from contactpoint.storage.queries import digests as stored
from contactpoint.storage.queries.cases import records_parted_of_each
from contactpoint.storage.queries.history import numbers_joined_to_each, past_involvements_of_each
from contactpoint.storage.queries.notices import Person
from contactpoint.storage.settings import settings_at

_BY_EMAIL: Final = frozenset({Telling.EMAIL})


class News(NamedTuple):
    """Since when somebody was not told, and of what."""

    since: datetime
    notices: tuple[Notice, ...]


class _Own(NamedTuple):
    """One's own work with a child, and since when its news is told."""

    child: str
    own: Involvement
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of all the children that some people work with."""

    shown: Mapping[str, tuple[Involvement, ...]]
    past: Mapping[str, tuple[HeldInvolvement, ...]]
    joined: Mapping[tuple[str, datetime], tuple[tuple[str, datetime], ...]]
    parted: Mapping[tuple[str, datetime], tuple[datetime, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begins:
    """From when on people are told: each of them, and where they acted and looked meanwhile."""

    since: Mapping[UUID, datetime]
    acting: Mapping[stored.Acting, datetime]

    def of(self, person: Person) -> datetime:
        """The latest of all that somebody looked."""
        return max(self.acting[person.account, organisation] for organisation in person.organisations)


def news_of(people: Sequence[Person], run_before: datetime, at: datetime) -> dict[UUID, News]:
    """What the page would tell each of them now that it had not when they were told, or looked, last."""
    begins = _begins_of(people, run_before, at)
    own = _own_of(people, begins, at)
    choices = stored.choices_of_each(list(begins.since))
    opened = stored.opened_changed({person.account: begins.of(person) for person in people})
    return {
        person.account: News(
            begins.since[person.account],
            which_notices_are_told(
                own[person.account],
                opened.get(person.account, ()),
                choices.get(person.account, {}),
                places=_BY_EMAIL,
                asked_since=begins.of(person).astimezone(at.tzinfo).date(),
                on=at.date(),
            ),
        )
        for person in people
    }


def _begins_of(people: Sequence[Person], run_before: datetime, at: datetime) -> _Begins:
    accounts = [person.account for person in people]
    last, looked = stored.last_digests(accounts), stored.looked_at(accounts)
    since = {account: _told_until(last.get(account), run_before, at) for account in accounts}
    acting = {
        (person.account, one): max(
            since[person.account], looked.get((person.account, one), since[person.account])
        )
        for person in people
        for one in person.organisations
    }
    return _Begins(since=since, acting=acting)


def _own_of(people: Sequence[Person], begins: _Begins, at: datetime) -> dict[UUID, list[OwnNews]]:
    """What is new of the children with whom they work, by the organisations for which they do."""
    held = stored.own_of_each(list(begins.acting), at.date())
    own = {
        acting: [_Own(child, one, since_when_is_news_told(one, begins.acting[acting])) for child, one in rows]
        for acting, rows in held.items()
    }
    known, limits = _known_of(_asked(own)), settings_at(at)
    return {
        person.account: [
            _news(one, known, limits, at)
            for organisation in person.organisations
            for one in own.get((person.account, organisation), ())
        ]
        for person in people
    }


def _told_until(last: Digest | None, run_before: datetime, at: datetime) -> datetime:
    """Since when they have not been told: since the last time all were, or what was lost on the way."""
    if last is None:
        since = run_before
    elif last.sent_at is None:
        since = last.told_from
    else:
        since = max(last.claimed_at, run_before)
    return max(since, at - SHOWN_FOR)


def _asked(own: Mapping[stored.Acting, Sequence[_Own]]) -> Iterator[tuple[str, datetime]]:
    for rows in own.values():
        yield from ((one.child, one.since) for one in rows if one.since)


def _known_of(asked: Iterator[tuple[str, datetime]]) -> _Known:
    pairs = sorted(set(asked))
    numbers = sorted({child for child, _ in pairs})
    return _Known(
        shown=stored.shown_of_each(numbers),
        past=past_involvements_of_each(numbers),
        joined=numbers_joined_to_each(pairs),
        parted=records_parted_of_each(pairs),
    )


def _news(one: _Own, known: _Known, limits: Values, at: datetime) -> OwnNews:
    """What the page of notices would tell of a child, without its name."""
    child, own, since = one
    shown = known.shown.get(child, ()) if since else ()
    held = KnownRecord(number=child, statements=(), involvements=shown)
    return OwnNews(
        involvement_id=own.id,
        child=child,
        child_name="",
        changes=(
            *which_numbers_joined(known.joined.get((child, since), ()), at),
            *which_parts_left(known.parted.get((child, since), ()), at),
            *which_places_and_lead_changed(held, known.past.get(child, ()), own.id, since, at),
            *what_changed(shown, own=own.id, since=since, on=at.date()),
        )
        if since
        else (),
        asked_from=from_when_is_it_asked(own, at.date(), limits),
    )
