"""Reads one of the viewer's own children: what it is called, and what may be told of it."""

from datetime import datetime

from contactpoint.actions.find.held import state_of
from contactpoint.domain.disclosure.answers import Change, FactChange, OwnChild
from contactpoint.domain.disclosure.consent import which_statements_may_speak
from contactpoint.domain.disclosure.held import KnownRecord
from contactpoint.domain.disclosure.keeping import (
    is_it_time_to_ask_whether_still,
    since_when_is_news_told,
    what_changed,
)
from contactpoint.domain.disclosure.news import (
    what_of_the_record_changed,
    which_numbers_joined,
    which_parts_left,
    which_places_and_lead_changed,
)
from contactpoint.domain.disclosure.policies import is_its_time_up
from contactpoint.domain.disclosure.redact import NO_NAME
from contactpoint.domain.settings import Values
from contactpoint.domain.survivorship import derive
from contactpoint.storage.queries.cases import records_parted
from contactpoint.storage.queries.history import numbers_joined_to, past_involvements_of, versions_of
from contactpoint.storage.queries.involvements import involvements_of
from contactpoint.storage.queries.own_children import OwnRow
from contactpoint.storage.queries.statements import statements_of


def known(number: str) -> KnownRecord:
    """Read everything unsealed about a child that the disclosure rules here ask about."""
    return KnownRecord(number=number, statements=statements_of(number), involvements=involvements_of(number))


def is_archived(number: str, at: datetime) -> bool:
    """Say whether a child's record is archived by now: then it is nobody's to keep any more (R11, R47)."""
    return is_record_archived(known(number), at)


def is_record_archived(record: KnownRecord, at: datetime) -> bool:
    """Say so of a record that was read."""
    return is_its_time_up(state_of(record, at), at.date())


def named(number: str, at: datetime) -> tuple[str, str | None]:
    """Return a child's name and birth date, as the record page would show them."""
    return named_in(known(number), at)


def named_in(record: KnownRecord, at: datetime) -> tuple[str, str | None]:
    """Return them from a record that was read."""
    derived = derive(which_statements_may_speak(record.statements, record.involvements, at.date()))
    return (
        derived.name.value if derived.name else NO_NAME,
        derived.date_of_birth.value if derived.date_of_birth else None,
    )


def own_child(
    row: OwnRow, record: KnownRecord, *, looked_at: datetime | None, limits: Values, at: datetime
) -> OwnChild:
    """Return one of the viewer's children, with what changed since they last looked.

    `record` is what was read of that child, `limits` what is set at that moment.
    """
    own, on = row.involvement, at.date()
    name, born = named_in(record, at)
    return OwnChild(
        involvement_id=own.id,
        name=name,
        date_of_birth=born,
        service=own.service.name,
        role=row.role,
        phone=row.phone,
        start=own.start,
        lead_practitioner=own.lead_practitioner,
        assessment_held=own.assessment_held,
        confirming=None if own.confirmed else own.contact.organisation_name,
        last_confirmed=own.last_confirmed,
        ask_whether_still=is_it_time_to_ask_whether_still(own, on, limits),
        offered_to=row.offered_to,
        changes=changes_of(row, record, looked_at, at),
    )


def changes_of(
    row: OwnRow, record: KnownRecord, looked_at: datetime | None, at: datetime
) -> tuple[Change | FactChange, ...]:
    """Return what may be told as news of one of the viewer's children since they looked, oldest first."""
    since = since_when_is_news_told(row.involvement, looked_at)
    if since is None:
        return ()
    own = row.involvement.id
    changes: tuple[Change | FactChange, ...] = (
        *which_numbers_joined(numbers_joined_to(row.child, since), at),
        *which_parts_left(records_parted(row.child, since), at),
        *what_of_the_record_changed(record, versions_of(row.child), since, at),
        *which_places_and_lead_changed(record, past_involvements_of(row.child), own, since, at),
        *what_changed(record.involvements, own=own, since=since, on=at.date()),
    )
    return tuple(sorted(changes, key=lambda one: one.on))
