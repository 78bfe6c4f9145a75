"""The words of the record: first who is in contact, then what we do not know, then the rest."""

from dataclasses import dataclass, replace
from datetime import date

from contactpoint.domain.coverage import Coverage, CoverageState
from contactpoint.domain.directory import Reached
from contactpoint.domain.disclosure.answers import (
    BelongsBecause,
    ContestedItem,
    OpenRecord,
    ProtectedRecord,
    Provenance,
    ShownInvolvement,
)
from contactpoint.domain.disclosure.contesting import Field
from contactpoint.domain.involvement import Closed
from contactpoint.web.presenters.contested import CONTESTED, contact_contested, contested_words
from contactpoint.web.presenters.facts import (
    ADDRESS_WORDS,
    FactView,
    address_view,
    carer_view,
    chosen_view,
    fact_view,
    text_view,
)
from contactpoint.web.presenters.words import (
    age_words,
    birth_date_words,
    day_words,
    month_words,
    number_words,
    sex_words,
    telephone_link,
)

# Stands on every record, word for word, whatever is held (R40).
SENSITIVE = "Sensitive services are not listed. The desk can pass on a message."
SOURCE_WORDS = {"A practitioner's own word": "their own word, which a colleague confirmed"}
SCHEME_WORDS = {"nhs_number": "NHS number", "upn": "Unique pupil number"}
KIND_WORDS = {"universal": "For every child", "additional": "Extra help", "sensitive": "Sensitive"}

# Why the authority is responsible, after its name.
_RESPONSIBLE_WORDS = {
    None: "",
    BelongsBecause.PLACED: ", which placed the child",
    BelongsBecause.KNOWN: ", whose services know the child",
    BelongsBecause.HOME: ", because of the home",
    BelongsBecause.NEAREST: ", because of the school or GP practice",
    BelongsBecause.NOT_ACCEPTED: ", until another authority has accepted",
    BelongsBecause.GIVEN: ", to which the national team gave the record",
}


_CLOSED_WORDS = {"school": "school", "gp": "practice"}
# What to do instead: the desk is there whatever is closed.
_NOT_REACHED = "Nobody is reached there any more. The desk can pass on a message."


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """One service in contact."""

    service: str
    kind: str
    marks: tuple[str, ...]
    who: str
    where: str
    phone: str
    phone_link: str
    phone_label: str
    hours: tuple[str, ...]
    since: str
    contested: str = ""
    closed: str = ""
    service_phone: str = ""
    service_link: str = ""
    service_label: str = ""
    service_whose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """A source and its date, for "Something here is wrong"."""

    name: str
    as_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """The page of a record that may be read."""

    heading: str
    known_as: str
    facts: tuple[str, ...]
    contested: tuple[str, ...]
    died: str
    contacts: tuple[ContactView, ...]
    past_contacts: tuple[ContactView, ...]
    unknown: tuple[str, ...]
    homes: tuple[FactView, ...]
    carers: tuple[FactView, ...]
    places: tuple[FactView, ...]
    names: tuple[FactView, ...]
    numbers: tuple[FactView, ...]
    earlier: tuple[FactView, ...]
    sources: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedView:
    """The page of a protected record: the same for every one but for its four facts."""

    heading: str
    facts: tuple[str, ...]
    desk_phone: str
    desk_link: str


def protected_view(record: ProtectedRecord, on: date) -> ProtectedView:
    """Four facts and constants (R27)."""
    return ProtectedView(
        heading=record.name,
        facts=_facts(record.date_of_birth, record.sex, record.number, on),
        desk_phone=record.desk_phone,
        desk_link=telephone_link(record.desk_phone),
    )


def record_view(record: OpenRecord, on: date, contested: tuple[ContestedItem, ...] = ()) -> RecordView:
    """Choose the words for everything that was disclosed, and nothing else; mark what is contested (R61).

    Last of what we do not know stands the same sentence on every record (R40).
    """

    def mark(said_by: Provenance, *fields: Field) -> str:
        return contested_words(contested, {said_by.source_name, *said_by.agreeing}, *fields)

    responsible = (
        f"Responsible: {record.responsible_authority}{_RESPONSIBLE_WORDS[record.responsible_because]}"
        if record.responsible_authority
        else "Responsible authority not known"
    )
    left = (f"{ADDRESS_WORDS[one.kind]}, since {day_words(one.since)}" for one in (record.left,) if one)
    died = 1 if record.date_of_death else 0  # whoever died grows no older
    return RecordView(
        heading=record.name,
        known_as=f"Known as {record.known_as}" if record.known_as else "",
        facts=(*_facts(record.date_of_birth, record.sex, record.number, on)[died:], responsible, *left),
        contested=_contested_head(contested),
        died=f"Died on {birth_date_words(record.date_of_death.value)}" if record.date_of_death else "",
        contacts=tuple(contact_view(one, contact_contested(contested, one)) for one in record.contacts),
        past_contacts=tuple(contact_view(one) for one in record.past_contacts),
        unknown=(*(coverage_words(one) for one in record.coverage), SENSITIVE),
        homes=tuple(
            _marked(address_view(one), mark(one.provenance, Field.ADDRESS)) for one in record.addresses
        ),
        carers=tuple(_marked(carer_view(one), mark(one.provenance, Field.CARER)) for one in record.carers),
        places=(*_place("School", record.school), *_place("GP", record.gp)),
        names=(
            *(
                _marked(text_view("Name", one), mark(one.provenance, Field.NAME, Field.KNOWN_AS))
                for one in record.names
            ),
            *(chosen_view(field, one) for field, one in record.chosen),
        ),
        numbers=tuple(text_view(SCHEME_WORDS[scheme], one) for scheme, one in record.identifiers),
        earlier=(
            *(text_view("Earlier name", one) for one in record.former_names),
            *(
                _marked(address_view(one, earlier=True), mark(one.provenance, Field.ADDRESS))
                for one in record.past_addresses
            ),
        ),
        sources=tuple(SourceView(name=one.source_name, as_at=day_words(one.as_at)) for one in record.sources),
    )


