"""What a record shows otherwise than when its practitioner last looked: names, home, carers, places, lead.

It compares what the rules for today let be told of two moments, so that neither consent nor a shield that
came or went between them is news; and it tells only what the record page shows now. A source that a sensitive
service alone stands behind is no part of it, whoever agrees (R39, R41).
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time

from contactpoint.domain.disclosure.answers import Contact, FactChange, NewsField, ShownInvolvement
from contactpoint.domain.disclosure.consent import may_this_involvement_be_shown, which_statements_may_speak
from contactpoint.domain.disclosure.held import HeldInvolvement, HeldVersion, KnownRecord
from contactpoint.domain.disclosure.history import which_past_statements_may_speak
from contactpoint.domain.disclosure.past_contacts import (
    contacts_then,
    moments_of,
    which_past_involvements_may_be_told,
)
from contactpoint.domain.disclosure.redact import in_order_of_use
from contactpoint.domain.involvement import SERVICES, ServiceKind
from contactpoint.domain.people import Address, Carer
from contactpoint.domain.precedence import plain
from contactpoint.domain.survivorship import Derived, derive

Told = str | Address | Carer | Contact
_PLACES = {
    NewsField.SCHOOL: frozenset({SERVICES["school"].name, SERVICES["early_years"].name}),
    NewsField.GP: frozenset({SERVICES["gp"].name}),
}
OWN_WORD = "practitioner"


def what_of_the_record_changed(
    record: KnownRecord, versions: Iterable[HeldVersion], since: datetime, at: datetime
) -> tuple[FactChange, ...]:
    """Return which names, addresses and carers differ from those of `since` (R24, R39, R50)."""
    open_involvements = [one for one in record.involvements if one.service.kind is not ServiceKind.SENSITIVE]
    speaking = which_past_statements_may_speak(versions, open_involvements, at)
    since, moments = since.astimezone(at.tzinfo), _between(_moments(speaking, at), since, at)
    if not moments:
        return ()
    on = at.date()
    shown = derive(which_statements_may_speak(record.statements, record.involvements, on), on=on)

    def derived(moment: datetime) -> Derived:
        return derive((one.statement for one in speaking if one.is_held(moment)), on=moment.date())

    course = [(moment, derived(moment)) for moment in (since, *moments)]
    found = (
        _news(field, [(moment, told_of(then)) for moment, then in course], told_of(shown))
        for field, told_of in _FACTS.items()
    )
    return tuple(one for one in found if one)


def which_places_and_lead_changed(
    record: KnownRecord, held: Iterable[HeldInvolvement], own: int, since: datetime, at: datetime
) -> tuple[FactChange, ...]:
    """Return whether school, GP practice or lead practitioner differ from those of `since` (R43, R44).

    Oneself as the lead is no news; a teacher's own word is news of a teacher and not of the school.
    """
    told = which_past_involvements_may_be_told(held, record.involvements, at)
    on = at.date()
    shown = in_order_of_use(
        tuple(
            one
            for one in record.involvements
            if may_this_involvement_be_shown(one, on) and one.is_current(on)
        ),
        on,
    )
    since = since.astimezone(at.tzinfo)
    moments = _between(moments_of(told, at) | _leads_begin(told, at), since, at)
    if not moments:
        return ()
    placed = [one for one in told if one.contract != OWN_WORD]
    news = []
    for field, services in _PLACES.items():
        course = [(moment, _places(placed, services, moment)) for moment in (since, *moments)]
        news.append(_news(field, course, tuple(_contact(one) for one in shown if one.service in services)))
    if not any(one.lead_practitioner and one.id == own for one in shown):
        course = [
            (since, _lead(told, since, before=since.date())),
            *((one, _lead(told, one)) for one in moments),
        ]
        news.append(
            _news(NewsField.LEAD, course, tuple(_contact(one) for one in shown if one.lead_practitioner))
        )
    return tuple(one for one in news if one)


def which_numbers_joined(joined: Iterable[tuple[str, datetime]], at: datetime) -> tuple[FactChange, ...]:
    """Return the numbers that lead to this record from now on (R22)."""
    return tuple(
        FactChange(field=NewsField.NUMBER, now=(number,), on=made_at.astimezone(at.tzinfo).date())
        for number, made_at in joined
    )


def which_parts_left(parted: Iterable[datetime], at: datetime) -> tuple[FactChange, ...]:
    """Return when a part of this record was found to be about another child and taken out (R22)."""
    return tuple(
        FactChange(field=NewsField.PARTED, now=(), on=made_at.astimezone(at.tzinfo).date())
        for made_at in parted
    )


def _between(moments: Iterable[datetime], since: datetime, at: datetime) -> list[datetime]:
    """Those between two looks, in the viewer's time."""
    return sorted(moment.astimezone(at.tzinfo) for moment in moments if since < moment <= at)


