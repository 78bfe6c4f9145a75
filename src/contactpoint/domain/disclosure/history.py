"""How a record came to be: what each source said at a moment, what the record showed then, what changed.

System time: the directory tells what it held and from when. What may be told of the past is decided by the
rules for today, on the day of asking: a source that may not speak now says nothing of then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import (
    Contact,
    SourcedAddress,
    SourcedCarer,
    SourcedContact,
    SourcedText,
)
from contactpoint.domain.disclosure.consent import (
    ENDED_SHOWN_FOR,
    UNREVEALING_CONTRACTS,
    may_this_involvement_be_shown,
)
from contactpoint.domain.disclosure.held import HeldInvolvement, HeldVersion, KnownRecord
from contactpoint.domain.disclosure.past_contacts import (
    contact_of,
    contacts_then,
    moments_of,
    which_past_involvements_may_be_told,
)
from contactpoint.domain.disclosure.policies import may_this_organisation_read
from contactpoint.domain.involvement import Involvement
from contactpoint.domain.people import Address, Carer, Statement
from contactpoint.domain.survivorship import Derived, derive, full_name


class HistoryField(StrEnum):
    """What of a record one may ask the history of."""

    NAME = "name"
    KNOWN_AS = "known_as"
    FORMER_NAME = "former_name"
    DATE_OF_BIRTH = "date_of_birth"
    SEX = "sex"
    ADDRESS = "address"
    CARER = "carer"
    NHS_NUMBER = "nhs_number"
    UPN = "upn"
    DATE_OF_DEATH = "date_of_death"
    SERVICE = "service"


Told = str | Address | Carer | Contact
Sourced = SourcedText | SourcedAddress | SourcedCarer | SourcedContact


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidThen:
    """What one source said of the field at the moment asked about; `held_since` is when it said so here."""

    source_name: str
    as_at: date
    held_since: datetime
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTurn:
    """A moment at which one source came to say something else; empty `after`: it says nothing any more."""

    at: datetime
    source_name: str
    before: tuple[Told, ...]
    after: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTurn:
    """A moment from which the record showed something else."""

    at: datetime
    showed: tuple[Sourced, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The history of one field as one viewer may see it; turns are newest first.

    `held_since` is the first moment at which the directory held anything that may be told.
    """

    number: str
    field: HistoryField
    on: date
    held_since: datetime | None
    said: tuple[SaidThen, ...]
    showed: tuple[Sourced, ...]
    source_turns: tuple[SourceTurn, ...]
    record_turns: tuple[RecordTurn, ...]


def which_fields_may_they_ask_about(viewer: Viewer) -> tuple[HistoryField, ...]:
    """Every field that the record itself shows; another body's number is for its staff (Schedule 1, 18)."""
    return tuple(
        field
        for field in HistoryField
        if field not in (HistoryField.NHS_NUMBER, HistoryField.UPN)
        or may_this_organisation_read(field.value, viewer.organisation_kind)
    )


def which_past_statements_may_speak(
    versions: Iterable[HeldVersion],
    involvements: Iterable[Involvement],
    at: datetime,
    shown_for: timedelta = ENDED_SHOWN_FOR,
) -> tuple[HeldVersion, ...]:
    """A source that holds few children speaks of the past only if it may speak today (R36, R39, R46).

    What it said before an involvement that is shown began would tell of an earlier one that is not; one that
    does not say when it began speaks of today alone.
    """
    on, begun = at.date(), dict[int, date]()
    for one in involvements:
        if may_this_involvement_be_shown(one, on, shown_for):
            begun[one.record] = min(begun.get(one.record, on), one.start or on)
    speaking = []
    for version in versions:
        statement = version.statement
        if statement.contract in UNREVEALING_CONTRACTS:
            speaking.append(version)
        elif statement.record in begun:
            first = datetime.combine(begun[statement.record], time.min, at.tzinfo)
            if version.held_until is None or version.held_until > first:
                speaking.append(version.held_only_from(first))
    return tuple(speaking)


