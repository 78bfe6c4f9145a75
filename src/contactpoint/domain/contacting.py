"""Getting in touch: somebody asks a service to contact them about a child, and what becomes of it.

No case notes: what it is about, how soon, and how it ended are short lists (R17).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from contactpoint.domain.directory import Reached
from contactpoint.domain.involvement import Closed
from contactpoint.domain.settings import AS_SHIPPED, Values


class About(StrEnum):
    """What somebody wants to talk about."""

    SAFETY = "safety"
    HELP = "help"
    EDUCATION = "education"
    TRANSFER = "transfer"
    TALK = "talk"


class Urgency(StrEnum):
    """How soon somebody needs an answer."""

    NOW = "now"
    TODAY = "today"
    WEEK = "week"


_ANSWER_WITHIN = MappingProxyType(
    {
        Urgency.TODAY: timedelta(hours=8),
        Urgency.WEEK: timedelta(days=7),
    }
)
"""After so long without anybody taking it on, the desk sees a request as well. For NOW: a setting."""


class RequestState(StrEnum):
    """How far a request is."""

    WAITING = "waiting"
    TAKEN = "taken"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class RequestStep(StrEnum):
    """What somebody does with a request: the first three whoever is asked, the last whoever asked."""

    TAKE = "take"
    ANSWER = "answer"
    HAND_ON = "hand_on"
    WITHDRAW = "withdraw"


TRANSITIONS = MappingProxyType(
    {
        (RequestState.WAITING, RequestStep.TAKE): RequestState.TAKEN,
        (RequestState.WAITING, RequestStep.ANSWER): RequestState.ANSWERED,
        (RequestState.WAITING, RequestStep.HAND_ON): RequestState.WAITING,
        (RequestState.WAITING, RequestStep.WITHDRAW): RequestState.WITHDRAWN,
        (RequestState.TAKEN, RequestStep.ANSWER): RequestState.ANSWERED,
        (RequestState.TAKEN, RequestStep.HAND_ON): RequestState.WAITING,
        (RequestState.TAKEN, RequestStep.WITHDRAW): RequestState.WITHDRAWN,
    }
)
"""What may be done when; whatever is not here is refused."""


class RequestOutcome(StrEnum):
    """How a request that was answered ended.

    Of what a desk passed on, nobody is told how, but for the last three: they are what somebody has the desk
    pass back (brokering.py).
    """

    SPOKE = "spoke"
    LEFT_MESSAGE = "left_message"
    NOT_REACHED = "not_reached"
    NOT_INVOLVED = "not_involved"
    NO_REPLY = "no_reply"
    WILL_RING = "will_ring"
    RING_DESK = "ring_desk"
    IN_HAND = "in_hand"


class CallOutcome(StrEnum):
    """How ringing a number on a record went."""

    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    NOT_INVOLVED = "not_involved"


class DeskOutcome(StrEnum):
    """How the desk dealt with a message. Whoever sent it never learns which."""

    PASSED_ON = "passed_on"
    TOLD = "told"
    NOBODY = "nobody"


class ThreadStep(StrEnum):
    """What has happened to a request, as both sides read it."""

    ASKED = "asked"
    PASSED_ON = "passed_on"
    TAKEN = "taken"
    HANDED_ON = "handed_on"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    DESK = "desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLine:
    """One step: who took it and when, to whom a request was handed on, how it was answered.

    `who` is None where a desk did: nobody of it is named.
    """

    step: ThreadStep
    at: datetime
    who: str | None
    to: str | None = None
    outcome: RequestOutcome | None = None


def after(state: RequestState, step: RequestStep) -> RequestState | None:
    """Return the state that a step leads to; None where it may not be taken."""
    return TRANSITIONS.get((state, step))


def answer_by(
    urgency: Urgency, asked_at: datetime, *, reachable: bool, held: Values = AS_SHIPPED
) -> datetime:
    """When the desk sees a request as well: at once where nobody of the service signs in here."""
    if not reachable:
        return asked_at
    if urgency is Urgency.NOW:
        return asked_at + timedelta(minutes=held["urgent_contact_minutes"])
    return asked_at + _ANSWER_WITHIN[urgency]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactQuestion:
    """What somebody wants to talk about, how soon, and on which number they are reached."""

    about: About
    urgency: Urgency
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedContact:
    """A request as whoever sent it sees it.

    `organisation` and `service` are None where it went to a desk, or the child is protected or the service no
    longer shown by now: then `state` is None too, for nothing that happens there may be told (R27, R39).
    `replies` are what came back through the desk until the last of its fixed times (brokering.py). `by_desk`:
    nobody of the service took it on in time, and its desk has dealt with it. `thread` is what has happened,
    as the service reads it too.
    """

    request: int
    child_name: str
    protected: bool
    organisation: str | None
    service: str | None
    about: About
    urgency: Urgency
    asked_at: datetime
    answer_by: datetime
    state: RequestState | None
    outcome: RequestOutcome | None
    taken_by: str | None
    changed_at: datetime | None
    reached: Reached | None = None
    replies: tuple[RequestOutcome, ...] = ()
    by_desk: bool = False
    thread: tuple[ThreadLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactToAnswer:
    """A request as the service that is asked sees it.

    `through_desk`: it was passed on, and whoever asks does not know that this service is in contact.
    """

    request: int
    child_name: str
    date_of_birth: str | None
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
    thread: tuple[ThreadLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredContact:
    """A request that the viewer's service answered: how, and by whom."""

    request: int
    child_name: str
    service: str
    asked_by: str
    outcome: RequestOutcome
    answered_by: str
    answered_at: datetime
    through_desk: bool
    thread: tuple[ThreadLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What the viewer is asked, most urgent first, what they asked and what was answered, newest first."""

    to_answer: tuple[ContactToAnswer, ...]
    asked: tuple[AskedContact, ...]
    colleagues: tuple[tuple[UUID, str, str], ...]
    answered: tuple[AnsweredContact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLine:
    """A message that waits at a desk, before it is opened: nothing about the child."""

    request: int
    about: About
    urgency: Urgency
    asked_for: str
    asked_at: datetime
    answer_by: datetime
    unanswered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskContact:
    """A service in contact with the child, as the desk that brokers sees it (R32; SI 2007/2182 reg 6(4)).

    `key` names organisation and service. `hidden` where others are not shown it.
    """

    key: str
    service: str
    organisation: str
    practitioner: str
    phone: str
    hidden: bool
    inbox: bool
    reached: Reached | None = None
    closed: Closed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskMessage:
    """A message at a desk, opened. Of a protected child the name, and whom to ring; it is never passed on."""

    line: DeskLine
    child_name: str
    number: str
    protected: bool
    asked_by: str
    asked_by_title: str
    phone: str
    ring_back: str
    meant_for: str
    contacts: tuple[DeskContact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSent:
    """The answer to asking: the service that was asked, None for a desk, always in the same words.

    `reached` says how the service says it is reached besides, line by line: number, hours, night, holidays.
    """

    request: int
    asked: str | None
    reachable: bool = True
    reached: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNoted:
    """The answer to noting a call: the source that was asked to correct something, if one was.

    `asked_again`: the service is, whether its own number still holds.
    """

    asked: str | None
    asked_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactStepDone:
    """The answer to whatever somebody does with a request."""

    request: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Askable:
    """A service in contact that may be asked. `key` names it in a form; `inbox` if anybody of it signs in."""

    key: str
    service: str
    organisation: str
    practitioner: str
    phone: str
    inbox: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Askables:
    """Whom one may ask about a child: of a protected one only the desk, which is not in the list.

    `rows` are the keys of the contacts of the record's page, in its order.
    """

    child_name: str
    protected: bool
    services: tuple[Askable, ...]
    rows: tuple[str, ...]
