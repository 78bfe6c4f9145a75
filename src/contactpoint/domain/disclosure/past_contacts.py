"""Who was in contact before: what each source said then, what the record showed, what changed.

As with every other item of a record's history, the rules for today decide what may be told of then. Of
sensitive services nothing is told of any time, whoever agrees (R39, R41): that one came or went would tell
what consent hides.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time

from contactpoint.domain.disclosure.answers import Contact, SourcedContact
from contactpoint.domain.disclosure.consent import (
    ENDED_SHOWN_FOR,
    UNREVEALING_CONTRACTS,
    did_it_end_too_long_ago,
    has_it_begun,
    may_this_involvement_be_shown,
)
from contactpoint.domain.disclosure.held import HeldInvolvement
from contactpoint.domain.disclosure.redact import who_is_the_lead
from contactpoint.domain.involvement import Involvement, ServiceKind


def which_past_involvements_may_be_told(
    held: Iterable[HeldInvolvement], involvements: Iterable[Involvement], at: datetime
) -> tuple[HeldInvolvement, ...]:
    """Those that a record shows today or showed in the past year, never sensitive ones (R36, R39, R45, R46).

    A source that holds few children tells of one only while something of its record is shown.
    """
    on = at.date()
    shown = {one.record for one in involvements if _is_plain(one) and may_this_involvement_be_shown(one, on)}
    return tuple(
        one
        for one in _without_seams(held)
        if _is_plain(one.involvement)
        and one.involvement.confirmed
        and (one.contract in UNREVEALING_CONTRACTS or one.involvement.record in shown)
        and not did_it_end_too_long_ago(one.involvement, on, ENDED_SHOWN_FOR)
        and (one.held_until is None or one.held_until.date() + ENDED_SHOWN_FOR >= on)
    )


def _without_seams(held: Iterable[HeldInvolvement]) -> list[HeldInvolvement]:
    """Join what a source went on saying while it changed something else."""
    joined: list[HeldInvolvement] = []
    for one in sorted(held, key=lambda one: (one.involvement.record, repr(_said(one)), one.held_from)):
        last = joined[-1] if joined else None
        if last and last.held_until == one.held_from and _said(last) == _said(one):
            joined[-1] = replace(one, held_from=last.held_from)
        else:
            joined.append(one)
    return sorted(joined, key=lambda one: (one.involvement.record, one.held_from, one.involvement.id))


def _said(one: HeldInvolvement) -> Involvement:
    return replace(one.involvement, id=0, last_confirmed=None)


def contacts_then(held: Iterable[HeldInvolvement], moment: datetime) -> tuple[SourcedContact, ...]:
    """Return who the record showed to be in contact at a moment, the lead practitioner first."""
    on = moment.date()
    then = tuple(
        _as_it_led(one.involvement, on)
        for one in held
        if one.is_held(moment) and one.involvement.is_current(on) and has_it_begun(one.involvement, on)
    )
    lead = who_is_the_lead(then)
    ordered = sorted(
        then, key=lambda one: (one.id != lead, one.service.name, one.contact.organisation_name, one.id)
    )
    return tuple(
        SourcedContact(contact=contact_of(one, leads=one.id == lead), source_name=one.source_name)
        for one in ordered
    )


def _as_it_led(one: Involvement, on: date) -> Involvement:
    """Before the day on which somebody took the lead, they did not lead."""
    later = one.lead_since is not None and one.lead_since > on
    return replace(one, lead_practitioner=False) if later else one


def moments_of(held: Iterable[HeldInvolvement], at: datetime) -> set[datetime]:
    """The moments at which what the record shows of contacts may have changed."""
    moments: set[datetime] = set()
    for one in held:
        days = (one.involvement.start, one.involvement.over_on)
        starts = (datetime.combine(day, time.min, at.tzinfo) for day in days if day)
        moments |= {one.held_from, *(moment for moment in starts if one.is_held(moment))}
        if one.held_until:
            moments.add(one.held_until)
    return moments


def contact_of(one: Involvement, *, leads: bool) -> Contact:
    """What of an involvement is told of the past."""
    return Contact(
        service=one.service.name,
        organisation=one.contact.organisation_name,
        team=one.contact.team,
        practitioner=one.contact.practitioner,
        practitioner_role=one.contact.practitioner_role,
        start=one.start,
        end=one.end,
        lead_practitioner=leads,
        phone=one.contact.phone,
        hours=one.contact.hours,
        cover=one.contact.cover,
        assessment_held=one.assessment_held,
    )


def _is_plain(one: Involvement) -> bool:
    return one.service.kind is not ServiceKind.SENSITIVE