def tell_history(
    record: KnownRecord, versions: Iterable[HeldVersion], field: HistoryField, on: date, at: datetime
) -> History:
    """Tell the history of a field up to `at`, and what was said and shown at the end of the day `on`."""
    speaking = which_past_statements_may_speak(versions, record.involvements, at)
    moment = _end_of(on, at)
    return History(
        number=record.number,
        field=field,
        on=moment.date(),
        held_since=min((one.held_from for one in speaking), default=None),
        said=_said(speaking, field, moment),
        showed=_showed(speaking, field, moment),
        source_turns=_source_turns(speaking, field, at),
        record_turns=_record_turns(speaking, field, at),
    )


def tell_contacts(record: KnownRecord, held: Iterable[HeldInvolvement], on: date, at: datetime) -> History:
    """Tell the history of who was in contact, as `tell_history` does that of a field (R44)."""
    told = which_past_involvements_may_be_told(held, record.involvements, at)
    moment = _end_of(on, at)
    turns: list[RecordTurn] = []
    for turn in sorted(turn.astimezone(at.tzinfo) for turn in moments_of(told, at) if turn <= at):
        showed = contacts_then(told, turn)
        if _values(showed) != _values(turns[-1].showed if turns else ()):
            turns.append(RecordTurn(at=turn, showed=showed))
    return History(
        number=record.number,
        field=HistoryField.SERVICE,
        on=moment.date(),
        held_since=min((one.held_from for one in told), default=None),
        said=_contacts_said(told, moment),
        showed=contacts_then(told, moment),
        source_turns=_contact_turns(told, at),
        record_turns=tuple(reversed(turns)),
    )


def _end_of(on: date, at: datetime) -> datetime:
    end_of_day = datetime.combine(on + timedelta(days=1), time.min, at.tzinfo) - timedelta(microseconds=1)
    return min(at, end_of_day)


def _contacts_said(told: tuple[HeldInvolvement, ...], moment: datetime) -> tuple[SaidThen, ...]:
    then = [one for one in told if one.is_held(moment)]
    found = []
    for record in {one.involvement.record for one in then}:
        own = [one for one in then if one.involvement.record == record]
        found.append(
            SaidThen(
                source_name=own[0].involvement.source_name,
                as_at=max(one.as_at for one in own),
                held_since=max(one.held_from for one in own),
                told=_contacts(own),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.source_name, one.held_since)))


def _contact_turns(told: tuple[HeldInvolvement, ...], at: datetime) -> tuple[SourceTurn, ...]:
    turns = []
    for record in {one.involvement.record for one in told}:
        own = [one for one in told if one.involvement.record == record]
        before: tuple[Told, ...] = ()
        moments = {one.held_from for one in own} | {one.held_until for one in own if one.held_until}
        for moment in sorted(moment for moment in moments if moment <= at):
            after = _contacts(one for one in own if one.is_held(moment))
            if after != before:
                name = own[0].involvement.source_name
                turns.append(SourceTurn(at=moment, source_name=name, before=before, after=after))
            before = after
    return tuple(sorted(turns, key=lambda one: (one.at, one.source_name), reverse=True))


def _contacts(held: Iterable[HeldInvolvement]) -> tuple[Told, ...]:
    ordered = sorted((one.involvement for one in held), key=lambda one: (one.service.name, one.id))
    return tuple(contact_of(one, leads=one.lead_practitioner) for one in ordered)


def _said(speaking: tuple[HeldVersion, ...], field: HistoryField, moment: datetime) -> tuple[SaidThen, ...]:
    found = [
        SaidThen(
            source_name=one.statement.source_name,
            as_at=one.statement.as_at,
            held_since=one.held_from,
            told=told,
        )
        for one in speaking
        if one.is_held(moment) and (told := what_it_tells(one.statement, field))
    ]
    return tuple(sorted(found, key=lambda one: (one.source_name, one.held_since)))