def _moments(speaking: Iterable[HeldVersion], at: datetime) -> set[datetime]:
    """When what is told may have changed."""
    moments: set[datetime] = set()
    for one in speaking:
        days = (address.since for address in one.statement.addresses)
        starts = (datetime.combine(day, time.min, at.tzinfo) for day in days if day)
        moments |= {one.held_from, *(moment for moment in starts if one.is_held(moment))}
        if one.held_until:
            moments.add(one.held_until)
    return moments


def _news(
    field: NewsField, course: list[tuple[datetime, tuple[Told, ...]]], shown: tuple[Told, ...]
) -> FactChange | None:
    """The last turn of a course, if it ends otherwise than it began, and as far as the page shows it."""
    turned, (_, first) = course[0][0], course[0]
    before = _keys(first)
    for moment, told in course[1:]:
        if _keys(told) != before:
            turned, before = moment, _keys(told)
    last = course[-1][1]
    if before == _keys(first) or _keys(shown) == _keys(first):
        return None
    now = tuple(one for one in last if _key(one) in _keys(shown))
    if last and not now:
        return None
    return FactChange(field=field, now=now, on=turned.date())


def _keys(told: Iterable[Told]) -> frozenset[tuple[str, ...]]:
    return frozenset(_key(one) for one in told)


def _key(told: Told) -> tuple[str, ...]:
    """What two ways of saying the same thing share."""
    match told:
        case Address():
            return (told.kind.value, plain(told.line or ""), plain(told.postcode or ""))
        case Carer():
            return (plain(told.forename or ""), plain(told.surname or ""), plain(told.phone or ""))
        case Contact():
            return (told.service, told.organisation, told.practitioner or "")
        case str():
            return (plain(told),)


_FACTS: dict[NewsField, Callable[[Derived], tuple[Told, ...]]] = {
    NewsField.NAME: lambda one: (one.name.value,) if one.name else (),
    NewsField.KNOWN_AS: lambda one: (one.known_as.value,) if one.known_as else (),
    NewsField.ADDRESS: lambda one: tuple(home.address for home in one.addresses),
    NewsField.CARER: lambda one: tuple(carer.carer for carer in one.carers),
}


def _places(held: Iterable[HeldInvolvement], services: frozenset[str], moment: datetime) -> tuple[Told, ...]:
    return tuple(one.contact for one in contacts_then(held, moment) if one.contact.service in services)


def _lead(
    held: Iterable[HeldInvolvement], moment: datetime, *, before: date | None = None
) -> tuple[Told, ...]:
    """The lead of a moment; `before` a day leaves out who took the lead on it, perhaps after the moment."""
    counted = held
    if before is not None:
        counted = [
            one for one in held if one.involvement.lead_since is None or one.involvement.lead_since < before
        ]
    return tuple(one.contact for one in contacts_then(counted, moment) if one.contact.lead_practitioner)


def _leads_begin(held: Iterable[HeldInvolvement], at: datetime) -> set[datetime]:
    days = (one.involvement.lead_since for one in held)
    return {datetime.combine(day, time.max, at.tzinfo) if day < at.date() else at for day in days if day}


def _contact(one: ShownInvolvement) -> Contact:
    return Contact(
        service=one.service,
        organisation=one.organisation,
        team=one.team,
        practitioner=one.practitioner,
        practitioner_role=one.practitioner_role,
        start=one.start,
        end=one.end,
        lead_practitioner=one.lead_practitioner,
    )
