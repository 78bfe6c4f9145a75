"""What a practitioner is told about, and asked about, the children they work with."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from contactpoint.domain.disclosure.answers import Change, ShownTo
from contactpoint.domain.disclosure.consent import may_this_involvement_be_shown
from contactpoint.domain.involvement import Consent, Involvement, Service, ServiceKind
from contactpoint.domain.settings import AS_SHIPPED, Values

PLACES = frozenset({"school", "early_years", "gp"})


def is_it_time_to_ask_whether_still(involvement: Involvement, on: date, held: Values = AS_SHIPPED) -> bool:
    """Once a term a practitioner is asked whether they still work with a child (R45).

    Counted from the day it was last confirmed, or else from when it became known. What nobody has confirmed
    yet is not asked about: it waits for somebody else first.
    """
    asked_from = from_when_is_it_asked(involvement, on, held)
    return asked_from is not None and asked_from <= on


def from_when_is_it_asked(involvement: Involvement, on: date, held: Values = AS_SHIPPED) -> date | None:
    """The first day on which a practitioner is asked again; None where they are not asked at all (R45)."""
    if not involvement.confirmed or not involvement.is_current(on):
        return None
    known = involvement.known_at.date() if involvement.known_at else involvement.start
    told = involvement.last_confirmed or known
    every = timedelta(days=held["involvement_asked_every_days"])
    return told + every + timedelta(days=1) if told else None


def to_whom_is_it_shown(service: Service, consent: Consent | None, *, protected: bool, on: date) -> ShownTo:
    """Nobody is shown who works with a protected child (R27), nor a sensitive service nobody agrees to (R39).

    Anything else is shown to whoever may open the record, once a second person has confirmed it (R45).
    """
    if protected:
        return ShownTo.NOBODY
    if service.kind is not ServiceKind.SENSITIVE:
        return ShownTo.WHOEVER_OPENS
    agreed = consent is not None and consent.allows_showing(on)
    return ShownTo.WHILE_AGREED if agreed else ShownTo.NOBODY_AGREES


def since_when_is_news_told(own: Involvement, looked_at: datetime | None) -> datetime | None:
    """News is told since the last look, and never from before one's own word was confirmed (R45).

    None where it is not confirmed: one person's own word earns no notice.
    """
    if not own.confirmed or own.known_at is None:
        return None
    return max(looked_at, own.known_at) if looked_at else own.known_at


def may_it_be_news(involvement: Involvement, on: date) -> bool:
    """Only what every record page shows is told, and of sensitive services nothing at all (R39, R41).

    That one appeared while somebody agreed, or went when they no longer did, would tell what consent hides.
    """
    if involvement.service.kind is ServiceKind.SENSITIVE:
        return False
    return may_this_involvement_be_shown(involvement, on)


def is_it_told_as_a_place(involvement: Involvement) -> bool:
    """A source's school or GP practice is news by its name; what a teacher typed is news of a service."""
    return involvement.service.code in PLACES and not involvement.over_at_once


def what_changed(
    involvements: Iterable[Involvement], *, own: int, since: datetime, on: date
) -> tuple[Change, ...]:
    """Return which other services came or went after `since`, oldest first (R39, R44)."""
    found = (
        _change(one, since, on)
        for one in involvements
        if one.id != own and may_it_be_news(one, on) and not is_it_told_as_a_place(one)
    )
    return tuple(sorted((one for one in found if one), key=lambda one: (one.on, one.service, one.began)))


def _change(one: Involvement, since: datetime, on: date) -> Change | None:
    if one.known_at is None:
        return None
    if one.end is None or one.over_on is None or one.is_current(on):
        began = max(one.known_at, _midnight(one.start)) if one.start else one.known_at
        return Change(service=one.service.name, began=True, on=began.date()) if began > since else None
    ended = max(one.end_known_at or one.known_at, _midnight(one.over_on))
    # What came and went between two looks is no news: only where it stands now is.
    if ended <= since or one.known_at > since:
        return None
    return Change(service=one.service.name, began=False, on=one.end)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