def _showed(speaking: tuple[HeldVersion, ...], field: HistoryField, moment: datetime) -> tuple[Sourced, ...]:
    then = [one.statement for one in speaking if one.is_held(moment)]
    return what_it_shows(derive(then, on=moment.date()), field)


def _source_turns(
    speaking: tuple[HeldVersion, ...], field: HistoryField, at: datetime
) -> tuple[SourceTurn, ...]:
    turns = []
    for record in {one.statement.record for one in speaking}:
        before: tuple[Told, ...] = ()
        own = sorted(
            (one for one in speaking if one.statement.record == record), key=lambda one: one.held_from
        )
        for version, following in zip(own, [*own[1:], None], strict=True):
            name, after = version.statement.source_name, what_it_tells(version.statement, field)
            if after != before and version.held_from <= at:
                turns.append(SourceTurn(at=version.held_from, source_name=name, before=before, after=after))
            before, until = after, version.held_until
            gap = until is not None and (following is None or following.held_from > until)
            if gap and until is not None and before:
                turns.append(SourceTurn(at=until, source_name=name, before=before, after=()))
                before = ()
    return tuple(sorted(turns, key=lambda one: (one.at, one.source_name), reverse=True))


def _record_turns(
    speaking: tuple[HeldVersion, ...], field: HistoryField, at: datetime
) -> tuple[RecordTurn, ...]:
    moments = {one.held_from for one in speaking} | {one.held_until for one in speaking if one.held_until}
    for one in speaking:
        days = (address.since for address in one.statement.addresses)
        starts = (datetime.combine(day, time.min, at.tzinfo) for day in days if day)
        moments |= {moment for moment in starts if one.is_held(moment)}
    turns: list[RecordTurn] = []
    for moment in sorted(moment.astimezone(at.tzinfo) for moment in moments if moment <= at):
        showed = _showed(speaking, field, moment)
        if _values(showed) != _values(turns[-1].showed if turns else ()):
            turns.append(RecordTurn(at=moment, showed=showed))
    return tuple(reversed(turns))


def _values(showed: tuple[Sourced, ...]) -> tuple[Told, ...]:
    """What was shown, whoever said it."""
    return tuple(_value(one) for one in showed)


def _value(sourced: Sourced) -> Told:
    match sourced:
        case SourcedText():
            return sourced.value
        case SourcedAddress():
            return sourced.address
        case SourcedCarer():
            return sourced.carer
        case SourcedContact():
            return sourced.contact


def what_it_tells(statement: Statement, field: HistoryField) -> tuple[Told, ...]:
    """Return what one statement says of a field, nothing where it says nothing."""
    facts = statement.facts
    match field:
        case HistoryField.NAME:
            value = full_name(statement)
        case HistoryField.FORMER_NAME:
            value = facts.former_surname
        case HistoryField.ADDRESS:
            return statement.addresses
        case HistoryField.CARER:
            return statement.carers
        case _:
            value = facts.as_mapping().get(field.value)
    return (value,) if value else ()


def what_it_shows(derived: Derived, field: HistoryField) -> tuple[Sourced, ...]:
    """Return what a record shows of a field."""
    single = {
        HistoryField.KNOWN_AS: derived.known_as,
        HistoryField.DATE_OF_BIRTH: derived.date_of_birth,
        HistoryField.SEX: derived.sex,
        HistoryField.DATE_OF_DEATH: derived.date_of_death,
        HistoryField.NHS_NUMBER: dict(derived.identifiers).get("nhs_number"),
        HistoryField.UPN: dict(derived.identifiers).get("upn"),
    }
    several: dict[HistoryField, tuple[Sourced, ...]] = {
        HistoryField.NAME: derived.names,
        HistoryField.FORMER_NAME: derived.former_names,
        HistoryField.ADDRESS: derived.addresses,
        HistoryField.CARER: derived.carers,
    }
    if field in several:
        return several[field]
    found = single[field]
    return (found,) if found else ()
