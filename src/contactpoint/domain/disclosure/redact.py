"""What of a record leaves, for this viewer, this purpose and this moment. Nothing downstream may widen it."""

from datetime import date, datetime, timedelta
from typing import assert_never

from contactpoint.domain.coverage import Coverage, CoverageState
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import (
    BelongsBecause,
    OpenRecord,
    ProtectedRecord,
    ShownInvolvement,
    SourcedText,
)
from contactpoint.domain.disclosure.consent import (
    ENDED_SHOWN_FOR,
    may_somebody_be_named,
    may_this_involvement_be_shown,
    which_statements_may_speak,
)
from contactpoint.domain.disclosure.held import CoveredServices, HeldRecord, KnownRecord, ShieldedRecord
from contactpoint.domain.disclosure.policies import may_they_read_this_number
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.disclosure.shielding import what_does_a_shielded_record_show
from contactpoint.domain.involvement import Involvement, ServiceKind
from contactpoint.domain.people import Statement
from contactpoint.domain.retention import Leaving
from contactpoint.domain.survivorship import (
    Derived,
    derive,
    responsible_authority,
    why_is_it_responsible,
)
from contactpoint.domain.team_words import CONTRACT

NO_NAME = "Name not known"
_SCHOOLS = ("school", "early_years")
_KIND_ORDER = (ServiceKind.ADDITIONAL, ServiceKind.SENSITIVE, ServiceKind.UNIVERSAL)


def redact(
    record: HeldRecord,
    viewer: Viewer,
    purpose: Purpose,  # noqa: ARG001 - asked for so that no caller can redact without one
    at: datetime,
    *,
    ended_shown_for: timedelta = ENDED_SHOWN_FOR,
) -> OpenRecord | ProtectedRecord:
    """Return what may leave of a record.

    A purpose widens nothing; it must have been stated (R8).
    """
    match record:
        case ShieldedRecord():
            return what_does_a_shielded_record_show(record)
        case KnownRecord():
            return _open(record, viewer, at.date(), ended_shown_for)
        case _:
            assert_never(record)


def _open(record: KnownRecord, viewer: Viewer, on: date, ended_shown_for: timedelta) -> OpenRecord:
    shown = tuple(
        involvement
        for involvement in record.involvements
        if may_this_involvement_be_shown(involvement, on, ended_shown_for)
    )
    speaking = which_statements_may_speak(record.statements, record.involvements, on, ended_shown_for)
    derived = derive(speaking, on=on)
    current = tuple(involvement for involvement in shown if involvement.is_current(on))
    contacts = in_order_of_use(current, on)
    authority, because = who_is_responsible_and_why(record, on, ended_shown_for)
    past = sorted((one for one in shown if not one.is_current(on)), key=lambda one: (one.end or on, one.id))
    return OpenRecord(
        number=record.number,
        name=derived.name.value if derived.name else NO_NAME,
        known_as=derived.known_as.value if derived.known_as else None,
        date_of_birth=derived.date_of_birth.value if derived.date_of_birth else None,
        sex=derived.sex.value if derived.sex else None,
        responsible_authority=record.gazetteer.name_of(authority),
        contacts=contacts,
        past_contacts=tuple(_shown(one, lead=None, on=on) for one in reversed(past)),
        coverage=what_do_we_not_know(record.coverage, frozenset(one.service_code for one in contacts)),
        addresses=derived.addresses,
        past_addresses=derived.past_addresses,
        carers=derived.carers,
        school=_first(contacts, *_SCHOOLS),
        gp=_first(contacts, "gp"),
        names=derived.names,
        former_names=derived.former_names,
        identifiers=which_numbers_may_they_read(derived.identifiers, viewer),
        date_of_death=derived.date_of_death,
        sources=derived.sources,
        chosen=what_says_so(derived),
        responsible_because=which_reason_may_they_read(because, authority, viewer),
        left=is_it_said_that_they_left(record, on),
    )


def which_reason_may_they_read(
    because: BelongsBecause | None, authority: str | None, viewer: Viewer
) -> BelongsBecause | None:
    """That an authority placed the child is told to its own team; to others its services know it (R58).

    That a child is looked after is nobody else's to read there (R17, R18). Whoever looks for somebody else
    reads what that one may read (R6).
    """
    of_its_team = viewer.role is Role.AUTHORITY_TEAM and viewer.authority == authority
    if because is BelongsBecause.PLACED and (not of_its_team or viewer.mediates_for):
        return BelongsBecause.KNOWN
    return because


def what_says_so(derived: Derived) -> tuple[tuple[str, SourcedText], ...]:
    """Where each single fact at the head of a record comes from, by the name of its field."""
    facts = (
        ("known_as", derived.known_as),
        ("date_of_birth", derived.date_of_birth),
        ("sex", derived.sex),
        ("date_of_death", derived.date_of_death),
    )
    return tuple((name, fact) for name, fact in facts if fact)


