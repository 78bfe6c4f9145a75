"""The words of "How this record came to be"."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from contactpoint.domain.disclosure.answers import (
    Contact,
    SourcedAddress,
    SourcedCarer,
    SourcedContact,
    SourcedText,
)
from contactpoint.domain.disclosure.history import History, HistoryField, Sourced, SourceTurn, Told
from contactpoint.domain.here import HERE
from contactpoint.domain.people import Address, Carer
from contactpoint.web.presenters.facts import (
    ADDRESS_WORDS,
    FactView,
    address_view,
    carer_view,
    fact_view,
    provenance_words,
    text_view,
)
from contactpoint.web.presenters.record import SOURCE_WORDS, cover_words
from contactpoint.web.presenters.words import birth_date_words, day_words, sex_words

FIELD_WORDS = {
    HistoryField.NAME: "Name",
    HistoryField.KNOWN_AS: "Name they go by",
    HistoryField.FORMER_NAME: "Earlier name",
    HistoryField.DATE_OF_BIRTH: "Date of birth",
    HistoryField.SEX: "Sex",
    HistoryField.ADDRESS: "Address",
    HistoryField.CARER: "Parents and carers",
    HistoryField.NHS_NUMBER: "NHS number",
    HistoryField.UPN: "Unique pupil number",
    HistoryField.DATE_OF_DEATH: "Date of death",
    HistoryField.SERVICE: "Who is in contact",
}
_DATES = (HistoryField.DATE_OF_BIRTH, HistoryField.DATE_OF_DEATH)
NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidView:
    """One source's word at the time."""

    source: str
    said: tuple[str, ...]
    as_at: str
    held_since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnView:
    """One change: the day, and a sentence."""

    on: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryView:
    """The page of one field's history."""

    field: str
    on: str
    held_since: str
    said: tuple[SaidView, ...]
    showed: tuple[FactView, ...]
    turns: tuple[TurnView, ...]


def history_view(history: History) -> HistoryView:
    """Choose the words for everything that was told, newest first."""
    field = history.field
    turns = [
        *((turn.at, _source_words(turn, field)) for turn in history.source_turns),
        *((turn.at, _record_words(turn.showed, field)) for turn in history.record_turns),
    ]
    turns.sort(key=lambda turn: turn[0], reverse=True)
    return HistoryView(
        field=FIELD_WORDS[field],
        on=day_words(history.on),
        held_since=_day(history.held_since) if history.held_since else "",
        said=tuple(
            SaidView(
                source=one.source_name,
                said=tuple(told_words(told, field) for told in one.told),
                as_at=day_words(one.as_at),
                held_since=_day(one.held_since),
            )
            for one in history.said
        ),
        showed=tuple(_fact(one, field) for one in history.showed),
        turns=tuple(TurnView(on=_day(at), words=words) for at, words in turns),
    )


def told_words(told: Told, field: HistoryField) -> str:
    """One value in one line."""
    match told:
        case Address():
            parts = [ADDRESS_WORDS[told.kind], told.line, told.postcode]
            since = [f"since {day_words(told.since)}"] if told.since else []
            return ", ".join([part for part in parts if part] + since)
        case Carer():
            name = " ".join(part for part in (told.forename, told.surname) if part)
            return ", ".join(part for part in (name, told.relationship, told.phone) if part)
        case Contact():
            return contact_words(told)
        case str():
            return _text(told, field)
        case _:
            assert_never(told)


def contact_words(contact: Contact) -> str:
    """A service in contact in one line."""
    days = [f"since {day_words(contact.start)}"] if contact.start else []
    if contact.end:
        days.append(f"ended {day_words(contact.end)}")
    lead = ["lead practitioner"] if contact.lead_practitioner else []
    assessment = ["holds an assessment"] if contact.assessment_held else []
    said = [who_words(contact), *_how_to_ring(contact), *days, *lead, *assessment]
    return f"{contact.service}: " + ", ".join(said)


def who_words(contact: Contact) -> str:
    """Who it is, and where."""
    parts = (contact.practitioner, contact.practitioner_role, contact.team, contact.organisation)
    return ", ".join(part for part in parts if part)


def _how_to_ring(contact: Contact) -> list[str]:
    number = f"telephone {contact.phone}" if contact.phone else None
    return [part for part in (number, contact.hours, cover_words(contact.cover)) if part]


def _text(value: str, field: HistoryField) -> str:
    if field in _DATES:
        return birth_date_words(value)
    return sex_words(value) if field is HistoryField.SEX else value


def _fact(one: Sourced, field: HistoryField) -> FactView:
    match one:
        case SourcedAddress():
            return address_view(one)
        case SourcedCarer():
            return carer_view(one)
        case SourcedContact():
            words = contact_words(one.contact).partition(": ")[2]
            from_words = f"From {SOURCE_WORDS.get(one.source_name, one.source_name)}"
            return fact_view(one.contact.service, words, from_words=from_words)
        case SourcedText():
            label, words = FIELD_WORDS[field], _text(one.value, field)
            if field is HistoryField.DATE_OF_BIRTH:
                whole = provenance_words(one.provenance, checked="the whole date is known")
                return fact_view(label, words, from_words=whole)
            return text_view(label, SourcedText(value=words, provenance=one.provenance))
        case _:
            assert_never(one)


def _source_words(turn: SourceTurn, field: HistoryField) -> str:
    before, after = _joined(turn.before, field), _joined(turn.after, field)
    if not turn.before:
        return f"{turn.source_name} said: {after}"
    if not turn.after:
        return f"{turn.source_name} said it no more; before: {before}"
    return f"{turn.source_name} said: {after}; before: {before}"


def _record_words(showed: tuple[Sourced, ...], field: HistoryField) -> str:
    told = tuple(
        one.address
        if isinstance(one, SourcedAddress)
        else one.carer
        if isinstance(one, SourcedCarer)
        else one.contact
        if isinstance(one, SourcedContact)
        else one.value
        for one in showed
    )
    return f"The record showed: {_joined(told, field)}"


def _joined(told: tuple[Told, ...], field: HistoryField) -> str:
    return "; ".join(told_words(one, field) for one in told) or NOTHING


def _day(moment: datetime) -> str:
    return day_words(moment.astimezone(HERE).date())
