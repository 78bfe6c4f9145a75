"""Reads what is held about one child: the input of the disclosure rules."""

from dataclasses import replace
from datetime import date, datetime

from contactpoint.domain.disclosure.consent import which_statements_may_speak
from contactpoint.domain.disclosure.held import HeldRecord, KnownRecord, ShieldedRecord
from contactpoint.domain.disclosure.policies import RecordState
from contactpoint.domain.disclosure.redact import (
    is_it_said_that_they_left,
    which_authority_does_it_belong_to,
)
from contactpoint.domain.involvement import Involvement
from contactpoint.domain.people import Statement
from contactpoint.domain.retention import GROWN_UP, how_did_they_leave, years_on
from contactpoint.domain.survivorship import derive
from contactpoint.storage.queries.children import ChildState, shielded_record, staying_among
from contactpoint.storage.queries.coverage import coverage_for
from contactpoint.storage.queries.involvements import involvements_of
from contactpoint.storage.queries.moves import given_authorities_of, noted_as_left, old_authorities_of
from contactpoint.storage.queries.organisations import gazetteer
from contactpoint.storage.queries.statements import statements_of


def held_record(child: ChildState, at: datetime) -> HeldRecord | None:
    """Read a child's record; None where the number stands but nothing about it may be read."""
    if child.shielded:
        return shielded_record(child.number)
    statements = statements_of(child.number)
    involvements = involvements_of(child.number)
    return known_of(child.number, statements, involvements, at) if statements else None


def known_of(
    number: str, statements: tuple[Statement, ...], involvements: tuple[Involvement, ...], at: datetime
) -> KnownRecord:
    """A record of what was read of a child, with what silence means where it lives."""
    known = KnownRecord(
        number=number,
        statements=statements,
        involvements=involvements,
        gazetteer=gazetteer(),
        stays_with=old_authorities_of([number]).get(number),
        given_to=given_authorities_of([number]).get(number),
        left=noted_as_left([number]).get(number),
    )
    authority = which_authority_does_it_belong_to(known, at.date())
    return replace(known, coverage=coverage_for(authority, at.date()))


def state_of(record: HeldRecord, at: datetime) -> RecordState:
    """The facts that decide whether a record opens; of a shielded one, only what is shown of it."""
    if isinstance(record, ShieldedRecord):
        return RecordState(number=record.number, shielded=True, born=_day(record.date_of_birth))
    on = at.date()
    speaking = which_statements_may_speak(record.statements, record.involvements, on)
    derived = derive(speaking, on=on)
    born = _day(derived.date_of_birth.value if derived.date_of_birth else None)
    grown = born is not None and years_on(born, GROWN_UP) <= on
    main = derived.addresses[0].address.kind if derived.addresses else None
    return RecordState(
        number=record.number,
        shielded=False,
        born=born,
        died=_day(derived.date_of_death.value if derived.date_of_death else None),
        left=how_did_they_leave(main, speaking) or is_it_said_that_they_left(record, on),
        stays=grown and bool(staying_among([record.number], on)),
    )


def state_asked(child: ChildState | None, held: HeldRecord | None, at: datetime) -> RecordState | None:
    """The facts about whatever a number led to; of what is in the archive, that it is there."""
    if child is not None and child.archived:
        return RecordState(number=child.number, shielded=child.shielded, born=None, in_archive=True)
    return state_of(held, at) if held is not None else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text and len(text) == len("2019-03-27") else None
