"""Something here is wrong: what may be contested, what became of it, and what is marked (R25, R61)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from contactpoint.domain.disclosure.answers import ContestedItem, CorrectableItem, OpenRecord
from contactpoint.domain.disclosure.consent import may_this_involvement_be_shown, which_statements_may_speak
from contactpoint.domain.disclosure.held import KnownRecord
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.here import HERE
from contactpoint.domain.involvement import Involvement
from contactpoint.domain.people import Statement
from contactpoint.domain.team_words import CONTRACT

LONGEST = 200
ANSWER_DAYS = 20
"""Days in which whoever runs a source answers: less than the month the law gives for it."""


class Field(StrEnum):
    """What of a record may be contested. A new field is a new word."""

    NAME = "name"
    KNOWN_AS = "known_as"
    DATE_OF_BIRTH = "date_of_birth"
    SEX = "sex"
    ADDRESS = "address"
    CARER = "carer"
    SERVICE = "service"
    DATE_OF_DEATH = "date_of_death"


class Basis(StrEnum):
    """How whoever contests something knows."""

    CHILD = "child"
    CARER = "carer"
    DOCUMENT = "document"
    OWN_WORK = "own_work"
    COLLEAGUE = "colleague"


class Answer(StrEnum):
    """What the source says to it; a person who corrects their own word has corrected it by then."""

    STANDS = "stands"
    AGREED = "agreed"
    CORRECTED = "corrected"


class Fate(StrEnum):
    """What became of a correction that was asked for."""

    SENT = "sent"
    AGREED = "agreed"
    STILL_SAID = "still_said"
    CORRECTED = "corrected"
    STANDS = "stands"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """One correction that was asked for: what the source said then, and its answer if it gave one.

    `delivered_at` is when the source last sent something after it had agreed, and it was published.

    Raises:
        InvalidInput: what is right is missing or longer than 200 characters.
    """

    id: int
    record: int
    field: Field
    said: str
    right: str
    basis: Basis
    asked_at: datetime
    answer: Answer | None = None
    delivered_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what nobody could act on."""
        if not self.right.strip() or len(self.right) > LONGEST:
            raise InvalidInput(f"Say what is right, in at most {LONGEST} characters.")


def what_does_it_say(
    field: Field, statement: Statement, involvements: Iterable[Involvement], on: date
) -> str:
    """Return in one line what a source says about a field now, "" where it says nothing."""
    facts = statement.facts
    match field:
        case Field.NAME:
            return _line((facts.forename, facts.middle_names, facts.surname, facts.suffix), " ")
        case Field.KNOWN_AS:
            return facts.known_as or ""
        case Field.DATE_OF_BIRTH:
            return facts.date_of_birth or ""
        case Field.SEX:
            return facts.sex or ""
        case Field.DATE_OF_DEATH:
            return facts.date_of_death or ""
        case Field.ADDRESS:
            return _line((_line((one.line, one.postcode), ", ") for one in statement.addresses), "; ")
        case Field.CARER:
            return _line(
                (_line((one.forename, one.surname, one.phone), " ") for one in statement.carers), "; "
            )
        case Field.SERVICE:
            own = (one for one in involvements if one.record == statement.record)
            return _line((_service(one) for one in own if may_this_involvement_be_shown(one, on)), "; ")


def own_words(involvements: Iterable[Involvement], on: date) -> tuple[CorrectableItem, ...]:
    """What practitioners said of their own work, and the record page may show (R25, R39, R44)."""
    return tuple(
        CorrectableItem(
            record=one.record,
            field=Field.SERVICE.value,
            source_name=one.source_name,
            says=_service(one),
            contact=one.id,
        )
        for one in involvements
        if one.is_own_word and may_this_involvement_be_shown(one, on)
    )


def what_may_be_contested(record: KnownRecord, on: date) -> tuple[CorrectableItem, ...]:
    """Everything that sources and practitioners say and the record page may show, field by field (R25, R39).

    What a team wrote down itself is no source's to put right: that team takes it back.
    """
    speaking = which_statements_may_speak(record.statements, record.involvements, on)
    said = tuple(
        CorrectableItem(
            record=statement.record, field=field.value, source_name=statement.source_name, says=says
        )
        for field in Field
        for statement in sorted(speaking, key=lambda one: (one.source_name, one.record))
        if statement.contract != CONTRACT
        if (says := what_does_it_say(field, statement, record.involvements, on))
    )
    return (*said, *own_words(record.involvements, on))


def what_became_of_it(contest: Contest, says_now: str) -> Fate:
    """A source that says something else by now has corrected it, whatever it answered (R25, R61).

    One that agreed and has delivered since says still what it said then. Whoever corrects their own word may
    have corrected what the item does not show, as their role.
    """
    if says_now != contest.said:
        return Fate.CORRECTED
    match contest.answer:
        case Answer.STANDS:
            return Fate.STANDS
        case Answer.AGREED:
            return Fate.STILL_SAID if contest.delivered_at else Fate.AGREED
        case Answer.CORRECTED:
            return Fate.CORRECTED
        case None:
            return Fate.SENT


def by_when_is_it_answered(contest: Contest) -> date:
    """The last day for an answer, counted anew from a delivery without what was agreed to (R25)."""
    since = contest.delivered_at or contest.asked_at
    return since.astimezone(HERE).date() + timedelta(days=ANSWER_DAYS)


def since_when_is_it_late(on: date) -> datetime:
    """What waits since before this moment has had its last day."""
    day = on - timedelta(days=ANSWER_DAYS)
    return datetime(day.year, day.month, day.day, tzinfo=HERE)


def which_items_are_contested(
    contests: Iterable[Contest], items: Iterable[CorrectableItem], shown: OpenRecord
) -> tuple[ContestedItem, ...]:
    """Return what is marked on a record: what was asked and neither corrected nor refused (R61).

    Only of sources and contacts that the record names anyway, so that a mark tells nothing but that somebody
    asked.
    """
    named = {source.source_name for source in shown.sources}
    contacts = {one.id for one in (*shown.contacts, *shown.past_contacts)}
    says = {
        (item.record, item.field): item
        for item in items
        if (item.contact in contacts if item.contact else item.source_name in named)
    }
    found = {}
    for contest in contests:
        item = says.get((contest.record, contest.field.value))
        if item and what_became_of_it(contest, item.says) in {Fate.SENT, Fate.AGREED, Fate.STILL_SAID}:
            found[contest.field, item.source_name, item.contact or 0] = ContestedItem(
                field=contest.field.value, source_name=item.source_name, contact=item.contact
            )
    return tuple(found[key] for key in sorted(found))


def _service(one: Involvement) -> str:
    contact = one.contact
    ended = f"ended {one.end.isoformat()}" if one.end else None
    who = (contact.organisation_name, contact.team, contact.practitioner, contact.phone, ended)
    return f"{one.service.name}: {_line(who, ', ')}"


def _line(parts: Iterable[str | None], joiner: str) -> str:
    return joiner.join(part for part in parts if part)
