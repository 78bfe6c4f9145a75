"""Reads what is held about one child: the input of the disclosure rules."""

from datetime import date, datetime

from contactpoint.domain.disclosure.consent import which_statements_may_speak
from contactpoint.domain.disclosure.held import HeldRecord, KnownRecord, ShieldedRecord
from contactpoint.domain.disclosure.policies import RecordState
from contactpoint.domain.disclosure.redact import which_authority_is_responsible
from contactpoint.domain.survivorship import derive
from contactpoint.storage.queries.children import ChildState, shielded_record
from contactpoint.storage.queries.coverage import coverage_for
from contactpoint.storage.queries.involvements import involvements_of
from contactpoint.storage.queries.organisations import gazetteer
from contactpoint.storage.queries.statements import statements_of


def held_record(child: ChildState, at: datetime) -> HeldRecord | None:
    """Read a child's record; None where the number stands but nothing about it may be read."""
    if child.shielded:
        return shielded_record(child.number)
    statements = statements_of(child.number)
    involvements = involvements_of(child.number)
    if not statements:
        return None
    places = gazetteer()
    known = KnownRecord(
        number=child.number, statements=statements, involvements=involvements, gazetteer=places
    )
    authority = which_authority_is_responsible(known, at.date())
    return KnownRecord(
        number=child.number,
        statements=statements,
        involvements=involvements,
        coverage=coverage_for(authority, at.date()),
        gazetteer=places,
    )


def state_of(record: HeldRecord, at: datetime) -> RecordState:
    """The facts that decide whether a record opens; of a shielded one, only what is shown of it."""
    if isinstance(record, ShieldedRecord):
        return RecordState(number=record.number, shielded=True, born=_day(record.date_of_birth))
    on = at.date()
    derived = derive(which_statements_may_speak(record.statements, record.involvements, on), on=on)
    return RecordState(
        number=record.number,
        shielded=False,
        born=_day(derived.date_of_birth.value if derived.date_of_birth else None),
        died=_day(derived.date_of_death.value if derived.date_of_death else None),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text and len(text) == len("2019-03-27") else None
