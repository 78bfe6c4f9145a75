"""Requests to get in touch, and messages to a desk, through functions alone (storage/sql/contacting.sql)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contactpoint.domain.contacting import (
    About,
    ContactQuestion,
    DeskOutcome,
    RequestOutcome,
    RequestState,
    ThreadLine,
    ThreadStep,
    Urgency,
)
from contactpoint.domain.involvement import Involvement
from contactpoint.storage.asking import fetch
from contactpoint.storage.models import Membership
from contactpoint.storage.queries.involvements import involvement_of
from contactpoint.storage.queries.seen import involvement_rows
from contactpoint.storage.typed_texts import CONTACT

NATIONAL = "national"
MOST_SHOWN = 50
# How a desk ended it, which whoever asked is never told.
_OF_DESKS = frozenset(outcome.value for outcome in DeskOutcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Whoever asks: the account, for which organisation, and when."""

    account: UUID
    organisation: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """A request of one's own. What a desk or a shield hides is None."""

    request: int
    child: str
    shielded: bool
    organisation: str | None
    organisation_name: str | None
    service: str | None
    about: About
    urgency: Urgency
    asked_at: datetime
    answer_by: datetime
    state: RequestState | None
    outcome: RequestOutcome | None
    by_desk: bool
    taken_by: str | None
    changed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """A request to a service."""

    request: int
    child: str
    service: str
    about: About
    urgency: Urgency
    asked_by: str
    asked_by_title: str
    asked_for: str
    phone: str
    asked_at: datetime
    answer_by: datetime
    state: RequestState
    taken_by: str | None
    mine: bool
    through_desk: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRow:
    """A message at a desk. `meant_for` is the organisation that did not take it on, if one was meant."""

    request: int
    child: str
    shielded: bool
    about: About
    urgency: Urgency
    asked_by: str
    asked_by_title: str
    asked_for: str
    asked_for_phone: str
    phone: str
    asked_at: datetime
    answer_by: datetime
    meant_for: str


def ask_service(
    child: str, question: ContactQuestion, *, of: tuple[str, str], desk: str, by: Asking, latest: datetime
) -> int | None:
    """Ask a service, given as its organisation and its code; None where the child is shielded meanwhile."""
    query = "SELECT ask_contact(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
    made: int | None = fetch(query, child, *of, desk, *_asked(question, by, latest))[0][0]
    return made


def ask_desk(child: str, question: ContactQuestion, *, desk: str, by: Asking, latest: datetime) -> int:
    """Leave a message with a desk; of a shielded child, with the national one."""
    query = "SELECT ask_desk(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
    return int(fetch(query, child, desk, *_asked(question, by, latest))[0][0])


def asked_by(account: UUID, organisation: str) -> tuple[AskedRow, ...]:
    """Return what an account asked for an organisation, newest first."""
    rows = fetch("SELECT * FROM contacts_asked(%s, %s, %s)", account, organisation, MOST_SHOWN)
    return tuple(
        AskedRow(
            request=row[0],
            child=row[1],
            shielded=row[2],
            organisation=row[3],
            organisation_name=row[4],
            service=row[5],
            about=About(row[6]),
            urgency=Urgency(row[7]),
            asked_at=row[8],
            answer_by=row[9],
            state=RequestState(row[10]) if row[10] else None,
            outcome=RequestOutcome(row[11]) if row[11] and row[11] not in _OF_DESKS else None,
            by_desk=row[11] in _OF_DESKS,
            taken_by=row[12],
            changed_at=row[13],
        )
        for row in rows
    )


def threads(by: Asking, services: Sequence[str], *, since: datetime) -> dict[int, tuple[ThreadLine, ...]]:
    """Return what has happened to each request that somebody made or may answer, or answered since."""
    query = "SELECT * FROM contact_thread(%s, %s, %s, %s, %s)"
    found: dict[int, tuple[ThreadLine, ...]] = {}
    for request, what, at, who, to, outcome in fetch(
        query, by.account, by.organisation, list(services), by.at, since
    ):
        line = ThreadLine(
            step=ThreadStep(what),
            at=at,
            who=who,
            to=to,
            outcome=RequestOutcome(outcome) if outcome else None,
        )
        found[request] = (*found.get(request, ()), line)
    return found


def replies_to(
    account: UUID, organisation: str, *, given_before: datetime
) -> dict[int, list[RequestOutcome]]:
    """Return what came back through a desk to each message that an account left, given before a moment."""
    query = "SELECT request, outcome FROM replies_through_desk(%s, %s, %s)"
    found: dict[int, list[RequestOutcome]] = {}
    for request, outcome in fetch(query, account, organisation, given_before):
        found.setdefault(request, []).append(RequestOutcome(outcome))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredRow:
    """A request that a service answered."""

    request: int
    child: str
    service: str
    asked_by: str
    outcome: RequestOutcome
    answered_by: str
    answered_at: datetime
    through_desk: bool


def answered_by(
    organisation: str, services: Sequence[str], account: UUID, since: datetime
) -> tuple[AnsweredRow, ...]:
    """Return what an organisation answered for these services, newest first."""
    query = "SELECT * FROM contacts_answered(%s, %s, %s, %s)"
    return tuple(
        AnsweredRow(
            request=row[0],
            child=row[1],
            service=row[2],
            asked_by=row[3],
            outcome=RequestOutcome(row[4]),
            answered_by=row[5],
            answered_at=row[6],
            through_desk=row[7],
        )
        for row in fetch(query, organisation, list(services), account, since)
    )