def which_numbers_may_they_read(
    identifiers: tuple[tuple[str, SourcedText], ...], viewer: Viewer
) -> tuple[tuple[str, SourcedText], ...]:
    """Another body's number is shown to that body's relevant staff only (Schedule 1, paragraph 18)."""
    return tuple(
        (scheme, value) for scheme, value in identifiers if may_they_read_this_number(scheme, viewer)
    )


def who_is_the_lead(current: tuple[Involvement, ...]) -> int | None:
    """At most one current lead practitioner; the newest is the lead, handover closes the last (R43)."""
    leads = [one for one in current if one.lead_practitioner]
    if not leads:
        return None
    newest = max(
        leads,
        key=lambda one: (one.lead_since or one.start or date.min, one.last_confirmed or date.min, one.id),
    )
    return newest.id


def in_order_of_use(current: tuple[Involvement, ...], on: date) -> tuple[ShownInvolvement, ...]:
    """Most useful first: the lead practitioner, then additional services, then universal ones."""
    lead = who_is_the_lead(current)

    def place(one: Involvement) -> tuple[bool, int, int, str, int]:
        told = one.last_confirmed or one.start or date.min
        return (
            one.id != lead,
            _KIND_ORDER.index(one.service.kind),
            -told.toordinal(),
            one.service.name,
            one.id,
        )

    return tuple(_shown(one, lead=lead, on=on) for one in sorted(current, key=place))


def what_do_we_not_know(coverage: tuple[CoveredServices, ...], shown: frozenset[str]) -> tuple[Coverage, ...]:
    """What silence means, for the services nobody of which is listed; a stale source is always named."""
    return tuple(
        covered.coverage
        for covered in coverage
        if covered.coverage.state is CoverageState.STALE or not covered.services & shown
    )


def which_authority_is_responsible(
    record: KnownRecord, on: date, ended_shown_for: timedelta = ENDED_SHOWN_FOR
) -> str | None:
    """The code of the responsible authority, None if it is not known (R58).

    Until a move is accepted, that is the old one (R59).
    """
    return who_is_responsible_and_why(record, on, ended_shown_for)[0]


def who_is_responsible_and_why(
    record: KnownRecord, on: date, ended_shown_for: timedelta = ENDED_SHOWN_FOR
) -> tuple[str | None, BelongsBecause | None]:
    """The responsible authority, and what made it so, from what may be shown alone (R58, R59)."""
    if record.stays_with:
        return record.stays_with, BelongsBecause.NOT_ACCEPTED
    goes_by = _what_it_goes_by(record, on, ended_shown_for)
    authority = responsible_authority(*goes_by)
    if authority is None and record.given_to:
        return record.given_to, BelongsBecause.GIVEN
    return authority, why_is_it_responsible(*goes_by)


def is_it_said_that_they_left(record: KnownRecord, on: date) -> Leaving | None:
    """What the national team wrote down of leaving England stands while nobody is responsible (R50, R58)."""
    return record.left if which_authority_is_responsible(record, on) is None else None


def which_authority_does_it_belong_to(
    record: KnownRecord, on: date, ended_shown_for: timedelta = ENDED_SHOWN_FOR
) -> str | None:
    """The code of the authority by what may be shown now alone, whoever answers for it (R58)."""
    return responsible_authority(*_what_it_goes_by(record, on, ended_shown_for))


def _what_it_goes_by(
    record: KnownRecord, on: date, ended_shown_for: timedelta
) -> tuple[tuple[Statement, ...], str | None, str | None]:
    """What may be shown, the authority of the main home, and that of the school or else the GP practice."""
    said = [one for one in record.statements if one.contract != CONTRACT]  # whoever wrote it still answers
    speaking = which_statements_may_speak(said, record.involvements, on, ended_shown_for)
    addresses = derive(speaking, on=on).addresses
    local = {
        one.service.code: one.authority
        for one in record.involvements
        if one.authority and one.is_current(on) and may_this_involvement_be_shown(one, on, ended_shown_for)
    }
    nearest = next((local[service] for service in (*_SCHOOLS, "gp") if service in local), None)
    home = record.gazetteer.authority_of(addresses[0].address.postcode if addresses else None)
    return tuple(speaking), home, nearest


def _first(contacts: tuple[ShownInvolvement, ...], *services: str) -> ShownInvolvement | None:
    return next((contact for contact in contacts if contact.service_code in services), None)


def _shown(one: Involvement, *, lead: int | None, on: date) -> ShownInvolvement:
    named, contact = may_somebody_be_named(one), one.contact.as_reached(on)
    return ShownInvolvement(
        id=one.id,
        service=one.service.name,
        service_code=one.service.code,
        kind=one.service.kind.value,
        organisation=contact.organisation_name,
        team=contact.team,
        practitioner=contact.practitioner if named else None,
        practitioner_role=contact.practitioner_role if named else None,
        phone=contact.phone,
        hours=contact.hours,
        cover=contact.cover,
        start=one.start,
        end=one.end,
        last_confirmed=one.last_confirmed,
        lead_practitioner=one.id == lead,
        assessment_held=one.assessment_held,
        source_name=one.source_name,
        reached=None if one.end else contact.service,
        closed=contact.closed,
    )