def _facts(born: str | None, sex: str | None, number: str, on: date) -> tuple[str, ...]:
    return (
        age_words(born, on),
        f"Born {birth_date_words(born)}" if born else "Birth date not known",
        sex_words(sex),
        f"ContactPoint number {number_words(number)}",
    )


def contact_view(one: ShownInvolvement, contested: str = "") -> ContactView:
    """One row of "Who is in contact"; a team needs no named person."""
    marks = [
        mark
        for mark, holds in (
            ("Lead practitioner", one.lead_practitioner),
            ("Holds an assessment", one.assessment_held),
        )
        if holds
    ]
    who = ", ".join(part for part in (one.practitioner, one.practitioner_role) if part)
    hours = [part for part in (one.hours, cover_words(one.cover)) if part]
    since = [f"Since {day_words(one.start)}"] if one.start else []
    if one.end:
        since.append(f"ended {day_words(one.end)}")
    if one.last_confirmed:
        since.append(f"last confirmed {day_words(one.last_confirmed)}")
    since.append(f"from {SOURCE_WORDS.get(one.source_name, one.source_name)}")
    words = ", ".join(since)
    return ContactView(
        service=one.service,
        kind=KIND_WORDS.get(one.kind, one.kind),
        marks=tuple(marks),
        who=who,
        where=", ".join(part for part in (one.team, one.organisation) if part),
        phone=one.phone or "",
        phone_link=telephone_link(one.phone) if one.phone else "",
        phone_label=f"Ring {one.practitioner or one.service} on {one.phone}" if one.phone else "",
        hours=(*hours, *reached_words(one.reached)),
        since=words[0].upper() + words[1:],
        contested=contested,
        closed=f"{closed_words(one.closed)}. {_NOT_REACHED}" if one.closed else "",
        **_service_number(one),
    )


def closed_words(closed: Closed) -> str:
    """What was closed, and when."""
    return f"This {_CLOSED_WORDS.get(closed.kind, 'organisation')} closed on {day_words(closed.on)}"


def reached_words(reached: Reached | None) -> tuple[str, ...]:
    """When a service answers, and who at night and in school holidays, as it says itself."""
    if reached is None:
        return ()
    lines = (
        ("The service answers", reached.hours),
        ("Out of hours", reached.night),
        ("In school holidays", reached.holidays),
    )
    return tuple(f"{label}: {words}" for label, words in lines if words)


def _service_number(one: ShownInvolvement) -> dict[str, str]:
    """The service's own number, where that is another than the one to ring."""
    if one.reached is None or one.reached.phone == one.phone:
        return {}
    phone = one.reached.phone
    return {
        "service_phone": phone,
        "service_link": telephone_link(phone),
        "service_label": f"Ring the service, {one.service}, on {phone}",
        "service_whose": f"{one.service}, the service",
    }


def cover_words(words: str | None) -> str:
    """Night and holiday cover; what already says so is left as the source wrote it."""
    if not words or "night" in words.casefold():
        return words or ""
    return f"Nights and holidays: {words}"


def coverage_words(one: Coverage) -> str:
    """What silence from a kind of service means."""
    match one.state:
        case CoverageState.NOT_CONNECTED:
            return f"{one.label}: not connected here."
        case CoverageState.STALE:
            return (
                f"{one.label}: last told us in {month_words(one.last_told)}."
                if one.last_told
                else (f"{one.label}: has not told us anything yet.")
            )
        case CoverageState.CONFIRMED_NONE:
            told = f", as of {day_words(one.last_told)}" if one.last_told else ""
            return f"{one.label}: nobody{told}."


def _place(label: str, one: ShownInvolvement | None) -> tuple[FactView, ...]:
    if one is None:
        return ()
    since = f"since {day_words(one.start)}" if one.start else ""
    closed = closed_words(one.closed) if one.closed else ""
    name = ", ".join(part for part in (one.organisation, since) if part)
    name = ". ".join(part for part in (name, closed) if part)
    return (fact_view(label, name, phone=one.phone or "", from_words=f"From {one.source_name}"),)


def _marked(fact: FactView, contested: str) -> FactView:
    return replace(fact, contested=contested)


def _contested_head(contested: tuple[ContestedItem, ...]) -> tuple[str, ...]:
    """The marks on what the head of the page says: whichever source said it, it is contested."""
    words = {
        Field.NAME: "Name",
        Field.KNOWN_AS: "Name they go by",
        Field.DATE_OF_BIRTH: "Date of birth",
        Field.SEX: "Sex",
        Field.DATE_OF_DEATH: "Date of death",
    }
    asked = {one.field for one in contested}
    return tuple(
        f"{word}: {CONTESTED[0].lower()}{CONTESTED[1:]}" for field, word in words.items() if field in asked
    )