def to_answer(
    organisation: str, services: Sequence[str], account: UUID, at: datetime
) -> tuple[InboxRow, ...]:
    """Return what an organisation is asked for these services, most urgent first."""
    query = "SELECT * FROM contacts_to_answer(%s, %s, %s, %s)"
    return tuple(
        InboxRow(
            request=row[0],
            child=row[1],
            service=row[2],
            about=About(row[3]),
            urgency=Urgency(row[4]),
            asked_by=row[5],
            asked_by_title=row[6],
            asked_for=row[7],
            phone=CONTACT.open(row[9], phone=row[8])[0],
            asked_at=row[9],
            answer_by=row[10],
            state=RequestState(row[11]),
            taken_by=row[12],
            mine=row[13],
            through_desk=row[14],
        )
        for row in fetch(query, organisation, list(services), account, at)
    )


def lock_to_answer(
    request: int, organisation: str, services: Sequence[str], account: UUID, at: datetime
) -> tuple[str, str, RequestState, bool] | None:
    """Return child, service, state of one of them, and whether a desk passed it on; None if it is none."""
    query = "SELECT * FROM lock_contact(%s, %s, %s, %s, %s)"
    found = fetch(query, request, organisation, list(services), account, at)
    return (found[0][0], found[0][1], RequestState(found[0][2]), bool(found[0][3])) if found else None


def move(
    request: int,
    states: tuple[RequestState, RequestState],
    *,
    services: Sequence[str],
    by: Asking,
    outcome: RequestOutcome | None = None,
    to: UUID | None = None,
) -> bool:
    """Move one from a state to another; False where it is not in the first any more."""
    values = (states[0].value, states[1].value, outcome.value if outcome else "", to, by.at)
    query = "SELECT move_contact(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
    return bool(fetch(query, request, by.organisation, list(services), by.account, *values)[0][0])


def withdraw(request: int, by: Asking) -> str | None:
    """Take back what one asked and return its child; None if it is not one's own."""
    query = "SELECT withdraw_contact(%s, %s, %s, %s)"
    child: str | None = fetch(query, request, by.account, by.organisation, by.at)[0][0]
    return child


def at_desk(seeing: UUID, at: datetime) -> tuple[DeskRow, ...]:
    """Return what waits at the desk of whoever was written down as looking, most urgent first."""
    return tuple(
        DeskRow(
            request=row[0],
            child=row[1],
            shielded=row[2],
            about=About(row[3]),
            urgency=Urgency(row[4]),
            asked_by=row[5],
            asked_by_title=row[6],
            asked_for=row[7],
            asked_for_phone=row[8],
            phone=CONTACT.open(row[10], phone=row[9])[0],
            asked_at=row[10],
            answer_by=row[11],
            meant_for=row[12],
        )
        for row in fetch("SELECT * FROM desk_messages(%s, %s)", seeing, at)
    )


def desk_contacts(request: int, seeing: UUID) -> tuple[Involvement, ...]:
    """Return who is in contact with the child of a message at that desk, hidden or not."""
    return tuple(involvement_of(row) for row in involvement_rows("desk_contacts", [request, seeing]))


def pass_on(request: int, seeing: UUID, *, to: tuple[str, str], at: datetime) -> bool:
    """Pass a message on to a service, given as its organisation and its code."""
    found = desk_contacts(request, seeing)
    theirs = [one.id for one in found if one.contact.organisation_code == to[0]]
    query = "SELECT pass_on_contact(%s, %s, %s, %s, %s, %s)"
    return bool(fetch(query, request, seeing, *to, at, theirs)[0][0])


def close_at_desk(request: int, seeing: UUID, outcome: DeskOutcome, *, at: datetime) -> bool:
    """Note what the desk did; False where a colleague was first."""
    return bool(fetch("SELECT close_at_desk(%s, %s, %s, %s)", request, seeing, outcome.value, at)[0][0])


@dataclass(frozen=True, slots=True, kw_only=True)
class ToTell:
    """A request whose service has not been told yet, and the e-mail addresses of those who may answer it."""

    request: int
    child: str
    urgency: Urgency
    addresses: tuple[str, ...]


def to_tell(most: int) -> tuple[ToTell, ...]:
    """Return whom the worker has to tell, the most urgent first; nothing of a shielded child."""
    return tuple(
        ToTell(request=row[0], child=row[1], urgency=Urgency(row[2]), addresses=tuple(row[3]))
        for row in fetch("SELECT * FROM contacts_to_tell(%s)", most)
    )


def note_told(request: int, at: datetime) -> None:
    """Note that everybody who may answer a request has been told."""
    fetch("SELECT note_told(%s, %s)", request, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskToTell:
    """What a desk has not been told of yet, and the e-mail addresses of those who work there."""

    request: int
    child: str
    addresses: tuple[str, ...]


def desks_to_tell(most: int, at: datetime) -> tuple[DeskToTell, ...]:
    """Return which desks the worker has to tell that something waits, the most urgent first."""
    return tuple(
        DeskToTell(request=row[0], child=row[1], addresses=tuple(row[2]))
        for row in fetch("SELECT * FROM desks_to_tell(%s, %s)", most, at)
    )


def note_desk_told(request: int, at: datetime) -> None:
    """Note that everybody of a desk has been told that something waits."""
    fetch("SELECT note_desk_told(%s, %s)", request, at)


def has_an_inbox(organisation: str, service: str) -> bool:
    """Say whether anybody of a service signs in here, and so would see a request."""
    return Membership.objects.filter(
        organisation_id=organisation,
        services__contains=[service],
        role__in=["practitioner", "authority_team"],
        ended_at__isnull=True,
        account__is_active=True,
        account__suspended_at__isnull=True,
    ).exists()


def _asked(question: ContactQuestion, by: Asking, latest: datetime) -> tuple[object, ...]:
    phone = CONTACT.seal(by.at, phone=question.phone)
    return (question.about.value, question.urgency.value, *phone, by.account, by.organisation, by.at, latest)
